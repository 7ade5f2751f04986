"""CloudWatch's alarm mute rules, which keep alarms from carrying out their actions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from account.account import Region
from account.coverage.attempts import Attempts


@dataclass(frozen=True, kw_only=True)
class MuteRule:
    """A rule that mutes alarms at the moment.

    Attributes:
        name: the rule's name.
        alarms: names of the alarms that it mutes.
        schedule: when it begins, as it was written: a cron or at expression.
        duration: for how long each time, in ISO 8601.
        expires: when it ends for good; ``None`` for never.
    """

    name: str
    alarms: frozenset[str]
    schedule: str
    duration: str
    expires: datetime | None = None


def read_mute_rules(region: Region, attempts: Attempts) -> tuple[MuteRule, ...]:
    """The rules of a region that are active now; none of an emulator's, which carries out none.

    Args:
        region: where to look.
        attempts: hears of what could not be looked at.
    """
    # Older versions of boto3 know no mute rules.
    if region.emulator or not hasattr(region.cloudwatch, "list_alarm_mute_rules"):
        return ()
    return attempts.of("alarm mute rules", lambda: tuple(_active(region.cloudwatch))) or ()


def _active(cloudwatch: Any) -> Iterator[MuteRule]:
    token: dict[str, str] = {}
    while True:
        page = cloudwatch.list_alarm_mute_rules(Statuses=["ACTIVE"], **token)
        for summary in page.get("AlarmMuteRuleSummaries", ()):
            name = summary["AlarmMuteRuleArn"].rpartition(":")[2]
            rule = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name)
            schedule = rule["Rule"]["Schedule"]
            yield MuteRule(
                name=name,
                alarms=_targets(rule),
                schedule=schedule["Expression"],
                duration=schedule["Duration"],
                expires=rule.get("ExpireDate"),
            )
        if "NextToken" not in page:
            return
        token = {"NextToken": page["NextToken"]}


def _targets(rule: dict[str, Any]) -> frozenset[str]:
    names: Collection[str] = rule.get("MuteTargets", {}).get("AlarmNames", ())
    return frozenset(names)
