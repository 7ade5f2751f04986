"""Alarms as AWS describes them, and which of them are meant."""

from typing import Any

import pytest

from account.alarms import LiveAlarm, NoSuchAlarmError, belongs, chosen, is_topic
from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.units import Unit
from tests.account.emulated import HOME
from tests.account.values import CRITICAL, READ, WARNING, alarm

TAGS = {"AlarmKey": "ecs.cpu-high", "Target": "web", "Severity": "critical"}
CPU: dict[str, Any] = {
    "AlarmName": "cpu",
    "AlarmArn": "arn:cpu",
    "StateValue": "ALARM",
    "StateReason": "too much",
    "StateUpdatedTimestamp": READ,
    "ActionsEnabled": False,
    "AlarmActions": [CRITICAL, "arn:aws:lambda:x:1:function:f", WARNING],
    "OKActions": [WARNING],
    "InsufficientDataActions": ["arn:x"],
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Dimensions": [],
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "missing",
}


def described(tags: dict[str, str] | None = None, **changes: Any) -> LiveAlarm:
    return LiveAlarm.described({**CPU, **changes}, TAGS if tags is None else tags, HOME)


def test_everything_that_aws_says_of_an_alarm() -> None:
    found = described()
    assert found.definition is not None
    assert found == LiveAlarm(
        name="cpu",
        arn="arn:cpu",
        region=HOME,
        address=AlarmAddress("ecs.cpu-high@web"),
        severity="critical",
        is_composite=False,
        state=AlarmState.ALARM,
        state_reason="too much",
        state_updated=READ,
        actions_enabled=False,
        actions={
            AlarmState.ALARM: (CRITICAL, "arn:aws:lambda:x:1:function:f", WARNING),
            AlarmState.OK: (WARNING,),
            AlarmState.INSUFFICIENT_DATA: ("arn:x",),
        },
        unit=Unit.PERCENT,
        definition=found.definition,
        problem="",
    )
    assert found.raw == CPU
    assert found.topics == (CRITICAL, WARNING)
    assert found.condition == "CPUUtilization Average > 80 %"


def test_what_aws_leaves_out() -> None:
    composite = {
        "AlarmName": "top",
        "AlarmArn": "arn:top",
        "StateValue": "OK",
        "StateUpdatedTimestamp": READ,
        "AlarmRule": "FALSE",
    }
    found = LiveAlarm.described(composite, {}, HOME)
    assert found.problem
    assert found == LiveAlarm(
        name="top",
        arn="arn:top",
        region=HOME,
        address=AlarmAddress("@"),
        severity="",
        is_composite=True,
        state=AlarmState.OK,
        state_reason="",
        state_updated=READ,
        actions_enabled=True,
        actions=dict.fromkeys(AlarmState, ()),
        problem=found.problem,
    )
    assert (found.unit, found.definition, found.condition) == (Unit.COUNT, None, "")


def query(id_: str, **more: Any) -> dict[str, Any]:
    metric = {"Namespace": "Shop", "MetricName": "Errors", "Dimensions": []}
    return {"Id": id_, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, **more}


@pytest.mark.parametrize(
    ("watched", "condition"),
    [
        ({"Expression": "m / 2", "Label": "half"}, "half > 80"),
        ({"Expression": "m / 2"}, "m / 2 > 80"),
        # CloudWatch returns what does not say otherwise.
        ({"Expression": "m / 2", "ReturnData": True}, "m / 2 > 80"),
    ],
)
def test_metric_math_is_called_by_its_label(watched: dict[str, Any], condition: str) -> None:
    metrics = [query("m", ReturnData=False, Label="not this"), {"Id": "e", **watched}]
    alone = ("Namespace", "MetricName", "Dimensions", "Statistic", "Period")
    alarm_ = {key: value for key, value in CPU.items() if key not in alone} | {"Metrics": metrics}
    assert LiveAlarm.described(alarm_, TAGS, HOME).condition == condition


def test_an_alarm_that_cannot_be_evaluated_says_what_it_watches() -> None:
    band = {"Id": "b", "Expression": "ANOMALY_DETECTION_BAND(m)", "ReturnData": False}
    found = described(Metrics=[band, query("m", Label="errors")], ThresholdMetricId="b")
    assert (found.definition, found.condition) == (None, "errors")
    single = described(ThresholdMetricId="b")
    assert (single.definition, single.condition) == (None, "CPUUtilization")


@pytest.mark.parametrize(
    ("action", "expected"),
    [(CRITICAL, True), ("arn:aws:sqs:x:1:sns", False), ("sns", False), ("", False)],
)
def test_which_actions_are_topics(action: str, expected: bool) -> None:
    assert is_topic(action) is expected


@pytest.mark.parametrize(
    ("rest", "tags", "ours"),
    [
        # Tags without a rule, or without a target, are nobody's.
        ("ecs-web-", {"AlarmKey": "ecs", "Target": "web"}, False),
        ("ecs--cpu-high", {"AlarmKey": "ecs.cpu-high", "Target": ""}, False),
        # The kind must be a whole word behind a dot.
        ("xecs-web-cpu-high", TAGS, False),
        ("x.ecs-web-cpu-high", TAGS, True),
        ("-web-cpu-high", TAGS, False),
    ],
)
def test_an_alarm_belongs_by_all_of_its_name(rest: str, tags: dict[str, str], ours: bool) -> None:
    assert belongs(f"shop-prod-{rest}", "shop-prod-", tags) is ours


ALARMS = [alarm("ecs.cpu-high@web", severity="warning"), alarm("ecs.cpu-high@api")]


@pytest.mark.parametrize(
    ("wanted", "severity", "words"),
    [
        (
            ["ecs.cpu-high@wbe"],
            None,
            "--alarm ecs.cpu-high@wbe: the stack has no such alarm; did you mean "
            '"ecs.cpu-high@web"?',
        ),
        (
            ["ecs.cpu-hihg"],
            None,
            '--alarm ecs.cpu-hihg: the stack has no such alarm; did you mean "ecs.cpu-high"?',
        ),
        (
            ["ecs.cpu-high", "zzz"],
            None,
            "--alarm zzz: the stack has no such alarm; the stack has: ecs.cpu-high@api, "
            "ecs.cpu-high@web",
        ),
        (
            ["ecs.cpu-high@web"],
            "critical",
            "none of these alarms is critical: leave --severity out",
        ),
    ],
)
def test_what_is_wanted_and_not_there(wanted: list[str], severity: str | None, words: str) -> None:
    with pytest.raises(NoSuchAlarmError) as error:
        chosen(ALARMS, wanted, severity)
    assert str(error.value) == words
