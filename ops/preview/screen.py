"""A preview as people read it."""

import time
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ecs_monitoring.words import MINUTE, counted, listed
from ops.preview.model import Preview
from ops.terminal import SEVERITY_STYLES, opened_console
from stack.cost import Cost
from stack.definitions import AlarmPreview
from stack.events import EventPreview
from stack.grid import PlacedWidget
from stack.incidents import IncidentPreview
from stack.mutes import MutePreview
from stack.tree import tree_lines


def print_preview(found: Preview) -> None:
    """Print everything for people."""
    console = opened_console()
    config = found.config
    stack = escape(f"{config.project}/{config.stack}")
    console.print(f"[bold]Preview of {stack}[/] in {escape(config.region)}\n")
    _print_tree(console, found)
    _print_alarms(console, found.alarms)
    _print_mutes(console, found.mutes)
    _print_incidents(console, found.incidents)
    _print_events(console, found.events)
    _print_omitted(console, found.omitted)
    _print_grids(console, found.grids)
    _print_cost(console, found.cost)
    for warning in found.run.warnings:
        console.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    counts = ", ".join(f"{count} {name}" for name, count in found.counts().items())
    total = sum(found.counts().values())
    console.print(f"\n[bold]{total} resources to create:[/] {counts}", soft_wrap=True)


def _print_tree(console: Console, found: Preview) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "Type", "Name", "Plan"):
        table.add_column(heading, overflow="fold")
    root = f"{found.config.project}-{found.config.stack}"
    for type_, name in tree_lines(found.run, root):
        table.add_row("[green]+[/]", escape(type_), escape(name), "[green]create[/]")
    console.print(table)


def _print_alarms(console: Console, alarms: list[AlarmPreview]) -> None:
    table = Table(title=f"\n{len(alarms)} alarms", title_justify="left", title_style="bold")
    for heading in ("Alarm", "Dimensions", "Alarms when", "M of N", "No data counts as", "Tells"):
        table.add_column(heading, overflow="fold")
    for alarm in alarms:
        style = SEVERITY_STYLES.get(alarm.severity, "")
        region = f"\n({alarm.region})" if alarm.region else ""
        table.add_row(
            escape(alarm.address),
            escape("\n".join(alarm.dimensions)) or "none",
            escape(alarm.condition),
            alarm.schedule,
            alarm.missing_data,
            f"[{style}]{alarm.severity}[/]{region}",
        )
    console.print(table)
    # Names of topics are long, and the same for each alarm of a severity and region.
    for severity, where, topics in sorted({(a.severity, a.region, a.topics) for a in alarms}):
        place = f" in {where}" if where else ""
        told = escape(", ".join(topics))
        console.print(f"{severity} alarms{place} tell {told}", soft_wrap=True)


def _print_mutes(console: Console, mutes: Sequence[MutePreview]) -> None:
    if not mutes:
        return
    table = Table(title="\nMuted", title_justify="left", title_style="bold", box=None)
    for heading in ("Window", "When", "Next", "Alarms"):
        table.add_column(heading, overflow="fold")
    now = int(time.time())
    for mute in mutes:
        table.add_row(
            escape(mute.name),
            escape(str(mute.schedule)),
            mute.next_in_words(now),
            escape(f"{len(mute.alarms)}: {listed(mute.alarms)}"),
        )
    console.print(table)
    console.print("What is still on when a window ends notifies then.")


def _print_incidents(console: Console, incidents: list[IncidentPreview]) -> None:
    if not incidents:
        return
    title = f"\n{counted(len(incidents), 'incident')}: only these page"
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading in ("Incident", "Pages with any of", "Or, with a symptom's alarm", "Silent for"):
        table.add_column(heading, overflow="fold")
    for incident in incidents:
        region = f"\n({incident.region})" if incident.region else ""
        table.add_row(
            f"{escape(incident.address)}{region}",
            escape("\n".join(incident.critical)) or "-",
            escape("\n".join(incident.signs)) or "-",
            escape(_silent(incident)),
        )
    console.print(table)
    for topics in sorted({incident.topics for incident in incidents}):
        console.print(f"incidents tell {escape(', '.join(topics))}", soft_wrap=True)


def _silent(incident: IncidentPreview) -> str:
    """What an incident is silent for, and how long it waits for that."""
    if not incident.silent_for:
        return "nothing: pages at once"
    return "\n".join(
        (
            *incident.silent_for,
            f"waits {incident.wait_period // MINUTE} min for them,",
            f"{incident.extension_period // MINUTE} min after them",
        )
    )


def _print_events(console: Console, events: list[EventPreview]) -> None:
    if not events:
        return
    table = Table(title=f"\n{len(events)} events", title_justify="left", title_style="bold")
    for heading in ("Event", "What", "About", "Tells", "Only sent"):
        table.add_column(heading, overflow="fold")
    for event in events:
        style = SEVERITY_STYLES.get(event.severity, "")
        region = f"\n({event.region})" if event.region else ""
        table.add_row(
            escape(event.key),
            escape(event.title),
            escape(event.about),
            f"[{style}]{event.severity}[/]{region}",
            escape(event.only_sent) or "always",
        )
    console.print(table)
    for severity, where, topics in sorted({(e.severity, e.region, e.topics) for e in events}):
        place = f" in {where}" if where else ""
        told = escape(", ".join(topics))
        console.print(f"{severity} events{place} tell {told}", soft_wrap=True)


def _print_omitted(console: Console, omitted: dict[str, str]) -> None:
    if not omitted:
        return
    table = Table(title="\nLeft out", title_justify="left", title_style="bold", box=None)
    table.add_column("Alarm or event", overflow="fold")
    table.add_column("Why")
    for address, reason in omitted.items():
        table.add_row(escape(address), escape(reason))
    console.print(table)


def _print_grids(console: Console, grids: dict[str, list[PlacedWidget]]) -> None:
    for name, widgets in grids.items():
        title = f"\nDashboard {escape(name)}: {len(widgets)} widgets on 24 columns"
        table = Table(title=title, title_justify="left", title_style="bold", box=None)
        table.add_column("Row", justify="right")
        table.add_column("Widgets (columns x rows)")
        for row, beside in groupby(widgets, key=lambda widget: widget.y):
            cells = (f"{escape(w.title)} [dim]{w.type} {w.width}x{w.height}[/]" for w in beside)
            table.add_row(str(row), " | ".join(cells))
        console.print(table)


def _print_cost(console: Console, cost: Cost) -> None:
    if not cost.known:
        console.print(f"\nCost: no prices on file for {cost.region}\n")
        return
    table = Table(
        title=f"\nCost a month in {cost.region} (USD, list prices, before any free tier)",
        title_justify="left",
        title_style="bold",
        box=None,
    )
    table.add_column("What")
    for heading in ("Count", "Each", "Total"):
        table.add_column(heading, justify="right")
    for line in cost.lines:
        table.add_row(line.what, str(line.count), f"{line.unit_price:.2f}", f"{line.total:.2f}")
    table.add_row("[bold]all[/]", "", "", f"[bold]{cost.total:.2f}[/]")
    console.print(table)
    console.print("The metrics and logs that the application itself sends come on top.\n")
