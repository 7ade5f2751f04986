"""The functions of metric math, on values.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
Left out are the functions that need more than the alarm's own metrics (ANOMALY_DETECTION_BAND,
SEARCH, LAMBDA and the like), that only order a graph's series (SORT, SLICE), and STDDEV, of
which the page does not say whether of a sample or of a population.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.metric_math.values import (
    TimeSeries,
    Value,
    attempt,
    datapoint,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The periods over which expressions are evaluated.

    Attributes:
        starts: when each period starts, in seconds since 1970 UTC, oldest first.
        period: seconds that each of them lasts.
    """

    starts: tuple[int, ...]
    period: int

    def constant(self, value: float) -> TimeSeries:
        """The same value in every period."""
        return TimeSeries((datapoint(value),) * len(self.starts))


@dataclass(frozen=True, slots=True)
class Function:
    """A function and how many arguments it takes."""

    apply: Callable[[Frame, Sequence[Value]], Value]
    fewest: int = 1
    most: int = 1


def fill(series: Value, filler: Value | str) -> Value:
    """FILL: a value wherever there is none, from ``filler``, a series or neighbours.

    Every period of the evaluation range is filled, also of a metric without any datapoint, as
    AWS warns of "the latest data point for the metric to always be the FILL value".

    Args:
        series: one or several series.
        filler: a scalar; a series; ``REPEAT`` for the last value before the gap; ``LINEAR``
            for the line between the values on both sides of it. The gap stays where there is
            no such value.

    Raises:
        CannotEvaluateError: of something else.
    """
    if isinstance(series, tuple):
        return tuple(single_series(fill(item, filler)) for item in series)
    gaps = single_series(series).values
    if isinstance(filler, float):
        return TimeSeries(tuple(datapoint(filler) if v is None else v for v in gaps))
    if isinstance(filler, TimeSeries):
        return TimeSeries(
            tuple(f if v is None else v for v, f in zip(gaps, filler.values, strict=True))
        )
    if filler == "REPEAT":
        return TimeSeries(tuple(gaps[at] for at in _last_known(gaps)))
    if filler == "LINEAR":
        return _interpolated(gaps)
    raise CannotEvaluateError("FILL: write a number, a series, REPEAT or LINEAR as filler")


def single_series(value: Value) -> TimeSeries:
    """The value, which has to be a single time series.

    Raises:
        CannotEvaluateError: it is a scalar or an array.
    """
    if not isinstance(value, TimeSeries):
        kind = "a scalar" if isinstance(value, float) else "an array"
        raise CannotEvaluateError(f"a time series is needed where there is {kind}")
    return value


def _last_known(values: Sequence[float | None]) -> list[int]:
    """For each period the nearest one with a datapoint, now or before; itself without any."""
    places: list[int] = []
    for at, value in enumerate(values):
        places.append(at if value is not None or not places else places[-1])
    return places


def _interpolated(values: Sequence[float | None]) -> TimeSeries:
    filled = list(values)
    ends = [(at, value) for at, value in enumerate(values) if value is not None]
    for (left, low), (right, high) in pairwise(ends):
        for at in range(left + 1, right):
            filled[at] = low + (high - low) * (at - left) / (right - left)
    return TimeSeries(tuple(filled))


def _if(frame: Frame, arguments: Sequence[Value]) -> Value:
    """IF(condition, then, otherwise): where there is no value to give, 0 or no datapoint.

    The page's tables: of a series that lacks the chosen datapoint the result is 0, except that
    IF(series, scalar, series) has no datapoint there. Without the third argument there is no
    datapoint where the condition is false; without a condition, none at all.
    """
    condition, then, *rest = arguments
    otherwise = rest[0] if rest else None
    if isinstance(condition, float):
        chosen = then if condition else otherwise
        if chosen is None or math.isnan(condition):
            return frame.constant(math.nan)
        return chosen
    result: list[float | None] = []
    for at, holds in enumerate(single_series(condition).values):
        chosen = then if holds else otherwise
        if holds is None or chosen is None:
            result.append(None)
        elif isinstance(chosen, float):
            result.append(datapoint(chosen))
        else:
            lacks = None if not holds and isinstance(then, float) else 0.0
            value = single_series(chosen).values[at]
            result.append(lacks if value is None else value)
    return TimeSeries(tuple(result))


def _each(function: Callable[[float], float]) -> Function:
    return _transform(lambda frame, series: series.mapped(function))


