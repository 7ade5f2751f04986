"""Thresholds that are made anew every day: what they are measured in, and what turns out usual."""

import numpy as np
import pytest

from replay.hourly import HOURS
from tests.replay.alarms import noise
from tests.replay.test_adaptive_threshold import known, threshold_of


def test_what_stood_out_is_usual_once_it_comes_again() -> None:
    maxima = noise(16)
    # On two Tuesdays at five, and on a Thursday.
    maxima[[8, 15, 10], 5] = 50.0
    threshold = threshold_of(maxima)
    left_out = []
    for day in (9, 11, 15, 16):
        threshold.at(day)
        left_out.append(np.argwhere(threshold.left_out).tolist())
    assert left_out == [[[8, 5]], [[8, 5], [10, 5]], [[8, 5], [10, 5]], [[10, 5]]]


def test_what_stands_out_of_what_comes_again_is_left_out() -> None:
    maxima = noise(17)
    # Every day at five, and once more than twice as high.
    maxima[:, 5] = 20.0
    maxima[9, 5] = 45.0
    threshold = threshold_of(maxima)
    threshold.at(17)
    assert np.argwhere(threshold.left_out).tolist() == [[9, 5]]


def test_what_is_hardly_higher_than_what_comes_again_is_usual() -> None:
    maxima = noise(17)
    # On the last three days; once a little higher, and twice as what was wrong.
    maxima[14:, 5] = 20.0
    maxima[9, 11], maxima[2, 8], maxima[5, 15] = 20.1, 60.0, 80.0
    threshold = threshold_of(maxima, by_hour=False)
    threshold.at(17)
    assert np.argwhere(threshold.left_out).tolist() == [[2, 8], [5, 15]]


# Of six days an hour's own median weighs 6 / 9, and that of all hours the rest.
@pytest.mark.parametrize(
    ("base", "finest", "high", "unknown"),
    [
        # 16 ** (2 / 3) * 2 ** (1 / 3) = 8; what is not known is like all hours.
        (2.0, 0.1, 8.0, 2.0),
        # Nothing is measured in less than the finest difference.
        (0.5, 2.0, 8.0, 2.0),
    ],
)
def test_hours_are_measured_in_no_less_than_is_known(
    base: float, finest: float, high: float, unknown: float
) -> None:
    maxima = np.full((6, HOURS), base)
    maxima[:, 9] = 16.0
    maxima[:, 13:16] = -np.inf
    scale = threshold_of(maxima, follows=True, finest=finest).scale(6)
    assert scale[[8, 9, 10]] == pytest.approx(high)
    assert scale[[0, 12, 13, 14, 15, 23]] == pytest.approx(unknown)


@pytest.mark.parametrize(("follows", "spread"), [(False, 0.05), (True, 0.025)])
def test_the_finest_difference_is_in_the_scale_of_the_hours(follows: bool, spread: float) -> None:
    # All hours are 2, so that they differ by half of the finest difference at most, 0.1.
    threshold = threshold_of(np.full((6, HOURS), 2.0), follows=follows)
    levels, usual = known(threshold.at(6))
    assert (usual.hour, usual.day) == ((1.0, 1.0) if follows else (2.0, 2.0))
    assert usual.spread == pytest.approx(spread)
    # Of six days 2.698 * (1 + 5 / 6) = 4.946 spreads, back in the metric's own unit.
    assert levels == pytest.approx(2 + 4.946 * 0.05, rel=1e-3)


def test_a_threshold_is_made_once_a_day() -> None:
    maxima = noise(10)
    threshold = threshold_of(maxima)
    first = known(threshold.at(8))
    assert known(threshold.at(8))[0] is first[0]
    assert known(threshold.at(9))[1].days == 9
    again = known(threshold.at(8))
    assert again[0].tolist() == first[0].tolist()


def test_hours_that_were_left_out_say_nothing_of_their_scale() -> None:
    maxima = np.ones((6, HOURS))
    maxima[:3, 9] = 64.0
    threshold = threshold_of(maxima, follows=True)
    # Within an hour of it the median is between 1 and 64: 32.5 ** (2 / 3).
    assert threshold.scale(6)[[8, 9, 10]] == pytest.approx(10.19, rel=1e-3)
    told = threshold_of(maxima, follows=True)
    told.left_out[:3, 8:11] = True
    assert told.scale(6).tolist() == pytest.approx([1.0] * HOURS)
