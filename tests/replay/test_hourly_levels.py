"""An alarm's levels by the hour of the datapoints that make them, by hand."""

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import Floats
from replay.hourly import HOURS, WEEK, HourlyLevels
from tests.evaluation.alarms import KEY, START, timing
from tests.replay.alarms import DAY, HOUR, MONDAY, curve, histories
from tests.replay.test_whole_range import watching


def levels(starts: list[int], newest: list[list[float]], older: list[list[float]]) -> HourlyLevels:
    """Levels whose newest periods begin so many seconds after Monday; a list a rank."""
    begins = MONDAY + np.array(starts)
    columns = [tuple(np.array(of_rank) for of_rank in ranks) for ranks in (newest, older)]
    return HourlyLevels(begins + 60, begins, columns[0], columns[1], 60)


def table() -> Floats:
    """Two but for the first hour of the week, the last one, and five o'clock on Monday."""
    thresholds = np.full((WEEK, HOURS), 2.0)
    thresholds[0, 0], thresholds[6, 23], thresholds[0, 5] = 4.0, 8.0, 10.0
    return thresholds


@pytest.mark.parametrize(
    ("start", "newest", "older", "share"),
    [
        # The hour before the first one is the last hour of the week, for newest and for older.
        (-1, 16.0, 3.0, 2.0),
        (0, 4.0, 32.0, 4.0),
        (HOUR - 1, 6.0, 4.0, 1.5),
        (HOUR, 6.0, 4.0, 3.0),
        (HOUR, 1.0, 8.0, 2.0),
        (5 * HOUR, 10.0, 3.0, 1.5),
        (6 * HOUR, 1.0, 30.0, 3.0),
        (6 * HOUR, 8.0, 30.0, 4.0),
        # The next day, and the next week.
        (DAY, 6.0, 1.0, 3.0),
        (7 * DAY + 1800, 12.0, 1.0, 3.0),
        (7 * DAY + 1800, 1.0, 80.0, 10.0),
        (9 * DAY, -inf, -inf, -inf),
    ],
)
def test_each_level_is_held_against_the_threshold_of_its_hour(
    start: int, newest: float, older: float, share: float
) -> None:
    one = levels([start], [[newest]], [[older]])
    assert one.shares(table(), slice(None), MONDAY).tolist() == [share]
    assert one.highest(slice(None)).tolist() == [max(newest, older)]


def test_some_of_the_evaluations() -> None:
    one = levels([0, 60, HOUR], [[8.0, 12.0, 6.0]], [[0.0, 0.0, 0.0]])
    assert one.shares(table(), slice(1, 3), MONDAY).tolist() == [3.0, 3.0]
    assert one.shares(table(), slice(1, 3), MONDAY - HOUR).tolist() == [6.0, 3.0]
    assert one.highest(slice(1, 2)).tolist() == [12.0]


@pytest.mark.parametrize(
    ("newest", "older", "highest"),
    [
        ([9.0, 3.0], [7.0, 5.0], 7.0),
        ([9.0, 8.0], [7.0, 5.0], 8.0),
        ([3.0, 1.0], [7.0, 5.0], 5.0),
        ([3.0, -inf], [7.0, -inf], 3.0),
        ([3.0, -inf], [-inf, -inf], -inf),
        ([9.0, 3.0, 1.0], [7.0, 5.0, 4.0], 5.0),
        ([9.0, 8.0, 1.0], [7.0, 5.0, 4.0], 7.0),
        ([9.0, 8.0, 7.5], [7.0, 5.0, 4.0], 7.5),
        ([2.0, 1.0, 0.0], [7.0, 5.0, 4.0], 4.0),
    ],
)
def test_the_rank_is_that_among_both_hours(
    newest: list[float], older: list[float], highest: float
) -> None:
    one = levels([0], [[level] for level in newest], [[level] for level in older])
    assert one.highest(slice(None)).tolist() == [highest]
    # As shares of thresholds that are all the same.
    assert one.shares(np.full((WEEK, HOURS), 2.0), slice(None), MONDAY).tolist() == [highest / 2]


