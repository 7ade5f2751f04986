"""Periods by the clock on a wall, and alarms that wait for their first data.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
"""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import WallClock
from ecs_monitoring.cloudwatch.evaluation import Basis, Series, timeline
from ecs_monitoring.cloudwatch.evaluation.signal import periods_of
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData, WarmUp
from replay.history import MetricHistory
from replay.outcome import replay
from tests.evaluation.alarms import ALARM, KEY, NO_DATA, OK, START, alarm, evaluated, minutes

BERLIN: Final = ZoneInfo("Europe/Berlin")


def at(text: str, zone: str = "+00:00") -> int:
    return int(datetime.fromisoformat(f"{text}{zone}").timestamp())


@pytest.mark.parametrize(
    ("zone", "period", "time", "begun"),
    [
        ("UTC", 3600, "2024-11-24T10:59:59", "2024-11-24T10:00:00"),
        ("UTC", 3600, "2024-11-24T11:00:00", "2024-11-24T11:00:00"),
        # Half past by UTC is the top of the hour there.
        ("+05:30", 3600, "2024-11-24T10:59:00", "2024-11-24T10:30:00"),
        ("UTC+05:30", 3600, "2024-11-24T10:29:00", "2024-11-24T09:30:00"),
        ("-03:00", 86_400, "2024-11-24T02:00:00", "2024-11-23T03:00:00"),
        ("Europe/Berlin", 86_400, "2024-11-24T10:00:00", "2024-11-23T23:00:00"),
        # 2024-11-24 was a Sunday: the week began on Monday, the 18th.
        ("UTC", 604_800, "2024-11-24T10:00:00", "2024-11-18T00:00:00"),
    ],
)
def test_periods_begin_where_the_clock_says_so(
    zone: str, period: int, time: str, begun: str
) -> None:
    assert WallClock(zone).begun(period, at(time)) == at(begun)


def test_a_day_may_have_25_hours() -> None:
    # Berlin's clocks went back on 2024-10-27.
    definition = alarm(wall_clock=WallClock("Europe/Berlin"), period=86_400, evaluation_periods=2)
    periods = periods_of(definition, at("2024-10-28T12:00:00"))
    assert periods == (
        (at("2024-10-25T22:00:00"), at("2024-10-26T22:00:00")),
        (at("2024-10-26T22:00:00"), at("2024-10-27T23:00:00")),
    )
    assert periods[1][1] - periods[1][0] == 25 * 3600


def test_a_datapoint_counts_once_its_period_is_over() -> None:
    # Errors at 10:07, in the five minutes from 10:05 on: a sliding window has them at 10:08.
    values = [0.0] * 7 + [20.0] + [0.0] * 7
    sliding = evaluated(alarm(period=300), values, state=OK)
    by_clock = evaluated(alarm(period=300, wall_clock=WallClock()), values, state=OK)
    on = [
        [(e.time - START) // 60 for e in found if e.state is ALARM] for found in (sliding, by_clock)
    ]
    assert on == [[8, 9, 10, 11, 12], [10, 11, 12, 13, 14]]


def test_the_range_is_exactly_the_periods() -> None:
    # Nothing in the last five minutes: a sliding alarm would look further back.
    values = [20.0] * 5 + [None] * 6
    fields: dict[str, Any] = {"period": 300, "treat_missing_data": MissingData.NOT_BREACHING}
    assert evaluated(alarm(**fields), values)[-1].state is ALARM
    assert evaluated(alarm(wall_clock=WallClock(), **fields), values)[-1].state is OK


def test_the_replay_does_the_same() -> None:
    definition = alarm(period=300, wall_clock=WallClock("+05:30"), comparison=Comparison.AT_LEAST)
    values = [float(minute * 7 % 13) for minute in range(120)]
    times = [START + 60 * minute for minute in range(120)]
    history = MetricHistory.of_values(times, values, resolution=60)
    found = replay(definition, {KEY: history}, START, START + 7200)
    expected = timeline(definition, {KEY: minutes(values)}, START, START + 7200)
    assert [c.time for c in found.changes] == [e.time for e in expected if e.changed]


def warming(**fields: bool) -> list[AlarmState]:
    """The first ten minutes of an alarm of two periods; its metric is there from minute 3 on."""
    definition = alarm(
        evaluation_periods=2,
        treat_missing_data=MissingData.BREACHING,
        warm_up=WarmUp(8 * 60, **fields),
    )
    series = {KEY: Series.of((START + 60 * minute, 20.0) for minute in range(3, 12))}
    found = timeline(definition, series, START + 60, START + 600, created=START)
    return [evaluation.state for evaluation in found]


def test_a_new_alarm_waits_until_its_window_is_filled() -> None:
    # Minutes 3 and 4 are there at minute 5.
    assert warming() == [NO_DATA] * 4 + [ALARM] * 6


def test_a_new_alarm_may_wait_all_the_time() -> None:
    assert warming(is_whole=True) == [NO_DATA] * 7 + [ALARM] * 3


@pytest.mark.parametrize(
    ("evaluation_periods", "ends"),
    # Data are there from minute 3 on: the first minute of them, or all three of the window.
    [(1, 4), (3, 6)],
)
def test_a_window_that_is_filled_is_that_of_the_evaluation_periods(
    evaluation_periods: int, ends: int
) -> None:
    definition = alarm(evaluation_periods=evaluation_periods, warm_up=WarmUp(3600))
    series = {KEY: Series.of((START + 60 * minute, 20.0) for minute in range(3, 12))}
    found = timeline(definition, series, START + 60, START + 600, created=START)
    assert [one.decision.basis for one in found] == [
        *[Basis.WARM_UP] * (ends - 1),
        *[Basis.DATA] * (11 - ends),
    ]


def test_a_new_alarm_without_a_warm_up_does_not_wait() -> None:
    definition = alarm(treat_missing_data=MissingData.BREACHING)
    assert next(timeline(definition, {}, START, START, created=START)).state is ALARM


def test_an_old_alarm_does_not_wait() -> None:
    definition = alarm(warm_up=WarmUp(600), treat_missing_data=MissingData.BREACHING)
    assert next(timeline(definition, {}, START, START)).state is ALARM
