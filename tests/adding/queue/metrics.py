"""Metrics of a made-up kind."""

from typing import Final

from ecs_monitoring.catalog.metrics.sheet import MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import Unit

QUEUE_LENGTH: Final = MetricSheet(
    namespace="AWS/SQS",
    name="ApproximateNumberOfMessagesVisible",
    dimensions=("QueueName",),
    unit=Unit.COUNT,
    whole=True,
    endless="a queue holds as many as it gets",
    published=Published.IN_USE,
    silence="nobody has used the queue for six hours",
    usual=Usual(3, noise=1),
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
    "sqs-available-cloudwatch-metrics.html",
)
