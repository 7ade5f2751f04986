"""The functions and operators of metric math over arrays of periods.

Each takes many periods, or the ranges of many evaluations as rows, at once; nan stands for a
period without a datapoint. What they do is what ``cloudwatch.metric_math`` does one by one.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.metric_math.values import OPERATORS as SINGLE
from ecs_monitoring.cloudwatch.metric_math.values import attempt
from ecs_monitoring.words import DAY, HOUR
from replay.history import Bools, Floats, Ints


def _power(left: float | Floats, right: float | Floats) -> Floats:
    # numpy's pow may differ from Python's in the last bit.
    power = np.frompyfunc(lambda a, b: attempt(SINGLE["^"], a, b), 2, 1)
    result: Floats = power(left, right).astype(np.float64)
    return result


def _rows(array: tuple[Floats, ...]) -> tuple[Floats, Bools]:
    """The series under each other, and where any of them has a datapoint."""
    stacked = np.array(array)
    has_any: Bools = np.logical_not(np.all(np.isnan(stacked), axis=0))
    return stacked, has_any


def _count(array: tuple[Floats, ...]) -> Floats:
    stacked, has_any = _rows(array)
    return np.where(has_any, np.count_nonzero(~np.isnan(stacked), axis=0), np.nan)


def _sum(array: tuple[Floats, ...]) -> Floats:
    stacked, has_any = _rows(array)
    filled = np.where(np.isnan(stacked), 0.0, stacked)
    # Of two numbers the sum is rounded once either way; of more, as the evaluator rounds it.
    if len(array) <= 2:
        sums = filled.sum(axis=0)
    else:
        columns = filled.reshape(len(array), -1).T.tolist()
        sums = np.array([math.fsum(column) for column in columns]).reshape(has_any.shape)
    return np.where(has_any, sums, np.nan)


def _extreme(reduce: Callable[..., Floats], neutral: float) -> Callable[..., Floats]:
    def apply(array: tuple[Floats, ...]) -> Floats:
        stacked, has_any = _rows(array)
        return np.where(has_any, reduce(np.where(np.isnan(stacked), neutral, stacked)), np.nan)

    return apply


OF_PERIODS: Final[Mapping[str, Callable[..., Floats]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "^": _power,
    "==": lambda a, b: np.equal(a, b).astype(np.float64),
    "!=": lambda a, b: np.not_equal(a, b).astype(np.float64),
    "<=": lambda a, b: np.less_equal(a, b).astype(np.float64),
    ">=": lambda a, b: np.greater_equal(a, b).astype(np.float64),
    "<": lambda a, b: np.less(a, b).astype(np.float64),
    ">": lambda a, b: np.greater(a, b).astype(np.float64),
    "AND": lambda a, b: np.logical_and(a, b).astype(np.float64),
    "OR": lambda a, b: np.logical_or(a, b).astype(np.float64),
}

OF_ARRAYS: Final[Mapping[str, Callable[[tuple[Floats, ...]], float | Floats]]] = {
    "SUM": _sum,
    "AVG": lambda array: _sum(array) / len(array),
    "MAX": _extreme(lambda rows: rows.max(axis=0), -math.inf),
    "MIN": _extreme(lambda rows: rows.min(axis=0), math.inf),
    "FIRST": lambda array: array[0],
    "LAST": lambda array: array[-1],
    "METRIC_COUNT": lambda array: float(len(array)),
    "DATAPOINT_COUNT": _count,
}

EACH: Final[Mapping[str, Callable[[float], float]]] = {
    "ABS": abs,
    "CEIL": lambda value: float(math.ceil(value)),
    "FLOOR": lambda value: float(math.floor(value)),
    "LOG": math.log,
    "LOG10": math.log10,
}


def _days(starts: Ints) -> Ints:
    return starts // DAY


def _months(starts: Ints) -> NDArray[np.datetime64]:
    return starts.astype("datetime64[s]").astype("datetime64[M]")


def _date(starts: Ints) -> Ints:
    """The day of the month."""
    first: Ints = _months(starts).astype("datetime64[D]").astype(np.int64)
    return _days(starts) - first + 1


OF_TIME: Final[Mapping[str, Callable[[Ints], Ints]]] = {
    "DATE": _date,
    # 1 for Monday; 1970 began on a Thursday.
    "DAY": lambda starts: (_days(starts) + 3) % 7 + 1,
    "EPOCH": lambda starts: starts,
    "HOUR": lambda starts: starts // HOUR % 24,
    "MINUTE": lambda starts: starts // 60 % 60,
    "MONTH": lambda starts: _months(starts).astype(np.int64) % 12 + 1,
    "YEAR": lambda starts: _months(starts).astype(np.int64) // 12 + 1970,
}
"""Functions of when each period starts, in UTC."""


def _present(reduce: Callable[[Floats, Ints], Floats]) -> Callable[[Floats], Floats]:
    """Of each row's datapoints and how many they are; nan where there is none."""

    def apply(rows: Floats) -> Floats:
        counts = np.count_nonzero(~np.isnan(rows), axis=1)
        with np.errstate(all="ignore"):
            return np.where(counts > 0, reduce(rows, counts), np.nan)

    return apply


