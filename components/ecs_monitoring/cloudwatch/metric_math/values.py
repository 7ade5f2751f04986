"""What metric math computes with: scalars, time series, arrays of time series.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
A scalar is a ``float`` and a missing one is nan; a time series has one value a period, ``None``
where there is no datapoint. All series of one evaluation have the same periods.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError

Binary = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """A value a period, oldest first; ``None`` where there is no datapoint."""

    values: tuple[float | None, ...]

    @classmethod
    def of(cls, values: Iterable[float | None]) -> "TimeSeries":
        """A series of any numbers, which are made floats: scalars are told by that type."""
        return cls(tuple(None if value is None else float(value) for value in values))

    @property
    def present(self) -> list[float]:
        """The values of the periods that have one."""
        return [value for value in self.values if value is not None]

    def mapped(self, function: Callable[[float], float]) -> "TimeSeries":
        """The function of each datapoint; those are dropped that have no finite result."""
        return TimeSeries(
            tuple(None if v is None else datapoint(attempt(function, v)) for v in self.values)
        )


Value = float | TimeSeries | tuple[TimeSeries, ...]


def datapoint(value: float) -> float | None:
    """The value of a datapoint; ``None`` for nan."""
    return None if math.isnan(value) else value


def attempt(function: Callable[..., float], *operands: float) -> float:
    """A function of numbers; nan for a missing operand or where the result is no finite number.

    AWS: "If the value of a data point causes a function to attempt to divide by zero, the data
    point is dropped." The same is done where a result overflows or is not real.
    """
    if any(math.isnan(operand) for operand in operands):
        return math.nan
    try:
        result = function(*operands)
    except (ArithmeticError, ValueError):
        return math.nan
    if isinstance(result, complex) or not math.isfinite(result):
        return math.nan
    return result


OPERATORS: Final[Mapping[str, Binary]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<=": lambda a, b: float(a <= b),
    ">=": lambda a, b: float(a >= b),
    "<": lambda a, b: float(a < b),
    ">": lambda a, b: float(a > b),
    "AND": lambda a, b: float(a != 0 and b != 0),
    "OR": lambda a, b: float(a != 0 or b != 0),
}
"""The function of each operator; comparisons and logic give 1 for true and 0 for false."""


def combine(function: Binary, left: Value, right: Value) -> Value:
    """A binary operator, on any pair of types that metric math has it for.

    AWS: "Missing values in a time series are treated as 0", so of two series there is a result
    wherever one of them has a datapoint; with a scalar, wherever the series has one.

    Raises:
        CannotEvaluateError: two arrays, for which the operators are not documented.
    """
    if isinstance(left, tuple):
        if isinstance(right, tuple):
            raise CannotEvaluateError("an operator between two arrays: combine them with SUM first")
        return tuple(_combined(function, item, right) for item in left)
    if isinstance(right, tuple):
        return tuple(_combined(function, left, item) for item in right)
    if isinstance(left, float) and isinstance(right, float):
        return attempt(function, left, right)
    return _combined(function, left, right)


def _combined(function: Binary, left: float | TimeSeries, right: float | TimeSeries) -> TimeSeries:
    """An operator of two series, or of one series and a scalar."""
    pairs = zip(_operands(left, right), _operands(right, left), strict=True)
    return TimeSeries(tuple(datapoint(attempt(function, a, b)) for a, b in pairs))


def _operands(side: float | TimeSeries, other: float | TimeSeries) -> list[float]:
    """The operands of one side, a period each; nan where the operation has no result."""
    if isinstance(side, float):
        assert isinstance(other, TimeSeries)
        return [side] * len(other.values)
    if isinstance(other, float):
        return [math.nan if value is None else value for value in side.values]
    return [
        (math.nan if beside is None else 0.0) if value is None else value
        for value, beside in zip(side.values, other.values, strict=True)
    ]


def negated(value: Value) -> Value:
    """Unary minus."""
    if isinstance(value, float):
        return -value
    if isinstance(value, TimeSeries):
        return value.mapped(operator.neg)
    return tuple(series.mapped(operator.neg) for series in value)
