"""Tells what happened in a scenario, minute by minute, in the terminal."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ecs_monitoring.cloudwatch.alarm import AlarmState
from sandbox.aws_events import SentEvent
from sandbox.inbox import EVENT
from sandbox.scenario import Scenario
from sandbox.simulate import AlarmChange
from sandbox.verdict import ScenarioVerdict

_STYLES = {
    AlarmState.ALARM: "bold red",
    AlarmState.OK: "green",
    AlarmState.INSUFFICIENT_DATA: "dim",
}


_Arrived = AbstractSet[tuple[str, str, str, str]]
"""Topic, alarm or event, state and time of what arrived."""


def tell(console: Console, name: str, scenario: Scenario, verdict: ScenarioVerdict) -> None:
    """The scenario's story, its timeline, and how it came out."""
    mark = "[bold red]FAILED[/]" if verdict.faults else "[bold green]as expected[/]"
    console.print(f"\n[bold]{escape(scenario.title)}[/] ({name}): {mark}")
    console.print(f"  {escape(scenario.story.strip())}", style="dim", soft_wrap=True)
    if verdict.changes or verdict.sent:
        console.print(_timeline(verdict))
    else:
        console.print(f"  {_length(scenario.minutes)} of silence: no alarm changed its state")
    for fault in verdict.faults:
        console.print(f"  [bold red]fault:[/] {escape(fault)}", soft_wrap=True)
    if verdict.skipped:
        console.print(
            f"  not in this stack: {', '.join(verdict.skipped)}", style="dim", soft_wrap=True
        )


def _timeline(verdict: ScenarioVerdict) -> Table:
    """Changes of alarms and AWS's events, as they come."""
    arrived = {(one.topic, one.alarm, one.state, one.time) for one in verdict.heard}
    rows = [(change.minute, _change_cells(change, arrived)) for change in verdict.changes]
    rows += [(sent.minute, _event_cells(sent, arrived)) for sent in verdict.sent]
    table = Table(box=None, padding=(0, 2, 0, 2))
    table.add_column("minute", justify="right")
    for heading in ("alarm", "value", "state", "told", "arrived"):
        table.add_column(heading)
    for minute, cells in sorted(rows, key=lambda row: row[0]):
        table.add_row(str(minute), *cells)
    return table


def _change_cells(change: AlarmChange, arrived: _Arrived) -> tuple[str, ...]:
    evaluation = change.evaluation
    time = evaluation.moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    told = [
        (topic, change.alarm.definition.name, evaluation.state, time) for topic in change.actions
    ]
    style = _STYLES[evaluation.state]
    return (
        change.alarm.address,
        "no data" if evaluation.value is None else f"{evaluation.value:,.4g}",
        f"{evaluation.previous} -> [{style}]{evaluation.state}[/]",
        *_told_cells(told, arrived),
    )


def _event_cells(sent: SentEvent, arrived: _Arrived) -> tuple[str, ...]:
    told = [(topic, sent.rule.key, EVENT, sent.time) for topic in sent.messages]
    about = f"@{sent.target}" if sent.target else ""
    return f"{sent.rule.key}{about}", "", "[bold]event[/]", *_told_cells(told, arrived)


def _told_cells(told: Sequence[tuple[str, str, str, str]], arrived: _Arrived) -> tuple[str, str]:
    """The topics that were told, and whether each notification came out of them."""
    topics = "\n".join(topic.rpartition(":")[2] for topic, *_ in told)
    inboxes = "\n".join("yes" if one in arrived else "NO" for one in told)
    return topics or "-", inboxes or "-"


def _length(minutes: int) -> str:
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = ((days, "day"), (hours, "hour"), (left, "minute"))
    return ", ".join(f"{n} {unit}{'s' if n > 1 else ''}" for n, unit in parts if n)
