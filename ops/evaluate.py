"""``python -m ops evaluate``: would this alarm have fired on that history?"""

import argparse
import csv
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from cloudwatch.definition import (
    AlarmDefinition,
    CannotEvaluateError,
    MetricKey,
    MetricStat,
)
from cloudwatch.evaluation import (
    AlarmState,
    Evaluation,
    Sample,
    Series,
    epoch_seconds,
    evaluation_interval,
    timeline,
)

_STATE_STYLES: Final = {
    AlarmState.ALARM: "bold red",
    AlarmState.OK: "green",
    AlarmState.INSUFFICIENT_DATA: "dim",
}
_HEADER: Final = "timestamp,value (and metric, where the alarm reads several; samples if known)"


class EvaluateError(Exception):
    """A file cannot be used; the message names file and line and says what to write."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "alarm",
        type=Path,
        metavar="ALARM.json",
        help="the alarm as `aws cloudwatch describe-alarms --alarm-names NAME` prints it: the "
        "whole answer with one alarm in it, or the alarm alone",
    )
    parser.add_argument(
        "series",
        type=Path,
        metavar="SERIES.csv",
        help="the history: a header timestamp,value and a row a datapoint; ISO 8601 times, UTC "
        "unless they say otherwise. A further column metric (a metric's name or query id) tells "
        "several metrics apart; a column samples says how many samples a value stands for",
    )
    parser.add_argument(
        "--start",
        metavar="TIME",
        help="evaluate from here on (default: once the alarm's periods lie behind the first "
        "row); earlier rows still count as history",
    )
    parser.add_argument("--end", metavar="TIME", help="evaluate up to here (default: last row)")
    parser.add_argument("--json", action="store_true", help="everything as JSON, for scripts")


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What an alarm would have done.

    Attributes:
        definition: the alarm.
        start: the first evaluation that there could be, in seconds since 1970 UTC.
        end: the last one.
        evaluations: how many there were.
        changes: those that changed the state, in order.
        minutes_in_alarm: how long the state was ALARM, up to ``end``.
        state: the state after the last one.
        without_rows: names of the alarm's metrics that the history does not mention.
    """

    definition: AlarmDefinition
    start: int
    end: int
    evaluations: int
    changes: tuple[Evaluation, ...]
    minutes_in_alarm: float
    state: AlarmState
    without_rows: tuple[str, ...]

    @property
    def firings(self) -> int:
        """How often the state changed to ALARM."""
        return sum(change.state is AlarmState.ALARM for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts; times in UTC."""
        return {
            "alarm": self.definition.name,
            "start": _iso(self.start),
            "end": _iso(self.end),
            "evaluations": self.evaluations,
            "changes": [
                {
                    "time": _iso(change.time),
                    "from": change.previous.value,
                    "to": change.state.value,
                    "value": change.value,
                    "reason": change.reason,
                    "reason_data": change.reason_data,
                }
                for change in self.changes
            ],
            "firings": self.firings,
            "minutes_in_alarm": self.minutes_in_alarm,
            "state": self.state.value,
            "metrics_without_rows": list(self.without_rows),
        }


def replay(alarm: Path, history: Path, *, start: str | None = None, end: str | None = None) -> Replay:
    """Evaluate an alarm over a history.

    Args:
        alarm: file with the alarm as DescribeAlarms returns it.
        history: file with the samples of its metrics.
        start: ISO 8601; by default N periods after the first row, so that no evaluation has to
            guess what was before, or the first row where the history is shorter than that.
        end: ISO 8601; by default the end of the last row's minute (or shorter period).

    Raises:
        EvaluateError: a file or a time cannot be used, or the alarm cannot be evaluated.
    """
    definition = _read_alarm(alarm)
    series = _read_series(history, definition)
    firsts = [one.first for one in series.values() if one.first is not None]
    lasts = [one.last for one in series.values() if one.last is not None]
    if not firsts:
        raise EvaluateError(f"{history}: no values below the header; write rows {_HEADER}")
    interval = evaluation_interval(definition)
    last = _time(end, "--end") if end else max(lasts) + min(interval, definition.period, 60)
    if start:
        first = _time(start, "--start")
    else:
        first = min(firsts) + definition.period * definition.evaluation_periods
        if first > last:
            first = min(firsts) + 1
    try:
        return _replayed(definition, series, first, last, interval)
    except CannotEvaluateError as error:
        raise EvaluateError(f"{alarm}: {error}") from None


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    found = replay(
        arguments.alarm, arguments.series, start=arguments.start, end=arguments.end
    )
    if arguments.json:
        print(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        _print(found)
    return 0


def _replayed(
    definition: AlarmDefinition,
    series: Mapping[MetricKey, Series],
    start: int,
    end: int,
    interval: int,
) -> Replay:
    changes = []
    count = in_alarm = 0
    state = AlarmState.INSUFFICIENT_DATA
    for evaluation in timeline(definition, series, start, end):
        count += 1
        state = evaluation.state
        # The state holds until the next evaluation, which the last one does not have.
        in_alarm += state is AlarmState.ALARM and evaluation.time + interval <= end
        if evaluation.changed:
            changes.append(evaluation)
    return Replay(
        definition=definition,
        start=start,
        end=end,
        evaluations=count,
        changes=tuple(changes),
        minutes_in_alarm=in_alarm * interval / 60,
        state=state,
        without_rows=tuple(
            f"{key.namespace} {key.name}" for key in definition.metrics if key not in series
        ),
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
                f"{path}: holds {len(alarms)} alarms, write exactly one "
                "(aws cloudwatch describe-alarms --alarm-names NAME)"
            )
        found = alarms[0]
    if not isinstance(found, dict):
        raise EvaluateError(f"{path}: write an alarm as DescribeAlarms returns it, an object")
    try:
        return AlarmDefinition.from_api(found)
    except CannotEvaluateError as error:
        raise EvaluateError(f"{path}: {error}") from None


def _read_series(path: Path, definition: AlarmDefinition) -> dict[MetricKey, Series]:
    counted = _only_counted(definition)
    samples: dict[MetricKey, list[Sample]] = {}
    spelled: dict[MetricKey, str] = {}
    for where, row in _rows(path):
        key = _metric(where, row.get("metric"), definition)
        if spelled.setdefault(key, row.get("metric") or "") != (row.get("metric") or ""):
            raise EvaluateError(
                f"{where}: {row['metric']!r} and {spelled[key]!r} are the same metric; "
                "give its rows once, under one of them"
            )
        if not (row.get("value") or "").strip():
            continue
        time = _time(row.get("timestamp") or "", where)
        value = _number(row["value"], where)
        try:
            if key in counted:
                # The values are counts of samples, and the samples' own values do not matter.
                found = [Sample(time, value, 0.0, 0.0, 0.0)] if value else []
            else:
                found = [Sample.of(time, value, _number(row.get("samples") or "1", where))]
        except CannotEvaluateError as error:
            raise EvaluateError(f"{where}: {error}") from None
        samples.setdefault(key, []).extend(found)
    return {key: Series(found) for key, found in samples.items()}
