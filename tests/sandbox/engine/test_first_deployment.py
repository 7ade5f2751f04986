"""A stack's first deployment under the engine, and the second, which has nothing to do."""

from typing import Any

import pytest

from sandbox.outcome import Deployment, DeploymentError, ResourceAction
from sandbox.wire import UNKNOWN, holds_unknown
from stack.definitions import ALARM
from stack.program import Registration
from tests.sandbox.engine.small import ECS_ONLY

# What only AWS can tell, and what follows from it.
_UNKNOWN = {
    ("aws:cloudwatch/dashboard:Dashboard", "dashboardBody"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions"),
    ("aws:sns/topicPolicy:TopicPolicy", "arn"),
    ("aws:sns/topicPolicy:TopicPolicy", "policy"),
    ("aws:sns/topicSubscription:TopicSubscription", "redrivePolicy"),
    ("aws:sns/topicSubscription:TopicSubscription", "topic"),
    ("aws:cloudwatch/eventTarget:EventTarget", "arn"),
    ("aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig"),
    ("aws:sqs/queuePolicy:QueuePolicy", "policy"),
    ("aws:sqs/queuePolicy:QueuePolicy", "queueUrl"),
}
_UNKNOWN_IN_PROD = {
    ("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "iamRoleArn"),
    ("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "snsTopicArns"),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmActions"),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmRule"),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "okActions"),
    ("aws:iam/rolePolicy:RolePolicy", "policy"),
    ("aws:scheduler/schedule:Schedule", "target"),
    ("aws:kms/alias:Alias", "targetKeyId"),
    ("aws:sns/topic:Topic", "kmsMasterKeyId"),
}


def _unknown(outcome: Deployment) -> set[tuple[str, str]]:
    return {
        (found.type, name)
        for found in outcome.registrations
        for name, value in found.inputs.items()
        if holds_unknown(value)
    }


def _registers_what_was_previewed(preview: Deployment, up: Deployment) -> None:
    previewed = {found.urn: found.inputs for found in preview.registrations}
    deployed = {found.urn: found.inputs for found in up.registrations}
    assert previewed.keys() == deployed.keys()
    for urn, inputs in previewed.items():
        assert inputs.keys() == deployed[urn].keys()
        for name, value in inputs.items():
            assert holds_unknown(value) or value == deployed[urn][name]


def _alarms(deployment: Deployment) -> list[Registration]:
    return [r for r in deployment.registrations if r.type == ALARM]


@pytest.mark.parametrize(
    ("name", "unknown"),
    [("staging", _UNKNOWN), ("prod", _UNKNOWN | _UNKNOWN_IN_PROD)],
)
def test_a_stack_is_previewed_deployed_and_then_left_alone(
    new_stack: Any, emulator: Any, name: str, unknown: set[tuple[str, str]]
) -> None:
    stack = new_stack(name)

    preview = stack.preview()
    assert _unknown(preview) == unknown
    assert {change.action for change in preview.changes} == {ResourceAction.CREATE}

    up = stack.up()
    assert {change.action for change in up.changes} == {ResourceAction.CREATE}
    assert {c.urn for c in up.changes} == {c.urn for c in preview.changes}
    assert not _unknown(up)
    _registers_what_was_previewed(preview, up)
    assert len(up.exports["alarms"]) == len(_alarms(up))

    again = stack.up()
    assert again.is_unchanged
    assert len(again.changes) == len(up.changes)
    assert stack.preview(expect_no_changes=True).is_unchanged


def test_an_alarm_on_a_health_check_waits_for_the_checks_id(new_stack: Any) -> None:
    stack = new_stack("prod", *ECS_ONLY, "health.site={url: 'https://www.example.com/health/'}")
    alarms = {found.name: found.inputs for found in _alarms(stack.preview())}
    assert alarms["health.site-endpoint-down"]["dimensions"] == {"HealthCheckId": UNKNOWN} or (
        alarms["health.site-endpoint-down"]["dimensions"] is UNKNOWN
    )
    assert alarms["health.site-endpoint-down"]["threshold"] == 1


def test_a_preview_that_expects_no_changes_fails_where_there_are_some(new_stack: Any) -> None:
    stack = new_stack("staging", *ECS_ONLY)
    with pytest.raises(DeploymentError, match="no changes were expected"):
        stack.preview(expect_no_changes=True)
