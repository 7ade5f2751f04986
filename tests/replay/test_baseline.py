"""What is usual of past levels, by hand: middles, spreads, and how far days differ."""

from math import inf
from typing import Any

import numpy as np
import pytest

from replay.baseline import Baseline, PastLevels, day_to_day
from replay.history import Floats
from replay.hourly import HOURS, WEEK


def past(levels: Floats, **fields: Any) -> PastLevels:
    given: dict[str, Any] = {
        "day": len(levels),
        "first": 0,
        "scale": np.ones(HOURS),
        "levels": levels,
        "finest": 0.01,
        "is_whole": np.ones(len(levels), dtype=np.bool_),
        "again": np.full((WEEK, HOURS), -inf),
        "day_to_day": 0.0,
    }
    return PastLevels(**(given | fields))


def days(*tops: float, hour: float = 0.0) -> Floats:
    """Days with one hour that is as high, at another hour each; all others are the same."""
    levels = np.full((len(tops), HOURS), hour)
    for day, top in enumerate(tops):
        levels[day, 3 * day + 1] = top
    return levels


def told(found: Baseline | None) -> tuple[Any, ...]:
    assert found is not None
    return found.hour, found.day, found.spread, found.days


# The highest of many values have a Gumbel distribution, whose quantile of a share p is
# -ln(-ln p): -0.3266 for a quarter, 0.3665 for the half, 1.2459 for three quarters.
LOWER, UPPER = 0.3665 + 0.3266, 1.2459 - 0.3665


@pytest.mark.parametrize(
    ("tops", "spread"),
    [
        # Quartiles of 12, 14 and 18: the louder half of the days is as far as 4 / 0.8794 say.
        ((10.0, 18.0, 14.0, 12.0, 26.0), 4 / UPPER),
        # Incidents may be among them: it is twice what the quieter ones say, at most.
        ((10.0, 26.0, 14.0, 12.0, 40.0), 2 * 2 / LOWER),
        # And no less than that.
        ((10.0, 14.5, 14.0, 12.0, 15.0), 2 / LOWER),
    ],
)
def test_the_spread_of_days_by_hand(tops: tuple[float, ...], spread: float) -> None:
    levels = days(*tops)
    found = told(past(levels).baseline(levels))
    assert found == (0.0, 14.0, pytest.approx(spread, rel=1e-3), 5)


@pytest.mark.parametrize(
    ("hour", "differ", "finest", "spread"),
    [
        # All days go as high as the others. How far hours differ from one day to the next has the
        # upper quartile ln 7 = 1.9459, in spreads.
        (0.0, 1.9459, 0.01, 1.0),
        # A fifth of the way from a usual hour to a usual day, at most.
        (0.0, 100.0, 0.01, 2.8),
        (4.0, 100.0, 0.01, 2.0),
        (0.0, inf, 0.01, 2.8),
        # Half of the finest difference, at least.
        (0.0, 1.9459, 3.0, 1.5),
    ],
)
def test_days_that_are_alike_may_differ(
    hour: float, differ: float, finest: float, spread: float
) -> None:
    one = past(days(14.0, 14.0, 14.0, hour=hour), day_to_day=differ, finest=finest)
    assert told(one.baseline(one.levels)) == (hour, 14.0, pytest.approx(spread, rel=1e-4), 3)
    # The third highest hour of each day is like any other, and the highest as usual.
    assert told(one.baseline_of_third_hours()) == (
        hour,
        hour + 1.5 * finest / 2,
        finest / 2,
        3,
    )


