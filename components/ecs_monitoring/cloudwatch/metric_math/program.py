"""Metric math as an alarm has it: several expressions by id, of which one is watched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.metric_math.functions import FUNCTIONS, Frame, fill
from ecs_monitoring.cloudwatch.metric_math.syntax import (
    FILLERS,
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
from ecs_monitoring.cloudwatch.metric_math.values import (
    OPERATORS,
    TimeSeries,
    Value,
    combine,
    negated,
)

KNOWN_FUNCTIONS: Final = tuple(sorted([*FUNCTIONS, "FILL", "METRICS", "PERIOD"]))
"""The functions that can be evaluated."""


_TRIED: Final = Frame((0, 60, 120), 60)


def check(metrics: Sequence[str], expressions: Mapping[str, str], watched: str) -> None:
    """Refuse what could not be evaluated, by evaluating it: three minutes with a datapoint each.

    Args:
        metrics: the ids of the metrics.
        expressions: id to expression; those that the watched one does not refer to are tried too.
        watched: the id of the series that an alarm watches, a metric or an expression.

    Raises:
        CannotEvaluateError: as ``MathProgram`` and its ``evaluate``.
    """
    values = {id_: [1.0] * len(_TRIED.starts) for id_ in metrics}
    for id_ in expressions:
        program = MathProgram(metrics, expressions, id_)
        results = program.values(_TRIED, values)
        if id_ == watched and isinstance(results[id_], tuple):
            raise CannotEvaluateError(
                f"expression {id_}: an alarm watches a single time series, and this is an array: "
                "write the id of one, or combine them, as in SUM(METRICS())"
            )
        if id_ == watched:
            program.evaluate(_TRIED, values)


class MathProgram:
    """Expressions over metrics, checked once and evaluated over any number of ranges.

    Args:
        metrics: the ids of the metrics, in the order of the alarm's queries.
        expressions: id to expression.
        watched: the id of the expression, or the metric, whose series is the result.

    Raises:
        CannotEvaluateError: an expression that is not metric math, an unknown function or id,
            a wrong number of arguments, or expressions that refer to each other in a circle.
    """

    def __init__(
        self, metrics: Sequence[str], expressions: Mapping[str, str], watched: str
    ) -> None:
        self._metrics = tuple(metrics)
        self._watched = watched
        self._trees = {id_: parse(expression) for id_, expression in expressions.items()}
        # In an order in which each expression comes after those that it refers to.
        self._order: list[str] = []
        self._settle(watched, ())

    def evaluate(
        self, frame: Frame, metrics: Mapping[str, Sequence[float | None]]
    ) -> Sequence[float | None]:
        """The watched series: a value a period, ``None`` where there is none.

        Args:
            frame: the periods.
            metrics: id to the metric's values, one a period of the frame, oldest first.

        Raises:
            CannotEvaluateError: the result is no single series, or an operand of a wrong type.
        """
        values = self.values(frame, metrics)
        result = values[self._watched]
        if isinstance(result, tuple) and len(result) == 1:
            result = result[0]
        if not isinstance(result, TimeSeries):
            raise CannotEvaluateError(
                f"expression {self._watched}: an alarm watches a single time series, not "
                + ("a scalar" if isinstance(result, float) else f"{len(result)} of them")
            )
        return result.values

    def values(
        self, frame: Frame, metrics: Mapping[str, Sequence[float | None]]
    ) -> Mapping[str, Value]:
        """The value of each metric and of each expression that the watched one needs.

        Raises:
            CannotEvaluateError: an operand of a wrong type.
        """
        values: dict[str, Value] = {id_: TimeSeries.of(metrics[id_]) for id_ in self._metrics}
        run = _Evaluation(frame, self._metrics, values)
        for id_ in self._order:
            try:
                values[id_] = run.value(self._trees[id_])
            except CannotEvaluateError as error:
                raise CannotEvaluateError(f"expression {id_}: {error}") from None
        return values

    def _settle(self, id_: str, path: tuple[str, ...]) -> None:
        if id_ in path:
            raise CannotEvaluateError(f"expressions refer in a circle: {' -> '.join((*path, id_))}")
        if id_ in self._order or id_ in self._metrics:
            return
        for node in nodes(self._trees[id_]):
            if isinstance(node, Call):
                _check_call(id_, node)
            elif isinstance(node, Word) and node.value not in FILLERS:
                raise CannotEvaluateError(
                    f"expression {id_}: a number, an id or a function must stand where "
                    f"{node.value!r} stands"
                )
            elif isinstance(node, Reference) and node.id in self._trees:
                self._settle(node.id, (*path, id_))
            elif isinstance(node, Reference) and node.id not in self._metrics:
                ids = ", ".join([*self._metrics, *self._trees])
                raise CannotEvaluateError(
                    f"expression {id_}: {node.id} is no id here: write one of {ids}"
                )
        self._order.append(id_)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One evaluation; ``values`` grows by the result of each expression."""

    frame: Frame
    metrics: tuple[str, ...]
    values: Mapping[str, Value]

    def value(self, node: Node) -> Value:
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Reference):
            return self.values[node.id]
        if isinstance(node, Negation):
            return negated(self.value(node.operand))
        if isinstance(node, Operation):
            return combine(OPERATORS[node.operator], self.value(node.left), self.value(node.right))
        if isinstance(node, Array):
            return tuple(series for item in node.items for series in self._series(item))
        if isinstance(node, Call):
            return self._called(node)
        raise CannotEvaluateError(f"{node.value!r} stands where a value is needed")

    def _series(self, node: Node) -> tuple[TimeSeries, ...]:
        value = self.value(node)
        if isinstance(value, float):
            raise CannotEvaluateError("an array holds time series, not scalars")
        return value if isinstance(value, tuple) else (value,)

    def _called(self, call: Call) -> Value:
        if call.function == "METRICS":
            return self._all_metrics(call)
        if call.function == "PERIOD":
            (argument,) = call.arguments
            if not isinstance(argument, Reference) or argument.id not in self.metrics:
                raise CannotEvaluateError("PERIOD takes the id of a metric, not an expression")
            return float(self.frame.period)
        if call.function == "FILL":
            series, filler = call.arguments
            by = filler.value if isinstance(filler, Word) else self.value(filler)
            return fill(self.value(series), by)
        arguments = [self.value(argument) for argument in call.arguments]
        return FUNCTIONS[call.function].apply(self.frame, arguments)

    def _all_metrics(self, call: Call) -> Value:
        part = ""
        if call.arguments:
            if not isinstance(call.arguments[0], QuotedText):
                raise CannotEvaluateError('METRICS takes a part of ids in quotes: METRICS("5xx")')
            part = call.arguments[0].value
        return tuple(
            value
            for id_ in self.metrics
            if part in id_ and isinstance(value := self.values[id_], TimeSeries)
        )


def _check_call(id_: str, call: Call) -> None:
    name = call.function
    if name not in KNOWN_FUNCTIONS:
        raise CannotEvaluateError(
            f"expression {id_}: the function {name} cannot be evaluated; "
            f"known are {', '.join(KNOWN_FUNCTIONS)}"
        )
    apart = {"FILL": (2, 2), "METRICS": (0, 1), "PERIOD": (1, 1)}
    fewest, most = apart.get(name) or (FUNCTIONS[name].fewest, FUNCTIONS[name].most)
    if not fewest <= len(call.arguments) <= most:
        wanted = f"{fewest} to {most}" if most > fewest else str(fewest)
        raise CannotEvaluateError(
            f"expression {id_}: {name} takes {wanted} arguments, not {len(call.arguments)}"
        )
