"""What the double of the AWS provider can do: one handler a resource type, in one table."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sandbox.handlers.base import Handler
from sandbox.handlers.chatbot import SlackChannelConfiguration, TeamsChannelConfiguration
from sandbox.handlers.composite_alarm import CompositeAlarm
from sandbox.handlers.dashboard import Dashboard
from sandbox.handlers.events import EventRule, EventTarget
from sandbox.handlers.firehose import FirehoseDeliveryStream
from sandbox.handlers.iam import Role, RolePolicy
from sandbox.handlers.kms import Alias, Key
from sandbox.handlers.logs import LogGroup, LogMetricFilter
from sandbox.handlers.metric_alarm import MetricAlarm
from sandbox.handlers.metric_stream import MetricStream
from sandbox.handlers.mute_rule import AlarmMuteRule
from sandbox.handlers.route53 import HealthCheck
from sandbox.handlers.s3 import (
    Bucket,
    BucketLifecycleConfiguration,
    BucketPublicAccessBlock,
)
from sandbox.handlers.scheduler import Schedule
from sandbox.handlers.sns import Topic, TopicPolicy, TopicSubscription
from sandbox.handlers.sqs import Queue, QueuePolicy

HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        handler.type: handler
        for handler in (
            AlarmMuteRule(),
            Alias(),
            Bucket(),
            BucketLifecycleConfiguration(),
            BucketPublicAccessBlock(),
            CompositeAlarm(),
            Dashboard(),
            EventRule(),
            EventTarget(),
            FirehoseDeliveryStream(),
            HealthCheck(),
            Key(),
            LogGroup(),
            LogMetricFilter(),
            MetricAlarm(),
            MetricStream(),
            Queue(),
            QueuePolicy(),
            Role(),
            RolePolicy(),
            Schedule(),
            SlackChannelConfiguration(),
            TeamsChannelConfiguration(),
            Topic(),
            TopicPolicy(),
            TopicSubscription(),
        )
    }
)
"""Every resource type that can be deployed here, by its token."""

LIMITATIONS: Final = tuple(
    f"{token.rpartition(':')[2]}: {limitation}"
    for token, handler in HANDLERS.items()
    for limitation in handler.limitations
)
"""What is not here as it is at AWS."""
