"""Which IAM actions the AWS provider needs for each type of resource that a stack registers.

Written from the provider's source and AWS's lists of actions, and held against what the sandbox's
provider double calls: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stack import resource_types as types
from stack.definitions import ALARM
from stack.events import EVENT_RULE, EVENT_TARGET
from stack.incidents import COMPOSITE
from stack.mutes import MUTE_RULE


@dataclass(frozen=True, kw_only=True)
class Actions:
    """What one type of resource needs.

    Attributes:
        sid: name of the statement.
        write: to create, change and delete it, on the resource itself.
        read: to read it back; changes nothing.
    """

    sid: str
    write: tuple[str, ...]
    read: tuple[str, ...]


ACTIONS: Final[Mapping[str, Actions]] = {
    ALARM: Actions(
        sid="Alarms",
        write=(
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:DeleteAlarms",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ),
        read=("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
    ),
    MUTE_RULE: Actions(
        sid="MuteRules",
        write=(
            "cloudwatch:PutAlarmMuteRule",
            "cloudwatch:DeleteAlarmMuteRule",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ),
        read=("cloudwatch:GetAlarmMuteRule", "cloudwatch:ListTagsForResource"),
    ),
    # PutCompositeAlarm comes by itself, since AWS takes no resource for it.
    COMPOSITE: Actions(
        sid="Incidents",
        write=("cloudwatch:DeleteAlarms", "cloudwatch:TagResource", "cloudwatch:UntagResource"),
        read=("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
    ),
    types.DASHBOARD: Actions(
        sid="Dashboards",
        write=("cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards"),
        read=("cloudwatch:GetDashboard",),
    ),
    types.LOG_FILTER: Actions(
        sid="LogFilters",
        write=("logs:PutMetricFilter", "logs:DeleteMetricFilter"),
        read=("logs:DescribeLogGroups", "logs:DescribeMetricFilters"),
    ),
    # A group stays when the stack is destroyed: nothing may delete it.
    types.LOG_GROUP: Actions(
        sid="LogGroups",
        write=(
            "logs:CreateLogGroup",
            "logs:PutRetentionPolicy",
            "logs:DeleteRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ),
        read=("logs:DescribeLogGroups", "logs:ListTagsForResource"),
    ),
    types.TOPIC: Actions(
        sid="Topics",
        write=(
            "sns:CreateTopic",
            "sns:DeleteTopic",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
            "sns:TagResource",
            "sns:UntagResource",
        ),
        read=("sns:GetTopicAttributes", "sns:ListTagsForResource"),
    ),
    types.SUBSCRIPTION: Actions(
        sid="Subscriptions",
        write=("sns:SetSubscriptionAttributes", "sns:Unsubscribe"),
        read=("sns:GetSubscriptionAttributes",),
    ),
    types.QUEUE: Actions(
        sid="DeadLetterQueues",
        write=(
            "sqs:CreateQueue",
            "sqs:DeleteQueue",
            "sqs:SetQueueAttributes",
            "sqs:TagQueue",
            "sqs:UntagQueue",
        ),
        read=("sqs:GetQueueAttributes", "sqs:ListQueueTags"),
    ),
    types.KEY: Actions(
        sid="KeyOfThisStack",
        write=(
            "kms:PutKeyPolicy",
            "kms:UpdateKeyDescription",
            "kms:DisableKeyRotation",
            "kms:ScheduleKeyDeletion",
            "kms:TagResource",
            "kms:UntagResource",
        ),
        read=(
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListResourceTags",
        ),
    ),
    types.ALIAS: Actions(
        sid="KeyRotationAndAlias",
        write=(
            "kms:EnableKeyRotation",
            "kms:CreateAlias",
            "kms:UpdateAlias",
            "kms:DeleteAlias",
        ),
        read=("kms:ListAliases",),
    ),
    EVENT_RULE: Actions(
        sid="EventRules",
        write=(
            "events:PutRule",
            "events:DeleteRule",
            "events:PutTargets",
            "events:RemoveTargets",
            "events:TagResource",
            "events:UntagResource",
        ),
        read=(
            "events:DescribeRule",
            "events:ListTargetsByRule",
            "events:ListTagsForResource",
        ),
    ),
    types.HEALTH_CHECK: Actions(
        sid="HealthChecks",
        write=(
            "route53:UpdateHealthCheck",
            "route53:DeleteHealthCheck",
            "route53:ChangeTagsForResource",
        ),
        read=("route53:GetHealthCheck", "route53:ListTagsForResource"),
    ),
    types.SCHEDULE: Actions(
        sid="ReminderSchedules",
        write=(
            "scheduler:CreateSchedule",
            "scheduler:UpdateSchedule",
            "scheduler:DeleteSchedule",
        ),
        read=("scheduler:GetSchedule",),
    ),
    types.ROLE: Actions(
        sid="RolesOfServices",
        write=(
            "iam:CreateRole",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
            "iam:UpdateAssumeRolePolicy",
            "iam:DeleteRole",
            "iam:PutRolePermissionsBoundary",
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:DeleteRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
        ),
        read=(
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListRolePolicies",
            "iam:ListAttachedRolePolicies",
            "iam:ListInstanceProfilesForRole",
        ),
    ),
    types.SLACK_CHANNEL: Actions(
        sid="SlackChannels",
        write=(
            "chatbot:UpdateSlackChannelConfiguration",
            "chatbot:DeleteSlackChannelConfiguration",
            "chatbot:TagResource",
            "chatbot:UntagResource",
        ),
        read=("chatbot:DescribeSlackChannelConfigurations", "chatbot:ListTagsForResource"),
    ),
    types.TEAMS_CHANNEL: Actions(
        sid="MicrosoftTeamsChannels",
        write=(
            "chatbot:UpdateMicrosoftTeamsChannelConfiguration",
            "chatbot:DeleteMicrosoftTeamsChannelConfiguration",
            "chatbot:TagResource",
            "chatbot:UntagResource",
        ),
        # The provider lists where the sandbox's double gets the one.
        read=(
            "chatbot:GetMicrosoftTeamsChannelConfiguration",
            "chatbot:ListMicrosoftTeamsChannelConfigurations",
            "chatbot:ListTagsForResource",
        ),
    ),
    types.METRIC_STREAM: Actions(
        sid="MetricStreams",
        write=(
            "cloudwatch:PutMetricStream",
            "cloudwatch:DeleteMetricStream",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ),
        read=("cloudwatch:GetMetricStream", "cloudwatch:ListTagsForResource"),
    ),
    types.FIREHOSE: Actions(
        sid="FirehoseStreams",
        write=(
            "firehose:CreateDeliveryStream",
            "firehose:UpdateDestination",
            "firehose:DeleteDeliveryStream",
            "firehose:TagDeliveryStream",
            "firehose:UntagDeliveryStream",
        ),
        read=("firehose:DescribeDeliveryStream", "firehose:ListTagsForDeliveryStream"),
    ),
    # With what the bucket is emptied before it goes, and what the provider reads of any bucket:
    # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket.go
    types.BUCKET: Actions(
        sid="FailedRecords",
        write=(
            "s3:CreateBucket",
            "s3:DeleteBucket",
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:PutBucketTagging",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutLifecycleConfiguration",
        ),
        read=(
            "s3:GetAccelerateConfiguration",
            "s3:GetBucketAcl",
            "s3:GetBucketCORS",
            "s3:GetBucketLocation",
            "s3:GetBucketLogging",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketPolicy",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketRequestPayment",
            "s3:GetBucketTagging",
            "s3:GetBucketVersioning",
            "s3:GetBucketWebsite",
            "s3:GetEncryptionConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
            "s3:ListBucketVersions",
        ),
    ),
}
"""By type. What belongs to a topic, a queue, a role, a rule or a bucket is covered with it."""

CHANNEL_CREATION: Final = {
    types.SLACK_CHANNEL: "chatbot:CreateSlackChannelConfiguration",
    types.TEAMS_CHANNEL: "chatbot:CreateMicrosoftTeamsChannelConfiguration",
}
"""What makes a chat channel's configuration, which takes no resource:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awschatbot.html
"""

COVERED: Final = frozenset(
    (
        EVENT_TARGET,
        "aws:iam/rolePolicy:RolePolicy",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
    )
)
"""Types that the actions of another type are enough for."""

DATA_SOURCES: Final = (
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTags",
)
"""What the program asks AWS where the settings say ``verify: true``."""
