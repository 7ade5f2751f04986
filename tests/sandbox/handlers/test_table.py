"""The table of handlers is about pulumi-aws' own types, with its own names for everything."""

import inspect
from typing import Any

import pulumi_aws as aws
import pytest

from sandbox.handlers import HANDLERS, LIMITATIONS
from sandbox.handlers.base import Handler

_CLASSES: dict[str, Any] = {
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": aws.cloudwatch.AlarmMuteRule,
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (
        aws.chatbot.SlackChannelConfiguration
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": (
        aws.chatbot.TeamsChannelConfiguration
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": aws.cloudwatch.CompositeAlarm,
    "aws:cloudwatch/dashboard:Dashboard": aws.cloudwatch.Dashboard,
    "aws:cloudwatch/eventRule:EventRule": aws.cloudwatch.EventRule,
    "aws:cloudwatch/eventTarget:EventTarget": aws.cloudwatch.EventTarget,
    "aws:cloudwatch/logGroup:LogGroup": aws.cloudwatch.LogGroup,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": aws.cloudwatch.LogMetricFilter,
    "aws:cloudwatch/metricAlarm:MetricAlarm": aws.cloudwatch.MetricAlarm,
    "aws:cloudwatch/metricStream:MetricStream": aws.cloudwatch.MetricStream,
    "aws:iam/role:Role": aws.iam.Role,
    "aws:iam/rolePolicy:RolePolicy": aws.iam.RolePolicy,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        aws.kinesis.FirehoseDeliveryStream
    ),
    "aws:kms/alias:Alias": aws.kms.Alias,
    "aws:kms/key:Key": aws.kms.Key,
    "aws:route53/healthCheck:HealthCheck": aws.route53.HealthCheck,
    "aws:s3/bucket:Bucket": aws.s3.Bucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        aws.s3.BucketLifecycleConfiguration
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": aws.s3.BucketPublicAccessBlock,
    "aws:scheduler/schedule:Schedule": aws.scheduler.Schedule,
    "aws:sns/topic:Topic": aws.sns.Topic,
    "aws:sns/topicPolicy:TopicPolicy": aws.sns.TopicPolicy,
    "aws:sns/topicSubscription:TopicSubscription": aws.sns.TopicSubscription,
    "aws:sqs/queue:Queue": aws.sqs.Queue,
    "aws:sqs/queuePolicy:QueuePolicy": aws.sqs.QueuePolicy,
}

handlers = pytest.mark.parametrize("handler", HANDLERS.values(), ids=lambda h: type(h).__name__)


def _wire_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def _arguments(token: str) -> dict[str, inspect.Parameter]:
    """The constructor's arguments by their names on the wire."""
    parameters = inspect.signature(_CLASSES[token]._internal_init).parameters
    skipped = ("self", "resource_name", "opts", "__props__")
    return {_wire_name(name): p for name, p in parameters.items() if name not in skipped}


def test_every_type_is_one_of_pulumi_aws() -> None:
    assert HANDLERS.keys() == _CLASSES.keys()
    assert all(_CLASSES[token].pulumi_type == token for token in HANDLERS)


@handlers
def test_the_inputs_are_pulumi_aws_own(handler: Handler) -> None:
    known = _arguments(handler.type)
    # What the provider's check adds is no argument.
    assert handler.all_inputs.keys() - {"tagsAll"} <= known.keys()
    assert ("region" in handler.all_inputs) == ("region" in known)


@handlers
def test_the_outputs_are_pulumi_aws_own(handler: Handler) -> None:
    members = inspect.getmembers(_CLASSES[handler.type], lambda m: isinstance(m, property))
    known = {_wire_name(name) for name, _ in members}
    assert handler.outputs <= known
    assert handler.inputs.keys() <= known
    assert ("tagsAll" in known) == (handler.tagging is not None)


@handlers
def test_what_pulumi_aws_requires_is_required(handler: Handler) -> None:
    register = _CLASSES[handler.type]._internal_init
    source = inspect.getsource(register)
    required = {name for name, kind in handler.inputs.items() if kind.required}
    demanded = {
        _wire_name(line.partition("'")[2].partition("'")[0])
        for line in source.splitlines()
        if "Missing required property" in line
    }
    assert demanded <= required


def test_what_is_not_as_in_aws_is_told_by_type() -> None:
    assert any(line.startswith("MetricAlarm: ") for line in LIMITATIONS)
    assert len(set(LIMITATIONS)) == len(LIMITATIONS)