def _row_sums(rows: Floats) -> Floats:
    filled = np.where(np.isnan(rows), 0.0, rows)
    return np.array([math.fsum(row) for row in filled.tolist()])


REDUCTIONS: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "SUM": _present(lambda rows, counts: _row_sums(rows)),
    "AVG": _present(lambda rows, counts: _row_sums(rows) / counts),
    "MAX": _present(lambda rows, counts: np.fmax.reduce(rows, axis=1)),
    "MIN": _present(lambda rows, counts: np.fmin.reduce(rows, axis=1)),
    "DATAPOINT_COUNT": _present(lambda rows, counts: counts.astype(np.float64)),
}
"""Functions that make one number of the datapoints of each row; nan of none."""


def _last_known(rows: Floats) -> Ints:
    """For each period the nearest one with a datapoint, now or before; -1 without any."""
    places = np.where(np.isnan(rows), -1, np.arange(rows.shape[1]))
    return np.maximum.accumulate(places, axis=1)


def _taken(rows: Floats, places: Ints) -> Floats:
    taken = np.take_along_axis(rows, np.maximum(places, 0), axis=1)
    return np.where(places < 0, np.nan, taken)


def _repeated(rows: Floats) -> Floats:
    """FILL with REPEAT: the last value before each gap."""
    return _taken(rows, _last_known(rows))


def _interpolated(rows: Floats) -> Floats:
    """FILL with LINEAR: the line between the values on both sides of each gap."""
    left = _last_known(rows)
    right = rows.shape[1] - 1 - _last_known(rows[:, ::-1])[:, ::-1]
    right = np.where(right == rows.shape[1], -1, right)
    low, high = _taken(rows, left), _taken(rows, right)
    with np.errstate(all="ignore"):
        line = low + (high - low) * (np.arange(rows.shape[1]) - left) / (right - left)
    return np.where(np.isnan(rows), line, rows)


def _steps(change: Callable[[Floats, Ints], Floats]) -> Callable[[Floats, Ints], Floats]:
    """From each datapoint and the one before it: of the difference and the seconds between."""

    def apply(rows: Floats, starts: Ints) -> Floats:
        before = np.full(rows.shape, -1)
        before[:, 1:] = _last_known(rows)[:, :-1]
        times = np.take_along_axis(starts, np.maximum(before, 0), axis=1)
        with np.errstate(all="ignore"):
            result = change(rows - _taken(rows, before), starts - times)
        missing = np.isnan(rows) | (before < 0) | ~np.isfinite(result)
        return np.where(missing, np.nan, result)

    return apply


def _running_sum(rows: Floats, starts: Ints) -> Floats:
    totals = np.cumsum(np.where(np.isnan(rows), 0.0, rows), axis=1)
    return np.where(np.isnan(rows), np.nan, totals)


TRANSFORMS: Final[Mapping[str, Callable[[Floats, Ints], Floats]]] = {
    "DIFF": _steps(lambda change, seconds: change),
    "DIFF_TIME": _steps(lambda change, seconds: seconds.astype(np.float64)),
    "RATE": _steps(lambda change, seconds: change / seconds),
    "RUNNING_SUM": _running_sum,
}
"""Functions of a series that look at the periods before, each row for itself."""

FILLERS: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "REPEAT": _repeated,
    "LINEAR": _interpolated,
}
"""What FILL puts into gaps from the values beside them, each row for itself."""
