"""Thresholds that are made anew every day: what they expect, and what they learn from."""

from typing import Any

import numpy as np
import pytest

from replay.adaptive_threshold import AdaptiveThreshold
from replay.baseline import Baseline
from replay.history import Floats
from replay.hourly import HOURS, WEEK
from replay.hours import Hours
from tests.replay.alarms import MONDAY, noise


def threshold_of(maxima: Floats, **fields: Any) -> AdaptiveThreshold:
    hours = Hours(MONDAY, maxima, maxima[:, -1].copy())
    return AdaptiveThreshold(hours, **{"finest": 0.1, "budget": 2.0, "by_hour": True, **fields})


def known(made: tuple[Floats, Baseline] | None) -> tuple[Floats, Baseline]:
    assert made is not None
    return made


@pytest.mark.parametrize("follows", [False, True])
def test_the_echo_of_what_comes_again_on_the_other_side_is_expected(follows: bool) -> None:
    random = np.random.default_rng(5)
    own, other = (random.uniform(1, 2, (15, HOURS)) for _ in range(2))
    # On Mondays at five.
    other[[0, 7, 14], 5] = 100.0
    alone, listening = (threshold_of(own, follows=follows) for _ in range(2))
    opposite = threshold_of(other)
    listening.opposite, listening.echo = opposite, 0.2
    (without, _), (with_echo, _) = known(alone.at(15)), known(listening.at(15))
    more = with_echo - without
    # The next Monday is six days on: a quarter more than 100 is expected beside the hour too, and
    # a fifth of it shows, within another hour.
    assert (more[6, [3, 4, 5, 6, 7]] > 0.2 * 1.25 * 98).all()
    assert (more[6, [3, 4, 5, 6, 7]] < 0.2 * 1.25 * 100).all()
    more[6, 3:8] = 0
    assert not more.any()


def test_where_nothing_comes_again_on_the_other_side_there_is_no_echo() -> None:
    own, other = (np.random.default_rng(seed).uniform(1, 2, (15, HOURS)) for seed in (5, 6))
    alone, listening, opposite = threshold_of(own), threshold_of(own), threshold_of(other)
    listening.opposite, listening.echo = opposite, 0.2
    assert (opposite.expected(15) == np.full((WEEK, HOURS), -np.inf)).all()
    (without, _), (with_echo, _) = known(alone.at(15)), known(listening.at(15))
    assert (without == with_echo).all()


def test_what_is_expected_of_the_hours_of_a_week() -> None:
    maxima = np.ones((15, HOURS))
    # On Mondays at 23, an hour before Tuesday, of which day 15 is one: rows 6 and 0.
    maxima[[0, 7, 14], 23] = 101.0
    expected = np.full((WEEK, HOURS), -np.inf)
    # A quarter more than 100 above the usual 1, and beside the hours beside it too.
    expected[6, 21:], expected[0, :2] = 126.0, 126.0
    assert threshold_of(maxima).expected(15).tolist() == expected.tolist()
    # Where too little is known for a threshold, nothing stands out.
    nothing = np.full((WEEK, HOURS), -np.inf)
    assert threshold_of(maxima).expected(1).tolist() == nothing.tolist()


def test_a_day_is_judged_by_its_own_thresholds() -> None:
    """Those of the days after it, rows 1 to 6, say nothing of what was wrong on it."""
    maxima = np.ones((9, HOURS))
    maxima[8, 5] = maxima[8, 6] = 20.0
    # The alarm is on at its threshold.
    maxima[8, 7] = 10.0
    levels = np.full((WEEK, HOURS), 10.0)
    # On this weekday at five, 20 is usual; at six it is not.
    levels[0, 5] = 30.0
    threshold = threshold_of(maxima)
    threshold.learn(8, levels, np.empty(0))
    assert np.flatnonzero(threshold.left_out[8]).tolist() == [6, 7]


