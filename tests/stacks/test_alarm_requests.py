"""Registered alarms as requests to CloudWatch's API, and as the rules that they were made of."""

from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LowSamples,
    MissingData,
    Severity,
    WarmUp,
)
from ecs_monitoring.cloudwatch.units import Unit
from stack.alarm_api import put_composite_alarm_request, put_metric_alarm_request
from stack.program import Registration
from stack.rules import registered_rule
from tests.registrations import metric_alarm

AT = {"ServiceName": "web", "ClusterName": "main"}
# By name, whatever their order was.
API_AT = [{"Name": "ClusterName", "Value": "main"}, {"Name": "ServiceName", "Value": "web"}]


def test_the_request_of_a_metric_alarm() -> None:
    inputs = {
        "name": "cpu",
        "alarmDescription": "CPU",
        "actionsEnabled": False,
        "alarmActions": ["a"],
        "okActions": ["o"],
        "insufficientDataActions": ["i"],
        "metricName": "CPUUtilization",
        "namespace": "AWS/ECS",
        "dimensions": AT,
        "statistic": "Average",
        "unit": "Percent",
        # Every number on Pulumi's wire is a float.
        "period": 60.0,
        "evaluationPeriods": 5.0,
        "datapointsToAlarm": 3.0,
        "threshold": 80.5,
        "comparisonOperator": "GreaterThanThreshold",
        "treatMissingData": "missing",
        "evaluateLowSampleCountPercentiles": "ignore",
        "warmUpConfiguration": {
            "warmUpPeriodDurationInMinutes": 30.0,
            "onlyStartEvaluatingAfterWarmUpPeriodEnds": True,
        },
        "tags": {"AlarmKey": "ecs.cpu-high"},
        "region": "us-east-1",
    }
    request = put_metric_alarm_request(inputs)
    assert request == {
        "AlarmName": "cpu",
        "AlarmDescription": "CPU",
        "ActionsEnabled": False,
        "AlarmActions": ["a"],
        "OKActions": ["o"],
        "InsufficientDataActions": ["i"],
        "MetricName": "CPUUtilization",
        "Namespace": "AWS/ECS",
        "Dimensions": API_AT,
        "Statistic": "Average",
        "Unit": "Percent",
        "Period": 60,
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 3,
        "Threshold": 80.5,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "missing",
        "EvaluateLowSampleCountPercentile": "ignore",
        "WarmUpConfiguration": {
            "WarmUpPeriodDurationInMinutes": 30,
            "OnlyStartEvaluatingAfterWarmUpPeriodEnds": True,
        },
    }
    whole = ("Period", "EvaluationPeriods", "DatapointsToAlarm")
    assert [type(request[name]) for name in (*whole, "Threshold")] == [int, int, int, float]
    assert put_metric_alarm_request({"name": "x", "dimensions": {}}) == {"AlarmName": "x"}


def test_the_request_of_metric_math() -> None:
    plain = {"namespace": "Shop", "metricName": "All", "period": 300.0, "stat": "Sum"}
    inputs = {
        "thresholdMetricId": "band",
        "metricQueries": [
            {"id": "all", "metric": plain, "accountId": "1"},
            {"id": "bad", "metric": {**plain, "dimensions": AT, "unit": "Count"}},
            {"id": "rate", "expression": "bad / all", "label": "x", "period": 60.0}
            | {"returnData": True},
        ],
    }
    stat = {
        "Metric": {"MetricName": "All", "Namespace": "Shop", "Dimensions": []},
        "Period": 300,
        "Stat": "Sum",
    }
    assert put_metric_alarm_request(inputs) == {
        "ThresholdMetricId": "band",
        "Metrics": [
            {"Id": "all", "AccountId": "1", "ReturnData": False, "MetricStat": stat},
            {
                "Id": "bad",
                "ReturnData": False,
                "MetricStat": {
                    **stat,
                    "Metric": {
                        "MetricName": "All",
                        "Namespace": "Shop",
                        "Dimensions": API_AT,
                    },
                    "Unit": "Count",
                },
            },
            {
                "Id": "rate",
                "Expression": "bad / all",
                "Label": "x",
                "Period": 60,
                "ReturnData": True,
            },
        ],
    }


@pytest.mark.parametrize(
    ("suppressor", "request_"),
    [
        (None, {}),
        (
            {"alarm": "deployment", "waitPeriod": 120.0, "extensionPeriod": 60.0},
            {
                "ActionsSuppressor": "deployment",
                "ActionsSuppressorWaitPeriod": 120,
                "ActionsSuppressorExtensionPeriod": 60,
            },
        ),
    ],
)
def test_the_request_of_a_composite_alarm(
    suppressor: dict[str, Any] | None, request_: dict[str, Any]
) -> None:
    inputs = {
        "alarmName": "incident",
        "alarmDescription": "all of it",
        "actionsEnabled": True,
        "alarmRule": "ALARM(a)",
        "alarmActions": ["a"],
        "okActions": ["o"],
        "insufficientDataActions": ["i"],
        "actionsSuppressor": suppressor,
    }
    assert put_composite_alarm_request(inputs) == {
        "AlarmName": "incident",
        "AlarmDescription": "all of it",
        "ActionsEnabled": True,
        "AlarmRule": "ALARM(a)",
        "AlarmActions": ["a"],
        "OKActions": ["o"],
        "InsufficientDataActions": ["i"],
        **request_,
    }


