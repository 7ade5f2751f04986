"""Metric math over a whole history at once.

Most expressions of alarms (rates, sums, IF and FILL with constants) give the same value for a
period whatever range of periods is looked at: ``evaluate`` has a value a period. Of the others
(``SUM(m1)`` of one metric, ``RUNNING_SUM``, ``FILL(m1, REPEAT)`` and the like) AWS says that they
act differently "when extra data is requested": ``evaluate_ranges`` has each evaluation's own range
as a row.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.metric_math.syntax import (
    Array,
    Call,
    Negation,
    Node,
    Number,
    Operation,
    QuotedText,
    Reference,
    Word,
    parse,
)
from ecs_monitoring.cloudwatch.metric_math.values import OPERATORS, attempt
from ecs_monitoring.words import DAY, HOUR
from replay.history import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Scalars:
    """A scalar an evaluation; nan where it is missing.

    Attributes:
        values: a row an evaluation, of one column.
    """

    values: Floats


Value = float | Scalars | Floats | tuple[Floats, ...]
"""A scalar, a time series (nan where there is no datapoint) or an array of time series."""


class NeedsWholeRangeError(Exception):
    """The expression looks at the evaluation range as a whole."""


def evaluate(
    expressions: Mapping[str, str],
    metrics: Mapping[str, Floats],
    watched: str,
    starts: Ints,
    period: int,
) -> Floats:
    """The watched expression in each period; nan where there is no datapoint.

    Args:
        expressions: id to expression, already checked (``MathProgram``).
        metrics: id to the metric's values, in the order of the alarm's queries.
        watched: the id of the expression whose series is the result.
        starts: when each period starts, in seconds since 1970 UTC.
        period: seconds that each lasts.

    Raises:
        NeedsWholeRangeError: a period's value depends on other periods.
        CannotEvaluateError: the result is no single series.
    """
    return _single(watched, _Run(expressions, metrics, starts, period).named(watched))


def evaluate_ranges(
    expressions: Mapping[str, str],
    metrics: Mapping[str, Floats],
    watched: str,
    starts: Ints,
    period: int,
) -> Floats:
    """The watched expression in each evaluation's range; nan where there is no datapoint.

    Args:
        expressions: id to expression, already checked (``MathProgram``).
        metrics: id to the metric's values, a row an evaluation, oldest first; in the order of the
            alarm's queries.
        watched: the id of the expression whose series is the result.
        starts: when each period starts, in seconds since 1970 UTC, in rows like those.
        period: seconds that each lasts.

    Raises:
        NeedsWholeRangeError: the type of a value differs from evaluation to evaluation.
        CannotEvaluateError: the result is no single series.
    """
    return _single(watched, _RangeRun(expressions, metrics, starts, period).named(watched))


def _single(watched: str, result: Value) -> Floats:
    if isinstance(result, tuple) and len(result) == 1:
        result = result[0]
    if isinstance(result, float | Scalars | tuple):
        raise CannotEvaluateError(f"expression {watched}: an alarm watches a single time series")
    return result


class _Run:
    def __init__(
        self,
        expressions: Mapping[str, str],
        metrics: Mapping[str, Floats],
        starts: Ints,
        period: int,
    ) -> None:
        self._trees = {id_: parse(text) for id_, text in expressions.items()}
        self._metrics = metrics
        self._values: dict[str, Value] = dict(metrics)
        self._starts = starts
        self._times: dict[str, Floats] = {}
        self._period = period

    def named(self, id_: str) -> Value:
        if id_ not in self._values:
            self._values[id_] = self._value(self._trees[id_])
        return self._values[id_]

    def _value(self, node: Node) -> Value:
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Reference):
            return self.named(node.id)
        if isinstance(node, Negation):
            return _negated(self._value(node.operand))
        if isinstance(node, Operation):
            return _combined(node.operator, self._value(node.left), self._value(node.right))
        if isinstance(node, Array):
            values = [self._value(item) for item in node.items]
            return tuple(
                series
                for value in values
                for series in (value if isinstance(value, tuple) else (_series(value),))
            )
        if isinstance(node, Call):
            return self._called(node)
        raise NeedsWholeRangeError

    def _called(self, call: Call) -> Value:
        if call.function == "METRICS":
            part = next((text.value for text in call.arguments if isinstance(text, QuotedText)), "")
            return tuple(series for id_, series in self._metrics.items() if part in id_)
        if call.function == "PERIOD":
            return float(self._period)
        if call.function == "FILL" and isinstance(call.arguments[1], Word):
            return self._filled_from_neighbours(call.arguments[0], call.arguments[1].value)
        arguments = [self._value(argument) for argument in call.arguments]
        if call.function == "FILL":
            return _filled(arguments[0], arguments[1])
        if call.function == "IF":
            return _if(arguments)
        if call.function == "TIME_SERIES" and isinstance(arguments[0], float | Scalars):
            return np.broadcast_to(_numbers(arguments[0]), self._starts.shape)
        if call.function in _OF_ARRAYS and isinstance(arguments[0], tuple) and arguments[0]:
            return _OF_ARRAYS[call.function](arguments[0])
        if call.function in _EACH:
            return _each(_EACH[call.function], arguments[0])
        if call.function in _OF_TIME:
            return self._of_time(call.function)
        return self._of_range(call.function, arguments[0])

    def _filled_from_neighbours(self, series: Node, filler: str) -> Value:
        raise NeedsWholeRangeError

    def _of_range(self, function: str, value: Value) -> Value:
        raise NeedsWholeRangeError

    def _of_time(self, function: str) -> Floats:
        if function not in self._times:
            self._times[function] = _OF_TIME[function](self._starts).astype(np.float64)
        return self._times[function]


class _RangeRun(_Run):
    """The same with each evaluation's range as a row."""

    def _filled_from_neighbours(self, series: Node, filler: str) -> Value:
        fill = _repeated if filler == "REPEAT" else _interpolated
        value = self._value(series)
        return tuple(map(fill, value)) if isinstance(value, tuple) else fill(_series(value))

    def _of_range(self, function: str, value: Value) -> Value:
        if function in _REDUCTIONS and not isinstance(value, tuple):
            return Scalars(_REDUCTIONS[function](_series(value))[:, None])
        if function not in _TRANSFORMS:
            raise NeedsWholeRangeError
        transform = _TRANSFORMS[function]
        if isinstance(value, tuple):
            return tuple(transform(series, self._starts) for series in value)
        return transform(_series(value), self._starts)


