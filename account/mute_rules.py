"""Alarm mute rules as AWS has them, and those that people make by hand.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from account.account import Attempts, Region
from account.stack import StackPlace
from ecs_monitoring.cloudwatch.mute import MuteSchedule, MuteWindow
from ecs_monitoring.rules.mute import BY_HAND, mute_rule_name, mute_rule_prefix

ACTIVE: Final = ("ACTIVE",)
CURRENT: Final = ("ACTIVE", "SCHEDULED")
"""Statuses of rules that mute now, or will."""

READ_PERMISSIONS: Final = ("cloudwatch:GetAlarmMuteRule", "cloudwatch:ListAlarmMuteRules")
"""The IAM actions by which rules are found."""

_PAGE: Final = 100


@dataclass(frozen=True, kw_only=True)
class MuteRule:
    """A rule that mutes alarms.

    Attributes:
        name: the rule's name.
        alarms: names of the alarms that it mutes.
        schedule: when it begins, as it was written: a cron or at expression.
        duration: for how long each time, in ISO 8601.
        timezone: of the schedule.
        expires: when it ends for good; ``None`` for never.
        status: ``SCHEDULED``, ``ACTIVE`` or ``EXPIRED``.
        description: what it is for, in the words of whoever made it.
    """

    name: str
    alarms: frozenset[str]
    schedule: str
    duration: str
    timezone: str = "UTC"
    expires: datetime | None = None
    status: str = "ACTIVE"
    description: str = ""

    def window(self, now: int) -> MuteWindow | None:
        """The window at a time, or the first one after it.

        ``None`` where none comes any more, or where the schedule is one that this program does not
        read, such as days of the week as numbers.
        """
        try:
            schedule = MuteSchedule.parsed(self.schedule, self.duration, self.timezone)
        except ValueError:
            return None
        return schedule.next_window(now)


def hand_id(place: StackPlace, rule: str) -> str:
    """The name of the mute by hand that a rule is part of; empty where it is none's.

    A mute of more than a hundred alarms has several rules, and one name.

    Args:
        place: the stack.
        rule: the rule's name.
    """
    rest = rule.removeprefix(mute_rule_name(place.project, place.stack, BY_HAND, ""))
    return "-".join(rest.split("-")[:2]) if rest != rule else ""


def settings_window(place: StackPlace, rule: str) -> str:
    """The window of the stack's settings that a rule belongs to; empty where it is none's.

    Args:
        place: the stack.
        rule: the rule's name.
    """
    rest = rule.removeprefix(mute_rule_prefix(place.project, place.stack))
    window, hyphens, _ = rest.partition("--")
    return window if rest != rule and hyphens and window != BY_HAND else ""


def has_mute_rules(cloudwatch: Any) -> bool:
    """Whether a client can ask for mute rules: older versions of boto3 know none."""
    return hasattr(cloudwatch, "list_alarm_mute_rules")


def find_mute_rules(region: Region, *, statuses: Sequence[str]) -> Iterator[MuteRule]:
    """The mute rules of a region.

    Args:
        region: where to look.
        statuses: only rules with one of them.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
    """
    asked: dict[str, Any] = {"MaxRecords": _PAGE, "Statuses": list(statuses)}
    while True:
        page = region.cloudwatch.list_alarm_mute_rules(**asked)
        for summary in page.get("AlarmMuteRuleSummaries", ()):
            name = summary["AlarmMuteRuleArn"].rpartition(":")[2]
            yield _described(name, region.cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name))
        if "NextToken" not in page:
            return
        asked["NextToken"] = page["NextToken"]


def active_mute_rules(region: Region, attempts: Attempts) -> tuple[MuteRule, ...]:
    """The rules of a region that are active now; none of an emulator's, which carries out none.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html

    Args:
        region: where to look.
        attempts: takes note of what could not be looked at.
    """
    if region.emulator or not has_mute_rules(region.cloudwatch):
        return ()
    active = attempts.of(
        "alarm mute rules", lambda: tuple(find_mute_rules(region, statuses=ACTIVE))
    )
    return active or ()


def _described(name: str, answer: Mapping[str, Any]) -> MuteRule:
    schedule = answer["Rule"]["Schedule"]
    return MuteRule(
        name=name,
        alarms=frozenset(answer.get("MuteTargets", {}).get("AlarmNames", ())),
        schedule=schedule["Expression"],
        duration=schedule["Duration"],
        timezone=schedule.get("Timezone", "UTC"),
        expires=answer.get("ExpireDate"),
        status=answer.get("Status", ""),
        description=answer.get("Description", ""),
    )
