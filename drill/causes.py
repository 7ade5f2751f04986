"""Asks AWS why a notification did not arrive."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from account.account import AWS_ERRORS, Region
from account.alarms import LiveAlarm
from account.mute_rules import has_mute_rules

# The clocks of this machine and of AWS may differ.
_TOLERANCE: Final = timedelta(minutes=1)


def causes(region: Region, alarm: LiveAlarm, since: datetime) -> list[str]:
    """What AWS says about an alarm whose notification did not arrive.

    The alarm's history says of each action whether CloudWatch could carry it out:
    https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
    A mute rule keeps it from carrying out any:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html

    Args:
        region: where the alarm is.
        alarm: the alarm.
        since: when it was set off.

    Returns:
        What is known, in words; nothing where AWS knows, or tells, nothing.
    """
    return [*_muted(region, alarm), *_actions(region, alarm, since)]


def _actions(region: Region, alarm: LiveAlarm, since: datetime) -> list[str]:
    try:
        items: list[dict[str, Any]] = region.cloudwatch.describe_alarm_history(
            AlarmName=alarm.name,
            HistoryItemType="Action",
            StartDate=since - _TOLERANCE,
            EndDate=datetime.now(UTC) + _TOLERANCE,
            MaxRecords=10,
        )["AlarmHistoryItems"]
    except AWS_ERRORS:
        return []
    return list(dict.fromkeys(_in_words(item) for item in items))


def _in_words(item: dict[str, Any]) -> str:
    """The summary, and the error where the data that comes with it has one."""
    summary = f"CloudWatch: {item['HistorySummary']}"
    try:
        data = json.loads(item.get("HistoryData", "{}"))
    except ValueError:
        return summary
    error = data.get("error")
    return f"{summary} ({error})" if error and str(error) not in summary else summary


def _muted(region: Region, alarm: LiveAlarm) -> list[str]:
    if not has_mute_rules(region.cloudwatch):
        return []
    try:
        rules = region.cloudwatch.list_alarm_mute_rules(AlarmName=alarm.name, Statuses=["ACTIVE"])[
            "AlarmMuteRuleSummaries"
        ]
    except AWS_ERRORS:
        return []
    names = [rule["AlarmMuteRuleArn"].rpartition(":")[2] for rule in rules]
    return [f"it is muted by {', '.join(names)}"] if names else []
