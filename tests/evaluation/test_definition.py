"""Alarm definitions: read back from the API, or made from the project's rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import botocore.session  # type: ignore[import-untyped]
import pytest
from pulumi_aws import cloudwatch as aws_cloudwatch

from ecs_monitoring.alarm import settled_properties, target_properties
from ecs_monitoring.cloudwatch.definition import (
    AlarmDefinition,
    MetricKey,
    MetricStat,
    Query,
    WallClock,
    definition_of,
)
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.described_fields import (
    REFUSED,
    USED,
    WITHOUT_EFFECT,
    unknown_fields,
)
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import signal_of
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LowSamples,
    MissingData,
    NoThreshold,
    WarmUp,
)
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.plan import Scope
from stack.program import ProgramRun

ALARM_TYPE: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"

# As DescribeAlarms answers, with fields that do not matter here.
SINGLE: Final[dict[str, Any]] = {
    "AlarmName": "shop-cpu",
    "AlarmArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-cpu",
    "AlarmDescription": "CPU high",
    "AlarmConfigurationUpdatedTimestamp": "2026-01-21T21:19:42.391000+01:00",
    "ActionsEnabled": False,
    "OKActions": ["arn:aws:sns:eu-west-1:123456789012:ok"],
    "AlarmActions": ["arn:aws:sns:eu-west-1:123456789012:page"],
    "InsufficientDataActions": [],
    "StateValue": "OK",
    "MetricName": "CPUUtilization",
    "Namespace": "AWS/ECS",
    "Statistic": "Average",
    "Dimensions": [
        {"Name": "ServiceName", "Value": "web"},
        {"Name": "ClusterName", "Value": "shop"},
    ],
    "Period": 300,
    "Unit": "Percent",
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 2,
    "Threshold": 80,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
    "EvaluationWindow": {"SlidingWindow": {}},
}


def query(id_: str, metric: str, period: int = 60) -> dict[str, Any]:
    return {
        "Id": id_,
        "MetricStat": {
            "Metric": {"Namespace": "Shop", "MetricName": metric, "Dimensions": []},
            "Period": period,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }


def expression(text: str) -> dict[str, Any]:
    return {"Id": "e1", "Expression": text, "ReturnData": True, "Period": 60}


MATH: Final[dict[str, Any]] = {
    "AlarmName": "shop-errors",
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "Metrics": [
        {"Id": "rate", "Expression": "100 * bad / all", "Label": "%", "ReturnData": True},
        query("bad", "Errors"),
        query("all", "Requests"),
    ],
}


def test_single_metric_is_read() -> None:
    key = MetricKey(
        namespace="AWS/ECS",
        name="CPUUtilization",
        dimensions=frozenset({("ClusterName", "shop"), ("ServiceName", "web")}),
    )
    assert definition_from_described(SINGLE) == AlarmDefinition(
        name="shop-cpu",
        arn="arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-cpu",
        description="CPU high",
        actions_enabled=False,
        ok_actions=("arn:aws:sns:eu-west-1:123456789012:ok",),
        alarm_actions=("arn:aws:sns:eu-west-1:123456789012:page",),
        queries=(Query(id="m1", source=MetricStat(metric=key, statistic="Average")),),
        watched="m1",
        period=300,
        comparison=Comparison.AT_LEAST,
        threshold=80.0,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        treat_missing_data=MissingData.NOT_BREACHING,
        unit="Percent",
    )


def test_metric_math_is_read() -> None:
    definition = definition_from_described(MATH)
    assert definition.signal == "100 * bad / all"
    assert [metric.name for metric in definition.metrics] == ["Errors", "Requests"]
    assert (definition.watched, definition.period) == ("rate", 60)
    assert (definition.datapoints_to_alarm, definition.breaching_datapoints) == (None, 1)


def test_one_metric_of_a_list_may_be_watched_by_itself() -> None:
    definition = definition_from_described(
        MATH | {"Metrics": [query("m", "X") | {"ReturnData": True}]}
    )
    assert isinstance(definition.signal, MetricStat)


def test_percentile_is_read() -> None:
    percentile = {"Statistic": None, "ExtendedStatistic": "p99"}
    found = definition_from_described(
        SINGLE | percentile | {"EvaluateLowSampleCountPercentile": "ignore"}
    )
    assert isinstance(found.signal, MetricStat)
    assert (found.signal.statistic, found.low_samples) == ("p99", LowSamples.IGNORE)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, MissingData.MISSING),
        ({"Namespace": "AWS/DynamoDB"}, MissingData.IGNORE),
        ({"Namespace": "AWS/DynamoDB", "TreatMissingData": "breaching"}, MissingData.BREACHING),
    ],
)
def test_default_for_missing_data(fields: dict[str, Any], expected: MissingData) -> None:
    given = SINGLE | {"TreatMissingData": None} | fields
    assert definition_from_described(given).treat_missing_data is expected


@pytest.mark.parametrize(
    ("alarm", "message"),
    [
        (SINGLE | {"ThresholdMetricId": "ad1"}, "ThresholdMetricId: anomaly detection"),
        (SINGLE | {"EvaluationCriteria": {"PromQLCriteria": {}}}, "EvaluationCriteria: a PromQL"),
        ({"AlarmName": "shop-cpu", "AlarmRule": "ALARM(x)"}, "AlarmRule: a composite alarm"),
        (
            SINGLE | {"ComparisonOperator": "GreaterThanUpperThreshold"},
            "ComparisonOperator 'GreaterThanUpperThreshold': only GreaterThanOrEqualToThreshold",
        ),
        (SINGLE | {"TreatMissingData": "never"}, "TreatMissingData 'never': only missing, ignore"),
        (SINGLE | {"Threshold": None}, "Threshold is missing"),
        (SINGLE | {"Threshold": "80"}, "Threshold '80': not of the API's type"),
        (SINGLE | {"Threshold": float("inf")}, "write a finite number"),
        (SINGLE | {"Statistic": None}, "ExtendedStatistic is missing"),
        (SINGLE | {"Period": 90}, "Period 90: write 10, 20, 30 or a multiple of 60"),
        (SINGLE | {"DatapointsToAlarm": 4}, "DatapointsToAlarm 4 of EvaluationPeriods 3"),
        (MATH | {"Metrics": [query("m", "X")]}, "exactly one of Metrics must have ReturnData"),
        (
            MATH | {"Metrics": [*MATH["Metrics"], query("slow", "X", 300)]},
            "Metrics have the periods 60, 300",
        ),
        (MATH | {"Metrics": [MATH["Metrics"][0]]}, "Metrics have the periods none"),
        (MATH | {"Metrics": [expression("SELECT SUM(x) FROM Shop")]}, "Metrics Insights query"),
        (MATH | {"Metrics": [expression("SUM(SEARCH('Shop', 'Sum'))")]}, "SEARCH finds many"),
        (MATH | {"Metrics": [expression("ANOMALY_DETECTION_BAND(m1)")]}, "anomaly detection"),
        (MATH | {"Metrics": [expression("LAMBDA('x')")]}, "another service"),
        (
            MATH | {"Metrics": [MATH["Metrics"][0] | {"Period": 300}, *MATH["Metrics"][1:]]},
            "Metrics have the periods 60, 300",
        ),
        (
            MATH
            | {
                "Metrics": [
                    MATH["Metrics"][0],
                    query("bad", "Errors") | {"AccountId": "111111111111"},
                    query("all", "Errors") | {"AccountId": "222222222222"},
                ]
            },
            "AccountId: Errors is read from several accounts",
        ),
        (SINGLE | {"EvaluationInterval": 60}, "EvaluationInterval: a PromQL"),
        (
            SINGLE | {"EvaluationPeriods": 289},
            "Period 300 x EvaluationPeriods 289 is 86,700 seconds: AWS takes no more than 86,400",
        ),
        (
            SINGLE | {"Period": 86_400, "EvaluationPeriods": 8},
            "EvaluationPeriods 8 is 691,200 seconds: AWS takes no more than 604,800$",
        ),
        (
            SINGLE | {"EvaluationWindow": {"WallClockWindow": {}}, "Period": 120},
            "Period 120: with a wall clock window write 60, 300, 3600, 86400, 604800",
        ),
        (
            SINGLE | {"EvaluationWindow": {"WallClockWindow": {"Timezone": "Mars/Base"}}},
            "Timezone 'Mars/Base': write an IANA name",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_named(alarm: dict[str, Any], message: str) -> None:
    with pytest.raises(CannotEvaluateError, match=f"^alarm shop-(cpu|errors): .*{message}"):
        definition_from_described(alarm)


def test_a_period_of_an_expression_counts_where_no_metric_has_one() -> None:
    found = definition_from_described(MATH | {"Metrics": [expression("TIME_SERIES(1)")]})
    assert found.period == 60


def test_windows_and_warm_up_are_read() -> None:
    found = definition_from_described(
        SINGLE
        | {
            "EvaluationWindow": {"WallClockWindow": {"Timezone": "Europe/Berlin"}},
            "WarmUpConfiguration": {
                "WarmUpPeriodDurationInMinutes": 30,
                "OnlyStartEvaluatingAfterWarmUpPeriodEnds": True,
            },
        }
    )
    assert (found.wall_clock, found.evaluation_range) == (WallClock("Europe/Berlin"), 3)
    assert found.warm_up == WarmUp(1800, is_whole=True)


@pytest.mark.parametrize("shape", [*USED])
def test_every_field_of_the_service_model_is_known(shape: str) -> None:
    model = botocore.session.get_session().get_service_model("cloudwatch")
    members = set(model.shape_for(shape).members)
    known = USED[shape] | REFUSED.keys() | WITHOUT_EFFECT.keys()
    assert members - known == set(), "decide whether these change what an alarm does"
    assert USED[shape] - members == set(), "CloudWatch has no such fields"


def test_fields_that_nobody_knows_are_named() -> None:
    assert unknown_fields(SINGLE) == ()
    assert unknown_fields(MATH) == ()
    query = MATH["Metrics"][0] | {"Smooth": 3}
    given = SINGLE | {"Patience": 3, "Metrics": [query, query]}
    assert unknown_fields(given) == ("Patience", "Metrics.Smooth")


def test_watched_query_must_be_there() -> None:
    with pytest.raises(CannotEvaluateError, match="watched id 'x'"):
        replace(definition_from_described(SINGLE), watched="x")


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        (Comparison.AT_LEAST, [80, 81]),
        (Comparison.ABOVE, [81]),
        (Comparison.BELOW, [79]),
        (Comparison.AT_MOST, [79, 80]),
    ],
)
def test_comparisons(comparison: Comparison, breaching: list[float]) -> None:
    definition = replace(definition_from_described(SINGLE), comparison=comparison)
    assert [value for value in (79, 80, 81) if definition.breaches(value)] == breaching


def rules() -> list[AlarmRule]:
    """Every rule of every kind, of a target that is made of the fields' examples."""
    found: list[AlarmRule] = []
    for kind in KINDS:
        examples = {
            name: field.examples[0]
            for name, field in kind.target.model_fields.items()
            if field.examples
        }
        scope = Scope(project="shop", stack="prod", component=kind.key)
        target = kind.target.model_validate(examples)
        found += kind.plan(scope, "web", target, {}).rules
    return found


