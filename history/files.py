"""History from files: CSV and parquet of timestamps and values, for what comes from elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.words import DAY, MINUTE
from history.day import PERCENTILE_COLUMN
from history.table import RawTable, SeriesError, read_table
from history.times import MICROSECONDS, numbers_of, times_of
from replay.history import Bools, Floats, Ints, MetricHistory

__all__ = ["SeriesError", "SeriesOption", "read_series"]

_STATISTICS: Final = ("samplecount", "sum", "minimum", "maximum")
_KNOWN: Final = ("timestamp", "value", "samples", *_STATISTICS, "resolution")

# The archive's own files may be read as well.
_OTHER_NAMES: Final = {"time": "timestamp", "sample_count": "samplecount"}

_AVERAGE: Final = "average"
_PASSED_OVER: Final = ("unit", "label")

_MOST_DAYS: Final = 5 * 366

_WRITE: Final = (
    "write timestamp,value and, where they are known, samples; or timestamp,samplecount,sum,"
    "minimum,maximum; and in either case percentiles such as p99, and resolution in seconds"
)


@dataclass(frozen=True, kw_only=True)
class SeriesOption:
    """A file for a metric of an alarm, as it is named on a command line.

    Attributes:
        address: the alarm's, such as ``rds.cpu-high@main``.
        metric: a metric's name or query id of that alarm; empty where it has one metric.
        path: the file.
    """

    address: str
    metric: str
    path: Path

    @classmethod
    def parsed(cls, text: str) -> Self:
        """``ADDRESS[:METRIC]=FILE``.

        Raises:
            SeriesError: it is not of that form.
        """
        what, _, file = text.partition("=")
        address, _, metric = what.partition(":")
        if not (address and file):
            raise SeriesError(
                f"--series {text}: write ADDRESS=FILE, such as rds.cpu-high@main=cpu.csv, or "
                "ADDRESS:METRIC=FILE for an alarm on several metrics"
            )
        return cls(address=address, metric=metric, path=Path(file))


def read_series(path: Path, *, are_counts: bool = False, statistic: str = "") -> MetricHistory:
    """Read the history of one metric.

    The header is ``timestamp,value`` and, where a value stands for several samples that are all
    alike, ``samples``; or ``timestamp,samplecount,sum,minimum,maximum`` for statistic sets, whose
    ``value``, if there is one, is not looked at. Percentile columns (``p99``) may be added. Rows
    may come in any order; those without a value are times without data. What a row stands for
    follows from the most usual distance of the rows, unless a column ``resolution`` says it.
    A column may be called after the statistic in it, ``Average``. Columns that say nothing of the
    values (``unit``, ``label``) and rows above the header are passed over.

    Args:
        path: parquet if it is called so, CSV else.
        are_counts: whether ``value`` is how many samples there were, which is what the history
            of an alarm on ``SampleCount`` has; what they were is taken as 0 then.
        statistic: which one is read where the file has several without being statistic sets.

    Raises:
        SeriesError: the file cannot be used; the message names the line or row.
    """
    table = _chosen(read_table(path, _is_header), statistic)
    if not len(table):
        raise SeriesError(f"{path}: no rows below the header")
    times = times_of(table, "timestamp")
    _check_span(table, times)
    numbers = {name: numbers_of(table, name) for name in table.columns if name != "timestamp"}
    chosen = _distinct(table, times, numbers)
    counts, totals, minimums, maximums = _statistics(table, numbers, are_counts=are_counts)
    resolutions = _resolutions(table, times[chosen], numbers.get("resolution"))
    chosen = chosen[counts[chosen] > 0]
    if not len(chosen):
        raise SeriesError(f"{table.where(0)}: no row has a value from here on")
    return MetricHistory(
        times=times[chosen] // MICROSECONDS,
        resolutions=resolutions[chosen],
        counts=counts[chosen],
        totals=totals[chosen],
        minimums=minimums[chosen],
        maximums=maximums[chosen],
        percentiles={
            name: column[chosen]
            for name, column in numbers.items()
            if PERCENTILE_COLUMN.fullmatch(name)
        },
    )


def _is_header(names: Sequence[str]) -> bool:
    columns = {_OTHER_NAMES.get(name, name) for name in names}
    return "timestamp" in columns and len(columns) > 1


def _chosen(table: RawTable, statistic: str) -> RawTable:
    """The columns that are read, by the names that they have here.

    Raises:
        SeriesError: a column is not known, is there twice, or there are no values.
    """
    names = [_OTHER_NAMES.get(name, name) for name in table.header]
    columns = {_OTHER_NAMES.get(name, name): column for name, column in table.columns.items()}
    is_set = set(names).issuperset(_STATISTICS)
    of = [name for name in (*_STATISTICS, _AVERAGE) if name in names]
    if is_set:
        names = [name for name in names if name != _AVERAGE]
    elif "value" not in names and (wanted := _wanted(of, statistic.lower())):
        # A column for a statistic is as good as one of values.
        columns["value"] = columns[wanted]
        names = ["value" if name == wanted else name for name in names]
        names = [name for name in names if name not in of]
    read = [name for name in names if name not in _PASSED_OVER]
    strange = [n for n in read if n not in _KNOWN and not PERCENTILE_COLUMN.fullmatch(n)]
    if (
        "timestamp" not in read
        or not ("value" in read or is_set)
        or (set(_STATISTICS) & set(read) and not is_set)
        or (is_set and "samples" in read)
        or strange
        or len(set(names)) < len(names)
    ):
        of_these = f": no column {', '.join(strange)} is known" if strange else ""
        raise SeriesError(
            f"{table.header_at}: the header is {','.join(table.header) or 'missing'}{of_these}; "
            f"{_WRITE}"
        )
    return replace(table, columns={name: columns[name] for name in read})


def _wanted(columns: Sequence[str], statistic: str) -> str:
    """The statistic's column; without a statistic, the only one; empty where there is none."""
    if statistic:
        return statistic if statistic in columns else ""
    return columns[0] if len(columns) == 1 else ""


