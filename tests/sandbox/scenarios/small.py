"""A deployed alarm or two, made by hand."""

from datetime import UTC, datetime
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.log_pattern import parse_pattern
from sandbox.deployed import Deployed, DeployedAlarm, DeployedFilter
from sandbox.scenario import Scenario

TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:alerts-test-warning"
CPU = MetricKey(
    namespace="AWS/ECS",
    name="CPUUtilization",
    dimensions=frozenset({("ClusterName", "c"), ("ServiceName", "s")}),
)
ERRORS = MetricKey(namespace="shop/test", name="logs.app.errors")


def alarm(address: str = "ecs.cpu-high@web", **changes: Any) -> DeployedAlarm:
    """CPU of 80 % or more for a minute, told to one topic."""
    definition = {
        "AlarmName": f"shop-test-{address}",
        "AlarmArn": f"arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:shop-test-{address}",
        "Namespace": "AWS/ECS",
        "MetricName": "CPUUtilization",
        "Dimensions": [
            {"Name": "ClusterName", "Value": "c"},
            {"Name": "ServiceName", "Value": "s"},
        ],
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "missing",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [],
        "InsufficientDataActions": [],
        **changes,
    }
    return DeployedAlarm(
        address=AlarmAddress(address),
        severity="warning",
        region="ap-northeast-1",
        definition=definition_from_described(definition),
        updated=datetime(2026, 1, 1, tzinfo=UTC),
    )


def errors_alarm() -> DeployedAlarm:
    """Five matching log events in a minute."""
    return alarm(
        "logs.errors@app",
        Namespace="shop/test",
        MetricName="logs.app.errors",
        Dimensions=[],
        Statistic="Sum",
        Threshold=5.0,
        TreatMissingData="notBreaching",
    )


def errors_filter(pattern: str = "?ERROR ?Error") -> DeployedFilter:
    """The filter that feeds it."""
    return DeployedFilter(
        text=pattern,
        pattern=parse_pattern(pattern),
        metric=ERRORS,
        value=1.0,
        default=0.0,
    )


def deployed(*alarms: DeployedAlarm, pattern: str = "?ERROR ?Error") -> Deployed:
    """A stack of these alarms, and of a log filter with this pattern."""
    found = alarms or (alarm(),)
    return Deployed(alarms={a.address: a for a in found}, filters=(errors_filter(pattern),))


def scenario(**fields: Any) -> Scenario:
    """Thirty minutes in which nothing happens, with some changes."""
    return Scenario.model_validate({"title": "t", "story": "s", "minutes": 30, **fields})
