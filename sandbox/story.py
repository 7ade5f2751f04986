"""Tells what happened in a scenario, minute by minute, in the terminal."""

from collections.abc import Collection
from itertools import zip_longest

from rich.console import Console
from rich.markup import escape

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import SuppressedBy
from ecs_monitoring.words import counted
from ops.terminal import table
from sandbox.aws_events import SentEvent
from sandbox.inbox import EVENT
from sandbox.notification import TIME
from sandbox.scenario import Scenario
from sandbox.simulation import IncidentEvent, SimulatedChange
from sandbox.verdict import ScenarioVerdict

_STYLES = {
    AlarmState.ALARM: "bold red",
    AlarmState.OK: "green",
    AlarmState.INSUFFICIENT_DATA: "dim",
}

_COLUMNS = ("minute", "alarm", "value", "state", "told", "arrived")

_ARRIVED = {"yes": ": arrived", "NO": ": NOT ARRIVED"}

_WIDER_THAN_ANY = 10_000
"""Columns that no timeline needs."""

_HELD = {
    SuppressedBy.WAIT_PERIOD: "waits for a cause",
    SuppressedBy.EXTENSION_PERIOD: "waits: its cause is just over",
    SuppressedBy.ALARM: "silent: its cause has paged",
}


def tell(console: Console, name: str, scenario: Scenario, verdict: ScenarioVerdict) -> None:
    """The scenario's story, its timeline, and how it came out."""
    mark = "[bold green]as expected[/]" if verdict.is_in_stack else "[dim]not played[/]"
    if verdict.faults:
        mark = "[bold red]FAILED[/]"
    console.print(f"\n[bold]{escape(scenario.title)}[/] ({name}): {mark}")
    console.print(f"  {escape(scenario.story.strip())}", style="dim", soft_wrap=True)
    if verdict.changes or verdict.sent:
        _tell_timeline(console, verdict)
        if verdict.rollback:
            back, by = verdict.rollback.minute, verdict.rollback.alarm.address
            console.print(f"  rolled back in minute {back}, by {escape(by)}", soft_wrap=True)
        console.print(f"  {_paged(verdict)}", soft_wrap=True)
        for event in verdict.incidents:
            if event.actions and event.change.state is AlarmState.ALARM:
                _tell_page(console, event)
    elif not verdict.is_in_stack:
        console.print("  nothing that happens in it is in this stack")
    else:
        console.print(f"  {_length(scenario.minutes)} of silence: no alarm changed its state")
    for fault in verdict.faults:
        console.print(f"  [bold red]fault:[/] {escape(fault)}", soft_wrap=True)
    if verdict.skipped:
        console.print(
            f"  not in this stack: {', '.join(verdict.skipped)}", style="dim", soft_wrap=True
        )


def _paged(verdict: ScenarioVerdict) -> str:
    """Who was woken, and beside it what paging: alarm would have done."""
    if not verdict.incidents or verdict.pages == verdict.alarm_pages:
        return str(verdict.pages)
    return f"{verdict.pages} (paging: alarm, {verdict.alarm_pages})"


def _tell_page(console: Console, event: IncidentEvent) -> None:
    """What is on when an incident pages, since when and why, and what to open first.

    AWS's message has no more of it than the names of those that have just changed.
    """
    console.print(f"  page in minute {event.minute}: [bold]{event.alarm.address}[/]")
    for child in event.children:
        why = escape(child.evaluation.reason)
        line = f"    {child.alarm.address} since minute {child.minute}: {why}"
        console.print(line, style="dim", soft_wrap=True)
    runbook = event.first_runbook
    if runbook:
        console.print(f"    open first: {escape(runbook)}", style="dim", soft_wrap=True)


