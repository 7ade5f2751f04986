"""Metrics of what carries notifications: SNS, SQS and EventBridge."""

from typing import Final

from ecs_monitoring.catalog.metrics.sheet import MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import Unit

NOTIFICATIONS_FAILED: Final = MetricSheet(
    namespace="AWS/SNS",
    name="NumberOfNotificationsFailed",
    dimensions=("TopicName",),
    unit=Unit.COUNT,
    whole=True,
    endless="as many as are published",
    published=Published.NOT_ZERO,
    silence="nothing was published to the topic, or all of it was delivered",
    usual=Usual(0),
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html",
)

MESSAGES_VISIBLE: Final = MetricSheet(
    namespace="AWS/SQS",
    name="ApproximateNumberOfMessagesVisible",
    dimensions=("QueueName",),
    unit=Unit.COUNT,
    whole=True,
    endless="a queue keeps as many as it gets",
    published=Published.IN_USE,
    silence="the queue has been empty, and nobody has looked into it, for six hours",
    usual=Usual(0),
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
    "sqs-available-cloudwatch-metrics.html",
)

FAILED_INVOCATIONS: Final = MetricSheet(
    namespace="AWS/Events",
    name="FailedInvocations",
    dimensions=("RuleName",),
    unit=Unit.COUNT,
    whole=True,
    endless="as many as there are events",
    published=Published.NOT_ZERO,
    silence="no event was given up: the metric is sent only if it is not zero",
    usual=Usual(0),
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html",
)
