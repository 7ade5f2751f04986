"""Which values the functions of metric math can have, from those of their arguments.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ecs_monitoring.cloudwatch.interval import ANY, NONE, ZERO, Interval

CLOCKS: Final[Mapping[str, Interval]] = {
    "DATE": Interval(1, 31),
    "DAY": Interval(1, 7),
    "EPOCH": Interval(0, math.inf),
    "HOUR": Interval(0, 23),
    "MINUTE": Interval(0, 59),
    "MONTH": Interval(1, 12),
    "YEAR": Interval(1970, math.inf),
}
"""Functions of time alone: of the metric that they are given, only the periods matter."""


def _hull(items: Sequence[Interval], is_array: bool) -> Interval:
    return NONE.joined(*items)


def mean(items: Sequence[Interval], is_array: bool) -> Interval:
    """AWS counts missing values of an array as 0."""
    return NONE.joined(*items, *([ZERO] if len(items) > 1 else []))


def _total(items: Sequence[Interval], is_array: bool) -> Interval:
    if not is_array:
        return _growing(items[0])
    low = sum(min(item.low, 0) for item in items) or min(item.low for item in items)
    high = sum(max(item.high, 0) for item in items) or max(item.high for item in items)
    return Interval(low, high)


def _count(items: Sequence[Interval], is_array: bool) -> Interval:
    return Interval(1, len(items) if is_array else math.inf)


def _growing(item: Interval) -> Interval:
    """A sum of one value or more."""
    if item.low >= 0:
        return Interval(item.low, math.inf if item.high > 0 else 0)
    return Interval(-math.inf, item.high) if item.high <= 0 else ANY


def _absolute(item: Interval) -> Interval:
    least = 0.0 if item.has(0) else min(abs(item.low), abs(item.high))
    return Interval(least, max(abs(item.low), abs(item.high)))


def _difference(item: Interval) -> Interval:
    """Of two values; by the second, too, since a period has at least one."""
    return ZERO if item.is_point else Interval(item.low - item.high, item.high - item.low)


def _logarithm(of: Callable[[float], float]) -> Callable[[Interval], Interval]:
    """Of what is not positive there is none, and no datapoint."""

    def bounded(item: Interval) -> Interval:
        if item.high <= 0:
            return NONE
        low = of(item.low) if item.low > 0 else -math.inf
        return Interval(low, of(item.high) if math.isfinite(item.high) else math.inf)

    return bounded


def _rounded(to: Callable[[float], int]) -> Callable[[Interval], Interval]:
    def whole(value: float) -> float:
        return float(to(value)) if math.isfinite(value) else value

    return lambda item: Interval(whole(item.low), whole(item.high))


REDUCTIONS: Final[Mapping[str, Callable[[Sequence[Interval], bool], Interval]]] = {
    "AVG": mean,
    "DATAPOINT_COUNT": _count,
    "MAX": _hull,
    "MIN": _hull,
    "SUM": _total,
}
"""Of what several series, or a series' periods, can be; of an array if the flag is set."""
TRANSFORMS: Final[Mapping[str, Callable[[Interval], Interval]]] = {
    "ABS": _absolute,
    "CEIL": _rounded(math.ceil),
    "DIFF": _difference,
    "DIFF_TIME": lambda item: Interval(1, math.inf),
    "FLOOR": _rounded(math.floor),
    "LOG": _logarithm(math.log),
    "LOG10": _logarithm(math.log10),
    "RATE": _difference,
    "RUNNING_SUM": _growing,
}
"""Of each value of a series: of all values that it can have, those of the result."""
