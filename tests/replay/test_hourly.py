"""Thresholds that differ by hour: what the walk takes an alarm to do is what its replay does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.by_hour import exceptions, expressions
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.metric_math.syntax import parse
from ecs_monitoring.cloudwatch.rule import Comparison
from replay.by_hour import rounded, table_of
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import Floats, MetricHistory
from replay.hourly import HOURS, WEEK, HourlyLevels
from replay.hours import Hours, column_medians, median
from replay.outcome import replay
from tests.replay.alarms import MONDAY

KEY = MetricKey(namespace="Test", name="values")


def random_table(random: np.random.Generator) -> Floats:
    """A threshold for each hour, and some that are farther on one day of the week."""
    table = np.tile(random.uniform(1, 6, HOURS), (WEEK, 1))
    for _ in range(3):
        table[random.integers(WEEK), random.integers(HOURS)] = random.uniform(6, 9)
    return rounded(table)


@pytest.mark.parametrize("period", [60, 300, 900])
@pytest.mark.parametrize("comparison", [Comparison.AT_LEAST, Comparison.AT_MOST])
@pytest.mark.parametrize("share", [1.0, 0.8])
@pytest.mark.parametrize("is_sparse", [False, True])
def test_levels_say_what_the_alarm_does(
    period: int, comparison: Comparison, share: float, is_sparse: bool
) -> None:
    random = np.random.default_rng(period)
    # Over a midnight from Sunday to Monday, when days and weeks change.
    start, count = MONDAY - 6 * 3600, 12 * 3600 // period
    values = random.integers(0, 14, count).astype(np.float64)
    kept = random.random(count) < share
    times = start + period * np.arange(count)
    history = {KEY: MetricHistory.of_values(times[kept], values[kept], resolution=period)}
    watched = WatchedMetric(metric=KEY, statistic="Average", period=period, is_sparse=is_sparse)
    table = random_table(random)
    alarm = watched.definition(DetectorKind.RECENT, comparison, 0.0, table_of(table))
    first, last = start + alarm.lookback, start + period * count

    levels = HourlyLevels.of_alarm(
        watched.definition(DetectorKind.RECENT, comparison, 0.0), history, first, last
    )
    assert levels.has_hours
    on = levels.shares(table, slice(None), MONDAY) >= 1

    outcome = replay(alarm, history, first, last, before=AlarmState.OK)
    began = on & ~np.concatenate((np.zeros(1, dtype=np.bool_), on[:-1]))
    assert outcome.firings == tuple(levels.times[began].tolist())
    assert len(outcome.firings) > 0
    assert outcome.seconds_in_alarm == 60 * np.count_nonzero(on)


def test_one_hour_of_the_week_may_have_a_threshold_of_its_own() -> None:
    table = np.full((WEEK, HOURS), 5.0)
    table[0, 1] = 9.0
    # 8 more than the mean of 62 minutes with an 8 more in them: 7.9, on Sunday and on Monday.
    minutes = np.arange(6 * 60)
    values = np.where((minutes + 30) % 120 < 3, 18.0, 10.0)
    start = MONDAY - 2 * 3600 - 1800
    history = {KEY: MetricHistory.of_values(start + 60 * minutes, values)}
    watched = WatchedMetric(metric=KEY, statistic="Average", period=60)
    alarm = watched.definition(DetectorKind.RECENT, Comparison.AT_LEAST, 0.0, table_of(table))
    found = replay(alarm, history, start + 3720, start + 6 * 3600, before=AlarmState.OK)
    # Three minutes of 18 from 23:00 on, from 01:00 on, where 9 is asked for, and from 03:00 on.
    assert [time - MONDAY for time in found.firings] == [-3600 + 180, 3 * 3600 + 180]


@settings(max_examples=100)
@given(seed=st.integers(0, 10_000), low=st.floats(1e-9, 1e9))
def test_rounding_keeps_or_raises_by_a_quarter_at_most(seed: int, low: float) -> None:
    table = low * np.random.default_rng(seed).uniform(1, 100, (WEEK, 1)) * np.ones(HOURS)
    found = rounded(table)
    assert (found >= table * (1 - 1e-6)).all()
    assert (found <= table * 1.25).all()


@pytest.mark.parametrize("seed", range(5))
def test_thresholds_are_no_more_than_an_alarm_takes(seed: int) -> None:
    random = np.random.default_rng(seed)
    table = table_of(rounded(random.uniform(0.0001, 0.0009, (WEEK, HOURS))))
    # As many exceptions as these would be: the same on all days instead.
    assert not list(exceptions(table))
    few = np.tile(random.uniform(1e5, 9e5, HOURS), (WEEK, 1))
    few[random.integers(WEEK, size=24), random.integers(HOURS, size=24)] *= 10
    texts = expressions(table_of(rounded(few)), "m1")
    assert len(texts) <= 6
    for name, text in texts.items():
        parse(text)
        assert len(text) <= 1024, name


def test_what_is_known_at_midnight_is_what_had_been_evaluated() -> None:
    """A datapoint of 23:59 goes on being looked at; the day that it belongs to is over."""
    minutes = 2 * 24 * 60
    times = MONDAY + 60 * np.arange(1, minutes + 1)
    starts = times - 60
    newest, older = np.zeros(minutes), np.zeros(minutes)
    late = 24 * 60 + 5
    older[late] = 9.0
    levels = HourlyLevels(times, starts, (newest,), (older,), 60)
    hours = Hours.of(levels)
    assert hours.maxima[0, 23] == 9.0
    assert hours.rows(0, 1)[0, 23] == 0.0
    assert hours.rows(0, 2)[0, 23] == 9.0
    assert hours.near(0, 1)[0, 22] == 0.0


def test_what_came_a_week_ago_is_expected_on_that_day_alone() -> None:
    maxima = np.ones((15, HOURS))
    maxima[[1, 8], 5] = 20.0
    hours = Hours(MONDAY, maxima, maxima[:, -1].copy())
    again = hours.again(15, np.ones(HOURS), np.zeros(HOURS), 2)
    # Day 15 is of the same weekday as 1 and 8; an hour to both sides counts.
    assert again[0, [3, 4, 5, 6, 7]].tolist() == [1.0, 20.0, 20.0, 20.0, 1.0]
    assert (again[1:] == 1.0).all()


def test_three_days_in_a_row_are_expected_on_every_day() -> None:
    maxima = np.ones((5, HOURS))
    maxima[2:5, 5] = [20.0, 22.0, 21.0]
    again = Hours(MONDAY, maxima, maxima[:, -1].copy()).again(5, np.ones(HOURS), np.zeros(HOURS), 3)
    assert (again[:, 5] == 22.0).all()
    maxima[3, 5] = 40.0
    # What is of different heights is not the same thing.
    again = Hours(MONDAY, maxima, maxima[:, -1].copy()).again(5, np.ones(HOURS), np.zeros(HOURS), 3)
    assert (again[:, 5] < 20.0).all()


def test_noise_makes_the_same_thing_a_little_higher_or_lower() -> None:
    maxima = np.ones((5, HOURS))
    # 3 above usual, 3.5 and 5: a quarter more than the least is 3.75, and 1.25 is left to noise.
    maxima[2:5, 5] = [4.0, 4.5, 6.0]
    hours = Hours(MONDAY, maxima, maxima[:, -1].copy())
    for noise, expected in ((1.2, -np.inf), (1.3, 6.0)):
        again = hours.again(5, np.ones(HOURS), np.full(HOURS, noise), 3)
        assert (again[:, 5] == expected).all()


def test_the_median_of_each_column_is_that_of_what_is_known_of_it() -> None:
    random = np.random.default_rng(7)
    for days in range(1, 9):
        rows = np.where(
            random.random((days, HOURS)) < 0.6, random.normal(0, 1, (days, HOURS)), -np.inf
        )
        assert column_medians(rows).tolist() == [median(column) for column in rows.T]


@pytest.mark.parametrize(("period", "share"), [(60, 900 / (62 * 60)), (300, 900 / (14 * 300))])
def test_the_share_that_shows_is_what_is_newest_of_the_range(period: int, share: float) -> None:
    # An hour and the two periods more that an evaluation looks at.
    watched = WatchedMetric(metric=KEY, statistic="Average", period=period)
    assert watched.newest_share == share
