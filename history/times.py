"""Columns of times and numbers, as people write them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from history.table import RawTable, SeriesError
from history.text import moment_of
from replay.history import Bools, Floats, Ints

MICROSECONDS: Final = 1_000_000

# Between these, a number is a time in seconds: from 2001, before CloudWatch was there, to 5138.
# A thousand times as much is milliseconds.
_EARLIEST: Final = 1e9
_LATEST: Final = 1e11


def times_of(table: RawTable, name: str) -> Ints:
    """A column of times in microseconds since 1970 UTC.

    ISO 8601, in UTC unless they say otherwise, or seconds or milliseconds since 1970 UTC.

    Raises:
        SeriesError: one of them is no time.
    """
    column = table.columns[name]
    try:
        return _epoch(column)
    except (ValueError, TypeError):
        pass
    try:
        return np.fromiter(map(_moment, column), dtype=np.int64, count=len(column))
    except (ValueError, TypeError, AttributeError):
        raise SeriesError(_no_time(table, column)) from None


def numbers_of(table: RawTable, name: str) -> Floats:
    """A column of numbers; nan where there is none.

    Raises:
        SeriesError: one of them is no number, or not finite.
    """
    column = table.columns[name]
    try:
        numbers = np.fromiter(map(_number, column), dtype=np.float64, count=len(column))
    except (ValueError, TypeError):
        numbers = None
    if numbers is None or not np.all(np.isfinite(numbers) | _empty(column)):
        index = next(i for i, value in enumerate(column) if not _is_number(value))
        raise SeriesError(f"{table.where(index)}: {name} {column[index]!r} is no finite number")
    return numbers


def _epoch(column: Sequence[Any]) -> Ints:
    numbers = np.fromiter(map(float, column), dtype=np.float64, count=len(column))
    seconds = np.where(numbers >= _LATEST, numbers / 1000, numbers)
    if not np.all((seconds >= _EARLIEST) & (seconds < _LATEST)):
        raise ValueError("not times since 1970")
    return np.round(seconds * MICROSECONDS).astype(np.int64)


def _moment(value: Any) -> int:
    moment = value if isinstance(value, datetime) else moment_of(value.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * MICROSECONDS)


def _no_time(table: RawTable, column: Sequence[Any]) -> str:
    """Where the first value is that is not what the first row is."""
    readers = (_moment, lambda value: _epoch([value]))
    reads = next((read for read in readers if _reads(read, column[0])), _moment)
    index = next(i for i, value in enumerate(column) if not _reads(reads, value))
    return (
        f"{table.where(index)}: {column[index]!r} is no time; write ISO 8601, such as "
        "2026-11-24T10:00:00Z, or seconds or milliseconds since 1970, in all rows"
    )


def _reads(read: Callable[[Any], object], value: Any) -> bool:
    try:
        read(value)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _number(value: Any) -> float:
    return float("nan") if value is None or value == "" else float(value)


def _is_number(value: Any) -> bool:
    try:
        return value is None or value == "" or bool(np.isfinite(float(value)))
    except (ValueError, TypeError):
        return False


def _empty(column: Sequence[Any]) -> Bools:
    return np.fromiter((value is None or value == "" for value in column), dtype=np.bool_)
