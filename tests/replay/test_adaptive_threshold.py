"""Thresholds that are made anew every day: what they expect, and what they learn from."""

import numpy as np

from replay.adaptive_threshold import AdaptiveThreshold
from replay.history import Floats
from replay.hourly import HOURS, WEEK
from replay.hours import Hours

MONDAY = 1_731_888_000
"""2024-11-18 00:00:00 UTC."""


def threshold_of(maxima: Floats) -> AdaptiveThreshold:
    hours = Hours(MONDAY, maxima, maxima[:, -1].copy())
    return AdaptiveThreshold(hours, finest=0.1, budget=2.0, by_hour=True)


def test_the_echo_of_what_comes_again_on_the_other_side_is_expected() -> None:
    random = np.random.default_rng(5)
    own, other = (random.uniform(1, 2, (15, HOURS)) for _ in range(2))
    # On Mondays at five.
    other[[0, 7, 14], 5] = 100.0
    alone, listening, opposite = threshold_of(own), threshold_of(own), threshold_of(other)
    listening.opposite, listening.echo = opposite, 0.2
    without, with_echo = alone.at(15), listening.at(15)
    assert without is not None
    assert with_echo is not None
    more = with_echo[0] - without[0]
    # The next Monday is six days on: a quarter more than 100 is expected beside the hour too, and
    # a fifth of it shows, within another hour.
    assert (more[6, [3, 4, 5, 6, 7]] > 0.2 * 1.25 * 98).all()
    assert (more[6, [3, 4, 5, 6, 7]] < 0.2 * 1.25 * 100).all()
    more[6, 3:8] = 0
    assert not more.any()


def test_a_day_is_judged_by_its_own_thresholds() -> None:
    """Those of the days after it, rows 1 to 6, say nothing of what was wrong on it."""
    maxima = np.ones((9, HOURS))
    maxima[8, 5] = maxima[8, 6] = 20.0
    levels = np.full((WEEK, HOURS), 10.0)
    # On this weekday at five, 20 is usual; at six it is not.
    levels[0, 5] = 30.0
    threshold = threshold_of(maxima)
    threshold.learn(8, levels, np.empty(0))
    assert np.flatnonzero(threshold.left_out[8]).tolist() == [6]


def test_a_firing_that_hardly_passes_the_threshold_is_remembered_as_noise() -> None:
    threshold = threshold_of(np.random.default_rng(5).uniform(1, 2, (9, HOURS)))
    made = threshold.at(8)
    assert made is not None
    levels, usual = made
    distance = levels.min() - usual.hour
    # Half as far again as the threshold is no noise any more.
    threshold.learn(8, levels, usual.hour + distance * np.array([1.0, 1.4, 1.6, 9.0]))
    assert threshold.near == [8, 8]
    threshold.learn(8, levels, np.empty(0))
    assert threshold.near == [8, 8]
