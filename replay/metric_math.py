"""Metric math over a whole history at once.

Most expressions of alarms (rates, sums, IF and FILL with constants) give the same value for a
period whatever range of periods is looked at. Of the others (``SUM(m1)`` of one metric,
``RUNNING_SUM``, ``FILL(m1, REPEAT)`` and the like) AWS says that they act differently "when extra
data is requested": they need each evaluation's own range, as a row.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

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
from replay.history import Floats, Ints
from replay.math_functions import (
    EACH,
    FILLERS,
    OF_ARRAYS,
    OF_PERIODS,
    OF_TIME,
    REDUCTIONS,
    TRANSFORMS,
)


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
        metrics: id to the metric's values, in the order of the alarm's queries: a value a period,
            or a row an evaluation with what its range holds, oldest first.
        watched: the id of the expression whose series is the result.
        starts: when each period starts, in seconds since 1970 UTC, in rows where the values are.
        period: seconds that each lasts.

    Raises:
        NeedsWholeRangeError: a period's value depends on other periods; of rows, the type of a
            value differs from evaluation to evaluation.
        CannotEvaluateError: the result is no single series.
    """
    math_of = _PeriodMath if starts.ndim == 1 else _RangeMath
    result = math_of(expressions, metrics, starts, period).named(watched)
    if isinstance(result, tuple) and len(result) == 1:
        result = result[0]
    if isinstance(result, float | Scalars | tuple):
        raise CannotEvaluateError(f"expression {watched}: an alarm watches a single time series")
    return result


class _PeriodMath:
    """Expressions over periods, each with a value of its own whatever the range."""

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
        if call.function in OF_ARRAYS and isinstance(arguments[0], tuple) and arguments[0]:
            return OF_ARRAYS[call.function](arguments[0])
        if call.function in EACH:
            return _each(EACH[call.function], arguments[0])
        if call.function in OF_TIME:
            return self._of_time(call.function)
        return self._of_range(call.function, arguments[0])

    def _filled_from_neighbours(self, series: Node, filler: str) -> Value:
        raise NeedsWholeRangeError

    def _of_range(self, function: str, value: Value) -> Value:
        raise NeedsWholeRangeError

    def _of_time(self, function: str) -> Floats:
        if function not in self._times:
            self._times[function] = OF_TIME[function](self._starts).astype(np.float64)
        return self._times[function]


class _RangeMath(_PeriodMath):
    """The same with each evaluation's range as a row."""

    def _filled_from_neighbours(self, series: Node, filler: str) -> Value:
        fill = FILLERS[filler]
        value = self._value(series)
        return tuple(map(fill, value)) if isinstance(value, tuple) else fill(_series(value))

    def _of_range(self, function: str, value: Value) -> Value:
        if function in REDUCTIONS and not isinstance(value, tuple):
            return Scalars(REDUCTIONS[function](_series(value))[:, None])
        if function not in TRANSFORMS:
            raise NeedsWholeRangeError
        transform = TRANSFORMS[function]
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
        result = OF_PERIODS[operator](left, right)
    is_known = np.isfinite(result)
    is_known &= ~(np.isnan(left) | np.isnan(right))
    return np.where(is_known, result, np.nan)


def _each(function: Callable[[float], float], value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(_series(_each(function, item)) for item in value)
    each = np.frompyfunc(lambda number: attempt(function, number), 1, 1)
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
