"""What values a metric can have, what few of them say, and levels of few digits."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.units import Unit
from replay.bounds import Bounds, Distinct, tidy
from replay.detectors import DetectorKind
from replay.history import MetricHistory
from tests.replay.alarms import MONDAY, history, statistic_sets

# One sample each: a total, a minimum and a maximum.
PARTS = statistic_sets([(0, 1, 2.5, 2, 3), (60, 1, 4, 4, 4)])


@pytest.mark.parametrize(
    ("of", "statistic", "unit", "given", "expected"),
    [
        (history([1.0, 2.5, 7.0]), "Average", Unit.COUNT, {}, (0.0, None, 7.0, False)),
        (history([0.0, 7.0, 3.0]), "Average", Unit.COUNT, {}, (0.0, None, 7.0, True)),
        (history([-1.0, 7.0]), "Average", Unit.COUNT, {}, (None, None, 7.0, True)),
        (history([9.0]), "Average", Unit.PERCENT, {}, (0.0, 100.0, 9.0, True)),
        (history([-9.0]), "Maximum", Unit.PERCENT, {}, (None, 100.0, -9.0, True)),
        # What somebody says goes before what is usual.
        (history([9.0]), "Average", Unit.PERCENT, {"maximum": 50.0}, (0.0, 50.0, 9.0, True)),
        (history([9.0]), "Average", Unit.COUNT, {"maximum": 50.0}, (0.0, 50.0, 9.0, True)),
        (history([-9.0]), "Average", Unit.COUNT, {"minimum": -10.0}, (-10.0, None, -9.0, True)),
        (history([9.0]), "Average", Unit.COUNT, {"minimum": 5.0}, (5.0, None, 9.0, True)),
        # Sums have no end.
        (history([9.0]), "Sum", Unit.PERCENT, {}, (0.0, None, 9.0, True)),
        (history([9.0]), "SampleCount", Unit.COUNT, {"maximum": 50.0}, (0.0, None, 9.0, True)),
        # Several whole numbers together have an average that is none.
        (statistic_sets([(0, 2, 6, 2, 4)]), "Average", Unit.COUNT, {}, (0.0, None, 4.0, False)),
        (PARTS, "Average", Unit.COUNT, {}, (0.0, None, 4.0, False)),
        (PARTS.rows(slice(1, 2)), "Average", Unit.COUNT, {}, (0.0, None, 4.0, True)),
    ],
)
def test_the_values_that_a_metric_can_have(
    of: MetricHistory,
    statistic: str,
    unit: Unit,
    given: dict[str, float],
    expected: tuple[float | None, float | None, float, bool],
) -> None:
    lowest, highest, seen, is_whole = expected
    assert Bounds.of(of, statistic, unit, **given) == Bounds(
        lowest=lowest, highest=highest, highest_seen=seen, is_whole=is_whole
    )


LEVEL, RECENT = DetectorKind.LEVEL, DetectorKind.RECENT


@pytest.mark.parametrize(
    ("kind", "sign", "ends", "reached", "beyond"),
    [
        (LEVEL, 1, {}, 99.9, 100.0),
        (LEVEL, -1, {}, 10.1, 10.0),
        (LEVEL, 1, {"highest": None}, 1e9, None),
        (LEVEL, -1, {"lowest": None}, -1e9, None),
        # From the lowest value to the highest one, 10 to 100.
        (RECENT, 1, {}, 89.9, 90.0),
        (RECENT, 1, {"highest": None}, 1e9, None),
        (RECENT, 1, {"lowest": None}, 1e9, None),
        # Downwards from the highest one that was seen, 50.
        (RECENT, -1, {}, -39.9, -40.0),
        (RECENT, -1, {"highest": None}, -39.9, -40.0),
        (RECENT, -1, {"lowest": None}, -1e9, None),
    ],
)
def test_a_threshold_is_one_that_the_metric_can_go_beyond(
    kind: DetectorKind, sign: int, ends: dict[str, Any], reached: float, beyond: float | None
) -> None:
    given: dict[str, Any] = {"lowest": 10.0, "highest": 100.0, "highest_seen": 50.0}
    bounds = Bounds(**(given | ends), is_whole=False)
    assert bounds.allow(kind, sign, reached)
    assert beyond is None or not bounds.allow(kind, sign, beyond)


def fives(others: dict[int, float], count: int) -> MetricHistory:
    values = [others.get(minute, 5.0) for minute in range(count)]
    return history(values, start=MONDAY)


ALL = "all {} values are {}: they do not say how far it usually varies"
BUT = (
    "all values are 5 but for {} from 2024-11-18T{}Z on: one excursion does not say how far it "
    "usually varies"
)


@pytest.mark.parametrize(
    ("of", "says_nothing"),
    [
        (fives({}, 1500), ALL.format("1,500", 5)),
        (fives({}, 1), ALL.format(1, 5)),
        (history([0.25] * 9), ALL.format(9, 0.25)),
        # Of 500, fewer than five may be others, within fewer than five minutes.
        (fives({100: 6, 102: 7, 103: 5.5, 104: 9}, 500), BUT.format(4, "01:40:00")),
        (fives({100: 6, 105: 7}, 500), ""),
        (fives({100: 6, 101: 6, 102: 6, 103: 6, 104: 6}, 500), ""),
        (fives({499: 6}, 500), BUT.format(1, "08:19:00")),
        # Of 100 it would be fewer than one, and of 101 it is one.
        (fives({0: 6}, 101), BUT.format(1, "00:00:00")),
        (fives({0: 6}, 100), ""),
        (fives({0: 6}, 2), ""),
        # Averages of two samples each are all 5, and so is one of 5.
        (
            statistic_sets([(0, 2, 10, 4, 6), (60, 2, 10, 0, 10), (120, 1, 5, 5, 5)]),
            ALL.format(3, 5),
        ),
    ],
)
def test_what_hardly_varies_says_nothing(of: MetricHistory, says_nothing: str) -> None:
    assert Distinct.of(of).says_nothing == says_nothing


@pytest.mark.parametrize(
    ("of", "finest"),
    [
        (history([3.0, 1.0, 1.5, 1.0]), 0.5),
        # Averages of 2 and of 2.25.
        (statistic_sets([(0, 4, 8, 1, 5), (60, 4, 9, 1, 5)]), 0.25),
    ],
)
def test_the_finest_difference_of_two_values(of: MetricHistory, finest: float) -> None:
    assert Distinct.of(of) == Distinct(finest=finest, says_nothing="")


@pytest.mark.parametrize(
    ("level", "spread", "tidied", "whole"),
    [
        # A step is the power of ten that is at most a tenth of the spread.
        (3.14, 1.0, 3.2, 4.0),
        (3.14, 9.9, 3.2, 4.0),
        (3.14, 10.0, 4.0, 4.0),
        (3.14, 0.99, 3.14, 4.0),
        (3.141, 0.99, 3.15, 4.0),
        (1234.0, 250.0, 1240.0, 1240.0),
        (1240.0, 250.0, 1240.0, 1240.0),
        (-3.14, 1.0, -3.1, -3.0),
        # 0.3 / 0.1 is less than 3, and 0.7 / 0.1 more than 7.
        (0.1 + 0.2, 1.0, 0.3, 1.0),
        (0.7, 1.0, 0.7, 1.0),
        (0.0, 1.0, 0.0, 0.0),
    ],
)
def test_a_level_of_few_digits(level: float, spread: float, tidied: float, whole: float) -> None:
    assert tidy(level, spread, whole=False) == tidied
    assert tidy(level, spread, whole=True) == whole