def test_what_is_left_out_says_nothing_of_how_days_differ() -> None:
    one = past(days(14.0, 14.0, 14.0), day_to_day=100.0)
    kept = one.levels.copy()
    # Without the highest hour of the first day its highest is 7; hours differ by 1 or nothing.
    kept[0, 1], kept[0, 2], kept[1] = -inf, 7.0, kept[1] + 1
    # Of 7, 14 and 15 the quartiles are 10.5, 14 and 14.5.
    assert told(one.baseline(kept)) == (0.0, 14.0, pytest.approx(3.5 / LOWER, rel=1e-3), 3)
    even = np.where(one.levels > 0, 14.0, 1.0)
    even[0, 1] = -inf
    # Days of 1, 14 and 14; then of two days alone, of which the hours differ by nothing.
    two = past(even, is_whole=np.array([False, True, True]), day_to_day=100.0)
    assert told(two.baseline(even.copy())) == (1.0, 14.0, 0.005, 2)


@pytest.mark.parametrize(
    ("is_whole", "known", "count"),
    [
        ([True, True, True], [True, True, True], 3),
        ([True, True, False], [True, True, True], 2),
        ([True, True, True], [False, True, True], 2),
        ([True, False, False], [True, True, True], None),
        ([True, True, False], [True, False, True], None),
    ],
)
def test_two_days_have_to_be_known(
    is_whole: list[bool], known: list[bool], count: int | None
) -> None:
    one = past(days(14.0, 14.0, 14.0), is_whole=np.array(is_whole))
    kept = np.where(np.array(known)[:, None], one.levels, -inf)
    found = one.baseline(kept)
    assert (None if found is None else found.days) == count
    third = one.baseline_of_third_hours()
    assert (None if third is None else third.days) == (sum(is_whole) if sum(is_whole) > 1 else None)


def ranked(third: float, eighth: float) -> list[float]:
    """A day's hours: two that are high, from the third on some, and from the eighth on."""
    return [90.0, third, eighth - 1.0, 80.0, *[third - 0.1] * 4, *[eighth] * 2, *[0.0] * 14]


@pytest.mark.parametrize(
    ("thirds", "eighths", "spread"),
    [
        # From the third to the eighth highest of many are 1/3 + 1/4 + 1/5 + 1/6 + 1/7 = 1.0929
        # spreads. The median day has 4.
        ([10.0, 10.0, 10.0], [5.0, 6.0, 7.0], 4 / 1.0929),
        # Twice as far as from a quarter of the days, 6, to the half of them, 10.
        ([2.0, 10.0, 30.0], [1.0, 9.0, 29.0], 2 * 4),
    ],
)
def test_what_the_third_hours_say(thirds: list[float], eighths: list[float], spread: float) -> None:
    levels = np.array(
        [ranked(third, eighth) for third, eighth in zip(thirds, eighths, strict=True)]
    )
    found = past(levels).baseline_of_third_hours()
    # The highest is 1 + 1/2 spreads above the third one.
    assert told(found) == (
        0.0,
        pytest.approx(10 + 1.5 * spread, rel=1e-4),
        pytest.approx(spread, rel=1e-4),
        3,
    )


def test_days_of_few_known_hours_do_not_say_how_far_their_hours_differ() -> None:
    levels = np.full((3, HOURS), -inf)
    levels[:, :7] = [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0]
    # No day has an eighth hour. All are alike, and so are the days: half of the finest, 0.01.
    found = past(levels).baseline_of_third_hours()
    assert told(found) == (6.0, 7.0 + 1.5 * 0.005, 0.005, 3)
    # Where one day has, it says it alone: from 7 to 1.
    levels[1, 7] = 1.0
    spread = 6 / 1.0928571
    expected = (6.0, pytest.approx(7 + 1.5 * spread), pytest.approx(spread), 3)
    assert told(past(levels).baseline_of_third_hours()) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        # Steps of 2, 5, 0 and 1, whose upper quartile is 2.75: between 2 and 5.
        ([[1, 2, -inf, inf], [3, 7, 4, inf], [3, 8, -inf, 1]], 2.75),
        ([[1, 2]], inf),
        ([[1, -inf], [-inf, 2]], inf),
        ([[5, -inf], [1, 2]], 4),
    ],
)
def test_how_far_an_hour_differs_from_one_day_to_the_next(
    hours: list[list[float]], expected: float
) -> None:
    assert day_to_day(np.array(hours, dtype=np.float64)) == expected
