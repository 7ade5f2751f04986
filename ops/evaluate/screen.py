"""What an alarm did over a history, as people read it."""

from typing import Final

from rich.console import Console
from rich.markup import escape

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.words import counted, iso
from history.evaluate.outcome import Replay
from ops.terminal import opened_console, table

_STATE_STYLES: Final = {
    AlarmState.ALARM: "bold red",
    AlarmState.OK: "green",
    AlarmState.INSUFFICIENT_DATA: "dim",
}


def print_replay(replayed: Replay) -> None:
    """Print a replay: those of the alarms that it rests on first."""
    console = opened_console()
    for part in replayed.parts:
        _print_alarm(console, part)
    _print_alarm(console, replayed)
    for metric in replayed.without_values:
        console.print(
            f"[yellow]note:[/] no values for {escape(str(metric))}: it counts as without data"
        )
    for note in replayed.notes:
        console.print(f"[dim]note: {escape(note)}[/]")


def _print_alarm(console: Console, replayed: Replay) -> None:
    rows = table("When (UTC)", "From", "To", "Value", "Reason", title=replayed.name)
    for change in replayed.changes:
        rows.add_row(
            iso(change.time)[:-1].replace("T", " "),
            change.previous.value,
            f"[{_STATE_STYLES[change.state]}]{change.state.value}[/]",
            "no data" if change.value is None else f"{change.value:g}",
            escape(change.reason),
        )
    console.print(rows)
    firings = counted(replayed.firings, "firing")
    console.print(
        f"[bold]{firings}[/], {replayed.seconds_in_alarm / 60:g} minutes in ALARM, "
        f"{replayed.state.value} at the end; {replayed.evaluations} evaluations "
        f"from {iso(replayed.first)} to {iso(replayed.last)}"
    )
    for time, state in replayed.actions or ():
        console.print(f"actions of {state.value} carried out at {iso(time)}")
