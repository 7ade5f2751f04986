"""What is wrong with a rule: thresholds, periods, windows and lengths."""

import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, NoThreshold, Severity
from ecs_monitoring.cloudwatch.rule_problems import rule_problems
from ecs_monitoring.cloudwatch.units import Unit

DAY = 86_400
WEEK = 604_800

CPU = Metric(namespace="AWS/ECS", name="CPUUtilization", statistic="Average")
FAST = Metric(namespace="Django/API", name="Queue", statistic="Sum", high_resolution=True)
SLOW = Metric(namespace="Django/API", name="Requests", statistic="Sum")


def ratio(above: Metric, below: Metric) -> MetricMath:
    return MetricMath(
        queries=(
            MetricQuery(id="a", source=above),
            MetricQuery(id="b", source=below),
            MetricQuery(id="r", source="a / b"),
        ),
        returned="r",
    )


def rule(**changes: Any) -> AlarmRule:
    fields: Mapping[str, Any] = {
        "key": "ecs.cpu-high",
        "target": "web",
        "name": "shop-prod-ecs-web-cpu-high",
        "title": "CPU high",
        "meaning": "service web is short of CPU.",
        "severity": Severity.WARNING,
        "signal": CPU,
        "comparison": Comparison.AT_LEAST,
        "threshold": 80.0,
        "unit": Unit.PERCENT,
        "period": 300,
        "evaluation_periods": 1,
        "treat_missing_data": MissingData.MISSING,
        "runbook": "docs/runbooks.md#ecscpu-high",
        "lowest": 0.0,
        "highest": 100.0,
    }
    return AlarmRule(**{**fields, **changes})


def faults(**changes: Any) -> list[str]:
    """The fields that are at fault, in the order in which they are reported."""
    return [problem.field for problem in rule_problems(rule(**changes))]


NEVER, ALWAYS = "could never fire", "would always be on"


@pytest.mark.parametrize(
    ("comparison", "threshold", "words"),
    [
        (Comparison.AT_LEAST, 100.1, (NEVER, "at most 100 %", "write 100 % or less")),
        (Comparison.ABOVE, 100, (NEVER, "at most 100 %", "write less than 100 %")),
        (Comparison.BELOW, 0, (NEVER, "at least 0 %", "write more than 0 %")),
        (Comparison.AT_MOST, -0.1, (NEVER, "at least 0 %", "write 0 % or more")),
        (Comparison.AT_LEAST, 0, (ALWAYS, "at least 0 %", "write more than 0 %")),
        (Comparison.ABOVE, -0.1, (ALWAYS, "at least 0 %", "write 0 % or more")),
        (Comparison.BELOW, 100.1, (ALWAYS, "at most 100 %", "write 100 % or less")),
        (Comparison.AT_MOST, 100, (ALWAYS, "at most 100 %", "write less than 100 %")),
    ],
)
def test_a_threshold_with_one_side_alone(
    comparison: Comparison, threshold: float, words: tuple[str, ...]
) -> None:
    (problem,) = rule_problems(rule(comparison=comparison, threshold=threshold))
    assert problem.field == "threshold"
    assert all(word in problem.message for word in words)


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("threshold", [0.0, 50.0, 100.0])
def test_what_the_message_offers_is_taken(comparison: Comparison, threshold: float) -> None:
    # The last threshold with two sides: 0 or 100 itself where the message says "or", else beside.
    inclusive = {
        Comparison.AT_LEAST: (50.0, 100.0),
        Comparison.ABOVE: (0.0, 50.0),
        Comparison.BELOW: (50.0, 100.0),
        Comparison.AT_MOST: (0.0, 50.0),
    }[comparison]
    problems = list(rule_problems(rule(comparison=comparison, threshold=threshold)))
    assert (problems == []) == (threshold in inclusive)


def test_a_count_that_is_never_published_as_zero_rests_in_silence() -> None:
    counted = {"unit": Unit.COUNT, "lowest": 1.0, "highest": float("inf"), "threshold": 1.0}
    assert faults(**counted) == []
    assert faults(**counted, treat_missing_data=MissingData.NOT_BREACHING) == []
    # Where silence is a breach, the alarm is on while nothing is wrong, whatever the threshold.
    for threshold in (1.0, 5.0):
        alarm = {**counted, "threshold": threshold, "treat_missing_data": MissingData.BREACHING}
        assert faults(**alarm) == ["treat_missing_data"]
    assert faults(**{**counted, "threshold": 0.0}) == ["threshold"]
    # Fewer than one is never published.
    assert faults(**counted, comparison=Comparison.BELOW) == ["threshold"]


@pytest.mark.parametrize("threshold", [float("nan"), float("inf"), float("-inf")])
def test_a_threshold_is_a_finite_number(threshold: float) -> None:
    (problem,) = rule_problems(rule(threshold=threshold))
    assert "finite" in problem.message


def test_an_underivable_threshold_is_reported_where_it_comes_from() -> None:
    unknown = NoThreshold("instance_class", "db.x9.huge", "unknown class")
    (problem,) = rule_problems(rule(threshold=unknown))
    assert (problem.field, problem.value) == ("instance_class", "db.x9.huge")
    assert problem.message == "unknown class"


