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


def _actions(service: str, *names: str) -> tuple[str, ...]:
    """The actions of a service, as IAM writes them."""
    return tuple(f"{service}:{name}" for name in names)


ACTIONS: Final[Mapping[str, Actions]] = {
    ALARM: Actions(
        sid="Alarms",
        write=_actions(
            "cloudwatch", "PutMetricAlarm", "DeleteAlarms", "TagResource", "UntagResource"
        ),
        read=_actions("cloudwatch", "DescribeAlarms", "ListTagsForResource"),
    ),
    MUTE_RULE: Actions(
        sid="MuteRules",
        write=_actions(
            "cloudwatch", "PutAlarmMuteRule", "DeleteAlarmMuteRule", "TagResource", "UntagResource"
        ),
        read=_actions("cloudwatch", "GetAlarmMuteRule", "ListTagsForResource"),
    ),
    # PutCompositeAlarm comes by itself, since AWS takes no resource for it.
    COMPOSITE: Actions(
        sid="Incidents",
        write=_actions("cloudwatch", "DeleteAlarms", "TagResource", "UntagResource"),
        read=_actions("cloudwatch", "DescribeAlarms", "ListTagsForResource"),
    ),
    types.DASHBOARD: Actions(
        sid="Dashboards",
        write=_actions("cloudwatch", "PutDashboard", "DeleteDashboards"),
        read=_actions("cloudwatch", "GetDashboard"),
    ),
    types.LOG_FILTER: Actions(
        sid="LogFilters",
        write=_actions("logs", "PutMetricFilter", "DeleteMetricFilter"),
        read=_actions("logs", "DescribeLogGroups", "DescribeMetricFilters"),
    ),
    # A group stays when the stack is destroyed: nothing may delete it.
    types.LOG_GROUP: Actions(
        sid="LogGroups",
        write=_actions(
            "logs",
            "CreateLogGroup",
            "PutRetentionPolicy",
            "DeleteRetentionPolicy",
            "TagResource",
            "UntagResource",
        ),
        read=_actions("logs", "DescribeLogGroups", "ListTagsForResource"),
    ),
    types.TOPIC: Actions(
        sid="Topics",
        write=_actions(
            "sns",
            "CreateTopic",
            "DeleteTopic",
            "SetTopicAttributes",
            "Subscribe",
            "TagResource",
            "UntagResource",
        ),
        read=_actions("sns", "GetTopicAttributes", "ListTagsForResource"),
    ),
    types.SUBSCRIPTION: Actions(
        sid="Subscriptions",
        write=_actions("sns", "SetSubscriptionAttributes", "Unsubscribe"),
        read=_actions("sns", "GetSubscriptionAttributes"),
    ),
    types.QUEUE: Actions(
        sid="DeadLetterQueues",
        write=_actions(
            "sqs", "CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"
        ),
        read=_actions("sqs", "GetQueueAttributes", "ListQueueTags"),
    ),
    types.KEY: Actions(
        sid="KeyOfThisStack",
        write=_actions(
            "kms",
            "PutKeyPolicy",
            "UpdateKeyDescription",
            "DisableKeyRotation",
            "ScheduleKeyDeletion",
            "TagResource",
            "UntagResource",
        ),
        read=_actions(
            "kms", "DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"
        ),
    ),
    types.ALIAS: Actions(
        sid="KeyRotationAndAlias",
        write=_actions("kms", "EnableKeyRotation", "CreateAlias", "UpdateAlias", "DeleteAlias"),
        read=_actions("kms", "ListAliases"),
    ),
    EVENT_RULE: Actions(
        sid="EventRules",
        write=_actions(
            "events",
            "PutRule",
            "DeleteRule",
            "PutTargets",
            "RemoveTargets",
            "TagResource",
            "UntagResource",
        ),
        read=_actions("events", "DescribeRule", "ListTargetsByRule", "ListTagsForResource"),
    ),
    types.HEALTH_CHECK: Actions(
        sid="HealthChecks",
        write=_actions(
            "route53", "UpdateHealthCheck", "DeleteHealthCheck", "ChangeTagsForResource"
        ),
        read=_actions("route53", "GetHealthCheck", "ListTagsForResource"),
    ),
    types.SCHEDULE: Actions(
        sid="ReminderSchedules",
        write=_actions("scheduler", "CreateSchedule", "UpdateSchedule", "DeleteSchedule"),
        read=_actions("scheduler", "GetSchedule"),
    ),
    types.ROLE: Actions(
        sid="RolesOfServices",
        write=_actions(
            "iam",
            "CreateRole",
            "UpdateRole",
            "UpdateRoleDescription",
            "UpdateAssumeRolePolicy",
            "DeleteRole",
            "PutRolePermissionsBoundary",
            "DeleteRolePermissionsBoundary",
            "PutRolePolicy",
            "DeleteRolePolicy",
            "TagRole",
            "UntagRole",
        ),
        read=_actions(
            "iam",
            "GetRole",
            "GetRolePolicy",
            "ListRolePolicies",
            "ListAttachedRolePolicies",
            "ListInstanceProfilesForRole",
        ),
    ),
    types.SLACK_CHANNEL: Actions(
        sid="SlackChannels",
        write=_actions(
            "chatbot",
            "UpdateSlackChannelConfiguration",
            "DeleteSlackChannelConfiguration",
            "TagResource",
            "UntagResource",
        ),
        read=_actions("chatbot", "DescribeSlackChannelConfigurations", "ListTagsForResource"),
    ),
    types.TEAMS_CHANNEL: Actions(
        sid="MicrosoftTeamsChannels",
        write=_actions(
            "chatbot",
            "UpdateMicrosoftTeamsChannelConfiguration",
            "DeleteMicrosoftTeamsChannelConfiguration",
            "TagResource",
            "UntagResource",
        ),
        # The provider lists where the sandbox's double gets the one.
        read=_actions(
            "chatbot",
            "GetMicrosoftTeamsChannelConfiguration",
            "ListMicrosoftTeamsChannelConfigurations",
            "ListTagsForResource",
        ),
    ),
    types.METRIC_STREAM: Actions(
        sid="MetricStreams",
        write=_actions(
            "cloudwatch", "PutMetricStream", "DeleteMetricStream", "TagResource", "UntagResource"
        ),
        read=_actions("cloudwatch", "GetMetricStream", "ListTagsForResource"),
    ),
    types.FIREHOSE: Actions(
        sid="FirehoseStreams",
        write=_actions(
            "firehose",
            "CreateDeliveryStream",
            "UpdateDestination",
            "DeleteDeliveryStream",
            "TagDeliveryStream",
            "UntagDeliveryStream",
        ),
        read=_actions("firehose", "DescribeDeliveryStream", "ListTagsForDeliveryStream"),
    ),
    # With what the bucket is emptied before it goes, and what the provider reads of any bucket:
    # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket.go
    types.BUCKET: Actions(
        sid="FailedRecords",
        write=_actions(
            "s3",
            "CreateBucket",
            "DeleteBucket",
            "DeleteObject",
            "DeleteObjectVersion",
            "PutBucketTagging",
            "PutBucketPublicAccessBlock",
            "PutLifecycleConfiguration",
        ),
        read=_actions(
            "s3",
            "GetAccelerateConfiguration",
            "GetBucketAcl",
            "GetBucketCORS",
            "GetBucketLocation",
            "GetBucketLogging",
            "GetBucketObjectLockConfiguration",
            "GetBucketPolicy",
            "GetBucketPublicAccessBlock",
            "GetBucketRequestPayment",
            "GetBucketTagging",
            "GetBucketVersioning",
            "GetBucketWebsite",
            "GetEncryptionConfiguration",
            "GetLifecycleConfiguration",
            "GetReplicationConfiguration",
            "ListBucket",
            "ListBucketVersions",
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
