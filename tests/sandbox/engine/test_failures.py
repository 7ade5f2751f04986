"""AWS refuses half-way: the deployment says so, keeps what is there, and the next one finishes."""

from typing import Any

import pytest

from sandbox.outcome import DeploymentError, ResourceAction
from tests.sandbox.engine.small import ECS_ONLY, small
from tests.sandbox.refusing import refused

_REGION = "ap-northeast-1"


def _alarms(emulator: Any) -> set[str]:
    found = emulator.client("cloudwatch", _REGION).describe_alarms()["MetricAlarms"]
    return {alarm["AlarmName"] for alarm in found}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("Throttling", "Rate exceeded"),
        ("AccessDenied", "User is not authorized to perform: cloudwatch:PutMetricAlarm"),
    ],
)
def test_a_deployment_that_aws_refuses_half_way_is_finished_by_the_next(
    new_stack: Any, emulator: Any, code: str, message: str
) -> None:
    stack = new_stack("prod", *ECS_ONLY)
    with (
        refused(emulator, "PutMetricAlarm", after=1, code=code, message=message),
        pytest.raises(DeploymentError, match=message) as raised,
    ):
        stack.up()
    failed = raised.value.outcome
    assert failed.of(ResourceAction.FAIL)
    for change in failed.of(ResourceAction.FAIL):
        assert any(line.startswith(f"MetricAlarm {change.name}: ") for line in failed.errors)
    kept = {change.urn for change in failed.of(ResourceAction.CREATE)}
    there = _alarms(emulator)
    assert len(there) == 1

    finished = stack.up()
    created = {change.urn for change in finished.of(ResourceAction.CREATE)}
    assert created
    assert not created & kept
    assert {change.urn for change in finished.of(ResourceAction.SAME)} == kept
    assert there < _alarms(emulator)
    assert stack.preview(expect_no_changes=True).is_unchanged


def test_a_resource_that_is_there_but_not_complete_is_completed_by_the_next(
    new_stack: Any, emulator: Any
) -> None:
    stack = new_stack("prod", *ECS_ONLY)
    kms = emulator.client("kms", _REGION)
    with (
        refused(emulator, "EnableKeyRotation"),
        pytest.raises(DeploymentError, match="Rate exceeded"),
    ):
        stack.up()
    (key,) = kms.list_keys()["Keys"]
    assert not kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]

    stack.up()
    assert [found["KeyId"] for found in kms.list_keys()["Keys"]] == [key["KeyId"]]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    assert stack.preview(expect_no_changes=True).is_unchanged


def test_an_update_that_is_refused_leaves_the_old_state_to_the_next(
    new_stack: Any, emulator: Any
) -> None:
    stack = new_stack("prod", *ECS_ONLY)
    stack.up()
    stack.configure(small("alarms.ecs.cpu-high={threshold: 71}"))
    with refused(emulator, "PutDashboard"), pytest.raises(DeploymentError):
        stack.up()
    finished = stack.up()
    assert [c.name for c in finished.of(ResourceAction.UPDATE)] == ["dashboard"]


def test_an_alarm_of_that_name_that_is_there_already_is_an_error_that_names_it(
    new_stack: Any, emulator: Any
) -> None:
    name = "django-ecs-monitoring-prod-ecs-web-cpu-high"
    emulator.client("cloudwatch", _REGION).put_metric_alarm(
        AlarmName=name,
        Namespace="Own",
        MetricName="Own",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    with pytest.raises(DeploymentError, match=f'"{name}" already exists'):
        new_stack("prod", *ECS_ONLY).up()


def test_a_log_group_that_is_not_there_is_an_error_that_names_it(
    new_stack: Any, emulator: Any
) -> None:
    stack = new_stack("prod", "rds={}", "alb={}")
    emulator.reset()
    with pytest.raises(DeploymentError, match="log group /ecs/django-app does not exist"):
        stack.up()
