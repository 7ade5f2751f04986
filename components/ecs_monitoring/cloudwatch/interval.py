"""Which values a number can have at all: intervals, and arithmetic over them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self


@dataclass(frozen=True)
class Interval:
    """All values from ``low`` to ``high``, both included; infinite where nothing bounds them.

    Of no value at all where ``low`` is above ``high``.
    """

    low: float = -math.inf
    high: float = math.inf

    @classmethod
    def around(cls, *values: float) -> Self:
        """The smallest interval with all of some values; of nothing known without bounds."""
        return cls(min(values), max(values)) if values else cls()

    @property
    def is_empty(self) -> bool:
        """Whether there is no value at all."""
        return self.low > self.high

    @property
    def is_point(self) -> bool:
        """Whether there is one value only."""
        return self.low == self.high

    def joined(self, *others: "Interval") -> "Interval":
        """The smallest interval that holds all of them."""
        every = [interval for interval in (self, *others) if not interval.is_empty]
        if not every:
            return NONE
        return Interval(
            min(interval.low for interval in every), max(interval.high for interval in every)
        )

    def within(self, other: "Interval") -> "Interval":
        """What both have in common."""
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def has(self, value: float) -> bool:
        """Whether it is one of the values."""
        return self.low <= value <= self.high


ANY: Final = Interval()
"""Nothing is known of the value."""

NONE: Final = Interval(math.inf, -math.inf)
"""There is no value."""

ZERO: Final = Interval(0, 0)
ONE: Final = Interval(1, 1)
_TRUTH: Final = Interval(0, 1)


def operated(operator: str, left: Interval, right: Interval) -> Interval:
    """The values of an operator of metric math, of any value on either side."""
    if left.is_empty or right.is_empty:
        return NONE
    return _finite(_OPERATIONS[operator](left, right))


def operated_with_itself(operator: str, value: Interval) -> Interval:
    """The values of an operator of which both sides are the same value."""
    if value.is_empty:
        return NONE
    match operator:
        case "-":
            return ZERO
        case "/":
            return NONE if value == ZERO else ONE
        case "==" | "<=" | ">=":
            return ONE
        case "!=" | "<" | ">":
            return ZERO
        case "AND" | "OR":
            return truth(value)
        case "*":
            return _finite(_power(value, Interval(2, 2)))
        case _:
            return operated(operator, value, value)


def truth(value: Interval) -> Interval:
    """1 where a value is never 0, 0 where it always is."""
    if value.is_empty:
        return NONE
    if value == ZERO:
        return ZERO
    return _TRUTH if value.has(0) else ONE


def _finite(interval: Interval) -> Interval:
    """Without what overflows: such a datapoint is dropped."""
    return NONE if math.inf in (interval.low, -interval.high) else interval


def _less(left: Interval, right: Interval) -> Interval:
    if left.high < right.low:
        return ONE
    return ZERO if left.low >= right.high else _TRUTH


def _equal(left: Interval, right: Interval) -> Interval:
    if left.within(right).is_empty:
        return ZERO
    return ONE if left.is_point and left == right else _TRUTH


def _not(answer: Interval) -> Interval:
    return Interval(1 - answer.high, 1 - answer.low)


def _and(left: Interval, right: Interval) -> Interval:
    return Interval(min(left.low, right.low), min(left.high, right.high))


def _quotient(left: Interval, right: Interval) -> Interval:
    if right == ZERO:
        return NONE
    if right.low > 0 or right.high < 0:
        return _corners(left, right, _ratio)
    # Dividing by zero gives no datapoint; close to zero a quotient has no bound, but a sign.
    if right.low == 0 or right.high == 0:
        if left.low >= 0:
            return Interval(0, math.inf) if right.low == 0 else Interval(-math.inf, 0)
        if left.high <= 0:
            return Interval(-math.inf, 0) if right.low == 0 else Interval(0, math.inf)
    return ZERO if left == ZERO else ANY


def _power(base: Interval, exponent: Interval) -> Interval:
    if not exponent.is_point:
        return Interval(0, math.inf) if base.low >= 0 else ANY
    n = exponent.low
    if n == 0:
        return ONE
    if n < 0:
        return _corners(base, exponent, _raised) if base.low > 0 else ANY
    if n != int(n):
        # Of a negative number there is no real power, and no datapoint.
        base = base.within(Interval(0, math.inf))
        return NONE if base.is_empty else _corners(base, exponent, _raised)
    powers = _corners(base, exponent, _raised)
    # Of an even power the least is none of the corners, where a base has both signs.
    return powers.joined(ZERO) if base.has(0) else powers


def _raised(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 else math.inf


def _corners(left: Interval, right: Interval, of: Callable[[float, float], float]) -> Interval:
    return Interval.around(
        *(of(a, b) for a in (left.low, left.high) for b in (right.low, right.high))
    )


def _product(a: float, b: float) -> float:
    return 0.0 if 0 in (a, b) else a * b


def _ratio(a: float, b: float) -> float:
    return 0.0 if a == 0 or math.isinf(b) else a / b


_OPERATIONS: Final[dict[str, Callable[[Interval, Interval], Interval]]] = {
    "+": lambda a, b: Interval(a.low + b.low, a.high + b.high),
    "-": lambda a, b: Interval(a.low - b.high, a.high - b.low),
    "*": lambda a, b: _corners(a, b, _product),
    "/": _quotient,
    "^": _power,
    "==": _equal,
    "!=": lambda a, b: _not(_equal(a, b)),
    "<": _less,
    ">": lambda a, b: _less(b, a),
    ">=": lambda a, b: _not(_less(a, b)),
    "<=": lambda a, b: _not(_less(b, a)),
    "AND": lambda a, b: _and(truth(a), truth(b)),
    "OR": lambda a, b: _not(_and(_not(truth(a)), _not(truth(b)))),
}
