"""The command's arguments, and what it prints."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import Console
from rich.markup import escape

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.timing import Timing
from ecs_monitoring.words import iso
from history.calibration import FILE, Calibration, read_calibration
from history.day import BadFileError
from ops.evaluate.alarm_file import AlarmFile, read_alarm_file
from ops.evaluate.composite_alarm import composite_of, replay_composite
from ops.evaluate.datapoints import Given, read_given, time_of
from ops.evaluate.errors import EvaluateError
from ops.evaluate.log_alarm import replay_log
from ops.evaluate.metric_alarm import replay_metric, stretch_of, with_notes
from ops.evaluate.outcome import Replay
from ops.evaluate.samples import series_of
from ops.terminal import opened_console, print_json, table

DESCRIPTION: Final = (
    "Evaluate an alarm as DescribeAlarms returns it over a history of its metrics, as CloudWatch "
    "would, and print every change of state. Takes metric alarms, composite alarms with those "
    "that they rest on in the same file, and log alarms over their query's results. Needs no AWS "
    "account."
)

_MOST: Final = 60
"""More periods beyond N, and more minutes late, than anybody has seen."""

_STATE_STYLES: Final = {
    AlarmState.ALARM: "bold red",
    AlarmState.OK: "green",
    AlarmState.INSUFFICIENT_DATA: "dim",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "alarm",
        type=Path,
        metavar="ALARM.json",
        help="the alarm as `aws cloudwatch describe-alarms --alarm-names NAME` prints it: the "
        "whole answer, or the one alarm in it",
    )
    parser.add_argument(
        "series",
        type=Path,
        metavar="SERIES",
        help="the history: CSV with the header timestamp,value or timestamp,Average (or another "
        "statistic) and a row a datapoint; what `aws cloudwatch get-metric-statistics` or "
        "`get-metric-data` prints; or the console's CSV. A column metric (a metric's name or "
        "query id) tells several metrics apart, a column samples says how many samples a value "
        "stands for",
    )
    parser.add_argument(
        "--start",
        metavar="TIME",
        help="evaluate from here on; earlier rows count as history (default: as soon as the "
        "alarm's periods lie behind the first row)",
    )
    parser.add_argument(
        "--end", metavar="TIME", help="evaluate up to here (default: up to the last row)"
    )
    parser.add_argument(
        "--created",
        metavar="TIME",
        help="when the alarm was made, for alarms with a warm-up (default: long ago)",
    )
    parser.add_argument(
        "--zone",
        metavar="ZONE",
        default="UTC",
        help="the time zone of times that name none, such as Europe/Berlin (default: UTC)",
    )
    parser.add_argument(
        "--calibration",
        metavar="FILE",
        type=Path,
        help="range and delay as `python -m ops calibrate STACK` found them "
        "(.history/STACK/calibration.json)",
    )
    parser.add_argument(
        "--extra-periods",
        metavar="K",
        type=_whole,
        help="let the evaluation range have K datapoints beyond N, which AWS does not publish "
        "(default: 2, or what the calibration says)",
    )
    parser.add_argument(
        "--delay",
        metavar="MINUTES",
        type=_whole,
        help="let the data arrive so late, which AWS does not publish (default: 0, or what the "
        "calibration says)",
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON, for scripts")


def replay(
    alarm: Path,
    history: Path,
    *,
    start: str | None = None,
    end: str | None = None,
    created: str | None = None,
    zone: str = "UTC",
    calibration: Path | None = None,
    extra_periods: int | None = None,
    delay: int | None = None,
) -> Replay:
    """Evaluate an alarm over a history.

    Args:
        alarm: file with the alarm as DescribeAlarms returns it.
        history: file with the values of its metrics, or of its query's results.
        start: ISO 8601; by default N periods after the first row, so that no evaluation has to
            guess what was before it, or at once where the history is shorter than that.
        end: ISO 8601; by default when the last row's minute (or shorter period) is over and has
            arrived.
        created: ISO 8601; when the alarm was made.
        zone: of times that name none.
        calibration: file with ranges and delays.
        extra_periods: of the evaluation range, beyond N; as the calibration or the default has
            it where it is ``None``.
        delay: minutes until data arrives; likewise.

    Raises:
        EvaluateError: a file or time cannot be used, or the alarm cannot be evaluated.
    """
    in_zone = _zone(zone)
    file = read_alarm_file(alarm)
    given = read_given(history, in_zone)
    if file.shape == "LogAlarm":
        chosen = _between(given, start, end, in_zone)
        return with_notes(replay_log(file.alarm, chosen), file.notes)
    known = _calibration(calibration)
    definitions = {
        name: _timed(known.applied(definition), extra_periods, delay)
        for name, definition in _definitions(alarm, file).items()
    }
    series = series_of(given, list(definitions.values()))
    stretch = stretch_of(
        list(definitions.values()),
        given,
        time_of(start, "--start", in_zone) if start else None,
        time_of(end, "--end", in_zone) if end else None,
    )
    made = time_of(created, "--created", in_zone) if created else None
    done: dict[str, Replay] = {
        name: replay_metric(definition, series, stretch, created=made)
        for name, definition in definitions.items()
    }
    if file.shape == "MetricAlarm":
        return with_notes(done[str(file.alarm.get("AlarmName"))], file.notes)
    return with_notes(_composed(alarm, file, done), file.notes)


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    found = replay(
        arguments.alarm,
        arguments.series,
        start=arguments.start,
        end=arguments.end,
        created=arguments.created,
        zone=arguments.zone,
        calibration=arguments.calibration,
        extra_periods=arguments.extra_periods,
        delay=arguments.delay,
    )
    if arguments.json:
        print_json(found.as_json())
    else:
        _print(found)
    return 0


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise EvaluateError(f"--zone {name}: write an IANA name, such as Europe/Berlin") from None


def _whole(text: str) -> int:
    if not (text.isdecimal() and int(text) <= _MOST):
        raise argparse.ArgumentTypeError(f"write a whole number from 0 to {_MOST}")
    return int(text)


def _timed(
    definition: AlarmDefinition, extra_periods: int | None, delay: int | None
) -> AlarmDefinition:
    """An alarm with the range and the delay that somebody wants to try."""
    if extra_periods is None and delay is None:
        return definition
    usual = definition.timing
    late = usual.delay if delay is None else 60 * delay
    timing = Timing(
        extra_periods=usual.extra_periods if extra_periods is None else extra_periods,
        delay=late,
        longest_delay=late if delay is not None else usual.longest_delay,
        source="the command line",
    )
    return replace(definition, known_timing=timing)


def _calibration(path: Path | None) -> Calibration:
    if path is None:
        return Calibration()
    if path.name != FILE or not path.is_file():
        raise EvaluateError(f"--calibration {path}: write a file called {FILE} that is there")
    try:
        return read_calibration(path.parent)
    except BadFileError as error:
        raise EvaluateError(f"--calibration {error}") from None


def _between(
    given: Sequence[Given], start: str | None, end: str | None, zone: tzinfo
) -> Sequence[Given]:
    first = time_of(start, "--start", zone) if start else min(one.time for one in given)
    last = time_of(end, "--end", zone) if end else max(one.time for one in given)
    chosen = [one for one in given if first <= one.time <= last]
    if not chosen:
        raise EvaluateError(f"there is no result from {iso(first)} to {iso(last)}")
    return chosen


def _definitions(path: Path, file: AlarmFile) -> dict[str, AlarmDefinition]:
    """The metric alarms that are needed, by name."""
    if file.shape == "MetricAlarm":
        needed: dict[str, Mapping[str, Any]] = {str(file.alarm.get("AlarmName")): file.alarm}
    else:
        needed = {
            name: described
            for name in _reached(path, file)
            for shape, described in [file.others[name]]
            if shape == "MetricAlarm"
        }
    try:
        return {name: definition_from_described(described) for name, described in needed.items()}
    except CannotEvaluateError as error:
        raise EvaluateError(f"{path}: {error}") from None


def _reached(path: Path, file: AlarmFile) -> tuple[str, ...]:
    """The names of all alarms that a composite one rests on, each after those it rests on."""
    found: dict[str, None] = {}

    def visit(described: Mapping[str, Any], above: tuple[str, ...]) -> None:
        composite = composite_of(described)
        for name in composite.needs:
            if name in above:
                raise EvaluateError(f"{path}: alarms refer in a circle: {' -> '.join(above)}")
            if name not in file.others:
                raise EvaluateError(
                    f"{path}: the rule of {composite.name} names {name}, which is not in the "
                    "file: write `aws cloudwatch describe-alarms --alarm-types MetricAlarm "
                    f"CompositeAlarm --alarm-names {composite.name} {' '.join(composite.needs)}`"
                )
            shape, other = file.others[name]
            if shape == "LogAlarm":
                raise EvaluateError(f"{path}: {name} is a log alarm: evaluate it by itself")
            if shape == "CompositeAlarm":
                visit(other, (*above, name))
            found[name] = None

    visit(file.alarm, (str(file.alarm.get("AlarmName")),))
    return tuple(found)


def _composed(path: Path, file: AlarmFile, done: dict[str, Replay]) -> Replay:
    for name in _reached(path, file):
        shape, described = file.others[name]
        if shape == "CompositeAlarm":
            done[name] = replay_composite(composite_of(described), done)
    return replay_composite(composite_of(file.alarm), done)


def _print(found: Replay) -> None:
    console = opened_console()
    for part in found.parts:
        _print_one(console, part)
    _print_one(console, found)
    for metric in found.without_values:
        console.print(
            f"[yellow]note:[/] no values for {escape(str(metric))}: it counts as without data"
        )
    for note in found.notes:
        console.print(f"[dim]note: {escape(note)}[/]")


def _print_one(console: Console, found: Replay) -> None:
    rows = table("When (UTC)", "From", "To", "Value", "Reason", title=found.name)
    for change in found.changes:
        rows.add_row(
            iso(change.time)[:-1].replace("T", " "),
            change.previous.value,
            f"[{_STATE_STYLES[change.state]}]{change.state.value}[/]",
            "no data" if change.value is None else f"{change.value:g}",
            escape(change.reason),
        )
    console.print(rows)
    firings = f"{found.firings} firing" + ("" if found.firings == 1 else "s")
    console.print(
        f"[bold]{firings}[/], {found.seconds_in_alarm / 60:g} minutes in ALARM, "
        f"{found.state.value} at the end; {found.evaluations} evaluations "
        f"from {iso(found.first)} to {iso(found.last)}"
    )
    for time, state in found.actions or ():
        console.print(f"actions of {state.value} carried out at {iso(time)}")
