"""Metric math as a formula of another system, as far as both mean the same.

Arithmetic is; so are ``clamp_min`` and ``clamp_max``, which New Relic and Datadog call alike and
metric math writes with IF:
https://docs.newrelic.com/docs/nrql/nrql-syntax-clauses-functions/
https://docs.datadoghq.com/dashboards/functions/exclusion/
"""

from collections.abc import Callable, Mapping
from typing import Final

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.metric_math.syntax import (
    Call,
    Negation,
    Node,
    Number,
    Operation,
    Reference,
    parse,
)
from exports.result import NotCarriedError
from exports.texts import plain_number

ARITHMETIC: Final = ("+", "-", "*", "/")
"""Operators that mean the same everywhere."""

# IF(a > n, a, n) is the higher one of both, however the comparison is written.
_HIGHER, _LOWER = (">", ">="), ("<", "<=")


def formula(signal: MetricMath, written: Callable[[Metric], str]) -> str:
    """Metric math as a formula.

    Args:
        signal: the math.
        written: a metric as the other system writes it.

    Raises:
        NotCarriedError: it uses something that the other system has not, or means otherwise.
    """
    sources = {query.id: query.source for query in signal.queries}
    returned = sources[signal.returned]
    tree = parse(returned) if isinstance(returned, str) else Reference(signal.returned)
    return _formula(tree, sources, written)


def _formula(
    node: Node, sources: Mapping[str, Metric | str], written: Callable[[Metric], str]
) -> str:
    match node:
        case Number(value):
            return plain_number(value)
        case Reference(id):
            source = sources[id]
            if isinstance(source, Metric):
                return written(source)
            return f"({_formula(parse(source), sources, written)})"
        case Negation(operand):
            return f"-({_formula(operand, sources, written)})"
        case Operation(operator, left, right) if operator in ARITHMETIC:
            sides = (_side(side, sources, written) for side in (left, right))
            return f" {operator} ".join(sides)
        case Call("IF", (Operation(operator, a, Number(n)), x, Number(m))) if (
            a == x and n == m and operator in (*_HIGHER, *_LOWER)
        ):
            function = "clamp_min" if operator in _HIGHER else "clamp_max"
            return f"{function}({_formula(x, sources, written)}, {plain_number(n)})"
        case Call(word, _) | Operation(word, _, _):
            raise NotCarriedError(
                f"its metric math uses {word}, which means nothing there, or something else"
            )
    raise NotCarriedError("its metric math uses several series at once")


def _side(node: Node, sources: Mapping[str, Metric | str], written: Callable[[Metric], str]) -> str:
    text = _formula(node, sources, written)
    return f"({text})" if isinstance(node, Operation) else text
