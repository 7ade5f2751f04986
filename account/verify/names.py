"""Names of planned alarms that somebody else's alarm has in the account."""

from collections.abc import Mapping, Sequence
from typing import Any

from account.account import Region
from account.alarms import LiveAlarm
from account.reading import read_alarms_named
from account.tags import tags_of
from ecs_monitoring.cloudwatch.alarm import AlarmAddress


def names_taken(region: Region, planned: Sequence[LiveAlarm]) -> dict[str, str]:
    """Name to what is there, in words, of the alarms that are there and not the stack's own.

    Metric, composite and log alarms share their names: each is "unique within the Region", and an
    alarm's ARN does not say of which type it is. What PutMetricAlarm and PutCompositeAlarm do with
    a name that an alarm of another type has, AWS does not say.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    by_name = {alarm.name: alarm for alarm in planned}
    there = read_alarms_named(region, list(by_name))
    tags = tags_of(region, [described["AlarmArn"] for described in there], "AlarmKey")
    taken = {}
    for described in there:
        words = _whose(described, tags[described["AlarmArn"]], by_name[described["AlarmName"]])
        if words:
            taken[described["AlarmName"]] = words
    return taken


def _whose(described: Mapping[str, Any], tags: Mapping[str, str], planned: LiveAlarm) -> str:
    """What is there in the place of a planned alarm; empty where it is the stack's own."""
    name, sort = planned.name, _sort(described)
    wanted = "composite" if planned.is_composite else "metric"
    if sort != wanted:
        return (
            f"a {sort} alarm {name} is there, and a {wanted} alarm of that name is planned: "
            "alarms share their names, so delete it or call it otherwise first"
        )
    address = AlarmAddress.from_tags(tags)
    if address == planned.address:
        return ""
    whose = f"is tagged as {address}" if address.rule else "has none of its tags"
    article = "a composite alarm" if planned.is_composite else "an alarm"
    return f"{article} {name} is there, {whose} and would be overwritten"


def _sort(described: Mapping[str, Any]) -> str:
    if "AlarmRule" in described:
        return "composite"
    return "log" if "ScheduledQueryConfiguration" in described else "metric"