RULES: Final = rules()


def test_every_kind_has_rules() -> None:
    assert {rule.key.partition(".")[0] for rule in RULES} == {kind.key for kind in KINDS}


def test_rule_and_api_agree(run_components: Callable[..., ProgramRun]) -> None:
    def program() -> None:
        for rule in RULES:
            aws_cloudwatch.MetricAlarm(
                rule.name, **settled_properties(rule), **target_properties(rule)
            )

    run = run_components(program)
    registered = {r.inputs["name"]: r.inputs for r in run.of_type(ALARM_TYPE)}
    for rule in RULES:
        assert definition_from_described(as_described(registered[rule.name])) == definition_of(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.address)
def test_every_rule_can_be_evaluated(rule: AlarmRule) -> None:
    points = signal_of(definition_of(rule), {}).datapoints([(-180, -120), (-120, -60), (-60, 0)])
    assert len(points) == 3


def test_rule_without_threshold_is_refused() -> None:
    rule = replace(RULES[0], threshold=NoThreshold("field", "value", "write a number"))
    with pytest.raises(CannotEvaluateError, match="has no threshold: write a number"):
        definition_of(rule)


def as_described(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What DescribeAlarms answers for the inputs of a registered alarm."""
    described: dict[str, Any] = {name[0].upper() + name[1:]: v for name, v in inputs.items()}
    low_samples = described.pop("EvaluateLowSampleCountPercentiles", None)
    described |= {"AlarmName": inputs["name"], "EvaluateLowSampleCountPercentile": low_samples}
    described["Dimensions"] = pairs(inputs)
    if "warmUpConfiguration" in inputs:
        minutes = int(inputs["warmUpConfiguration"]["warmUpPeriodDurationInMinutes"])
        described["WarmUpConfiguration"] = {
            "WarmUpPeriodDurationInMinutes": minutes,
            "OnlyStartEvaluatingAfterWarmUpPeriodEnds": inputs["warmUpConfiguration"].get(
                "onlyStartEvaluatingAfterWarmUpPeriodEnds", False
            ),
        }
    for name in ("EvaluationPeriods", "DatapointsToAlarm", "Period"):
        if name in described:
            described[name] = int(described[name])
    described["Metrics"] = [
        {
            "Id": item["id"],
            "Expression": item.get("expression"),
            "ReturnData": item["returnData"],
            "MetricStat": (metric := item.get("metric"))
            and {
                "Metric": {
                    "Namespace": metric["namespace"],
                    "MetricName": metric["metricName"],
                    "Dimensions": pairs(metric),
                },
                "Period": int(metric["period"]),
                "Stat": metric["stat"],
            },
        }
        for item in inputs.get("metricQueries", ())
    ]
    return described


def pairs(metric: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"Name": n, "Value": v} for n, v in (metric.get("dimensions") or {}).items()]
