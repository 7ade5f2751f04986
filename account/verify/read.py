"""Asks the account, read-only, about everything that a stack would deploy."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from account.account import Account, Attempts, Caller
from account.coverage.logs_reader import LINE_PERMISSIONS
from account.coverage.read import INVENTORY_PERMISSIONS
from account.verify.alarms import alarm_answers
from account.verify.chat import channel_answers
from account.verify.databases import database_answers
from account.verify.live_region import read_live_region
from account.verify.model import Verification, VerifiedAlarm, VerifiedThing
from account.verify.planned import Planned
from account.verify.things import thing_answers
from ecs_monitoring.rules.rds_target import RdsTarget
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


def verify(
    account: Account,
    caller: Caller,
    plans: Iterable[Planned],
    *,
    databases: Mapping[str, RdsTarget] = MappingProxyType({}),
) -> Verification:
    """Ask about everything that is planned.

    Args:
        account: where.
        caller: whose credentials are used.
        plans: by region, from a run with the caller's account.
        databases: what the settings say of database instances, by the target's name.
    """
    alarms: list[VerifiedAlarm] = []
    things: list[VerifiedThing] = []
    notes: list[str] = []
    for plan in plans:
        attempts = Attempts(plan.region)
        region = account.region(plan.region, caller)
        logs = account.client("logs", plan.region)
        live = read_live_region(account, region, logs, plan, attempts)
        alarms += [alarm_answers(plan, watcher, live) for watcher in plan.watchers]
        things += thing_answers(region, logs, plan, live, attempts)
        of_databases = database_answers(databases, live.inventory.databases or ())
        of_channels, unread = channel_answers(account, plan.channels)
        named = [
            *((f"database {name}", answer) for name, answer in of_databases),
            *((channel.shown, answer) for channel, answer in of_channels),
        ]
        things += [VerifiedThing(what=w, region=plan.region, answer=answer) for w, answer in named]
        notes += [*attempts.notes, *unread]
    return Verification(
        account=caller.account, alarms=tuple(alarms), things=tuple(things), notes=tuple(notes)
    )
