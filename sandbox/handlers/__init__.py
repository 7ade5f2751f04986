"""What the double of the AWS provider can do: one handler a resource type, in one table."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sandbox.handlers.base import Handler
from sandbox.handlers.chatbot import (
    SlackChannelConfigurationHandler,
    TeamsChannelConfigurationHandler,
)
from sandbox.handlers.composite_alarm import CompositeAlarmHandler
from sandbox.handlers.dashboard import DashboardHandler
from sandbox.handlers.events import EventRuleHandler, EventTargetHandler
from sandbox.handlers.firehose import FirehoseDeliveryStreamHandler
from sandbox.handlers.iam import RoleHandler, RolePolicyHandler
from sandbox.handlers.kms import AliasHandler, KeyHandler
from sandbox.handlers.logs import LogGroupHandler, LogMetricFilterHandler
from sandbox.handlers.metric_alarm import MetricAlarmHandler
from sandbox.handlers.metric_stream import MetricStreamHandler
from sandbox.handlers.mute_rule import AlarmMuteRuleHandler
from sandbox.handlers.route53 import HealthCheckHandler
from sandbox.handlers.s3 import (
    BucketHandler,
    BucketLifecycleConfigurationHandler,
    BucketPublicAccessBlockHandler,
)
from sandbox.handlers.scheduler import ScheduleHandler
from sandbox.handlers.sns import TopicHandler, TopicPolicyHandler, TopicSubscriptionHandler
from sandbox.handlers.sqs import QueueHandler, QueuePolicyHandler

HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        handler.type: handler
        for handler in (
            AlarmMuteRuleHandler(),
            AliasHandler(),
            BucketHandler(),
            BucketLifecycleConfigurationHandler(),
            BucketPublicAccessBlockHandler(),
            CompositeAlarmHandler(),
            DashboardHandler(),
            EventRuleHandler(),
            EventTargetHandler(),
            FirehoseDeliveryStreamHandler(),
            HealthCheckHandler(),
            KeyHandler(),
            LogGroupHandler(),
            LogMetricFilterHandler(),
            MetricAlarmHandler(),
            MetricStreamHandler(),
            QueueHandler(),
            QueuePolicyHandler(),
            RoleHandler(),
            RolePolicyHandler(),
            ScheduleHandler(),
            SlackChannelConfigurationHandler(),
            TeamsChannelConfigurationHandler(),
            TopicHandler(),
            TopicPolicyHandler(),
            TopicSubscriptionHandler(),
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
