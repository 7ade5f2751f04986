"""What is really there: alarms and log filters as the API returns them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.log_pattern import LogPattern, parse_pattern
from ecs_monitoring.cloudwatch.mute import MuteSchedule
from sandbox.clients import Clients


@dataclass(frozen=True, kw_only=True)
class DeployedAlarm:
    """An alarm with what its tags say of it.

    Attributes:
        address: as in the stack's exports.
        severity: ``critical`` or ``warning``.
        region: where it is.
        definition: as DescribeAlarms returns it.
        updated: when its configuration last changed, as DescribeAlarms says it.
    """

    address: AlarmAddress
    severity: str
    region: str
    definition: AlarmDefinition
    updated: datetime


@dataclass(frozen=True, kw_only=True)
class DeployedFilter:
    """A log metric filter.

    Attributes:
        group: the log group.
        text: its pattern as written.
        pattern: its pattern.
        metric: the metric that it feeds.
        value: what one matching event adds.
        default: what a minute with events but no match publishes; ``None`` for nothing.
    """

    group: str
    text: str
    pattern: LogPattern
    metric: MetricKey
    value: float
    default: float | None

    @property
    def format(self) -> str:
        """How the group's events are written: ``json`` where the pattern asks for fields."""
        return "json" if self.text.lstrip().startswith("{") else "text"


@dataclass(frozen=True, kw_only=True)
class DeployedMute:
    """A mute rule.

    Attributes:
        name: its name.
        region: where it is, and the alarms that it mutes.
        alarms: their names.
        schedule: when it mutes them.
    """

    name: str
    region: str
    alarms: frozenset[str]
    schedule: MuteSchedule


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A stack's alarms, log filters and mute rules, read back.

    Attributes:
        alarms: by address.
        filters: every metric filter that feeds one of the alarms.
        mutes: every mute rule.
    """

    alarms: dict[str, DeployedAlarm]
    filters: tuple[DeployedFilter, ...]
    mutes: tuple[DeployedMute, ...] = ()

    def metrics(self) -> frozenset[MetricKey]:
        """Every metric that any alarm reads."""
        return frozenset(m for alarm in self.alarms.values() for m in alarm.definition.metrics)


def read_deployed(clients: Clients, regions: Iterable[str], prefix: str) -> Deployed:
    """Read a stack's alarms, the log filters that feed them, and the rules that mute them.

    Args:
        clients: what reaches the API.
        regions: where to look.
        prefix: what the stack's alarm names begin with.
    """
    alarms: dict[str, DeployedAlarm] = {}
    filters: list[DeployedFilter] = []
    mutes: list[DeployedMute] = []
    for region in regions:
        cloudwatch = clients.client("cloudwatch", region)
        pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix)
        for alarm in (alarm for page in pages for alarm in page["MetricAlarms"]):
            found = _alarm(cloudwatch, region, alarm)
            alarms[found.address] = found
        filters += _filters(clients.client("logs", region))
        mutes += _mutes(cloudwatch, region)
    read = {metric for alarm in alarms.values() for metric in alarm.definition.metrics}
    return Deployed(
        alarms=dict(sorted(alarms.items())),
        filters=tuple(found for found in filters if found.metric in read),
        mutes=tuple(mutes),
    )


def _alarm(cloudwatch: Any, region: str, alarm: dict[str, Any]) -> DeployedAlarm:
    listed = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    tags = {tag["Key"]: tag["Value"] for tag in listed}
    return DeployedAlarm(
        address=AlarmAddress.from_tags(tags),
        severity=tags["Severity"],
        region=region,
        definition=definition_from_described(alarm),
        updated=alarm["AlarmConfigurationUpdatedTimestamp"],
    )


def _mutes(cloudwatch: Any, region: str) -> Iterator[DeployedMute]:
    for summary in cloudwatch.list_alarm_mute_rules(MaxRecords=100)["AlarmMuteRuleSummaries"]:
        name = summary["AlarmMuteRuleArn"].rpartition(":")[2]
        rule = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name)
        schedule = rule["Rule"]["Schedule"]
        yield DeployedMute(
            name=name,
            region=region,
            alarms=frozenset(rule["MuteTargets"]["AlarmNames"]),
            schedule=MuteSchedule.parsed(
                schedule["Expression"], schedule["Duration"], schedule.get("Timezone", "UTC")
            ),
        )


def _filters(logs: Any) -> list[DeployedFilter]:
    pages = logs.get_paginator("describe_metric_filters").paginate()
    return [
        DeployedFilter(
            group=found["logGroupName"],
            text=found["filterPattern"],
            pattern=parse_pattern(found["filterPattern"]),
            metric=MetricKey(
                namespace=transformation["metricNamespace"], name=transformation["metricName"]
            ),
            value=float(transformation["metricValue"]),
            default=transformation.get("defaultValue"),
        )
        for page in pages
        for found in page["metricFilters"]
        for transformation in found["metricTransformations"]
    ]