def test_of_a_curve_the_hours_are_not_told_apart() -> None:
    found = HourlyLevels.of_curve(curve([3.0, inf, -inf], start=START, interval=300))
    assert found.times.tolist() == [START + 300, START + 600, START + 900]
    assert found.starts.tolist() == [START, START + 300, START + 600]
    assert [column.tolist() for column in found.newest] == [[3.0, inf, -inf]]
    assert [column.tolist() for column in found.older] == [[-inf, -inf, -inf]]
    assert (found.interval, found.has_hours) == (300, False)


@pytest.mark.parametrize(
    ("period", "delay", "has_hours"),
    [
        (60, 0, True),
        (60, 120, True),
        # Of the newest period only a part has arrived.
        (300, 60, False),
        # The newest three periods begin within an hour, or not.
        (1200, 0, True),
        (1260, 0, False),
    ],
)
def test_hours_are_told_apart_where_two_hold_all_that_counts(
    period: int, delay: int, has_hours: bool
) -> None:
    watched = WatchedMetric(metric=KEY, statistic="Average", period=period)
    definition = replace(
        watched.definition(DetectorKind.RECENT, Comparison.AT_LEAST, 0.0),
        known_timing=timing(2, delay),
    )
    end = START + 15 * period
    of = histories([1.0] * 20, step=period)
    assert HourlyLevels.of_alarm(definition, of, end - HOUR, end).has_hours is has_hours


NONE = [-inf] * 4


# From 10:57 to 11:02; each evaluation holds three minutes less 1, of which the newest begin at
# 10:59, 11:00, 11:01 and 11:02.
@pytest.mark.parametrize(
    ("values", "fields", "newest", "older"),
    [
        (
            [5.0, 7.0, 9.0, 4.0, 6.0, 2.0],
            {"datapoints_to_alarm": 2},
            [[8.0, 3.0, 5.0, 5.0], [6.0, -inf, 3.0, 3.0]],
            [[-inf, 8.0, 8.0, -inf], [-inf, 6.0, -inf, -inf]],
        ),
        (
            [5.0, 7.0, None, 4.0, None, 2.0],
            {"datapoints_to_alarm": 1},
            [[6.0, 3.0, 3.0, 3.0]],
            [[-inf, 6.0, -inf, -inf]],
        ),
        (
            [5.0, 7.0, 9.0, 4.0, 6.0, 2.0],
            {"datapoints_to_alarm": 1, "comparison": Comparison.AT_MOST},
            [[-4.0, -3.0, -3.0, -1.0]],
            [[-inf, -6.0, -8.0, -inf]],
        ),
        # No more can breach than count.
        (
            [5.0, 7.0, 9.0, 4.0, 6.0, 2.0],
            {"datapoints_to_alarm": 4, "evaluation_periods": 5},
            [[8.0, 3.0, 5.0, 5.0], [6.0, -inf, 3.0, 3.0], [4.0, -inf, -inf, 1.0]],
            [[-inf, 8.0, 8.0, -inf], [-inf, 6.0, -inf, -inf], NONE],
        ),
    ],
)
@pytest.mark.parametrize("delay", [0, 120])
def test_levels_by_hand(
    values: list[float | None],
    fields: dict[str, Any],
    newest: list[list[float]],
    older: list[list[float]],
    delay: int,
) -> None:
    given: dict[str, Any] = {"evaluation_periods": 3, "known_timing": timing(2, delay)} | fields
    definition = watching(
        "(m1 - 1) * (EPOCH(m1) > MAX(EPOCH(m1)) - 180)",
        treat_missing_data=MissingData.NOT_BREACHING,
        **given,
    )
    of = histories(values, start=START + 57 * 60)
    first = START + HOUR + delay
    found = HourlyLevels.of_alarm(definition, of, first, first + 180)
    assert found.times.tolist() == [first, first + 60, first + 120, first + 180]
    assert (found.starts - START).tolist() == [3540, 3600, 3660, 3720]
    assert [column.tolist() for column in found.newest] == newest
    assert [column.tolist() for column in found.older] == older
    assert (found.interval, found.has_hours) == (60, True)
