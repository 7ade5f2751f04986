"""``python -m ops evaluate``: would this alarm have fired on that history?"""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import (
    Sample,
    Series,
    Summary,
    epoch_seconds,
    evaluation_interval,
    summary,
    timeline,
)
from ecs_monitoring.words import iso
from ops.terminal import opened_console

_STATE_STYLES: Final = {
    AlarmState.ALARM: "bold red",
    AlarmState.OK: "green",
    AlarmState.INSUFFICIENT_DATA: "dim",
}
_COLUMNS: Final = ("timestamp", "value", "metric", "samples")


class EvaluateError(Exception):
    """A file or time cannot be used; the message says where and what to write instead."""


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
        metavar="SERIES.csv",
        help="the history: the header timestamp,value and a row a datapoint; times in ISO 8601, "
        "in UTC unless they say otherwise. A column metric (a metric's name or query id) tells "
        "several metrics apart, a column samples says how many samples a value stands for",
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
    parser.add_argument("--json", action="store_true", help="everything as JSON, for scripts")


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What an alarm would have done.

    Attributes:
        definition: the alarm.
        summary: its changes of state, and how long it was on.
        without_values: names of the alarm's metrics that the history has no value for.
    """

    definition: AlarmDefinition
    summary: Summary
    without_values: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts; times in UTC."""
        return {
            "alarm": self.definition.name,
            "first_evaluation": iso(self.summary.first),
            "last_evaluation": iso(self.summary.last),
            "evaluations": self.summary.evaluations,
            "changes": [
                {
                    "time": iso(change.time),
                    "from": change.previous.value,
                    "to": change.state.value,
                    "value": change.value,
                    "reason": change.reason,
                    "reason_data": change.reason_data,
                }
                for change in self.summary.changes
            ],
            "firings": self.summary.firings,
            "minutes_in_alarm": self.summary.seconds_in_alarm / 60,
            "state": self.summary.state.value,
            "metrics_without_values": list(self.without_values),
        }


