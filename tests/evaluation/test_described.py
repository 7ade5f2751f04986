"""Alarms as DescribeAlarms answers them: every field, as little as there may be, and refusals."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from ecs_monitoring.cloudwatch.definition import (
    AlarmDefinition,
    MetricKey,
    MetricStat,
    Query,
    WallClock,
)
from ecs_monitoring.cloudwatch.described import (
    api_choice,
    api_field,
    composite_from_described,
    definition_from_described,
    metric_key,
    warm_up_from_api,
)
from ecs_monitoring.cloudwatch.described_fields import unknown_fields
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData, WarmUp
from tests.evaluation.test_definition import MATH, expression, query

LEAST: dict[str, Any] = {
    "AlarmName": "shop",
    "MetricName": "Orders",
    "Namespace": "Shop",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "LessThanThreshold",
}
ORDERS = MetricKey(namespace="Shop", name="Orders", dimensions=frozenset())


def stat(name: str, statistic: str = "Sum") -> MetricStat:
    return MetricStat(metric=MetricKey(namespace="Shop", name=name), statistic=statistic)


def test_an_alarm_that_says_as_little_as_it_may() -> None:
    assert definition_from_described(LEAST) == AlarmDefinition(
        name="shop",
        arn="",
        description="",
        actions_enabled=True,
        ok_actions=(),
        alarm_actions=(),
        insufficient_data_actions=(),
        queries=(Query(id="m1", source=MetricStat(metric=ORDERS, statistic="Sum")),),
        watched="m1",
        period=60,
        comparison=Comparison.BELOW,
        threshold=0.0,
        evaluation_periods=1,
        datapoints_to_alarm=None,
        treat_missing_data=MissingData.MISSING,
        low_samples=LowSamples.EVALUATE,
        unit="",
        wall_clock=None,
        warm_up=None,
        known_timing=None,
    )


def test_an_alarm_on_metric_math() -> None:
    given = MATH | {
        "Metrics": [
            {"Id": "rate", "Expression": "100 * bad / all", "ReturnData": False},
            query("bad", "Errors") | {"AccountId": "111111111111"},
            query("all", "Requests"),
            # What is not said is returned.
            {
                "Id": "slow",
                "MetricStat": {
                    "Metric": {"Namespace": "Shop", "MetricName": "Time"},
                    "Period": 60,
                    "Stat": "p99",
                    "Unit": "Seconds",
                },
            },
        ],
        "InsufficientDataActions": ["arn:insufficient"],
        "WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 5},
        "EvaluationWindow": {"WallClockWindow": None},
    }
    assert definition_from_described(given) == AlarmDefinition(
        name="shop-errors",
        insufficient_data_actions=("arn:insufficient",),
        queries=(
            Query(id="rate", source="100 * bad / all"),
            Query(id="bad", source=stat("Errors")),
            Query(id="all", source=stat("Requests")),
            Query(id="slow", source=stat("Time", "p99")),
        ),
        watched="slow",
        period=60,
        comparison=Comparison.ABOVE,
        threshold=5.0,
        evaluation_periods=1,
        unit="Seconds",
        wall_clock=WallClock("UTC"),
        warm_up=WarmUp(300, is_whole=False),
    )


def of_namespaces(*namespaces: str) -> list[dict[str, Any]]:
    made = [query(f"m{number}", f"M{number}") for number in range(len(namespaces))]
    for one, namespace in zip(made, namespaces, strict=True):
        one["MetricStat"]["Metric"]["Namespace"] = namespace
    return [*made, expression("m0 + 1")]


@pytest.mark.parametrize(
    ("namespaces", "treatment"),
    [
        # "Alarms that evaluate metrics in the AWS/DynamoDB namespace default to ignore missing
        # data": of all its metrics, that is.
        (["AWS/DynamoDB", "AWS/DynamoDB"], MissingData.IGNORE),
        (["AWS/DynamoDB", "Shop"], MissingData.MISSING),
        (["Shop"], MissingData.MISSING),
    ],
)
def test_the_treatment_that_is_not_said(namespaces: list[str], treatment: MissingData) -> None:
    found = definition_from_described(MATH | {"Metrics": of_namespaces(*namespaces)})
    assert found.treat_missing_data is treatment


@pytest.mark.parametrize(
    "text",
    [
        *(" select avg(x) from y", "SELECT SUM(x)", "1 +\nSEARCH ('x', 'Sum')", "MAX(SEARCH('x'))"),
        *("IF(m, 1,\nANOMALY_DETECTION_BAND (m))", "LAMBDA('x')", "1 + DB_PERF_INSIGHTS('x')"),
        *("INSIGHT_RULE_METRIC('x')", "2 *\nSERVICE_QUOTA (m)"),
    ],
)
def test_what_reads_other_things_than_metrics_is_refused(text: str) -> None:
    with pytest.raises(CannotEvaluateError, match=r"^alarm shop-errors: expression e1: "):
        definition_from_described(MATH | {"Metrics": [expression(text)]})


@pytest.mark.parametrize("text", ["SUM(METRICS('SELECT'))", "selected + 1", "RESEARCH + 1"])
def test_what_only_looks_like_it_is_read(text: str) -> None:
    assert definition_from_described(MATH | {"Metrics": [expression(text)]}).signal == text


@pytest.mark.parametrize(
    ("alarm", "message"),
    [
        (
            LEAST | {"Period": 3540, "EvaluationPeriods": 25},
            "Period 3540 x EvaluationPeriods 25 is 88,500 seconds: AWS takes no more than 86,400 "
            "where the period is under 3,600",
        ),
        (
            LEAST | {"Period": 3600, "EvaluationPeriods": 169},
            "Period 3600 x EvaluationPeriods 169 is 608,400 seconds: AWS takes no more than "
            "604,800",
        ),
        (LEAST | {"EvaluationPeriods": True}, "EvaluationPeriods True: not of the API's type"),
        (LEAST | {"Namespace": None}, "Namespace is missing"),
        (
            LEAST | {"ComparisonOperator": None},
            "ComparisonOperator None: only GreaterThanOrEqualToThreshold, GreaterThanThreshold, "
            "LessThanThreshold, LessThanOrEqualToThreshold can be evaluated",
        ),
        (
            LEAST | {"EvaluateLowSampleCountPercentile": "maybe"},
            "EvaluateLowSampleCountPercentile 'maybe': only evaluate, ignore can be evaluated",
        ),
        (
            LEAST | {"WarmUpConfiguration": {"OnlyStartEvaluatingAfterWarmUpPeriodEnds": True}},
            "WarmUpPeriodDurationInMinutes is missing",
        ),
        (
            LEAST | {"Metrics": [query("a", "X"), query("b", "Y")]},
            "exactly one of Metrics must have ReturnData",
        ),
        (
            LEAST
            | {"Metrics": [query("a", "X") | {"AccountId": "1"}, query("b", "X"), expression("a")]},
            "AccountId: X is read from several accounts, and a history says of no value which one "
            "it is of",
        ),
        (
            LEAST | {"Metrics": [query("a", "X", 300), query("b", "X", 60), expression("a")]},
            "Metrics have the periods 60, 300: only metrics of one period can be evaluated "
            "together",
        ),
        (
            LEAST | {"ScheduledQueryConfiguration": {"x": 1}},
            "ScheduledQueryConfiguration: a log alarm: only the results of its query can be "
            "evaluated",
        ),
    ],
)
def test_what_cannot_be_evaluated(alarm: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        definition_from_described(alarm)
    assert str(error.value) == f"alarm shop: {message}"


def test_an_alarm_without_a_name_is_told_all_the_same() -> None:
    with pytest.raises(CannotEvaluateError) as error:
        definition_from_described({})
    assert str(error.value) == "alarm ?: ExtendedStatistic is missing"


@pytest.mark.parametrize(("period", "periods"), [(60, 1440), (3600, 168), (86_400, 7)])
def test_the_longest_windows_are_taken(period: int, periods: int) -> None:
    found = definition_from_described(LEAST | {"Period": period, "EvaluationPeriods": periods})
    assert (found.period, found.evaluation_periods) == (period, periods)


def test_a_metric_of_one_account_may_be_read_twice() -> None:
    metrics = [query("a", "X") | {"AccountId": "1"}, query("b", "X") | {"AccountId": "1"}]
    found = definition_from_described(MATH | {"Metrics": [*metrics, expression("a + b")]})
    assert found.metrics == (MetricKey(namespace="Shop", name="X"),)


def test_a_composite_alarm() -> None:
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"
    given = {
        "AlarmName": "symptom",
        "AlarmArn": f"{arn}symptom",
        "AlarmDescription": "All is slow.",
        "ActionsEnabled": False,
        "OKActions": ["arn:ok"],
        "AlarmActions": ["arn:page"],
        "InsufficientDataActions": ["arn:none"],
        "AlarmRule": f"ALARM(a) OR ALARM({arn}b) OR OK(a)",
        "ActionsSuppressor": f"{arn}cause",
        "ActionsSuppressorWaitPeriod": 120,
        "ActionsSuppressorExtensionPeriod": 180,
    }
    found = composite_from_described(given)
    assert found == CompositeDefinition(
        name="symptom",
        arn=f"{arn}symptom",
        description="All is slow.",
        actions_enabled=False,
        ok_actions=("arn:ok",),
        alarm_actions=("arn:page",),
        insufficient_data_actions=("arn:none",),
        text=f"ALARM(a) OR ALARM({arn}b) OR OK(a)",
        rule=CompositeRule.parse(f"ALARM(a) OR ALARM({arn}b) OR OK(a)"),
        suppressor=f"{arn}cause",
        wait_period=120,
        extension_period=180,
    )
    assert found.children == ("a", "b")
    assert found.needs == ("a", "b", "cause")


def test_a_composite_alarm_that_says_as_little_as_it_may() -> None:
    found = composite_from_described({"AlarmName": "any", "AlarmRule": "ALARM(a)"})
    assert found == CompositeDefinition(
        name="any",
        text="ALARM(a)",
        rule=CompositeRule.parse("ALARM(a)"),
        suppressor="",
        wait_period=0,
        extension_period=0,
    )
    assert found.needs == ("a",)
    with pytest.raises(CannotEvaluateError, match=r"^alarm any: rule 'ALARM\(': "):
        composite_from_described({"AlarmName": "any", "AlarmRule": "ALARM("})
    with pytest.raises(CannotEvaluateError, match=r"^alarm \?: rule '': "):
        composite_from_described({})


def test_an_alarm_carries_out_the_actions_of_its_state() -> None:
    actions = {
        "OKActions": ["arn:ok"],
        "AlarmActions": ["arn:page"],
        "InsufficientDataActions": ["arn:none"],
    }
    on = definition_from_described(LEAST | actions)
    assert {state: on.actions(state) for state in AlarmState} == {
        AlarmState.OK: ("arn:ok",),
        AlarmState.ALARM: ("arn:page",),
        AlarmState.INSUFFICIENT_DATA: ("arn:none",),
    }
    off = definition_from_described(LEAST | actions | {"ActionsEnabled": False})
    assert [off.actions(state) for state in AlarmState] == [(), (), ()]


def test_parts_of_an_answer() -> None:
    metric = {"Namespace": "Shop", "MetricName": "Orders", "Dimensions": None}
    assert metric_key(metric) == ORDERS
    assert api_field({"Threshold": 0.5}, "Threshold", int, float) == 0.5
    assert api_choice({}, "TreatMissingData", MissingData, MissingData.IGNORE) is MissingData.IGNORE
    assert warm_up_from_api({}) is None
    assert warm_up_from_api({"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 2}}) == (
        WarmUp(120)
    )


@pytest.mark.parametrize(
    ("alarm", "shape", "strange"),
    [
        ({"AlarmRule": "x", "ActionsSuppressor": "y"}, "CompositeAlarm", ()),
        (
            {"ActionsSuppressor": "y", "Patience": 1},
            "MetricAlarm",
            ("ActionsSuppressor", "Patience"),
        ),
        ({"QueryResultsToAlarm": 1, "Period": 60}, "LogAlarm", ("Period",)),
        (
            {"Metrics": [{"Id": "a", "Label": "b"}, {"Smooth": 1}]},
            "MetricAlarm",
            ("Metrics.Smooth",),
        ),
    ],
)
def test_fields_that_nobody_knows_of_an_alarm(
    alarm: dict[str, Any], shape: str, strange: tuple[str, ...]
) -> None:
    assert unknown_fields(alarm, shape) == strange
