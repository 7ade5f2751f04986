"""The notification has the documented shape."""

import json
from typing import Any

from sandbox.notification import notification
from sandbox.scenario_steps import OrdinaryMetric
from sandbox.simulate import simulate
from tests.sandbox.scenarios.small import TOPIC, alarm, deployed, scenario


def sent() -> tuple[str, dict[str, Any]]:
    busy = {"AWS/ECS CPUUtilization": [{"at": 10, "to": 90}]}
    played = simulate(
        deployed(alarm()),
        scenario(series=busy),
        {"AWS/ECS CPUUtilization": OrdinaryMetric(level=40)},
    )
    (change,) = played.changes
    subject, message = notification(change, "123456789012", "Asia Pacific (Tokyo)")
    return subject, json.loads(message)


def test_the_fields_are_those_that_aws_documents() -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    _, message = sent()
    assert set(message) == {
        *("AlarmName", "AlarmDescription", "AWSAccountId", "AlarmArn", "Region", "Trigger"),
        *("AlarmConfigurationUpdatedTimestamp", "StateChangeTime"),
        *("NewStateValue", "NewStateReason", "OldStateValue"),
        *("OKActions", "AlarmActions", "InsufficientDataActions"),
    }
    assert message["NewStateValue"] == "ALARM"
    assert message["OldStateValue"] == "OK"
    assert message["AlarmActions"] == [TOPIC]
    assert message["AlarmConfigurationUpdatedTimestamp"] == "2026-01-01T00:00:00.000+0000"
    # Minute 10 of a day that begins at nine is over at 09:11.
    assert message["StateChangeTime"] == "2026-01-05T09:11:00.000+0000"


def test_region_and_subject_are_for_people() -> None:
    subject, message = sent()
    assert message["Region"] == "Asia Pacific (Tokyo)"
    assert subject == 'ALARM: "shop-test-ecs.cpu-high@web" in Asia Pacific (Tokyo)'


def test_the_trigger_says_what_was_watched() -> None:
    trigger = sent()[1]["Trigger"]
    assert trigger["MetricName"] == "CPUUtilization"
    assert trigger["Namespace"] == "AWS/ECS"
    assert trigger["Statistic"] == "AVERAGE"
    assert trigger["Dimensions"] == [
        {"name": "ClusterName", "value": "c"},
        {"name": "ServiceName", "value": "s"},
    ]
    assert (trigger["Period"], trigger["EvaluationPeriods"], trigger["Threshold"]) == (60, 1, 80)
