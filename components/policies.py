"""Resource policies of alert topics, their key and their dead-letter queues.

CloudWatch alarms support ``aws:SourceAccount`` and ``aws:SourceArn``, both in a topic's policy
and in a key's:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

EventBridge supports neither. Of the topic: "You can't use Condition blocks in Amazon SNS topic
policies for EventBridge"
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html). Of the
key: "Adding the aws:SourceAccount, aws:SourceArn, and aws:SourceOrgID to a AWS KMS policy is
not supported for EventBridge-to-encrypted topics" (the key management page above). Statements
with such conditions deploy, and then nobody hears; so there are none.
"""

import json
from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

# What the policy that SNS gives a new topic lets its owner do, and a policy of one's own
# takes away unless it says so again:
# https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
_OWNER_ACTIONS = (
    "SNS:GetTopicAttributes",
    "SNS:SetTopicAttributes",
    "SNS:AddPermission",
    "SNS:RemovePermission",
    "SNS:DeleteTopic",
    "SNS:Subscribe",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
)

# SNS encrypts on behalf of the publisher: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_PUBLISHER_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey*")

_VERSION = "2012-10-17"


@dataclass(frozen=True, kw_only=True)
class AwsIdentity:
    """Where the stack runs.

    Attributes:
        account: the account's id.
        partition: ``aws``, ``aws-cn`` or ``aws-us-gov``.
        region: the region's name.
    """

    account: str
    partition: str
    region: str

    @property
    def root(self) -> str:
        """ARN of the account itself as a principal."""
        return f"arn:{self.partition}:iam::{self.account}:root"

    @property
    def alarms_only(self) -> dict[str, Any]:
        """The condition that only alarms of this account and region meet."""
        alarms = f"arn:{self.partition}:cloudwatch:{self.region}:{self.account}:alarm:*"
        return {
            "StringEquals": {"aws:SourceAccount": self.account},
            "ArnLike": {"aws:SourceArn": alarms},
        }


def aws_identity(
    parent: pulumi.Resource, region: Optional[str] = None
) -> pulumi.Output[AwsIdentity]:
    """Ask the parent's provider; ``region`` wins over the provider's own."""
    opts = pulumi.InvokeOptions(parent=parent)
    return pulumi.Output.all(
        account=aws.get_caller_identity_output(opts=opts).account_id,
        partition=aws.get_partition_output(opts=opts).partition,
        region=region or aws.get_region_output(opts=opts).region,
    ).apply(lambda answers: AwsIdentity(**answers))


def topic_policy(identity: AwsIdentity, topic: str) -> str:
    """Lets the account's owner manage a topic, and its alarms and EventBridge publish."""
    return _policy(
        {
            "Sid": "Owner",
            "Effect": "Allow",
            "Principal": {"AWS": identity.root},
            "Action": list(_OWNER_ACTIONS),
            "Resource": topic,
        },
        *_publishers(identity, ["SNS:Publish"], topic),
    )


def key_policy(identity: AwsIdentity) -> str:
    """Lets the account manage a key, and alarms and EventBridge encrypt with it."""
    return _policy(
        {
            "Sid": "Owner",
            "Effect": "Allow",
            "Principal": {"AWS": identity.root},
            "Action": "kms:*",
            "Resource": "*",
        },
        *_publishers(identity, list(_PUBLISHER_KEY_ACTIONS), "*"),
    )


def dead_letter_policy(queue: str, topic: str) -> str:
    """Lets one topic leave undeliverable notifications in a queue.

    https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html
    """
    return _policy(
        {
            "Sid": "DeadLetters",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
    )


def _publishers(identity: AwsIdentity, actions: list[str], resource: str) -> list[dict[str, Any]]:
    """The services that tell of trouble, each under the conditions that it supports."""
    return [
        {
            "Sid": "CloudWatchAlarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": actions,
            "Resource": resource,
            "Condition": identity.alarms_only,
        },
        {
            "Sid": "EventBridge",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": actions,
            "Resource": resource,
        },
    ]


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": _VERSION, "Statement": list(statements)})
