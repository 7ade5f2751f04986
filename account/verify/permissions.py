"""The IAM actions by which an account is asked about what a stack would deploy."""

from collections.abc import Mapping
from typing import Final

from account.coverage.logs_reader import LINE_PERMISSIONS
from account.coverage.read import INVENTORY_PERMISSIONS
from stack.resource_types import SLACK_CHANNEL, TEAMS_CHANNEL

PERMISSIONS: Final = (
    *INVENTORY_PERMISSIONS,
    "cloudwatch:GetDashboard",
    "cloudwatch:ListTagsForResource",
    *LINE_PERMISSIONS,
    "sqs:GetQueueUrl",
    "tag:GetResources",
)
"""The IAM actions that are needed; without one of them, what it tells is noted as not looked at.

Those of https://docs.aws.amazon.com/service-authorization/latest/reference/. ``logs:GetLogEvents``
reads what the application logs; without it, only the lines are not looked at.
"""

CHAT_PERMISSIONS: Final[Mapping[str, str]] = {
    SLACK_CHANNEL: "chatbot:DescribeSlackWorkspaces",
    TEAMS_CHANNEL: "chatbot:ListMicrosoftTeamsConfiguredTeams",
}
"""The same where the stack has chat channels, by the type of the channel:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awschatbot.html
"""
