"""Metric math as one expression: each id's own in the place of the id."""

import pytest

from ecs_monitoring.cloudwatch.metric_math.syntax import inlined


@pytest.mark.parametrize(
    ("sources", "expression"),
    [
        ({"e": "m / 2", "m": "SUM(x)"}, "SUM(x) / 2"),
        ({"e": "a - b", "a": "x + y", "b": "x - y"}, "(x + y) - (x - y)"),
        ({"e": "MAX([a, a])", "a": "5"}, "MAX([5, 5])"),
        ({"e": "IF(a > 2, a, 2)", "a": "b * 2", "b": "c"}, "IF((c * 2) > 2, (c * 2), 2)"),
        ({"e": "-a", "a": "b + 1"}, "-(b + 1)"),
        ({"e": "a ^ 2", "a": "-b"}, "(-b) ^ 2"),
        # Neither a function's name, nor what is quoted, nor a part of a longer id.
        ({"e": "SUM(SEARCH('a b', 'Sum', 60)) + a", "a": "1"}, "SUM(SEARCH('a b', 'Sum', 60)) + 1"),
        ({"e": "ab + a", "a": "1"}, "ab + 1"),
    ],
)
def test_ids_become_their_expressions(sources: dict[str, str], expression: str) -> None:
    assert inlined("e", sources) == expression
