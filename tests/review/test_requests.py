"""Suggested alarms as parameters of PutMetricAlarm and PutCompositeAlarm.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from review.requests import put_composite_alarm, put_metric_alarm
from tests.evaluation.alarms import KEY, alarm

WEB: Final = MetricKey(
    namespace="AWS/ECS",
    name="CPUUtilization",
    dimensions=frozenset({("ServiceName", "web"), ("ClusterName", "main")}),
)
DIMENSIONS: Final = [
    {"Name": "ClusterName", "Value": "main"},
    {"Name": "ServiceName", "Value": "web"},
]


def watching(metric: MetricKey, statistic: str, **fields: Any) -> AlarmDefinition:
    stat = MetricStat(metric=metric, statistic=statistic)
    return alarm(queries=(Query(id="m1", source=stat),), **fields)


def test_an_alarm_on_a_metric() -> None:
    definition = watching(
        WEB,
        "Average",
        name="level-high",
        period=300,
        comparison=Comparison.AT_LEAST,
        threshold=85.5,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    request = put_metric_alarm(definition)
    assert request == {
        "AlarmName": "level-high",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 85.5,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "TreatMissingData": "notBreaching",
        "Namespace": "AWS/ECS",
        "MetricName": "CPUUtilization",
        "Dimensions": DIMENSIONS,
        "Statistic": "Average",
        "Period": 300,
    }
    assert definition_from_described(request) == definition


def test_all_of_n_are_spelled_out() -> None:
    request = put_metric_alarm(alarm(evaluation_periods=4))
    assert (request["DatapointsToAlarm"], request["EvaluationPeriods"]) == (4, 4)


@pytest.mark.parametrize(
    ("statistic", "name"),
    [("Sum", "Statistic"), ("SampleCount", "Statistic"), ("p99", "ExtendedStatistic")],
)
def test_percentiles_are_extended_statistics(statistic: str, name: str) -> None:
    assert put_metric_alarm(watching(KEY, statistic)) == {
        "AlarmName": "orders",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 10.0,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "TreatMissingData": "missing",
        "Namespace": "Shop",
        "MetricName": "Orders",
        name: statistic,
        "Period": 60,
    }


def test_an_alarm_on_metric_math() -> None:
    definition = alarm(
        queries=(
            Query(id="m1", source=MetricStat(metric=WEB, statistic="Average")),
            Query(id="m2", source=MetricStat(metric=KEY, statistic="p90")),
            Query(id="e1", source="m1 / m2"),
        ),
        watched="e1",
        period=120,
        comparison=Comparison.BELOW,
        threshold=-1.0,
        treat_missing_data=MissingData.BREACHING,
    )
    assert put_metric_alarm(definition) == {
        "AlarmName": "orders",
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": -1.0,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "TreatMissingData": "breaching",
        "Metrics": [
            {
                "Id": "m1",
                "ReturnData": False,
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/ECS",
                        "MetricName": "CPUUtilization",
                        "Dimensions": DIMENSIONS,
                    },
                    "Period": 120,
                    "Stat": "Average",
                },
            },
            {
                "Id": "m2",
                "ReturnData": False,
                "MetricStat": {
                    "Metric": {"Namespace": "Shop", "MetricName": "Orders"},
                    "Period": 120,
                    "Stat": "p90",
                },
            },
            {"Id": "e1", "ReturnData": True, "Expression": "m1 / m2"},
        ],
    }


def test_an_alarm_that_pages_for_several_others() -> None:
    members = [alarm(name="level-high"), alarm(name="recent-high")]
    assert put_composite_alarm("cpu-high", members, None, 3720) == {
        "AlarmName": "cpu-high",
        "AlarmRule": 'ALARM("level-high") OR ALARM("recent-high")',
    }


def test_an_echo_of_another_alarm_does_not_page() -> None:
    assert put_composite_alarm("cpu-low", [alarm(name="level-low")], "recent-high", 3720) == {
        "AlarmName": "cpu-low",
        "AlarmRule": 'ALARM("level-low")',
        "ActionsSuppressor": "recent-high",
        # For what changes in the same minute, and hardly a delay: a choice.
        "ActionsSuppressorWaitPeriod": 10,
        "ActionsSuppressorExtensionPeriod": 3720,
    }