def _transform(function: Callable[[Frame, TimeSeries], TimeSeries]) -> Function:
    def apply(frame: Frame, arguments: Sequence[Value]) -> Value:
        (value,) = arguments
        if isinstance(value, tuple):
            return tuple(function(frame, series) for series in value)
        return function(frame, single_series(value))

    return Function(apply)


def _steps(change: Callable[[float, int], float], frame: Frame, series: TimeSeries) -> TimeSeries:
    """From each datapoint and the one before it: of the difference and the seconds between."""
    result: list[float | None] = []
    before: tuple[float, int] | None = None
    for value, start in zip(series.values, frame.starts, strict=True):
        if value is None or before is None:
            result.append(None)
        else:
            result.append(datapoint(attempt(change, value - before[0], start - before[1])))
        if value is not None:
            before = value, start
    return TimeSeries(tuple(result))


def _running_sum(frame: Frame, series: TimeSeries) -> TimeSeries:
    total = 0.0
    result: list[float | None] = []
    for value in series.values:
        total += value or 0.0
        result.append(None if value is None else total)
    return TimeSeries(tuple(result))


def _reduction(reduce: Callable[[list[float], int], float]) -> Function:
    """Of a series to a scalar; of an array to a series, wherever some of it has a datapoint.

    ``reduce`` gets the values and how many there would be without gaps in an array: by the
    page only AVG counts missing values, as 0.
    """

    def apply(frame: Frame, arguments: Sequence[Value]) -> Value:
        (value,) = arguments
        if not isinstance(value, tuple):
            values = single_series(value).present
            return reduce(values, len(values)) if values else math.nan
        if not value:
            return frame.constant(math.nan)
        rows = zip(*(series.values for series in value), strict=True)
        present = [[v for v in row if v is not None] for row in rows]
        return TimeSeries(tuple(reduce(row, len(value)) if row else None for row in present))

    return Function(apply)


def _of_array(function: Callable[[tuple[TimeSeries, ...]], Value]) -> Function:
    def apply(frame: Frame, arguments: Sequence[Value]) -> Value:
        (value,) = arguments
        if not isinstance(value, tuple) or not value:
            raise CannotEvaluateError("an array of at least one time series is needed")
        return function(value)

    return Function(apply)


def _of_time(part: Callable[[datetime], float]) -> Function:
    def apply(frame: Frame, arguments: Sequence[Value]) -> Value:
        return TimeSeries(tuple(float(part(datetime.fromtimestamp(s, UTC))) for s in frame.starts))

    return Function(apply)


def _time_series(frame: Frame, arguments: Sequence[Value]) -> Value:
    (value,) = arguments
    if not isinstance(value, float):
        raise CannotEvaluateError("TIME_SERIES takes a scalar")
    return frame.constant(value)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "ABS": _each(abs),
    "AVG": _reduction(lambda values, count: math.fsum(values) / count),
    "CEIL": _each(lambda value: float(math.ceil(value))),
    "DATAPOINT_COUNT": _reduction(lambda values, count: float(len(values))),
    "DATE": _of_time(lambda moment: moment.day),
    "DAY": _of_time(lambda moment: moment.isoweekday()),
    "DIFF": _transform(lambda frame, s: _steps(lambda change, seconds: change, frame, s)),
    "DIFF_TIME": _transform(lambda frame, s: _steps(lambda change, seconds: seconds, frame, s)),
    "EPOCH": _of_time(lambda moment: moment.timestamp()),
    "FIRST": _of_array(lambda array: array[0]),
    "FLOOR": _each(lambda value: float(math.floor(value))),
    "HOUR": _of_time(lambda moment: moment.hour),
    "IF": Function(_if, 2, 3),
    "LAST": _of_array(lambda array: array[-1]),
    "LOG": _each(math.log),
    "LOG10": _each(math.log10),
    "MAX": _reduction(lambda values, count: max(values)),
    "METRIC_COUNT": _of_array(lambda array: float(len(array))),
    "MIN": _reduction(lambda values, count: min(values)),
    "MINUTE": _of_time(lambda moment: moment.minute),
    "MONTH": _of_time(lambda moment: moment.month),
    "RATE": _transform(lambda frame, s: _steps(lambda change, seconds: change / seconds, frame, s)),
    "REMOVE_EMPTY": _of_array(lambda array: tuple(s for s in array if s.present)),
    "RUNNING_SUM": _transform(_running_sum),
    "SUM": _reduction(lambda values, count: math.fsum(values)),
    "TIME_SERIES": Function(_time_series),
    "YEAR": _of_time(lambda moment: moment.year),
}
"""Function name to function; FILL, METRICS and PERIOD take more than values and are apart."""
