"""Which values a signal can have at all: intervals, and metric math over them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from ecs_monitoring.cloudwatch.metric_math.syntax import (
    Array,
    Call,
    Negation,
    Node,
    Number,
    Operation,
    Reference,
    parse,
)


@dataclass(frozen=True)
class Interval:
    """All values from ``low`` to ``high``, both included; infinite where nothing bounds them."""

    low: float = -math.inf
    high: float = math.inf

    @classmethod
    def around(cls, *values: float) -> Self:
        """The smallest interval with all of some values; of nothing known without bounds."""
        return cls(min(values), max(values)) if values else cls()

    def joined(self, other: "Interval") -> "Interval":
        """The smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def within(self, other: "Interval") -> "Interval":
        """What both have in common."""
        return Interval(max(self.low, other.low), min(self.high, other.high))


ANY: Final = Interval()
"""Nothing is known of the value."""

_TRUTH: Final = Interval(0, 1)
_COMPARISONS: Final = ("==", "!=", "<=", ">=", "<", ">", "AND", "OR")


def bounds(expression: str, ids: Mapping[str, Interval]) -> Interval:
    """The values that an expression can have.

    Args:
        expression: metric math.
        ids: the values that each id in it can have.

    Returns:
        an interval that holds every possible value: as narrow as interval arithmetic makes it,
        without bounds where a function's values are not known.

    Raises:
        CannotEvaluateError: the expression is no metric math.
    """
    return _bounds(parse(expression), ids)


def _bounds(node: Node, ids: Mapping[str, Interval]) -> Interval:
    match node:
        case Number(value):
            return Interval(value, value)
        case Reference(id_):
            return ids.get(id_, ANY)
        case Negation(operand):
            inner = _bounds(operand, ids)
            return Interval(-inner.high, -inner.low)
        case Operation(operator, left, right):
            return _operation(operator, _bounds(left, ids), _bounds(right, ids))
        case Call(function, arguments):
            return _call(function, [_bounds(argument, ids) for argument in arguments])
        case Array(items):
            return _all_of([_bounds(item, ids) for item in items])
        case _:
            return ANY


def _operation(operator: str, left: Interval, right: Interval) -> Interval:
    if operator in _COMPARISONS:
        return _TRUTH
    if operator == "+":
        return Interval(left.low + right.low, left.high + right.high)
    if operator == "-":
        return Interval(left.low - right.high, left.high - right.low)
    if operator == "*":
        return _corners(left, right, _product)
    if operator == "/":
        return _quotient(left, right)
    return ANY


def _quotient(left: Interval, right: Interval) -> Interval:
    if right.low > 0 or right.high < 0:
        return _corners(left, right, _ratio)
    # Dividing by zero gives no datapoint; close to zero a quotient has no bound, but a sign.
    if right.low == 0 and left.low >= 0:
        return Interval(0, math.inf)
    return ANY


def _corners(left: Interval, right: Interval, of: Callable[[float, float], float]) -> Interval:
    return Interval.around(
        *(of(a, b) for a in (left.low, left.high) for b in (right.low, right.high))
    )


def _product(a: float, b: float) -> float:
    return 0.0 if 0 in (a, b) else a * b


def _ratio(a: float, b: float) -> float:
    return 0.0 if a == 0 or math.isinf(b) else a / b


def _call(function: str, arguments: list[Interval]) -> Interval:
    match function, arguments:
        case "IF", [_, then]:
            return then
        case "IF", [_, then, otherwise]:
            return then.joined(otherwise)
        case "FILL", [series, filler]:
            return series.joined(filler)
        case "ABS", [value]:
            least = 0.0 if value.low <= 0 <= value.high else min(abs(value.low), abs(value.high))
            return Interval(least, max(abs(value.low), abs(value.high)))
        case (("AVG" | "MIN" | "MAX"), [*_]):
            return _all_of(arguments)
        case (("CEIL" | "FLOOR"), [value]):
            return Interval(value.low - 1, value.high + 1)
        case _:
            return ANY


def _all_of(intervals: list[Interval]) -> Interval:
    result = intervals[0] if intervals else ANY
    for interval in intervals[1:]:
        result = result.joined(interval)
    return result
