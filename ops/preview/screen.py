"""A preview as people read it."""

import time
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape

from ecs_monitoring.words import counted, duration, listed
from ops.terminal import SEVERITY_STYLES, opened_console, table
from stack.cost import Cost
from stack.definitions import AlarmPreview
from stack.events import EventPreview
from stack.grid import PlacedWidget
from stack.incidents import IncidentPreview
from stack.mutes import MutePreview
from stack.preview import Preview
from stack.tree import tree_lines


def print_preview(preview: Preview) -> None:
    """Print everything for people."""
    console = opened_console()
    config = preview.config
    stack = escape(f"{config.project}/{config.stack}")
    console.print(f"[bold]Preview of {stack}[/] in {escape(config.region)}\n")
    _print_tree(console, preview)
    _print_alarms(console, preview.alarms)
    _print_mutes(console, preview.mutes)
    _print_incidents(console, preview.incidents)
    _print_events(console, preview.events)
    _print_omitted(console, preview.omitted)
    _print_grids(console, preview.grids)
    _print_cost(console, preview.cost)
    for warning in preview.run.warnings:
        console.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    counts = ", ".join(f"{count} {name}" for name, count in preview.counts().items())
    total = sum(preview.counts().values())
    console.print(f"\n[bold]{total} resources to create:[/] {counts}", soft_wrap=True)


def _print_tree(console: Console, preview: Preview) -> None:
    rows = table("", "Type", "Name", "Plan", is_framed=False, padding=(0, 2, 0, 0))
    root = f"{preview.config.project}-{preview.config.stack}"
    for type_, name in tree_lines(preview.run, root):
        rows.add_row("[green]+[/]", escape(type_), escape(name), "[green]create[/]")
    console.print(rows)


def _print_alarms(console: Console, alarms: list[AlarmPreview]) -> None:
    headings = ("Alarm", "Dimensions", "Alarms when", "M of N", "No data counts as", "Tells")
    rows = table(*headings, title=f"\n{counted(len(alarms), 'alarm')}")
    for alarm in alarms:
        style = SEVERITY_STYLES.get(alarm.severity, "")
        region = f"\n({alarm.region})" if alarm.region else ""
        rows.add_row(
            escape(alarm.address),
            escape("\n".join(alarm.dimensions)) or "none",
            escape(alarm.condition),
            alarm.schedule,
            alarm.missing_data,
            f"[{style}]{alarm.severity}[/]{region}",
        )
    console.print(rows)
    _print_topics(console, "alarms", alarms)


def _print_topics(
    console: Console, what: str, previews: Sequence[AlarmPreview | EventPreview]
) -> None:
    """Apart from the table: names of topics are long, and the same for a severity and region."""
    for severity, where, topics in sorted({(p.severity, p.region, p.topics) for p in previews}):
        place = f" in {where}" if where else ""
        told = escape(", ".join(topics))
        console.print(f"{severity} {what}{place} tell {told}", soft_wrap=True)


def _print_mutes(console: Console, mutes: Sequence[MutePreview]) -> None:
    if not mutes:
        return
    rows = table("Window", "When", "Next", "Alarms", title="\nMuted", is_framed=False)
    now = int(time.time())
    for mute in mutes:
        rows.add_row(
            escape(mute.name),
            escape(str(mute.schedule)),
            mute.next_in_words(now),
            escape(f"{len(mute.alarms)}: {listed(mute.alarms)}"),
        )
    console.print(rows)
    console.print("What is still on when a window ends notifies then.")


def _print_incidents(console: Console, incidents: list[IncidentPreview]) -> None:
    if not incidents:
        return
    title = f"\n{counted(len(incidents), 'incident')}: only these page"
    headings = ("Incident", "Pages with any of", "Or, with a symptom's alarm", "Silent for")
    rows = table(*headings, title=title)
    for incident in incidents:
        region = f"\n({incident.region})" if incident.region else ""
        rows.add_row(
            f"{escape(incident.address)}{region}",
            escape("\n".join(incident.critical)) or "-",
            escape("\n".join(incident.signs)) or "-",
            escape(_silent(incident)),
        )
    console.print(rows)
    for topics in sorted({incident.topics for incident in incidents}):
        console.print(f"incidents tell {escape(', '.join(topics))}", soft_wrap=True)


def _silent(incident: IncidentPreview) -> str:
    """What an incident is silent for, and how long it waits for that."""
    if not incident.silent_for:
        return "nothing: pages at once"
    return "\n".join(
        (
            *incident.silent_for,
            f"waits {duration(incident.wait_period)} for them,",
            f"{duration(incident.extension_period)} after them;",
            f"paged within {duration(incident.paged_within)} if it stays on",
        )
    )


def _print_events(console: Console, events: list[EventPreview]) -> None:
    if not events:
        return
    headings = ("Event", "What", "About", "Tells", "Only sent")
    rows = table(*headings, title=f"\n{counted(len(events), 'event')}")
    for event in events:
        style = SEVERITY_STYLES.get(event.severity, "")
        region = f"\n({event.region})" if event.region else ""
        rows.add_row(
            escape(event.key),
            escape(event.title),
            escape(event.about),
            f"[{style}]{event.severity}[/]{region}",
            escape(event.only_sent) or "always",
        )
    console.print(rows)
    _print_topics(console, "events", events)


def _print_omitted(console: Console, omitted: dict[str, str]) -> None:
    if not omitted:
        return
    rows = table("Alarm or event", "Why", title="\nLeft out", is_framed=False)
    for address, reason in omitted.items():
        rows.add_row(escape(address), escape(reason))
    console.print(rows)


def _print_grids(console: Console, grids: dict[str, list[PlacedWidget]]) -> None:
    for name, widgets in grids.items():
        rows = table(
            *("Row", "Widgets (columns x rows)"),
            title=f"\nDashboard {name}: {len(widgets)} widgets on 24 columns",
            is_framed=False,
            numbers=("Row",),
        )
        for row, beside in groupby(widgets, key=lambda widget: widget.y):
            cells = (f"{escape(w.title)} [dim]{w.type} {w.width}x{w.height}[/]" for w in beside)
            rows.add_row(str(row), " | ".join(cells))
        console.print(rows)


def _print_cost(console: Console, cost: Cost) -> None:
    if not cost.known:
        console.print(f"\nCost: no prices on file for {cost.region}\n")
        return
    numbers = ("Count", "Each", "Total")
    rows = table(
        *("What", *numbers),
        title=f"\nCost a month in {cost.region} (USD, list prices, before any free tier)",
        is_framed=False,
        numbers=numbers,
    )
    for line in cost.lines:
        rows.add_row(line.what, str(line.count), f"{line.unit_price:.2f}", f"{line.total:.2f}")
    rows.add_row("[bold]all[/]", "", "", f"[bold]{cost.total:.2f}[/]")
    console.print(rows)
    console.print("The metrics and logs that the application itself sends come on top.\n")