def test_a_firing_that_hardly_passes_the_threshold_is_remembered_as_noise() -> None:
    threshold = threshold_of(noise(9))
    levels, usual = known(threshold.at(8))
    distance = levels.min() - usual.hour
    # Half as far again as the threshold is no noise any more.
    threshold.learn(8, levels, usual.hour + distance * np.array([1.0, 1.4, 1.6, 9.0]))
    assert threshold.near == [8, 8]
    threshold.learn(8, levels, np.empty(0))
    assert threshold.near == [8, 8]


@pytest.mark.parametrize("follows", [False, True])
def test_days_of_four_weeks_are_remembered(follows: bool) -> None:
    maxima = noise(30)
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
    maxima = noise(days)
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
    maxima = noise(40)
    quiet, noisy = (threshold_of(maxima, by_hour=False) for _ in range(2))
    noisy.near = near
    (levels, usual), (farther, _) = known(quiet.at(40)), known(noisy.at(40))
    distance = farther.min() - usual.day
    assert distance / (levels.min() - usual.day) == pytest.approx(times)


@pytest.mark.parametrize(("hours", "is_left_out"), [(1, True), (6, True), (7, False)])
def test_what_stands_out_for_some_hours_of_a_day_is_left_out(hours: int, is_left_out: bool) -> None:
    maxima = noise(8)
    maxima[4, 3 : 3 + hours] = 9.0
    threshold = threshold_of(maxima, by_hour=False)
    threshold.at(8)
    left_out = np.argwhere(threshold.left_out).tolist()
    assert left_out == [[4, 3 + hour] for hour in range(hours) if is_left_out]


# Heights above a usual hour, of about 1.5: 8.5, 8.5 and that of the last one. The upper quartile is
# 1.25 times the lower one, of 8.5, where the last one is 12.75, which is 14.25 above 0.
@pytest.mark.parametrize(
    ("heights", "is_left_out"),
    [
        ((10, 10), True),
        ((10, 10, 13.5), False),
        ((10, 10, 15), True),
        ((10, 10, 10, 10), False),
    ],
)
def test_what_stands_out_alike_on_three_days_is_no_incident(
    heights: tuple[float, ...], is_left_out: bool
) -> None:
    maxima = noise(10)
    for place, height in enumerate(heights):
        # At other hours each time, so that it does not come again.
        maxima[1 + 2 * place, 3 + 5 * place] = height
    threshold = threshold_of(maxima, by_hour=False)
    threshold.at(10)
    assert np.count_nonzero(threshold.left_out) == (len(heights) if is_left_out else 0)


@pytest.mark.parametrize(("hours", "is_left_out"), [(24, True), (12, False)])
def test_what_more_than_a_quarter_of_the_hours_do_is_usual(hours: int, is_left_out: bool) -> None:
    maxima = noise(8)
    maxima[:, hours:] = -np.inf
    # Six hours of three days and two of five are 28: of 192 known hours, or of 96. Nothing comes
    # again a week later, or on three days in a row: it is higher than days differ usually.
    maxima[0, 4:6] = 500.0
    for day, height in ((1, 20.0), (3, 40.0), (5, 500.0)):
        maxima[day, :6] = height
    for day, height in ((2, 15.0), (4, 30.0), (6, 300.0), (7, 700.0)):
        maxima[day, 8:10] = height
    threshold = threshold_of(maxima, by_hour=False)
    threshold.at(8)
    assert np.count_nonzero(threshold.left_out) == (28 if is_left_out else 0)