def rule_of(**inputs: Any) -> AlarmRule:
    words = "CPU high: Look at the traffic. Runbook: docs/runbooks.md#cpu"
    made = metric_alarm("ecs.cpu-high@main/web", "critical", alarmDescription=words, **inputs)
    return registered_rule(made)


CPU = Metric(
    namespace="AWS/ECS",
    name="CPUUtilization",
    dimensions={"ClusterName": "main", "ServiceName": "web"},
    statistic="Average",
)
RULE = AlarmRule(
    key="ecs.cpu-high",
    target="main",
    part="web",
    name="shop-prod-ecs.cpu-high@main/web",
    title="CPU high",
    meaning="Look at the traffic.",
    severity=Severity.CRITICAL,
    signal=CPU,
    comparison=Comparison("GreaterThanOrEqualToThreshold"),
    threshold=80.0,
    unit=Unit.PERCENT,
    period=60,
    evaluation_periods=5,
    datapoints_to_alarm=3,
    treat_missing_data=MissingData.MISSING,
    runbook="docs/runbooks.md#cpu",
)


@pytest.mark.parametrize(
    ("inputs", "changes"),
    [
        ({}, {}),
        # All of N is what a rule says by leaving M out.
        ({"datapointsToAlarm": 5.0}, {"datapoints_to_alarm": None}),
        (
            {"statistic": None, "extendedStatistic": "p99"},
            {"signal": replace(CPU, statistic="p99")},
        ),
        (
            {"evaluateLowSampleCountPercentiles": "ignore"},
            {"low_samples": LowSamples.IGNORE},
        ),
        ({"dimensions": None}, {"signal": replace(CPU, dimensions={})}),
        (
            {"namespace": "Shop", "metricName": "Fast", "period": 30.0},
            {
                "signal": replace(CPU, namespace="Shop", name="Fast", high_resolution=True),
                "period": 30,
            },
        ),
        (
            {"warmUpConfiguration": {"warmUpPeriodDurationInMinutes": 30.0}},
            {"warm_up": WarmUp(1800)},
        ),
        (
            {
                "warmUpConfiguration": {
                    "warmUpPeriodDurationInMinutes": 2.0,
                    "onlyStartEvaluatingAfterWarmUpPeriodEnds": True,
                }
            },
            {"warm_up": WarmUp(120, is_whole=True)},
        ),
    ],
)
def test_the_rule_that_an_alarm_was_made_of(
    inputs: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert rule_of(**inputs) == replace(RULE, **changes)


def test_the_dimensions_of_a_rule_are_in_the_order_of_their_names() -> None:
    signal = rule_of(dimensions=AT).signal
    assert isinstance(signal, Metric)
    assert list(signal.dimensions) == ["ClusterName", "ServiceName"]


def query(id_: str, name: str, **changes: Any) -> dict[str, Any]:
    metric = {"namespace": "Shop", "metricName": name, "period": 300.0, "stat": "Sum", **changes}
    return {"id": id_, "metric": metric}


RATE = {"id": "rate", "expression": "bad / all", "label": "share", "returnData": True}


def test_the_rule_of_metric_math() -> None:
    found = rule_of(metricQueries=[query("all", "All"), query("bad", "Bad"), RATE])
    queries = (
        *(
            MetricQuery(id=id_, source=Metric(namespace="Shop", name=name, statistic="Sum"))
            for id_, name in (("all", "All"), ("bad", "Bad"))
        ),
        MetricQuery(id="rate", source="bad / all", label="share"),
    )
    assert found == replace(RULE, signal=MetricMath(queries=queries, returned="rate"), period=300)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"thresholdMetricId": "band"}, "it has no fixed threshold: anomaly detection"),
        (
            {"metricQueries": [{**query("all", "All"), "accountId": "999999999999"}, RATE]},
            "it reads metrics of another account",
        ),
        (
            {"metricQueries": [query("all", "All"), query("bad", "Bad", period=60.0), RATE]},
            "its metrics have several periods",
        ),
    ],
)
def test_an_alarm_that_is_no_rule(inputs: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValueError, match=f"^{words}$"):
        rule_of(**inputs)


def test_an_alarm_without_a_threshold_is_no_rule() -> None:
    made: Registration = metric_alarm("ecs.cpu-high@web")
    bare = replace(made, inputs={k: v for k, v in made.inputs.items() if k != "threshold"})
    with pytest.raises(InvalidValueError, match="no fixed threshold"):
        registered_rule(bare)