def _tell_timeline(console: Console, verdict: ScenarioVerdict) -> None:
    """What happened when, as a table, or in lines where the terminal is too narrow for it."""
    rows = _timeline(verdict)
    timeline = table(*_COLUMNS, numbers=_COLUMNS[:1], is_framed=False, padding=(0, 2, 0, 2))
    for row in rows:
        timeline.add_row(*row)
    endless = console.options.update(max_width=_WIDER_THAN_ANY)
    if console.measure(timeline, options=endless).maximum <= console.width:
        console.print(timeline)
        return
    for minute, alarm, value, state, told, arrived in rows:
        console.print(f"  {minute:>6}  {alarm}", soft_wrap=True)
        console.print(f"          {'  '.join(filter(None, (value, state)))}", soft_wrap=True)
        if told != "-":
            for topic, inbox in zip_longest(told.split("\n"), arrived.split("\n"), fillvalue=""):
                console.print(f"          {topic}{_ARRIVED.get(inbox, '')}", soft_wrap=True)


def _timeline(verdict: ScenarioVerdict) -> list[list[str]]:
    """The timeline's rows in the order of time: one cell a column."""
    arrived = {(heard.topic, heard.alarm, heard.state, heard.time) for heard in verdict.heard}
    rows: list[tuple[int, list[str]]] = [
        (change.evaluation.time, _change_row(change, arrived)) for change in verdict.changes
    ]
    rows += [(event.time, _incident_row(event, arrived)) for event in verdict.incidents]
    rows += [(sent.moment, _event_row(sent, arrived)) for sent in verdict.sent]
    return [row for _, row in sorted(rows, key=lambda timed: timed[0])]


Arrived = Collection[tuple[str, str, str, str]]
"""Topic, alarm, state and time of each notification that arrived."""


def _change_row(change: SimulatedChange, arrived: Arrived) -> list[str]:
    evaluation = change.evaluation
    value = "no data" if evaluation.value is None else f"{evaluation.value:,.4g}"
    time = evaluation.moment.strftime(TIME)
    name = change.alarm.definition.name
    return [
        str(change.minute),
        change.alarm.address,
        value,
        _states(evaluation.previous, evaluation.state),
        *_muted(change, _told(change.actions, name, evaluation.state, time, arrived)),
    ]


def _incident_row(event: IncidentEvent, arrived: Arrived) -> list[str]:
    change = event.change
    is_late = event.time != change.time
    state = f"still [{_STYLES[change.state]}]{change.state}[/]"
    row = [
        str(event.minute),
        f"[bold]{event.alarm.address}[/]",
        f"{len(event.children)} on",
        state if is_late else _states(change.previous, change.state),
    ]
    if event.by:
        return [*row, _HELD[event.by], "-"]
    name, time = event.alarm.definition.name, event.moment.strftime(TIME)
    return [*row, *_muted(event, _told(event.actions, name, change.state, time, arrived))]


def _muted(change: SimulatedChange | IncidentEvent, told: list[str]) -> list[str]:
    """What is told, and when, where a mute rule holds it back."""
    topics, inboxes = told
    if change.told is None:
        return ["muted", inboxes]
    if change.actions and change.delay:
        return [f"{topics}\n(muted until minute {change.told})", inboxes]
    return told


def _event_row(sent: SentEvent, arrived: Arrived) -> list[str]:
    key = sent.rule.key
    return [
        str(sent.minute),
        f"{key}@{sent.target}" if sent.target else key,
        "",
        "[bold]event[/]",
        *_told(sent.messages, key, EVENT, sent.time, arrived),
    ]


def _states(previous: AlarmState, state: AlarmState) -> str:
    return f"{previous} -> [{_STYLES[state]}]{state}[/]"


def _told(
    topics: Collection[str], alarm: str, state: str, time: str, arrived: Arrived
) -> list[str]:
    """The topics that are told, and whether it arrived in their inboxes."""
    names = [topic.rpartition(":")[2] for topic in topics]
    inboxes = ["yes" if (topic, alarm, state, time) in arrived else "NO" for topic in topics]
    return ["\n".join(names) or "-", "\n".join(inboxes) or "-"]


def _length(minutes: int) -> str:
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = ((days, "day"), (hours, "hour"), (left, "minute"))
    return ", ".join(counted(number, unit) for number, unit in parts if number)