def replay(
    alarm: Path, history: Path, *, start: str | None = None, end: str | None = None
) -> Replay:
    """Evaluate an alarm over a history.

    Args:
        alarm: file with the alarm as DescribeAlarms returns it.
        history: file with the samples of its metrics.
        start: ISO 8601; by default N periods after the first row, so that no evaluation has to
            guess what was before it, or at once where the history is shorter than that.
        end: ISO 8601; by default when the last row's minute (or shorter period) is over.

    Raises:
        EvaluateError: a file or time cannot be used, or the alarm cannot be evaluated.
    """
    definition = _read_alarm(alarm)
    series, times = _read_series(history, definition)
    stop = _time(end, "--end") if end else max(times) + min(definition.period, 60)
    if start:
        begin = _time(start, "--start")
    else:
        begin = min(times) + definition.period * definition.evaluation_periods
        begin = begin if begin <= stop else min(times) + 1
    try:
        found = summary(timeline(definition, series, begin, stop))
    except CannotEvaluateError as error:
        raise EvaluateError(f"{alarm}: {error}") from None
    if found is None:
        raise EvaluateError(
            f"the alarm is evaluated every {evaluation_interval(definition)} s, and never from "
            f"{iso(begin)} to {iso(stop)}: write a longer history, or --start and --end"
        )
    missing = tuple(key.name for key in definition.metrics if key not in series)
    return Replay(definition=definition, summary=found, without_values=missing)


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    found = replay(arguments.alarm, arguments.series, start=arguments.start, end=arguments.end)
    if arguments.json:
        print(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        _print(found)
    return 0


def _print(found: Replay) -> None:
    console = opened_console()
    name = escape(found.definition.name)
    table = Table(title=name, title_justify="left", title_style="bold")
    for heading in ("When (UTC)", "From", "To", "Value", "Reason"):
        table.add_column(heading, overflow="fold")
    for change in found.summary.changes:
        table.add_row(
            change.moment.strftime("%Y-%m-%d %H:%M:%S"),
            change.previous.value,
            f"[{_STATE_STYLES[change.state]}]{change.state.value}[/]",
            "no data" if change.value is None else f"{change.value:g}",
            escape(change.reason),
        )
    console.print(table)
    for metric in found.without_values:
        console.print(f"[yellow]note:[/] no values for {metric}: it counts as without data")
    did = found.summary
    firings = f"{did.firings} firing" + ("" if did.firings == 1 else "s")
    console.print(
        f"[bold]{firings}[/], {did.seconds_in_alarm / 60:g} minutes in ALARM, "
        f"{did.state.value} at the end; {did.evaluations} evaluations "
        f"from {iso(did.first)} to {iso(did.last)}"
    )


def _read_alarm(path: Path) -> AlarmDefinition:
    try:
        found = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise EvaluateError(f"{path}:{error.lineno}: not JSON: {error.msg}") from None
    if isinstance(found, dict) and ("MetricAlarms" in found or "CompositeAlarms" in found):
        alarms = [*found.get("MetricAlarms", ()), *found.get("CompositeAlarms", ())]
        if len(alarms) != 1:
            raise EvaluateError(
                f"{path}: holds {len(alarms)} alarms; write exactly one, as "
                "`aws cloudwatch describe-alarms --alarm-names NAME` prints it"
            )
        found = alarms[0]
    if not isinstance(found, dict):
        raise EvaluateError(f"{path}: write an alarm as DescribeAlarms returns it, an object")
    try:
        return AlarmDefinition.from_api(found)
    except CannotEvaluateError as error:
        raise EvaluateError(f"{path}: {error}") from None


def _read_series(
    path: Path, definition: AlarmDefinition
) -> tuple[dict[MetricKey, Series], list[int]]:
    """Each metric's series, and the times of all rows, also of those without a value."""
    times = []
    samples: dict[MetricKey, list[Sample]] = {}
    names: dict[MetricKey, str] = {}
    for where, row in _rows(path):
        key, statistics = _metric(where, row["metric"], definition)
        if names.setdefault(key, row["metric"]) != row["metric"]:
            raise EvaluateError(
                f"{where}: {row['metric']!r} and {names[key]!r} are the same metric: "
                "give its values once, under one of them"
            )
        time = _time(row["timestamp"], where)
        times.append(time)
        if not row["value"]:
            continue
        value, count = _number(row["value"], where), _number(row["samples"] or "1", where)
        if statistics == {"SampleCount"}:
            # The history of that statistic is how many samples there were, not what they were.
            value, count = 0.0, value
        try:
            # No samples are no data.
            found = [Sample.of(time, value, count)] if count else []
        except CannotEvaluateError as error:
            raise EvaluateError(f"{where}: {error}") from None
        samples.setdefault(key, []).extend(found)
    if not times:
        raise EvaluateError(f"{path}: no rows below the header; write timestamp,value in each")
    return {key: Series(found) for key, found in samples.items()}, times


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows with ``path:line`` of each; columns that are not there are empty."""
    reader = csv.DictReader(_text(path).splitlines(), restval="")
    header = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"timestamp", "value"} <= set(header) or not set(header) <= set(_COLUMNS):
        raise EvaluateError(
            f"{path}:1: the header is {','.join(header) or 'missing'}; write timestamp,value "
            "and, where they are needed, metric and samples"
        )
    reader.fieldnames = header
    for row in reader:
        if None in row:
            raise EvaluateError(f"{path}:{reader.line_num}: more values than the header names")
        yield (
            f"{path}:{reader.line_num}",
            {name: (row.get(name) or "").strip() for name in _COLUMNS},
        )


def _metric(where: str, name: str, definition: AlarmDefinition) -> tuple[MetricKey, set[str]]:
    """The metric of a row and the statistics of it that the alarm reads."""
    stats = {q.id: q.source for q in definition.queries if isinstance(q.source, MetricStat)}
    by_name = {stat.metric for stat in stats.values() if stat.metric.name == name}
    if name in stats:
        by_name = {stats[name].metric}
    elif not name and len(definition.metrics) == 1:
        by_name = set(definition.metrics)
    if len(by_name) != 1:
        known = ", ".join(f"{id_} ({stat.metric.name})" for id_, stat in stats.items())
        problem = "several metrics have that name" if by_name else "not of this alarm"
        raise EvaluateError(
            f"{where}: metric {name!r}: {problem}; write a query id or metric name of {known}"
        )
    (key,) = by_name
    return key, {stat.statistic for stat in stats.values() if stat.metric == key}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluateError(f"{path}: cannot be read: {error}") from None


def _time(text: str, where: str) -> int:
    try:
        return epoch_seconds(datetime.fromisoformat(text))
    except ValueError:
        raise EvaluateError(
            f"{where}: {text!r} is no time; write ISO 8601, such as 2026-11-24T10:00:00Z"
        ) from None


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise EvaluateError(f"{where}: {text!r} is no number") from None