@pytest.mark.parametrize(
    ("old", "new", "days"),
    [
        # They differ by 0.4 from day to day, and by more than that from all before.
        ((1, 1.4, 1, 1.4), (1.9, 1.9, 1.9), 3),
        ((1, 1.4, 1, 1.4), (1.7, 1.7, 1.7), 7),
        ((1.4, 1, 1.4, 1), (0.5, 0.5, 0.5), 3),
        ((1.4, 1, 1.4, 1), (0.7, 0.7, 0.7), 7),
        # By as much as days differ, and no more.
        ((1, 1.5, 1, 1.5), (2, 2, 2), 7),
        ((1.5, 1, 1.5, 1), (0.5, 0.5, 0.5), 7),
        # One of the three is as before; two are too few, and so are three days before.
        ((1, 1.4, 1, 1.4), (9, 1.4, 9), 7),
        ((1, 1.4, 1, 1.4, 1), (9, 9), 7),
        ((1, 1.4, 1), (9, 9, 9), 6),
        # The last of the days before was higher, or lower.
        ((1, 1.4, 1, 3), (2, 2, 2), 7),
        ((3, 2.6, 3, 1), (2, 2, 2), 7),
        # Of one of the three nothing is known.
        ((1, 1.4, 1, 1.4), (9, -np.inf, 9), 6),
    ],
)
def test_three_days_of_a_new_level_are_how_it_is_from_now_on(
    old: tuple[float, ...], new: tuple[float, ...], days: int
) -> None:
    maxima = np.repeat([*old, *new, new[-1]], HOURS).reshape(-1, HOURS)
    threshold = threshold_of(maxima)
    day = len(old) + len(new)
    _, usual = known(threshold.at(day))
    assert usual.days == days
    if days == 3:
        _, usual = known(threshold.at(day + 1))
        assert usual.days == 4


@pytest.mark.parametrize(("hours", "days"), [(12, 8), (11, 7)])
def test_a_day_counts_where_half_of_it_is_known(hours: int, days: int) -> None:
    maxima = noise(8)
    maxima[3, hours:] = -np.inf
    _, usual = known(threshold_of(maxima).at(8))
    assert usual.days == days


# The medians of d days weigh d / (d + 3), in orders of magnitude, and that of all hours the rest.
@pytest.mark.parametrize(
    ("days", "finest", "high", "low"),
    [
        # 8 ** (2 / 3), and the tenth that is the least, 0.1 ** (2 / 3).
        (6, 0.02, 4.0, 0.2154),
        (3, 0.02, 2.8284, 0.3162),
        # Of the last four weeks: 28 / 31.
        (31, 0.02, 6.541, 0.125),
        # Never less than the finest difference: 0.3 ** (2 / 3).
        (6, 0.3, 4.0, 0.4481),
    ],
)
def test_the_scale_of_each_hour_by_hand(days: int, finest: float, high: float, low: float) -> None:
    maxima = np.ones((days, HOURS))
    # An hour is as high as those beside it.
    maxima[:, 9] = 8.0
    maxima[:, 14:17] = 0.01
    scale = threshold_of(maxima, follows=True, finest=finest).scale(days)
    assert scale[[8, 9, 10]] == pytest.approx(high, rel=1e-3)
    assert scale[15] == pytest.approx(low, rel=1e-3)
    assert scale[[7, 11, 14, 16]] == pytest.approx(1)
    # Where hours are not followed, and before anything is known of them.
    assert threshold_of(maxima).scale(days).tolist() == [1] * HOURS
    unknown = np.full((days, HOURS), -np.inf)
    assert threshold_of(unknown, follows=True).scale(days).tolist() == [1] * HOURS


@pytest.mark.parametrize(
    ("mondays", "by_hour", "is_raised"),
    [
        ((7, 14, 21), False, True),
        # All hours are raised where three weeks had it, and its own where two had.
        ((14, 21), False, False),
        ((14, 21), True, True),
        ((21,), True, False),
    ],
)
def test_what_comes_every_week_raises_the_threshold(
    mondays: tuple[int, ...], by_hour: bool, is_raised: bool
) -> None:
    maxima = noise(28)
    maxima[list(mondays), 5] = 50.0
    levels, usual = known(threshold_of(maxima, by_hour=by_hour).at(28))
    # Day 28 is a Monday. Of 28 days, 2.698 * (1 + 5 / 28) spreads, of which 0.6 beyond what comes
    # again: at its own hour up to a quarter higher than it was.
    distance = 3.180 * usual.spread
    again = usual.hour + 1.25 * (50 - usual.hour) if by_hour else 50
    expected = again + 0.6 * distance if is_raised else usual.day + distance
    assert levels[0, 5] == pytest.approx(expected, rel=1e-3)
    beside = usual.day + distance if by_hour else expected
    assert levels[1, 5] == pytest.approx(beside, rel=1e-3)
    assert levels[0, 12] == pytest.approx(beside, rel=1e-3)
