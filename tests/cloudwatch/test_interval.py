"""Arithmetic over intervals, each case worked by hand."""

import math

import pytest

from ecs_monitoring.cloudwatch.interval import (
    ANY,
    NONE,
    ONE,
    ZERO,
    Interval,
    operated,
    operated_with_itself,
    truth,
)

INF = math.inf
UNSURE = Interval(0, 1)


def test_an_interval_is_made_around_its_values() -> None:
    assert Interval.around(2, -1, 5) == Interval(-1, 5)
    assert Interval.around() == Interval(-INF, INF) == ANY


def test_what_an_interval_holds() -> None:
    assert [Interval(2, 4).has(value) for value in (1.9, 2, 3, 4, 4.1)] == [
        *(False, True, True, True, False)
    ]
    several = (Interval(2, 4), Interval(3, 3), Interval(3, 2), NONE)
    assert [(one.is_point, one.is_empty) for one in several] == [
        *((False, False), (True, False), (False, True), (False, True))
    ]


def test_the_hull_and_what_is_common() -> None:
    assert Interval(2, 4).joined(Interval(7, 8), NONE, Interval(1, 1)) == Interval(1, 8)
    assert NONE.joined(Interval(2, 4)) == Interval(2, 4)
    assert NONE.joined(NONE) == NONE
    assert Interval(2, 4).within(Interval(3, 9)) == Interval(3, 4)
    assert Interval(3, 9).within(Interval(2, 4)) == Interval(3, 4)
    assert Interval(2, 4).within(Interval(5, 9)).is_empty


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        ("+", (2, 5), (-3, -1), (-1, 4)),
        ("+", (1, INF), (2, 2), (3, INF)),
        ("-", (2, 5), (-3, -1), (3, 8)),
        ("*", (2, 5), (-3, -1), (-15, -2)),
        ("*", (-2, 5), (-3, 4), (-15, 20)),
        ("*", (1, 2), (3, 4), (3, 8)),
        # Nothing times whatever is nothing, also where nothing bounds the other side.
        ("*", (-INF, 0), (0, 1), (-INF, 0)),
        ("*", (0, 0), (-INF, INF), (0, 0)),
        ("/", (2, 6), (-2, -1), (-6, -1)),
        ("/", (2, 6), (1, INF), (0, 6)),
        ("/", (1, INF), (2, 4), (0.25, INF)),
        ("/", (-INF, INF), (-INF, -1), (-INF, INF)),
        ("/", (0, 0), (1, 2), (0, 0)),
        # Next to zero a quotient has a sign and no bound; across it neither.
        ("/", (0, 6), (0, 2), (0, INF)),
        ("/", (2, 6), (-2, 0), (-INF, 0)),
        ("/", (-6, 0), (0, 2), (-INF, 0)),
        ("/", (-6, -2), (-2, 0), (0, INF)),
        ("/", (-1, 1), (0, 2), (-INF, INF)),
        ("/", (2, 6), (-1, 1), (-INF, INF)),
        ("/", (0, 0), (-1, 1), (0, 0)),
        ("^", (2, 3), (2, 2), (4, 9)),
        ("^", (-3, -2), (2, 2), (4, 9)),
        ("^", (-2, 3), (2, 2), (0, 9)),
        ("^", (-3, 2), (4, 4), (0, 81)),
        ("^", (-2, 3), (3, 3), (-8, 27)),
        ("^", (-2, 3), (1, 1), (-2, 3)),
        ("^", (-2, 3), (0, 0), (1, 1)),
        ("^", (2, 4), (-1, -1), (0.25, 0.5)),
        ("^", (2, INF), (-1, -1), (0, 0.5)),
        ("^", (0, 4), (-1, -1), (-INF, INF)),
        ("^", (-2, 4), (-1, -1), (-INF, INF)),
        # Of what is negative there is no root.
        ("^", (4, 9), (0.5, 0.5), (2, 3)),
        ("^", (-4, 9), (0.5, 0.5), (0, 3)),
        ("^", (-4, 0), (0.5, 0.5), (0, 0)),
        ("^", (0, 2), (1, 2), (0, INF)),
        ("^", (-1, 2), (1, 2), (-INF, INF)),
        # Too large for a number, on one side.
        ("^", (-1e200, 2), (3, 3), (-INF, 8)),
        ("^", (-1e200, 2), (2, 2), (0, INF)),
    ],
)
def test_arithmetic(
    operator: str,
    left: tuple[float, float],
    right: tuple[float, float],
    expected: tuple[float, float],
) -> None:
    assert operated(operator, Interval(*left), Interval(*right)) == Interval(*expected)


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        ("/", (2, 6), (0, 0)),
        ("^", (-4, -1), (0.5, 0.5)),
        # All of it overflows, to either side.
        ("*", (1e308, 1e308), (10, 10)),
        ("*", (1e308, 1e308), (-10, -10)),
        ("^", (1e200, 1e201), (2, 2)),
        ("^", (-1e201, -1e200), (3, 3)),
        ("+", (1, -1), (2, 2)),
        ("+", (2, 2), (1, -1)),
        ("AND", (1, -1), (0, 0)),
        ("OR", (1, 1), (1, -1)),
    ],
)
def test_what_has_no_value_at_all(
    operator: str, left: tuple[float, float], right: tuple[float, float]
) -> None:
    assert operated(operator, Interval(*left), Interval(*right)) == NONE


