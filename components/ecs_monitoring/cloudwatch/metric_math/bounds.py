"""Which values an expression can have, from those that its metrics can have.

By interval arithmetic: it holds every value that the evaluator could come to, and is as narrow as
that makes it. A metric may lack any datapoint.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from ecs_monitoring.cloudwatch.interval import (
    ANY,
    NONE,
    ZERO,
    Interval,
    operated,
    operated_with_itself,
    truth,
)
from ecs_monitoring.cloudwatch.metric_math.function_bounds import (
    CLOCKS,
    REDUCTIONS,
    TRANSFORMS,
    mean,
)
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
    nodes,
    parse,
)

_Kind = Literal["scalar", "series", "array"]


@dataclass(frozen=True, slots=True)
class _Values:
    """Of a scalar or a series the one interval, of an array one for each of its series."""

    kind: _Kind
    items: tuple[Interval, ...]

    @property
    def hull(self) -> Interval:
        return NONE.joined(*self.items)

    def mapped(self, of: Callable[[Interval], Interval]) -> "_Values":
        return _Values(self.kind, tuple(NONE if item.is_empty else of(item) for item in self.items))


_UNKNOWN: Final = _Values("series", (ANY,))


def bounds(
    watched: str, expressions: Mapping[str, str], metrics: Mapping[str, Interval]
) -> Interval:
    """The values that an expression, or a metric, can have in a period with a datapoint.

    Args:
        watched: its id.
        expressions: metric math by id; none refers to itself in a circle.
        metrics: the values that each metric can have, by id.

    Returns:
        an interval that holds every possible value, without bounds where a function's values are
        not known; empty where there never is a datapoint.

    Raises:
        CannotEvaluateError: an expression is no metric math.
    """
    return _Bounds(expressions, metrics).value(watched).hull


def has_gaps(watched: str, expressions: Mapping[str, str]) -> bool:
    """Whether an expression leaves datapoints out on purpose: an IF without a third argument.

    Its one value then tells as much as two: missing data are the other side.

    Args:
        watched: its id; what is no expression is a metric.
        expressions: metric math by id; none refers to itself in a circle.

    Raises:
        CannotEvaluateError: an expression is no metric math.
    """
    tree = nodes(parse(expressions[watched])) if watched in expressions else ()
    return any(
        (isinstance(node, Call) and node.function == "IF" and len(node.arguments) == 2)
        or (isinstance(node, Reference) and has_gaps(node.id, expressions))
        for node in tree
    )


def reads_metrics(watched: str, expressions: Mapping[str, str]) -> bool:
    """Whether an expression's value depends on that of any metric, rather than on time alone.

    Args:
        watched: its id; what is no expression is a metric.
        expressions: metric math by id; none refers to itself in a circle.

    Raises:
        CannotEvaluateError: an expression is no metric math.
    """
    if watched not in expressions:
        return True
    tree = parse(expressions[watched])
    of_time = [
        node.arguments[0]
        for node in nodes(tree)
        if isinstance(node, Call) and node.function in (*CLOCKS, "PERIOD") and node.arguments
    ]
    # One and the same node may stand in several places: they are told apart by identity.
    ignored = {id(part) for argument in of_time for part in nodes(argument)}
    return any(
        (isinstance(node, Call) and node.function == "METRICS")
        or (isinstance(node, Reference) and reads_metrics(node.id, expressions))
        for node in nodes(tree)
        if id(node) not in ignored
    )


@dataclass(frozen=True, slots=True)
class _Bounds:
    expressions: Mapping[str, str]
    metrics: Mapping[str, Interval]
    bounded: dict[str, _Values] = field(default_factory=dict)

    def value(self, id_: str) -> _Values:
        if id_ not in self.expressions:
            return _Values("series", (self.metrics.get(id_, ANY),))
        if id_ not in self.bounded:
            self.bounded[id_] = self.of(parse(self.expressions[id_]))
        return self.bounded[id_]

    def of(self, node: Node) -> _Values:
        match node:
            case Number(value):
                return _Values("scalar", (Interval(value, value),))
            case Reference(id_):
                return self.value(id_)
            case Negation(operand):
                return self.of(operand).mapped(lambda item: Interval(-item.high, -item.low))
            case Operation(operator, left, right):
                return _operation(operator, self.of(left), self.of(right), left == right)
            case Array(items):
                every = [self.of(item) for item in items]
                return _Values("array", tuple(part for value in every for part in value.items))
            case Call("METRICS", arguments):
                part = next((a.value for a in arguments if isinstance(a, QuotedText)), "")
                chosen = tuple(values for id_, values in self.metrics.items() if part in id_)
                return _Values("array", chosen)
            case Call("METRIC_COUNT", [Array() | Call("METRICS") as array]):
                count = len(self.of(array).items)
                return _Values("scalar", (Interval(count, count),))
            case Call("FILL", [series, Word()]):
                return self.of(series)
            case Call(function, arguments):
                return _called(function, [self.of(argument) for argument in arguments])
            case _:
                return _UNKNOWN


def _operation(operator: str, left: _Values, right: _Values, is_same: bool) -> _Values:
    if left.kind == "array" or right.kind == "array":
        if left.kind == right.kind:
            return _UNKNOWN
        pairs = [(a, b) for a in left.items for b in right.items]
        both = "scalar" not in (left.kind, right.kind)
        return _Values("array", tuple(_combined(operator, a, b, both) for a, b in pairs))
    kind: _Kind = "scalar" if left.kind == right.kind == "scalar" else "series"
    (a,), (b,) = left.items, right.items
    if is_same:
        return _Values(kind, (operated_with_itself(operator, a),))
    both = left.kind == right.kind == "series"
    return _Values(kind, (_combined(operator, a, b, both),))


def _combined(operator: str, left: Interval, right: Interval, both_series: bool) -> Interval:
    """AWS: "Missing values in a time series are treated as 0", where the other has a value."""
    result = operated(operator, left, right)
    if not both_series:
        return result
    return result.joined(operated(operator, left, ZERO), operated(operator, ZERO, right))


def _called(function: str, arguments: Sequence[_Values]) -> _Values:
    if function in CLOCKS:
        return _Values("series", (CLOCKS[function],))
    match function, arguments:
        case "IF", [condition, then, *rest]:
            return _chosen(condition, then, rest[0] if rest else None)
        case "FILL", [series, filler]:
            return _Values(series.kind, tuple(item.joined(filler.hull) for item in series.items))
        case "TIME_SERIES", [value]:
            return _Values("series", value.items)
        case "PERIOD", [_]:
            return _Values("scalar", (Interval(1, math.inf),))
        case "METRIC_COUNT", [value]:
            return _Values("scalar", (Interval(0, len(value.items)),))
        case (("FIRST" | "LAST"), [value]):
            return _Values("series", (value.hull,))
        case "REMOVE_EMPTY", [value]:
            return value
        case name, [value] if name in REDUCTIONS:
            return _reduced(REDUCTIONS[name], value)
        case name, [value] if name in TRANSFORMS:
            return value.mapped(TRANSFORMS[name])
        case _:
            return _UNKNOWN


def _chosen(condition: _Values, then: _Values, otherwise: _Values | None) -> _Values:
    if "array" in (condition.kind, then.kind, otherwise.kind if otherwise else ""):
        return _UNKNOWN
    answer = truth(condition.hull)
    if answer.is_empty:
        return _Values("series", (NONE,))
    choices = [then] if answer.has(1) else []
    if answer.has(0):
        choices.append(otherwise or _Values("series", (NONE,)))
    hulls = [choice.hull for choice in choices]
    if condition.kind == "scalar":
        kind: _Kind = choices[0].kind if len({choice.kind for choice in choices}) == 1 else "series"
        return _Values(kind, (NONE.joined(*hulls),))
    # A chosen series that lacks the datapoint counts as 0, but not beside a scalar.
    if any(
        choice.kind == "series" and (choice is then or then.kind != "scalar")
        for choice in choices
        if choice is then or otherwise is not None
    ):
        hulls.append(ZERO)
    return _Values("series", (NONE.joined(*hulls),))


def _reduced(of: Callable[[Sequence[Interval], bool], Interval], value: _Values) -> _Values:
    """Of a series a scalar, of an array a series."""
    present = [item for item in value.items if not item.is_empty]
    is_array = value.kind == "array"
    result = of(present, is_array) if present else NONE
    if is_array and len(present) < len(value.items) and of is mean:
        result = result.joined(ZERO)
    return _Values("series" if is_array else "scalar", (result,))
