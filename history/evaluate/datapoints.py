"""Values from files: CSV of many kinds, and what the API and the console give."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from ecs_monitoring.cloudwatch.evaluation import epoch_seconds
from history.evaluate.outcome import EvaluateError
from history.text import Row, TextError, header_and_rows, moment_of, read_text, rows_of

STATISTICS: Final = ("samplecount", "average", "sum", "minimum", "maximum")
"""The names of columns that are a statistic, in lower case."""

_TIMES: Final = ("timestamp", "time")
_COLUMNS: Final = (*_TIMES, "value", "metric", "samples", *STATISTICS)
_PASSED_OVER: Final = ("unit", "label", "period")
_MOST_LINES: Final = 1_000_000
"""Lines of a file: nearly two years of minutes. A choice, so that a wrong file does not take all
memory."""

_WRITE: Final = (
    "write timestamp,value and, where they are needed, metric and samples; or a column for each "
    "statistic, such as timestamp,Average"
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """One row of values.

    Attributes:
        where: the file and line, for errors.
        time: seconds since 1970 UTC.
        metric: which metric, as the file has it; empty where it does not say.
        value: the value; ``None`` where there is none.
        samples: how many values that stands for; ``None`` where the file does not say.
        statistics: values by statistic, names in lower case.
    """

    where: str
    time: int
    metric: str = ""
    value: float | None = None
    samples: float | None = None
    statistics: Mapping[str, float] = field(default_factory=dict)


def read_given(path: Path, zone: tzinfo) -> list[Given]:
    """Read a file of values.

    What ``aws cloudwatch get-metric-statistics`` and ``get-metric-data`` print, what the
    console's "Download as .csv" gives, and CSV with a header.

    Args:
        path: the file.
        zone: of times that name none.

    Raises:
        EvaluateError: it cannot be used; the message names the line.
    """
    try:
        text = read_text(path)
        if text.count("\n") > _MOST_LINES:
            raise EvaluateError(
                f"{path}: more than {_MOST_LINES:,} lines: leave out what is not evaluated"
            )
        rows = list(
            _of_json(path, text, zone)
            if text.lstrip()[:1] in ("{", "[")
            else _of_csv(path, text, zone)
        )
    except TextError as error:
        raise EvaluateError(str(error)) from None
    if not rows:
        raise EvaluateError(f"{path}: no rows below the header; write timestamp,value in each")
    return rows


def _of_json(path: Path, text: str, zone: tzinfo) -> Iterator[Given]:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        raise EvaluateError(f"{path}:{error.lineno}: not JSON: {error.msg}") from None
    try:
        if "Datapoints" in answer:
            yield from _of_statistics(path, answer, zone)
            return
        if "MetricDataResults" in answer:
            yield from _of_data(path, answer, zone)
            return
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise EvaluateError(f"{path}: not as the API answers: {error!r}") from None
    raise EvaluateError(
        f"{path}: write what `aws cloudwatch get-metric-statistics` or `get-metric-data` prints"
    )


def _of_statistics(path: Path, answer: Mapping[str, Any], zone: tzinfo) -> Iterator[Given]:
    for index, point in enumerate(answer["Datapoints"], start=1):
        where = f"{path}: datapoint {index}"
        of = {name: point[name] for name in point if name.lower() in STATISTICS}
        of |= point.get("ExtendedStatistics") or {}
        yield Given(
            where=where,
            time=time_of(str(point["Timestamp"]), where, zone),
            metric=str(answer.get("Label", "")),
            statistics={name.lower(): float(value) for name, value in of.items()},
        )


def _of_data(path: Path, answer: Mapping[str, Any], zone: tzinfo) -> Iterator[Given]:
    results = answer["MetricDataResults"]
    for result in results:
        pairs = zip(result["Timestamps"], result["Values"], strict=True)
        for index, (time, value) in enumerate(pairs, start=1):
            where = f"{path}: {result['Id']}, value {index}"
            yield Given(
                where=where,
                time=time_of(str(time), where, zone),
                metric=str(result["Id"]) if len(results) > 1 else "",
                value=float(value),
            )


def _of_csv(path: Path, text: str, zone: tzinfo) -> Iterator[Given]:
    header, rows = header_and_rows(path, text, lambda cells: bool(set(cells) & set(_TIMES)))
    if not set(header.cells) & set(_TIMES):
        console = _of_console(path, text, zone)
        if console:
            yield from console
            return
    _check(path, header)
    for row in rows:
        where = f"{path}:{row.line}"
        cells = dict(zip(header.cells, row.cells, strict=True))
        yield Given(
            where=where,
            time=time_of(cells.get("timestamp") or cells.get("time", ""), where, zone),
            metric=cells.get("metric", ""),
            value=_number(cells.get("value", ""), where),
            samples=_number(cells.get("samples", ""), where),
            statistics={
                name: number
                for name in STATISTICS
                if (number := _number(cells.get(name, ""), where)) is not None
            },
        )


def _check(path: Path, header: Row) -> None:
    names = header.cells
    strange = [n for n in names if n not in (*_COLUMNS, *_PASSED_OVER)]
    has_values = bool(set(names) & {"value", *STATISTICS})
    is_twice = len(set(names)) < len(names)
    if strange or is_twice or not has_values or not set(names) & set(_TIMES):
        of = f": no column {', '.join(strange)} is known" if strange and has_values else ""
        raise EvaluateError(
            f"{path}:{header.line}: the header is {','.join(names) or 'missing'}{of}; {_WRITE}"
        )


def _of_console(path: Path, text: str, zone: tzinfo) -> list[Given]:
    """Rows of times and values below rows that say what they are; none where it is no such file.

    The row ``Label`` names the columns. Times have no zone; the console writes them in the zone
    that its graph shows.
    """
    labels: tuple[str, ...] = ()
    rows: list[Given] = []
    for row in rows_of(path, text):
        where = f"{path}:{row.line}"
        if row.cells[0].lower() == "label":
            labels = row.cells
        if not _is_time(row.cells[0]):
            if rows:
                raise EvaluateError(f"{where}: {row.cells[0]!r} is no time, as the rows above have")
            continue
        for index, cell in enumerate(row.cells[1:], start=1):
            rows.append(
                Given(
                    where=where,
                    time=time_of(row.cells[0], where, zone),
                    metric=labels[index] if len(row.cells) > 2 and index < len(labels) else "",
                    value=_number(cell, where),
                )
            )
    return rows


def _is_time(text: str) -> bool:
    try:
        moment_of(text)
    except ValueError:
        return False
    return True


def time_of(text: str, where: str, zone: tzinfo) -> int:
    """A time in seconds since 1970 UTC.

    Raises:
        EvaluateError: it is none.
    """
    try:
        return epoch_seconds(moment_of(text, zone))
    except ValueError:
        raise EvaluateError(
            f"{where}: {text!r} is no time; write ISO 8601, such as 2026-11-24T10:00:00Z"
        ) from None


def _number(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise EvaluateError(f"{where}: {text!r} is no number") from None
