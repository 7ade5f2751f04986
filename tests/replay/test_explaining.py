"""Sentences about what is suggested for a metric without an alarm."""

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit
from replay.adaptive_alarm import DailyThreshold
from replay.baseline import Baseline
from replay.by_hour import table_of
from replay.detectors import DetectorKind, WatchedMetric
from replay.explaining import expected, too_short, why, why_none
from replay.history import Floats
from replay.hourly import HOURS, WEEK
from replay.suggestion import Validation
from tests.evaluation.alarms import KEY, START
from tests.replay.alarms import DAY

METRIC = WatchedMetric(metric=KEY, statistic="Average", period=300)


def threshold(levels: Floats, usual_day: float) -> DailyThreshold:
    return DailyThreshold(
        levels,
        Baseline(hour=usual_day / 2, day=usual_day, spread=1.0, days=14),
        np.ones(HOURS),
        differs=bool((levels != levels[0, 0]).any()),
    )


def said(kind: DetectorKind, sign: int, of: DailyThreshold) -> str:
    comparison = Comparison.AT_LEAST if sign > 0 else Comparison.AT_MOST
    table = table_of(of.levels) if of.differs else None
    definition = METRIC.definition(kind, comparison, sign * of.lowest, table)
    return why(kind, definition, of, sign, Unit.PERCENT)


# A datapoint of five minutes keeps the alarm on for half an hour. The levels of an alarm on low
# values are negated.
@pytest.mark.parametrize(
    ("sign", "level", "usual_day", "says"),
    [
        (
            1,
            80.0,
            61.23456,
            ">= 80 %, held for 30 minutes: the highest value of a usual day is 61.23 %",
        ),
        (
            -1,
            -20.0,
            -35.0,
            "<= 20 %, held for 30 minutes: the lowest value of a usual day is 35 %",
        ),
    ],
)
def test_a_fixed_threshold(sign: int, level: float, usual_day: float, says: str) -> None:
    levels = np.full((WEEK, HOURS), level)
    assert said(DetectorKind.LEVEL, sign, threshold(levels, usual_day)) == says


@pytest.mark.parametrize(("sign", "side"), [(1, "above"), (-1, "below")])
def test_one_distance_from_the_recent_past(sign: int, side: str) -> None:
    # CloudWatch looks at two periods more than the twelve of an hour. One lasts three minutes.
    assert said(DetectorKind.RECENT, sign, threshold(np.full((WEEK, HOURS), 12.5), 9.0)) == (
        f"12.5 % or more {side} the mean of its own last 70 minutes, for 5 of them: the farthest "
        "of a usual day is 9 %"
    )


def test_a_distance_of_each_hour() -> None:
    levels = np.full((WEEK, HOURS), 10.0)
    levels[:, 6] = 22.0
    assert said(DetectorKind.RECENT, 1, threshold(levels, 9.0)) == (
        "10 % (at 00:00 UTC) to 22 % (at 06:00) or more above the mean of its own last 70 minutes, "
        "for 5 of them: farther than it usually goes at that hour"
    )


@pytest.mark.parametrize(
    ("end", "sign", "where"),
    [
        (100.0, 1, " below 100 %, the end of what it can be,"),
        (0.0, -1, " above 0 %, the end of what it can be,"),
        (None, 1, ""),
    ],
)
def test_why_nothing_is_suggested(end: float | None, sign: int, where: str) -> None:
    assert why_none(end, sign, Unit.PERCENT) == (
        f"no threshold{where} is beyond what is usual and pages less than once a day"
    )


def test_a_history_that_is_too_short() -> None:
    assert too_short(9.26) == (
        "9.3 days of history, and a suggestion needs 14, so that every day of the week has been "
        "seen twice"
    )


def walk(days: int, firings: int, *, caught: int = 0, incidents: int = 0) -> Validation:
    return Validation(
        start=START,
        end=START + days * DAY,
        thresholds=((START, 1.0),),
        firings=tuple(range(START, START + firings)),
        true_firings=0,
        caught=caught,
        incidents=incidents,
    )


# Gehrels' table 1: at 95 % at most 9.154 events where four were seen, and 4.744 where one was:
# https://doi.org/10.1086/164079
@pytest.mark.parametrize(
    ("judged", "says"),
    [
        (
            walk(60, 4),
            "what to expect, from 60 days that the thresholds had not seen: 2.0 pages a month, at "
            "most 4.6 at 95 %",
        ),
        (
            walk(1, 1, caught=2, incidents=3),
            "what to expect, from 1 day that the thresholds had not seen: 30.0 pages a month, at "
            "most 142.3 at 95 %; 2 of 3 incidents caught",
        ),
    ],
)
def test_what_to_expect(judged: Validation, says: str) -> None:
    assert expected(judged) == (says,)


@pytest.mark.parametrize("judged", [None, walk(0, 0)])
def test_of_no_judged_time_nothing_is_expected(judged: Validation | None) -> None:
    assert expected(judged) == ()
