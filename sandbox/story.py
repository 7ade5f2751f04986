"""Tells what happened in a scenario, minute by minute, in the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ecs_monitoring.cloudwatch.alarm import AlarmState
from sandbox.inbox import Heard
from sandbox.scenario import Scenario
from sandbox.simulate import AlarmChange
from sandbox.verdict import ScenarioVerdict

_STYLES = {
    AlarmState.ALARM: "bold red",
    AlarmState.OK: "green",
    AlarmState.INSUFFICIENT_DATA: "dim",
}


def tell(console: Console, name: str, scenario: Scenario, verdict: ScenarioVerdict) -> None:
    """The scenario's story, its timeline, and how it came out."""
    mark = "[bold red]FAILED[/]" if verdict.faults else "[bold green]as expected[/]"
    console.print(f"\n[bold]{escape(scenario.title)}[/] ({name}): {mark}")
    console.print(f"  {escape(scenario.story.strip())}", style="dim", soft_wrap=True)
    if verdict.changes:
        console.print(_timeline(scenario, verdict.changes, verdict.heard))
    else:
        console.print(f"  {_length(scenario.minutes)} of silence: no alarm changed its state")
    for fault in verdict.faults:
        console.print(f"  [bold red]fault:[/] {escape(fault)}", soft_wrap=True)
    if verdict.skipped:
        console.print(
            f"  not in this stack: {', '.join(verdict.skipped)}", style="dim", soft_wrap=True
        )


def _timeline(scenario: Scenario, changes: Iterable[AlarmChange], heard: Iterable[Heard]) -> Table:
    arrived = {(one.topic, one.alarm, one.state, one.time) for one in heard}
    table = Table(box=None, padding=(0, 2, 0, 2))
    table.add_column("minute", justify="right")
    for heading in ("alarm", "value", "state", "told", "arrived"):
        table.add_column(heading)
    for change in changes:
        evaluation = change.evaluation
        time = evaluation.moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        topics = [topic.rpartition(":")[2] for topic in change.actions]
        inboxes = [
            "yes"
            if (topic, change.alarm.definition.name, evaluation.state, time) in arrived
            else "NO"
            for topic in change.actions
        ]
        style = _STYLES[evaluation.state]
        table.add_row(
            str(change.minute),
            change.alarm.address,
            "no data" if evaluation.value is None else f"{evaluation.value:,.4g}",
            f"{evaluation.previous} -> [{style}]{evaluation.state}[/]",
            _told(change, topics),
            "\n".join(inboxes) or "-",
        )
    return table


def _told(change: AlarmChange, topics: list[str]) -> str:
    """Which topics are told, and when, where a mute rule holds it back."""
    if change.told is None:
        return "muted"
    if topics and change.delay:
        topics = [*topics, f"(muted until minute {change.told})"]
    return "\n".join(topics) or "-"


def _length(minutes: int) -> str:
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = ((days, "day"), (hours, "hour"), (left, "minute"))
    return ", ".join(f"{n} {unit}{'s' if n > 1 else ''}" for n, unit in parts if n)
