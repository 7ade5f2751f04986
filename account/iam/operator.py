"""The IAM policy of people who run drills, mutes, the archive, the review and ``--verify``."""

from collections.abc import Mapping
from typing import Final

from account.coverage.logs_reader import LINE_PERMISSIONS
from account.coverage.read import PERMISSIONS as REVIEW
from account.iam.resources import StackOwner, of_alarms, resources, topics_told
from account.iam.statements import Document, document, statement
from account.mute_rules import READ_PERMISSIONS as MUTE_RULES
from account.reading import TOPIC_PERMISSIONS
from account.topics import QUEUE_PREFIX
from account.verify.read import CHAT_PERMISSIONS
from account.verify.read import PERMISSIONS as VERIFY
from ecs_monitoring.rules.mute import BY_HAND, mute_rule_name
from stack.program import ProgramRun
from stack.resource_types import LOG_FILTER, SLACK_CHANNEL, TEAMS_CHANNEL

_ALARMS: Final = ("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource", "tag:GetResources")

READS: Final[Mapping[str, tuple[str, ...]]] = {
    "preview --verify": VERIFY,
    "review": (*REVIEW, *_ALARMS),
    "history fetch": (*_ALARMS, "cloudwatch:DescribeAlarmHistory", "cloudwatch:GetMetricData"),
    "drill": (
        *_ALARMS,
        *MUTE_RULES,
        *TOPIC_PERMISSIONS,
        "cloudwatch:DescribeAlarmHistory",
        "sqs:GetQueueUrl",
    ),
    "mute": (*_ALARMS, *MUTE_RULES),
}
"""What each command reads; it takes no resource. ``sts:GetCallerIdentity`` needs no permission."""

_CHAT: Final = (
    "chatbot:DescribeSlackChannelConfigurations",
    "chatbot:ListMicrosoftTeamsChannelConfigurations",
)
"""What the drill asks of chat channels, where the stack has any."""


def operator_policy(run: ProgramRun, owner: StackOwner) -> Document:
    """What the operators' commands need, of a stack as it is registered."""
    arn, account, alarms = owner.prefix, owner.account, of_alarms(run, owner)
    # Lines may be read where the stack's filters are, and nowhere else.
    lines = resources(LOG_FILTER, run.of_type(LOG_FILTER), owner)
    by_hand = mute_rule_name(owner.project, owner.stack, BY_HAND, "*")
    return document(
        [
            statement("Read", sorted(_reads(run)), ["*"]),
            *([statement("LatestLines", LINE_PERMISSIONS, lines)] if lines else ()),
            statement("DrillAlarms", ["cloudwatch:SetAlarmState"], alarms),
            statement(
                "DrillQueue",
                ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:ReceiveMessage"],
                [f"{arn}:sqs:*:{account}:{QUEUE_PREFIX}*"],
            ),
            statement("DrillTopics", ["sns:Subscribe"], topics_told(run)),
            # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
            statement("DrillSubscriptions", ["sns:Unsubscribe"], ["*"]),
            statement(
                "MuteByHand",
                [
                    "cloudwatch:DeleteAlarmMuteRule",
                    "cloudwatch:PutAlarmMuteRule",
                    "cloudwatch:TagResource",
                ],
                [f"{arn}:cloudwatch:*:{account}:alarm-mute-rule:{by_hand}"],
            ),
            # Putting a mute rule needs the right on every alarm that it names, too:
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
            statement("MuteAlarms", ["cloudwatch:PutAlarmMuteRule"], alarms),
        ]
    )


def _reads(run: ProgramRun) -> set[str]:
    actions = {action for of_command in READS.values() for action in of_command}
    if run.of_type(SLACK_CHANNEL) or run.of_type(TEAMS_CHANNEL):
        actions |= {*_CHAT, *chat_reads(run)}
    return actions - set(LINE_PERMISSIONS)


def chat_reads(run: ProgramRun) -> set[str]:
    """What ``--verify`` asks of the chat services that the stack has channels of."""
    return {action for type_, action in CHAT_PERMISSIONS.items() if run.of_type(type_)}