@pytest.mark.parametrize(
    ("left", "right", "less", "equal", "greater"),
    [
        ((1, 2), (3, 4), ONE, ZERO, ZERO),
        ((3, 4), (1, 2), ZERO, ZERO, ONE),
        ((1, 3), (2, 4), UNSURE, UNSURE, UNSURE),
        # They touch: neither is ever beyond the other.
        ((1, 2), (2, 3), UNSURE, UNSURE, ZERO),
        ((2, 3), (1, 2), ZERO, UNSURE, UNSURE),
        ((1, 2), (1, 2), UNSURE, UNSURE, UNSURE),
        ((2, 2), (2, 2), ZERO, ONE, ZERO),
        ((2, 2), (1, 3), UNSURE, UNSURE, UNSURE),
    ],
)
def test_comparisons(
    left: tuple[float, float],
    right: tuple[float, float],
    less: Interval,
    equal: Interval,
    greater: Interval,
) -> None:
    found = {
        operator: operated(operator, Interval(*left), Interval(*right))
        for operator in ("<", "==", ">", ">=", "!=", "<=")
    }
    opposite = {ONE: ZERO, ZERO: ONE, UNSURE: UNSURE}
    assert found == {
        "<": less,
        "==": equal,
        ">": greater,
        ">=": opposite[less],
        "!=": opposite[equal],
        "<=": opposite[greater],
    }


YES, MAYBE, NO = (-3, -1), (-1, 2), (0, 0)


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (YES, YES, ONE, ONE),
        (YES, MAYBE, UNSURE, ONE),
        (MAYBE, YES, UNSURE, ONE),
        (YES, NO, ZERO, ONE),
        (NO, YES, ZERO, ONE),
        (MAYBE, MAYBE, UNSURE, UNSURE),
        (MAYBE, NO, ZERO, UNSURE),
        (NO, MAYBE, ZERO, UNSURE),
        (NO, NO, ZERO, ZERO),
    ],
)
def test_logic_takes_for_true_whatever_is_not_zero(
    left: tuple[float, float], right: tuple[float, float], both: Interval, either: Interval
) -> None:
    assert operated("AND", Interval(*left), Interval(*right)) == both
    assert operated("OR", Interval(*left), Interval(*right)) == either


def test_whether_a_value_counts_as_true() -> None:
    found = [truth(value) for value in (NONE, ZERO, Interval(-1, 0), Interval(2, 3))]
    assert found == [NONE, ZERO, UNSURE, ONE]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("+", (2, 3), (4, 6)),
        ("-", (2, 3), (0, 0)),
        # No value of both signs is below zero times itself.
        ("*", (-2, 3), (0, 9)),
        ("/", (-2, 3), (1, 1)),
        ("^", (2, 3), (0, INF)),
        *((operator, (-2, 3), (1, 1)) for operator in ("==", "<=", ">=")),
        *((operator, (-2, 3), (0, 0)) for operator in ("!=", "<", ">")),
        *((operator, (2, 3), (1, 1)) for operator in ("AND", "OR")),
        *((operator, (-2, 3), (0, 1)) for operator in ("AND", "OR")),
    ],
)
def test_a_value_and_itself(
    operator: str, value: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert operated_with_itself(operator, Interval(*value)) == Interval(*expected)


@pytest.mark.parametrize(
    ("operator", "value"),
    [("/", (0, 0)), ("*", (1e200, 1e200)), ("-", (1, -1)), ("==", (1, -1)), ("+", (1, -1))],
)
def test_a_value_and_itself_without_any_result(operator: str, value: tuple[float, float]) -> None:
    assert operated_with_itself(operator, Interval(*value)) == NONE