def _series(value: Value) -> Floats:
    if isinstance(value, float | Scalars | tuple):
        raise NeedsWholeRangeError
    return value


def _numbers(value: float | Scalars | Floats) -> float | Floats:
    return value.values if isinstance(value, Scalars) else value


def _negated(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(-item for item in value)
    return Scalars(-value.values) if isinstance(value, Scalars) else -value


def _combined(operator: str, left: Value, right: Value) -> Value:
    """A binary operator, as ``metric_math.values.combine`` has it for single periods."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        if isinstance(left, tuple):
            return tuple(_series(_combined(operator, item, right)) for item in left)
        assert isinstance(right, tuple)
        return tuple(_series(_combined(operator, left, item)) for item in right)
    if isinstance(left, float) and isinstance(right, float):
        return attempt(OPERATORS[operator], left, right)
    if isinstance(left, float | Scalars) and isinstance(right, float | Scalars):
        return Scalars(_computed(operator, _numbers(left), _numbers(right)))
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        # "Missing values in a time series are treated as 0", where the other one has a value.
        lacks_left, lacks_right = np.isnan(left), np.isnan(right)
        differ = lacks_left != lacks_right
        if differ.any():
            left = np.where(lacks_left & differ, 0.0, left)
            right = np.where(lacks_right & differ, 0.0, right)
    return _computed(operator, _numbers(left), _numbers(right))


def _computed(operator: str, left: float | Floats, right: float | Floats) -> Floats:
    """An operator of numbers; nan where one is missing or the result is not finite."""
    with np.errstate(all="ignore"):
        result = _OPERATORS[operator](left, right)
    is_known = np.isfinite(result)
    is_known &= ~(np.isnan(left) | np.isnan(right))
    return result if is_known.all() else np.where(is_known, result, np.nan)


def _power(left: float | Floats, right: float | Floats) -> Floats:
    # numpy's pow may differ from Python's in the last bit.
    power = np.frompyfunc(lambda a, b: attempt(OPERATORS["^"], a, b), 2, 1)
    result: Floats = power(left, right).astype(np.float64)
    return result


def _each(function: Callable[[float], float], value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(_series(_each(function, item)) for item in value)
    each = np.frompyfunc(lambda one: attempt(function, one), 1, 1)
    return each(_series(value)).astype(np.float64)  # type: ignore[no-any-return]


def _filled(series: Value, filler: Value) -> Value:
    if isinstance(series, tuple):
        return tuple(_series(_filled(item, filler)) for item in series)
    if isinstance(filler, tuple):
        raise NeedsWholeRangeError
    gaps = _series(series)
    return np.where(np.isnan(gaps), _numbers(filler), gaps)


def _if(arguments: Sequence[Value]) -> Value:
    """IF, with the evaluator's rules for a chosen series that has no datapoint."""
    condition, then, *rest = arguments
    otherwise = rest[0] if rest else None
    if isinstance(condition, Scalars):
        chosen = np.where(condition.values != 0, _series(then), _lacking(otherwise))
        return np.where(np.isnan(condition.values), np.nan, chosen)
    condition = _series(condition)
    if isinstance(then, Scalars | tuple) or isinstance(otherwise, Scalars | tuple):
        raise NeedsWholeRangeError
    chosen = np.where(
        condition != 0,
        _branch(then, lacks=0.0),
        _branch(otherwise, lacks=math.nan if isinstance(then, float) else 0.0),
    )
    return np.where(np.isnan(condition), np.nan, chosen)


def _lacking(value: Value | None) -> float | Floats:
    return math.nan if value is None else _series(value)


def _branch(value: float | Floats | None, *, lacks: float) -> float | Floats:
    if value is None:
        return math.nan
    return value if isinstance(value, float) else np.where(np.isnan(value), lacks, value)


def _rows(array: tuple[Floats, ...]) -> tuple[Floats, Bools]:
    """The series under each other, and where any of them has a datapoint."""
    stacked = np.array(array)
    known: Bools = np.logical_not(np.all(np.isnan(stacked), axis=0))
    return stacked, known


def _count(array: tuple[Floats, ...]) -> Floats:
    stacked, known = _rows(array)
    return np.where(known, np.count_nonzero(~np.isnan(stacked), axis=0), np.nan)


def _sum(array: tuple[Floats, ...]) -> Floats:
    stacked, known = _rows(array)
    filled = np.where(np.isnan(stacked), 0.0, stacked)
    # Of two numbers the sum is rounded once either way; of more, as the evaluator rounds it.
    if len(array) <= 2:
        sums = filled.sum(axis=0)
    else:
        columns = filled.reshape(len(array), -1).T.tolist()
        sums = np.array([math.fsum(column) for column in columns]).reshape(known.shape)
    return np.where(known, sums, np.nan)


def _extreme(reduce: Callable[..., Floats], neutral: float) -> Callable[..., Floats]:
    def apply(array: tuple[Floats, ...]) -> Floats:
        stacked, known = _rows(array)
        return np.where(known, reduce(np.where(np.isnan(stacked), neutral, stacked)), np.nan)

    return apply


_OPERATORS: Final[Mapping[str, Callable[..., Floats]]] = {
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

_OF_ARRAYS: Final[Mapping[str, Callable[[tuple[Floats, ...]], Value]]] = {
    "SUM": _sum,
    "AVG": lambda array: _sum(array) / len(array),
    "MAX": _extreme(lambda rows: rows.max(axis=0), -math.inf),
    "MIN": _extreme(lambda rows: rows.min(axis=0), math.inf),
    "FIRST": lambda array: array[0],
    "LAST": lambda array: array[-1],
    "METRIC_COUNT": lambda array: float(len(array)),
    "DATAPOINT_COUNT": _count,
}

_EACH: Final[Mapping[str, Callable[[float], float]]] = {
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


_OF_TIME: Final[Mapping[str, Callable[[Ints], Ints]]] = {
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


_REDUCTIONS: Final[Mapping[str, Callable[[Floats], Floats]]] = {
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
    found = np.take_along_axis(rows, np.maximum(places, 0), axis=1)
    return np.where(places < 0, np.nan, found)


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


_TRANSFORMS: Final[Mapping[str, Callable[[Floats, Ints], Floats]]] = {
    "DIFF": _steps(lambda change, seconds: change),
    "DIFF_TIME": _steps(lambda change, seconds: seconds.astype(np.float64)),
    "RATE": _steps(lambda change, seconds: change / seconds),
    "RUNNING_SUM": _running_sum,
}
"""Functions of a series that look at the periods before, each row for itself."""
