"""How far back evaluations look and how late data arrives: what each of them changes."""

from dataclasses import replace
from typing import Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.evaluation import summary, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.timing import BY_NAMESPACE, MULTI_DAY, STANDARD, Timing, timing_of
from replay.history import MetricHistory
from replay.outcome import replay
from tests.evaluation.alarms import ALARM, KEY, OK, START, alarm, minutes, states, timing

BALANCER: Final = MetricKey(namespace="AWS/ApplicationELB", name="HTTPCode_ELB_5XX_Count")


def errors_alarm(known_timing: Timing | None = None, **fields: object) -> AlarmDefinition:
    """A count of errors that has data only where there are any: 1 of 1 minutes."""
    return alarm(
        "Sum",
        comparison=Comparison.AT_LEAST,
        threshold=1.0,
        treat_missing_data=MissingData.NOT_BREACHING,
        known_timing=known_timing,
        **fields,
    )


@pytest.mark.parametrize(
    ("extra_periods", "delay", "firings"),
    [
        # Minutes 0, 4, 8 ...: the fourth minute after an error still sees it with N + 3, so that
        # the next error finds the alarm on.
        (2, 0, 15),
        (3, 0, 1),
        (4, 0, 1),
        (2, 120, 15),
    ],
)
def test_one_error_every_four_minutes_for_an_hour(
    extra_periods: int, delay: int, firings: int
) -> None:
    definition = errors_alarm(timing(extra_periods, delay))
    values = [1.0 if minute % 4 == 0 else None for minute in range(60)]
    found = summary(timeline(definition, {KEY: minutes(values)}, START, START + 3600 + 600))
    assert found is not None
    assert found.firings == firings
    known = [(START + 60 * at, value) for at, value in enumerate(values) if value is not None]
    history = MetricHistory.of_values([t for t, _ in known], [v for _, v in known], resolution=60)
    replayed = replay(definition, {KEY: history}, START, START + 3600 + 600)
    assert len(replayed.firings) == firings


def test_a_published_timeline_is_three_minutes_of_delay() -> None:
    # https://stackoverflow.com/a/64045238: errors from 17:18 to 17:20, ALARM at 17:22, OK at
    # 17:27. Here minute 0 is 17:18.
    values = [5.0, 5.0, 5.0, *[None] * 9]
    found = states(errors_alarm(timing(delay=180)), values)
    assert found.index(ALARM) + 1 == 4
    assert found.index(OK, 4) + 1 == 9


def test_late_data_moves_every_change_by_as_much() -> None:
    values = [0.0, 0.0, 20.0, 20.0, 0.0, *[0.0] * 10]
    at_once = states(alarm(), values, first=1, state=OK)
    late = states(alarm(known_timing=timing(delay=240)), values, first=1, state=OK)
    assert late[4:] == at_once[:-4]
    assert ALARM in late


def test_the_newest_period_holds_what_has_arrived() -> None:
    # Periods of five minutes, data two minutes late: at minute 7 the newest period, from minute
    # 2 on, has its minutes 2 to 4. The error of minute 4 is seen then, not at minute 10.
    values = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
    found = states(errors_alarm(timing(delay=120), period=300), values, first=5)
    assert found == [OK, OK, ALARM, ALARM]


def test_the_default_is_by_namespace_and_period() -> None:
    stat = MetricStat(metric=BALANCER, statistic="Sum")
    queries = (Query(id="m1", source=stat),)
    assert alarm().timing is STANDARD
    assert alarm(queries=queries).timing is BY_NAMESPACE["AWS/ApplicationELB"]
    assert timing_of(["AWS/ECS", "AWS/ApplicationELB"], 60, 1) is BY_NAMESPACE["AWS/ApplicationELB"]
    assert timing_of(["AWS/ApplicationELB"], 86_400, 2) is MULTI_DAY
    assert timing_of([], 60, 1) is STANDARD


def test_how_far_back_an_evaluation_looks_counts_what_cannot_have_arrived() -> None:
    assert alarm(evaluation_periods=3).evaluation_range == 5
    assert alarm(evaluation_periods=3).lookback == 300
    late = replace(alarm(evaluation_periods=3), known_timing=timing(delay=120))
    assert (late.evaluation_range, late.lookback) == (5, 420)


def test_a_moment_is_a_band() -> None:
    # Up to two minutes late, and evaluated within the minute.
    assert STANDARD.noticed(600) == (600, 780)
    late = Timing(extra_periods=2, delay=120, longest_delay=240, source="a test")
    assert late.noticed(600) == (480, 780)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"extra_periods": -1}, "extra_periods -1"),
        ({"delay": 90}, "delay 90: write whole minutes"),
        ({"delay": 300}, "longest_delay 240: write no less than the delay, 300"),
    ],
)
def test_impossible_timings_are_refused(fields: dict[str, int], message: str) -> None:
    given = {"extra_periods": 2, "delay": 0, "longest_delay": 240} | fields
    with pytest.raises(ValueError, match=message):
        Timing(source="a test", **given)
