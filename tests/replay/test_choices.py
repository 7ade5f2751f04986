"""What there is to choose from, and what is asked of a choice."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit
from replay.choices import Wish, curves_of
from tests.evaluation.alarms import START, alarm
from tests.replay.alarms import histories

USUAL = [(1, 1), (2, 2), (2, 3), (3, 3), (3, 5), (5, 5), (10, 10), (15, 15)]


@pytest.mark.parametrize(
    ("period", "m", "n", "expected"),
    [
        (60, 1, 1, USUAL),
        (60, 4, 5, [(4, 5), *USUAL]),
        (60, 3, 3, [(3, 3), *[pair for pair in USUAL if pair != (3, 3)]]),
        # Half an hour is fifteen times two minutes, ten times three, and six times five.
        (120, 1, 1, USUAL),
        (180, 1, 1, USUAL[:-1]),
        (240, 1, 1, USUAL[:-2]),
        (900, 1, 1, USUAL[:2]),
        # What is the alarm's own stays, however long it lasts.
        (3600, 2, 4, [(2, 4)]),
    ],
)
def test_what_is_weighed_besides_the_alarms_own(
    period: int, m: int, n: int, expected: list[tuple[int, int]]
) -> None:
    definition = alarm(period=period, evaluation_periods=n, datapoints_to_alarm=m)
    found = curves_of(definition, histories([1.0] * 10), START, START + 600)
    assert list(found) == expected


def test_each_curve_is_that_of_its_m_and_n() -> None:
    definition = alarm(comparison=Comparison.AT_MOST)
    values = [5.0] * 30
    values[20] = values[21] = values[23] = 2.0
    found = curves_of(definition, histories(values), START + 60 * 24, START + 60 * 24)
    # At minute 24 one of one, two of three and three of five are low, and no others are.
    assert {pair for pair, curve in found.items() if curve.is_on(2.0).all()} == {
        (1, 1),
        (2, 3),
        (3, 5),
    }


def test_what_is_asked_where_nobody_says() -> None:
    assert Wish() == Wish(
        pages_per_month=2.0, incidents=(), most=None, unit=Unit.COUNT, limit=None, is_whole=False
    )


@pytest.mark.parametrize(
    ("fields", "sign", "allowed", "refused"),
    [
        ({}, 1, [-1e9, 1e9], []),
        # It can go up to 100, and not beyond.
        ({"most": 100.0}, 1, [99.0, -5.0], [100.0, 101.0]),
        ({"most": 5.0}, -1, [6.0, 100.0], [5.0, 4.0]),
        # A limit may be reached.
        ({"limit": 50.0}, 1, [49.0, 50.0], [51.0]),
        ({"limit": 50.0}, -1, [51.0, 50.0], [49.0]),
        ({"most": 100.0, "limit": 100.0}, 1, [99.0], [100.0]),
        ({"most": 100.0, "limit": 50.0}, 1, [50.0], [60.0, 100.0]),
    ],
)
def test_the_thresholds_that_are_allowed(
    fields: dict[str, Any], sign: int, allowed: list[float], refused: list[float]
) -> None:
    wish = Wish(**fields)
    assert [wish.allows(threshold, sign) for threshold in allowed] == [True] * len(allowed)
    assert [wish.allows(threshold, sign) for threshold in refused] == [False] * len(refused)


@pytest.mark.parametrize("pages", [1e-9, 0.5, 1e9])
def test_any_budget_above_zero_is_one(pages: float) -> None:
    assert Wish(pages_per_month=pages).pages_per_month == pages


def test_what_to_write_as_a_budget() -> None:
    with pytest.raises(
        ValueError, match=r"^pages_per_month 0: write a number above 0, such as 0\.5$"
    ):
        Wish(pages_per_month=0)
