"""Queues that keep what could not be delivered."""

from collections.abc import Callable, Mapping
from typing import Final, Optional

import pulumi
import pulumi_aws as aws

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
QUEUE_NAME_LENGTH: Final = 80

# Dead letters are kept as long as SQS keeps anything, so that a weekend is not
# too long: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
_KEPT_SECONDS: Final = 1_209_600


def dead_letter_queue(
    parent: pulumi.Resource,
    local_name: str,
    *,
    name: str,
    policy: Callable[[pulumi.Output[str]], pulumi.Output[str]],
    tags: Optional[Mapping[str, pulumi.Input[str]]],
    region: Optional[str],
) -> "aws.sqs.Queue":
    """Register a queue for dead letters and its policy.

    Args:
        parent: the component.
        local_name: the Pulumi name of both.
        name: the queue's name in AWS.
        policy: makes of the queue's ARN the policy that lets others send to it.
        tags: the queue's tags.
        region: where it is, if not in the provider's region.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    queue = aws.sqs.Queue(
        local_name,
        name=name,
        message_retention_seconds=_KEPT_SECONDS,
        # Encrypted by SQS's own key, which needs no key policy for whoever sends.
        sqs_managed_sse_enabled=True,
        tags=tags,
        region=region,
        opts=opts,
    )
    aws.sqs.QueuePolicy(
        local_name, queue_url=queue.url, policy=policy(queue.arn), region=region, opts=opts
    )
    return queue
