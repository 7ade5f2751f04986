"""Policies of alert topics, their key, their dead-letter queues, and the stack's roles.

CloudWatch alarms support ``aws:SourceAccount`` and ``aws:SourceArn``, both in a topic's policy
and in a key's:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

EventBridge supports neither. Of the topic: "You can't use Condition blocks in Amazon SNS topic
policies for EventBridge"
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html). Of the
key: "Adding the aws:SourceAccount, aws:SourceArn, and aws:SourceOrgID to a AWS KMS policy is
not supported for EventBridge-to-encrypted topics" (the key management page above). Statements
with such conditions deploy, and then nobody is notified; so there are none.

EventBridge Scheduler publishes as a role, for which the statements of the owner are enough: they
leave the rest to the account's IAM policies.

Amazon Q Developer in chat applications only reads what topics deliver. It subscribes by its
service-linked role, whose own policy allows that, and SNS delivers in plain text: so neither the
topic's policy nor the key's has a statement for it.
https://docs.aws.amazon.com/chatbot/latest/adminguide/slr-permissions.html
https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html

The service principals are the same in every partition, China's included. Of those that AWS's CDK
knows to differ (EC2, CodeDeploy, CloudWatch Logs, Step Functions) none is needed here, and the
Chinese documentation shows ``streams.metrics.cloudwatch.amazonaws.com``, too.
https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/region-info/lib/default.ts
https://docs.amazonaws.cn/en_us/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-trustpolicy.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ecs_monitoring.aws_identity import AwsIdentity
from ecs_monitoring.catalog.regions import partition_of

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

SCHEDULE_GROUP = "default"
"""The group of schedules that every account has."""

_VERSION = "2012-10-17"
_DOMAIN = "amazonaws.com"


def topic_policy(identity: AwsIdentity, topic: str, *, events: bool = False) -> str:
    """Lets the account's owner manage a topic, and its alarms publish.

    Args:
        identity: the account.
        topic: the topic's ARN.
        events: whether rules of EventBridge publish to it, too.
    """
    return _policy(
        _allow("Owner", list(_OWNER_ACTIONS), topic, to={"AWS": identity.root}),
        *_publishers(identity, ["SNS:Publish"], topic, events=events),
    )


def key_policy(identity: AwsIdentity, *, events: bool = False) -> str:
    """Lets the account manage a key, and alarms encrypt with it.

    Args:
        identity: the account.
        events: whether rules of EventBridge encrypt with it, too.
    """
    return _policy(
        _allow("Owner", "kms:*", "*", to={"AWS": identity.root}),
        *_publishers(identity, list(_PUBLISHER_KEY_ACTIONS), "*", events=events),
    )


def dead_letter_policy(queue: str, topic: str) -> str:
    """Lets one topic leave undeliverable notifications in a queue.

    https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html
    """
    return _leaving_dead_letters("sns.amazonaws.com", queue, topic)


def scheduler_trust(identity: AwsIdentity) -> str:
    """Lets EventBridge Scheduler be a role, for this account's own schedules.

    The source is the schedules' group: "Do not scope the aws:SourceArn statement to a specific
    schedule or a schedule name prefix."
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    group = (
        f"arn:{identity.partition}:scheduler:{identity.region}:{identity.account}"
        f":schedule-group/{SCHEDULE_GROUP}"
    )
    return _trust(
        "Scheduler",
        "scheduler.amazonaws.com",
        {"StringEquals": {"aws:SourceAccount": identity.account, "aws:SourceArn": group}},
    )


def chat_trust() -> str:
    """Lets Amazon Q Developer in chat applications be a role.

    AWS documents no condition that it supports here (``aws:SourceAccount`` and ``aws:SourceArn``
    are in none of its policies), and with one that it does not send, no channel would show a
    graph. Whoever names the role in a channel's configuration needs ``iam:PassRole`` in its own
    account, and the role can only read.
    https://docs.aws.amazon.com/chatbot/latest/adminguide/security-iam.html
    """
    return _trust("Chat", "chatbot.amazonaws.com")


def chat_rights() -> str:
    """Lets a channel's role read metrics and alarms, for the graph in a notification.

    What AWS's own template for notifications allows:
    https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-policies.html
    """
    reading = ["cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"]
    return _policy(_allow("ReadMetrics", reading, "*"))