def _check_span(table: RawTable, times: Ints) -> None:
    """Refuse a file that reaches over decades: what is replayed is every minute of it."""
    first, last = int(np.argmin(times)), int(np.argmax(times))
    days = int(times[last] - times[first]) // (DAY * MICROSECONDS)
    if days > _MOST_DAYS:
        raise SeriesError(
            f"{table.where(first)}: {days:,} days before {table.where(last)}: a history may reach "
            f"over {_MOST_DAYS:,} days (five years); is one of the two times wrong?"
        )


def _distinct(table: RawTable, times: Ints, numbers: Mapping[str, Floats]) -> Ints:
    """Indices of the rows in the order of time, without those that repeat another.

    Several values at one time are several samples, as PutMetricData takes them; of statistics
    that were already put together there can be only one.
    """
    order = np.argsort(times, kind="stable")
    is_again = np.zeros(len(order), dtype=np.bool_)
    are_sets = "samplecount" in numbers
    for position in np.flatnonzero(times[order[1:]] == times[order[:-1]]) + 1:
        before, after = order[position - 1], order[position]
        is_again[position] = all(
            _same(column[before], column[after]) for column in numbers.values()
        )
        if are_sets and not is_again[position]:
            raise SeriesError(
                f"{table.where(int(after))}: has the time of {table.where(int(before))} and other "
                "statistics: give each time once"
            )
    return order[~is_again]


def _same(left: float, right: float) -> bool:
    return bool(left == right or (np.isnan(left) and np.isnan(right)))


def _statistics(
    table: RawTable, numbers: Mapping[str, Floats], *, are_counts: bool
) -> tuple[Floats, Floats, Floats, Floats]:
    """Counts, totals, minimums and maximums; a row without data counts 0 samples."""
    if "samplecount" in numbers:
        counts, totals, minimums, maximums = (numbers[name] for name in _STATISTICS)
        absent = np.isnan(counts) | (counts == 0)
        unknown = ~absent & np.isnan(totals + minimums + maximums)
        _refuse(table, unknown, "has samples, but not their sum, minimum and maximum")
        _refuse(table, ~absent & (minimums > maximums), "has a minimum above its maximum")
    elif are_counts:
        counts = numbers["value"]
        totals = minimums = maximums = np.zeros(len(counts))
    else:
        values = numbers["value"]
        samples = numbers.get("samples", np.ones(len(values)))
        counts = np.where(np.isnan(values), 0, np.where(np.isnan(samples), 1, samples))
        totals, minimums, maximums = values * counts, values, values
    _refuse(table, counts < 0, "has fewer than 0 samples")
    return np.nan_to_num(counts, nan=0.0), totals, minimums, maximums


def _refuse(table: RawTable, wrong: Bools, problem: str) -> None:
    if np.any(wrong):
        raise SeriesError(f"{table.where(int(np.argmax(wrong)))}: {problem}")


def _resolutions(table: RawTable, ordered: Ints, given: Floats | None) -> Ints:
    """What each row stands for, in seconds."""
    if given is None:
        return np.full(len(table), _inferred(ordered), dtype=np.int64)
    is_period = (given > 0) & (given % MINUTE == 0)
    is_period |= np.isin(given, (1, 5, *limits.HIGH_RESOLUTION_PERIODS))
    _refuse(
        table,
        ~is_period,
        "has no resolution that CloudWatch has; write 1, 5, 10, 20, 30 or a multiple of 60 seconds",
    )
    return given.astype(np.int64)


def _inferred(ordered: Ints) -> int:
    """The most usual distance of the rows, as a period; a minute for a single row.

    Not the median: of a metric that has a datapoint only now and then, such as a count of errors,
    most rows are far apart, and yet each stands for a minute.
    """
    distances = np.diff(ordered) / MICROSECONDS
    distances = distances[distances > 0]
    if not len(distances):
        return MINUTE
    minutes = np.maximum(np.round(distances / MINUTE), 1) * MINUTE
    short = np.array((1, 5, *limits.HIGH_RESOLUTION_PERIODS, MINUTE), dtype=np.float64)
    nearest = np.argmin(np.abs(np.log(short[:, None] / distances[distances < MINUTE])), axis=0)
    minutes[distances < MINUTE] = short[nearest]
    periods, counts = np.unique(minutes, return_counts=True)
    return int(periods[np.argmax(counts)])
