"""Evaluates an alarm over a history, both as files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.timing import Timing
from ecs_monitoring.words import iso
from history.calibration import FILE, Calibration, read_calibration
from history.day import BadFileError
from history.evaluate.alarm_file import AlarmFile, read_alarm_file
from history.evaluate.composite_alarm import composite_of, replay_composite
from history.evaluate.datapoints import Given, read_given, time_of
from history.evaluate.log_alarm import replay_log
from history.evaluate.metric_alarm import replay_metric, stretch_of
from history.evaluate.outcome import EvaluateError, Replay
from history.evaluate.samples import series_of


def replay(
    alarm: Path,
    history: Path,
    *,
    start: str | None = None,
    end: str | None = None,
    created: str | None = None,
    zone: tzinfo = UTC,
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
    file = read_alarm_file(alarm)
    given = read_given(history, zone)
    begin, stop, made = (
        time_of(text, option, zone) if text else None
        for option, text in (("--start", start), ("--end", end), ("--created", created))
    )
    if file.shape == "LogAlarm":
        replayed = replay_log(file.alarm, _between(given, begin, stop))
        return replace(replayed, notes=(*replayed.notes, *file.notes))
    timings = _calibration(calibration)
    definitions = {
        name: _timed(timings.applied(definition), extra_periods, delay)
        for name, definition in _definitions(alarm, file).items()
    }
    series = series_of(given, list(definitions.values()))
    stretch = stretch_of(list(definitions.values()), given, begin, stop)
    done: dict[str, Replay] = {
        name: replay_metric(definition, series, stretch, created=made)
        for name, definition in definitions.items()
    }
    replayed = (
        done[str(file.alarm.get("AlarmName"))]
        if file.shape == "MetricAlarm"
        else _composed(alarm, file, done)
    )
    return replace(replayed, notes=(*replayed.notes, *file.notes))


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


def _between(given: Sequence[Given], start: int | None, end: int | None) -> Sequence[Given]:
    first = min(row.time for row in given) if start is None else start
    last = max(row.time for row in given) if end is None else end
    chosen = [row for row in given if first <= row.time <= last]
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
    reached: dict[str, None] = {}

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
            reached[name] = None

    visit(file.alarm, (str(file.alarm.get("AlarmName")),))
    return tuple(reached)


def _composed(path: Path, file: AlarmFile, done: dict[str, Replay]) -> Replay:
    for name in _reached(path, file):
        shape, described = file.others[name]
        if shape == "CompositeAlarm":
            done[name] = replay_composite(composite_of(described), done)
    return replay_composite(composite_of(file.alarm), done)