def publish_policy(identity: AwsIdentity, topics: Sequence[str]) -> str:
    """Lets a role publish to topics, encrypted ones too.

    Topics from elsewhere may have keys that nobody names here, so the keys are those that SNS
    itself uses for the role, in the accounts and the region of the topics. The condition applies
    to what SNS does on a caller's behalf:
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    accounts = sorted({topic.split(":")[4] for topic in topics})
    keys = [
        f"arn:{identity.partition}:kms:{identity.region}:{account}:key/*" for account in accounts
    ]
    return _policy(
        _allow("Publish", "sns:Publish", list(topics)),
        _allow(
            "EncryptedTopics",
            list(_PUBLISHER_KEY_ACTIONS),
            keys,
            where={"StringEquals": {"kms:ViaService": _via("sns", identity.region)}},
        ),
    )


def _via(service: str, region: str) -> str | list[str]:
    """What KMS calls a service that asks on a caller's behalf: its endpoint.

    Where endpoints have another domain, AWS documents none for this, and templates of others have
    either. Nothing but the service itself is called so, so both are let in.
    """
    names = [f"{service}.{region}.{_DOMAIN}", f"{service}.{region}.{partition_of(region).domain}"]
    return names[0] if names[0] == names[1] else names


def firehose_trust(identity: AwsIdentity) -> str:
    """Lets Firehose be a role, for this account's own streams.

    Firehose sends the account along as the external id:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateFirehoseStream.html
    """
    return _trust(
        "Firehose", "firehose.amazonaws.com", {"StringEquals": {"sts:ExternalId": identity.account}}
    )


def backup_policy(bucket: str) -> str:
    """Lets Firehose keep what it could not deliver in a bucket, given by its ARN.

    https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-http
    """
    return _policy(
        _allow(
            "Bucket",
            ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            bucket,
        ),
        _allow(
            "FailedRecords",
            ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            f"{bucket}/*",
        ),
    )


def metric_stream_trust() -> str:
    """Lets CloudWatch's metric streams be a role.

    AWS documents no condition here, so there is none; the role may do nothing but feed one stream:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-trustpolicy.html
    """
    return _trust("MetricStreams", "streams.metrics.cloudwatch.amazonaws.com")


def feeding_policy(stream: str) -> str:
    """Lets a metric stream send to one Firehose stream, given by its ARN."""
    return _policy(_allow("Feed", ["firehose:PutRecord", "firehose:PutRecordBatch"], stream))


def event_dead_letter_policy(queue: str, rules: Sequence[str]) -> str:
    """Lets some rules of EventBridge leave undeliverable events in a queue.

    Of a queue, unlike a topic, EventBridge supports the condition:
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    return _leaving_dead_letters("events.amazonaws.com", queue, list(rules))


def _leaving_dead_letters(service: str, queue: str, sources: str | list[str]) -> str:
    """Lets some resources of a service send to a queue."""
    return _policy(
        _allow(
            "DeadLetters",
            "sqs:SendMessage",
            queue,
            to={"Service": service},
            where={"ArnEquals": {"aws:SourceArn": sources}},
        )
    )


def _publishers(
    identity: AwsIdentity, actions: list[str], resource: str, *, events: bool
) -> list[dict[str, Any]]:
    """The services that tell of trouble, each under the conditions that it supports."""
    alarms = _allow(
        "CloudWatchAlarms",
        actions,
        resource,
        to={"Service": "cloudwatch.amazonaws.com"},
        where=identity.alarms_only,
    )
    rules = _allow("EventBridge", actions, resource, to={"Service": "events.amazonaws.com"})
    return [alarms, rules] if events else [alarms]


def _trust(sid: str, service: str, where: Mapping[str, Any] | None = None) -> str:
    """Lets a service be a role, under a condition where it supports one."""
    return _policy(_allow(sid, "sts:AssumeRole", to={"Service": service}, where=where))


def _allow(
    sid: str,
    actions: str | list[str],
    resources: str | list[str] | None = None,
    *,
    to: Mapping[str, str] | None = None,
    where: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A statement of a policy.

    Args:
        sid: its name within the policy.
        actions: what is allowed.
        resources: what with; none in the policy of a role's trust.
        to: the principal; none in the policy of a role's rights.
        where: the condition, if there is one.
    """
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": to,
        "Action": actions,
        "Resource": resources,
        "Condition": where,
    }
    return {name: value for name, value in statement.items() if value is not None}


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": _VERSION, "Statement": list(statements)})
