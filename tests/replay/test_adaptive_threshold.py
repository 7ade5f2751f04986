"""Thresholds that are made anew every day: what they expect, and what they learn from."""

from typing import Any

import numpy as np
import pytest

from replay.adaptive_threshold import AdaptiveThreshold
from replay.baseline import Baseline
from replay.history import Floats
from replay.hourly import HOURS, WEEK
from replay.hours import Hours

MONDAY = 1_731_888_000
"""2024-11-18 00:00:00 UTC."""


def threshold_of(maxima: Floats, **fields: Any) -> AdaptiveThreshold:
    hours = Hours(MONDAY, maxima, maxima[:, -1].copy())
    return AdaptiveThreshold(hours, **{"finest": 0.1, "budget": 2.0, "by_hour": True, **fields})


def known(made: tuple[Floats, Baseline] | None) -> tuple[Floats, Baseline]:
    assert made is not None
    return made


def test_the_echo_of_what_comes_again_on_the_other_side_is_expected() -> None:
    random = np.random.default_rng(5)
    own, other = (random.uniform(1, 2, (15, HOURS)) for _ in range(2))
    # On Mondays at five.
    other[[0, 7, 14], 5] = 100.0
    alone, listening, opposite = threshold_of(own), threshold_of(own), threshold_of(other)
    listening.opposite, listening.echo = opposite, 0.2
    (without, _), (with_echo, _) = known(alone.at(15)), known(listening.at(15))
    more = with_echo - without
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
    levels, usual = known(threshold.at(8))
    distance = levels.min() - usual.hour
    # Half as far again as the threshold is no noise any more.
    threshold.learn(8, levels, usual.hour + distance * np.array([1.0, 1.4, 1.6, 9.0]))
    assert threshold.near == [8, 8]
    threshold.learn(8, levels, np.empty(0))
    assert threshold.near == [8, 8]


@pytest.mark.parametrize("follows", [False, True])
def test_days_of_four_weeks_are_remembered(follows: bool) -> None:
    maxima = np.random.default_rng(5).uniform(1, 2, (30, HOURS))
    lower, higher = maxima.copy(), maxima.copy()
    # The last hour is beside the first one of the next day.
    lower[0, :-1], higher[0, :-1] = 0.9, 2.2
    differs = []
    for day in (28, 29, 30):
        (one, usual), (other, other_usual) = (
            known(threshold_of(of, follows=follows).at(day)) for of in (lower, higher)
        )
        assert usual.days == other_usual.days == 28
        differs.append(bool((one != other).any()))
    assert differs == [True, False, False]


# Of a budget of 2 firings a month, the noise of one alarm may use 0.7: one firing in 21.43 days.
# The highest level of a day, in spreads above its median, is reached so seldom from
# ln(21.43) + ln(ln 2) = 2.698 on; of a budget of 10, from ln(4.286) + ln(ln 2) = 1.089 on. Of ten
# days the threshold is half as far again (5 / 10), of 25 days by a fifth.
@pytest.mark.parametrize(
    ("days", "budget", "farther", "spreads"),
    [
        (10, 2.0, 1.0, 2.698 * 1.5),
        (25, 2.0, 1.0, 2.698 * 1.2),
        (10, 2.0, 1.4, 2.698 * 1.5 * 1.4),
        (10, 10.0, 1.0, 1.089 * 1.5),
    ],
)
def test_how_far_beyond_a_usual_day_by_hand(
    days: int, budget: float, farther: float, spreads: float
) -> None:
    maxima = np.random.default_rng(5).uniform(1, 2, (days, HOURS))
    threshold = threshold_of(maxima, budget=budget, farther=farther, by_hour=False)
    levels, usual = known(threshold.at(days))
    assert usual.days == days
    assert (levels.min() - usual.day) / usual.spread == pytest.approx(spreads, rel=1e-3)
    assert levels.min() == levels.max()


@pytest.mark.parametrize(
    ("near", "times"),
    [
        # A quarter of the way more for each beyond the two of the budget, and twice at most.
        ([], 1),
        ([38, 39], 1),
        ([37, 38, 39], 1.25),
        ([10, 10, 38, 39], 1.5),
        ([39] * 6, 2),
        ([39] * 20, 2),
        # The tenth day is the first of the thirty before the fortieth.
        ([9, 10, 38, 39], 1.25),
    ],
)
def test_noise_beyond_the_budget_puts_the_threshold_farther(near: list[int], times: float) -> None:
    maxima = np.random.default_rng(5).uniform(1, 2, (40, HOURS))
    quiet, noisy = (threshold_of(maxima, by_hour=False) for _ in range(2))
    noisy.near = near
    (levels, usual), (farther, _) = known(quiet.at(40)), known(noisy.at(40))
    distance = farther.min() - usual.day
    assert distance / (levels.min() - usual.day) == pytest.approx(times)