@pytest.mark.parametrize(
    ("signal", "period", "ok"),
    [
        # "Valid values are 10, 20, 30, and any multiple of 60":
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        (CPU, 60, True),
        (CPU, 300, True),
        (CPU, 3600, True),
        (CPU, 90, False),
        (CPU, 61, False),
        (CPU, 59, False),
        (CPU, 1, False),
        (CPU, 0, False),
        (CPU, -60, False),
        # "Be sure to specify 10, 20, or 30 only for metrics that are stored by a PutMetricData
        # call with a StorageResolution of 1" (same page).
        (CPU, 10, False),
        (SLOW, 30, False),
        (FAST, 10, True),
        (FAST, 20, True),
        (FAST, 30, True),
        (FAST, 60, True),
        (FAST, 5, False),
        (FAST, 40, False),
        (ratio(FAST, FAST), 10, True),
        (ratio(FAST, SLOW), 10, False),
        # "Period: Maximum value is one day (86,400 seconds). This quota cannot be changed.":
        # https://github.com/awsdocs/amazon-cloudwatch-user-guide/blob/011761933cd4cd49cfbe64fca4ad93c7eda2dbd6/doc_source/cloudwatch_limits.md
        (CPU, DAY, True),
        (CPU, DAY + 60, False),
        (CPU, 2 * DAY, False),
    ],
)
def test_periods(signal: Metric | MetricMath, period: int, ok: bool) -> None:
    assert faults(signal=signal, period=period) == ([] if ok else ["period"])


def test_a_high_resolution_period_is_advised_against_where_there_is_no_such_data() -> None:
    (problem,) = rule_problems(rule(period=10))
    assert "AWS/ECS" in problem.message
    assert "multiple of 60" in problem.message


# "Period multiplied by EvaluationPeriods can't be more than 604,800 seconds. For alarms with a
# period of less than one hour (3,600 seconds), the total evaluation period can't be longer than
# one day (86,400 seconds).":
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
@pytest.mark.parametrize(
    ("period", "periods", "ok"),
    [
        (60, 1440, True),
        (60, 1441, False),
        (300, 288, True),
        (300, 289, False),
        # 25 x 3540 = 88,500: over a day, and the period is a minute under an hour.
        (3540, 25, False),
        (3600, 25, True),
        (3600, 168, True),
        (3600, 169, False),
        (DAY, 7, True),
        (DAY, 8, False),
    ],
)
def test_windows(period: int, periods: int, ok: bool) -> None:
    expected = [] if ok else ["evaluation_periods"]
    assert faults(period=period, evaluation_periods=periods) == expected


def test_a_window_that_is_too_long_says_how_many_periods_fit() -> None:
    (problem,) = rule_problems(rule(period=300, evaluation_periods=500))
    assert "150,000 s" in problem.message
    assert "at most 288 " in problem.message


@pytest.mark.slow
@given(st.integers(1, 1440).map(lambda n: n * 60), st.integers(1, 20_000))
def test_the_longest_window_is_a_day_or_a_week(period: int, periods: int) -> None:
    longest = WEEK if period >= 3600 else DAY
    reported = "evaluation_periods" in faults(period=period, evaluation_periods=periods)
    assert reported == (period * periods > longest)


@pytest.mark.parametrize(
    ("datapoints", "periods", "expected"),
    [
        (None, 5, []),
        (1, 5, []),
        (5, 5, []),
        (6, 5, ["datapoints_to_alarm"]),
        (0, 5, ["datapoints_to_alarm"]),
        (-1, 5, ["datapoints_to_alarm"]),
        (None, 0, ["evaluation_periods"]),
        (None, -3, ["evaluation_periods"]),
    ],
)
def test_m_of_n(datapoints: int | None, periods: int, expected: list[str]) -> None:
    assert faults(evaluation_periods=periods, datapoints_to_alarm=datapoints) == expected


@pytest.mark.parametrize(
    ("length", "expected"), [(0, ["name"]), (1, []), (255, []), (256, ["name"])]
)
def test_names_have_1_to_255_characters(length: int, expected: list[str]) -> None:
    assert faults(name="n" * length) == expected


@pytest.mark.parametrize("name", ["shop\nprod", "shop\x00", "shop\x7f"])
def test_names_have_no_control_characters(name: str) -> None:
    # "The name must contain only UTF-8 characters, and can't contain ASCII control characters":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    assert faults(name=name) == ["name"]


# "CPU high" + ": " + "m." + " Runbook: " are 22 characters.
@pytest.mark.parametrize(("length", "expected"), [(1002, []), (1003, ["runbook"])])
def test_descriptions_have_at_most_1024_characters(length: int, expected: list[str]) -> None:
    assert faults(meaning="m.", runbook="r" * length) == expected


def test_a_description_that_the_meaning_makes_too_long_does_not_blame_a_short_link() -> None:
    (problem,) = rule_problems(rule(meaning="m" * 1024))
    assert problem.field == "meaning"
    assert "link" not in problem.message


def test_every_fault_is_reported_at_once() -> None:
    found = faults(threshold=120.0, period=7, evaluation_periods=0, name="", runbook="r" * 1025)
    assert sorted(found) == ["evaluation_periods", "name", "period", "runbook", "threshold"]


def test_a_signal_that_never_has_a_value_is_said() -> None:
    # The logarithm of nothing but negative numbers, for example.
    (problem,) = rule_problems(rule(lowest=math.inf, highest=-math.inf))
    assert problem.field == "threshold"
    assert problem.message.startswith(
        "the alarm could never fire: CPUUtilization Average has never"
    )
