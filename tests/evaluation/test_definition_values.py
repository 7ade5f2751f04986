"""An alarm's definition: what it refuses, how far it looks back, what a rule becomes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.definition import (
    AlarmDefinition,
    MetricKey,
    MetricStat,
    Query,
    WallClock,
    api_dimensions,
    definition_of,
)
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData, WarmUp
from tests.cloudwatch.test_alarm_rule import FAST, ratio, rule
from tests.evaluation.alarms import KEY, alarm, timing


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"watched": "x"}, "the watched id 'x' is none of the queries"),
        *(
            ({"period": period}, f"Period {period}: write 10, 20, 30 or a multiple of 60 seconds")
            for period in (-60, 0, 5, 15, 90)
        ),
        (
            {"evaluation_periods": 3, "datapoints_to_alarm": 4},
            "DatapointsToAlarm 4 of EvaluationPeriods 3: write 1 or more, and no more than are "
            "looked at",
        ),
        (
            {"datapoints_to_alarm": 0},
            "DatapointsToAlarm 0 of EvaluationPeriods 1: write 1 or more, and no more than are "
            "looked at",
        ),
        (
            {"evaluation_periods": 0},
            "DatapointsToAlarm None of EvaluationPeriods 0: write 1 or more, and no more than are "
            "looked at",
        ),
        (
            {"wall_clock": WallClock(), "period": 120},
            "Period 120: with a wall clock window write 60, 300, 3600, 86400, 604800 seconds",
        ),
        ({"threshold": float("nan")}, "Threshold nan: write a finite number"),
    ],
)
def test_what_cloudwatch_would_refuse(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        alarm(**fields)
    assert str(error.value) == message


@pytest.mark.parametrize("period", [10, 20, 30, 60, 120, 86_400])
def test_periods_that_cloudwatch_takes(period: int) -> None:
    assert alarm(period=period).period == period


@pytest.mark.parametrize("name", ["Mars/Base", "", "+5:30", "CET+01:00", "../etc"])
def test_what_is_no_time_zone(name: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        WallClock(name)
    assert str(error.value) == (
        f"Timezone {name!r}: write an IANA name such as Europe/Berlin, or an offset such as +05:30"
    )


@pytest.mark.parametrize(
    ("zone", "period", "time", "begun"),
    [
        ("GMT-03:30", 3600, "2024-11-24T10:29:59", "2024-11-24T09:30:00"),
        ("GMT+0530", 86_400, "2024-11-24T18:29:59", "2024-11-23T18:30:00"),
        ("UTC", 86_400, "2024-11-24T10:59:37", "2024-11-24T00:00:00"),
        ("UTC", 300, "2024-11-24T10:59:37", "2024-11-24T10:55:00"),
        ("Europe/Berlin", 604_800, "2024-11-24T22:59:59", "2024-11-17T23:00:00"),
        ("Europe/Berlin", 604_800, "2024-11-24T23:00:00", "2024-11-24T23:00:00"),
        # Havana's clocks went back from one to midnight on 2024-11-03, which has two midnights.
        ("America/Havana", 86_400, "2024-11-03T05:30:00", "2024-11-03T04:00:00"),
    ],
)
def test_when_a_period_by_the_clock_began(zone: str, period: int, time: str, begun: str) -> None:
    at = [int(datetime.fromisoformat(f"{text}+00:00").timestamp()) for text in (time, begun)]
    assert WallClock(zone).begun(period, at[0]) == at[1]


@pytest.mark.parametrize(
    ("fields", "looked_at", "lookback"),
    [
        # Two periods more than N.
        ({}, 5, 5 * 60),
        ({"period": 300}, 5, 5 * 300),
        ({"known_timing": timing(4, 0)}, 7, 7 * 60),
        # What cannot have arrived is passed over: two whole minutes, but no whole five.
        ({"known_timing": timing(4, 120)}, 7, 9 * 60),
        ({"known_timing": timing(4, 120), "period": 300}, 7, 7 * 300),
        # By the clock one period has begun, and a day may have an hour more.
        ({"wall_clock": WallClock()}, 3, 5 * 60),
        ({"wall_clock": WallClock(), "known_timing": timing(4, 60)}, 3, 6 * 60),
    ],
)
def test_how_far_back_an_alarm_looks(fields: dict[str, Any], looked_at: int, lookback: int) -> None:
    found = alarm(evaluation_periods=3, **fields)
    assert (found.evaluation_range, found.lookback) == (looked_at, lookback)


def test_a_metric_that_is_read_twice_is_one() -> None:
    other = MetricKey(namespace="Shop", name="Visits", dimensions=frozenset({("Page", "a")}))
    found = alarm(
        queries=(
            Query(id="e", source="m1 + m2 + m3"),
            Query(id="m3", source=MetricStat(metric=other, statistic="Sum")),
            *(Query(id=id_, source=MetricStat(metric=KEY, statistic="p9")) for id_ in ("m1", "m2")),
        ),
        watched="e",
    )
    assert found.metrics == (other, KEY)
    assert found.signal == "m1 + m2 + m3"
    assert replace(found, watched="m3").signal == MetricStat(metric=other, statistic="Sum")


def test_dimensions_are_in_the_order_of_their_names() -> None:
    assert api_dimensions({("b", "1"), ("a", "2")}) == [
        {"Name": "a", "Value": "2"},
        {"Name": "b", "Value": "1"},
    ]


def test_a_rule_on_one_metric_becomes_an_alarm() -> None:
    latency = Metric(namespace="AWS/ALB", name="Time", dimensions={"A": "b"}, statistic="p99")
    given = rule(
        name="",
        signal=latency,
        threshold=80,
        evaluation_periods=5,
        treat_missing_data=MissingData.BREACHING,
        low_samples=LowSamples.IGNORE,
        warm_up=WarmUp(900),
    )
    key = MetricKey(namespace="AWS/ALB", name="Time", dimensions=frozenset({("A", "b")}))
    assert definition_of(given) == AlarmDefinition(
        name="ecs.cpu-high@web",
        description="CPU high: service web is short of CPU. Runbook: docs/runbooks.md#ecscpu-high",
        queries=(Query(id="m1", source=MetricStat(metric=key, statistic="p99")),),
        watched="m1",
        period=300,
        comparison=Comparison.AT_LEAST,
        threshold=80.0,
        evaluation_periods=5,
        datapoints_to_alarm=5,
        treat_missing_data=MissingData.BREACHING,
        low_samples=LowSamples.IGNORE,
        warm_up=WarmUp(900),
    )


def test_a_rule_on_metric_math_becomes_an_alarm() -> None:
    given = rule(
        signal=ratio(FAST, FAST),
        low_samples=LowSamples.IGNORE,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        runbook="",
    )
    queue = MetricStat(metric=MetricKey(namespace="Django/API", name="Queue"), statistic="Sum")
    assert definition_of(given) == AlarmDefinition(
        name="shop-prod-ecs-web-cpu-high",
        description="CPU high: service web is short of CPU.",
        queries=(
            Query(id="a", source=queue),
            Query(id="b", source=queue),
            Query(id="r", source="a / b"),
        ),
        watched="r",
        period=300,
        comparison=Comparison.AT_LEAST,
        threshold=80.0,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        # For a percentile of a single metric alone.
        low_samples=LowSamples.EVALUATE,
    )
