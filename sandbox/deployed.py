"""What is really there: alarms and log filters as the API returns them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.described import (
    composite_from_described,
    definition_from_described,
)
from ecs_monitoring.cloudwatch.log_pattern import LogPattern, parse_pattern
from ecs_monitoring.cloudwatch.mute import MuteSchedule
from sandbox.clients import Clients
from sandbox.tags import CLOUDWATCH


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
class DeployedComposite:
    """A composite alarm with what its tags say of it.

    Attributes:
        address: such as ``incident.rds@main``.
        region: where it is.
        definition: as DescribeAlarms returns it.
        updated: when its configuration last changed, as DescribeAlarms says it.
    """

    address: AlarmAddress
    region: str
    definition: CompositeDefinition
    updated: datetime


@dataclass(frozen=True, kw_only=True)
class DeployedFilter:
    """A log metric filter.

    Attributes:
        text: its pattern as written.
        pattern: its pattern.
        metric: the metric that it feeds.
        value: what one matching event adds.
        default: what a minute with events but no match publishes; ``None`` for nothing.
    """

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
        region: where it is, and the alarms that it mutes.
        alarms: their names.
        schedule: when it mutes them.
    """

    region: str
    alarms: frozenset[str]
    schedule: MuteSchedule


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A stack's alarms, log filters and mute rules, read back.

    Attributes:
        alarms: the metric alarms by address.
        filters: every metric filter that feeds one of the alarms.
        mutes: every mute rule.
        composites: the composite alarms by address.
        deployment_alarms: names of the alarms that roll a deployment back, as the stack exports
            them.
    """

    alarms: dict[str, DeployedAlarm]
    filters: tuple[DeployedFilter, ...]
    mutes: tuple[DeployedMute, ...] = ()
    composites: dict[str, DeployedComposite] = field(default_factory=dict)
    deployment_alarms: frozenset[str] = frozenset()

    @property
    def pages_incidents(self) -> bool:
        """Whether composite alarms page, and not the alarms below them."""
        return any(c.definition.alarm_actions for c in self.composites.values())

    def topics(self) -> frozenset[str]:
        """ARNs of every topic that any alarm tells."""
        definitions: tuple[AlarmDefinition | CompositeDefinition, ...] = (
            *(alarm.definition for alarm in self.alarms.values()),
            *(alarm.definition for alarm in self.composites.values()),
        )
        return frozenset(arn for d in definitions for arn in (*d.alarm_actions, *d.ok_actions))


def judging(exports: Mapping[str, Any]) -> frozenset[str]:
    """Names of the alarms that roll a deployment back, from a stack's outputs."""
    named: Mapping[str, list[str]] = exports.get("deployment_alarms", {})
    return frozenset(name for names in named.values() for name in names)


def read_deployed(clients: Clients, regions: Iterable[str], prefix: str) -> Deployed:
    """Read a stack's alarms, the log filters that feed them, and the rules that mute them.

    Args:
        clients: what reaches the API.
        regions: where to look.
        prefix: what the stack's alarm names begin with.
    """
    alarms: dict[str, DeployedAlarm] = {}
    composites: dict[str, DeployedComposite] = {}
    filters: list[DeployedFilter] = []
    mutes: list[DeployedMute] = []
    for region in regions:
        cloudwatch = clients.client("cloudwatch", region)
        pages = cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        for page in pages:
            for alarm in page["MetricAlarms"]:
                tags = CLOUDWATCH.of(cloudwatch, alarm["AlarmArn"])
                metric_alarm = deployed_alarm(alarm, tags, region)
                alarms[metric_alarm.address] = metric_alarm
            for alarm in page["CompositeAlarms"]:
                tags = CLOUDWATCH.of(cloudwatch, alarm["AlarmArn"])
                composite = deployed_composite(alarm, tags, region)
                composites[composite.address] = composite
        filters += _filters(clients.client("logs", region))
        mutes += _mutes(cloudwatch, region)
    read = {metric for alarm in alarms.values() for metric in alarm.definition.metrics}
    return Deployed(
        alarms=dict(sorted(alarms.items())),
        filters=tuple(log_filter for log_filter in filters if log_filter.metric in read),
        mutes=tuple(mutes),
        composites=dict(sorted(composites.items())),
    )


def deployed_alarm(alarm: Mapping[str, Any], tags: Mapping[str, str], region: str) -> DeployedAlarm:
    """A metric alarm as DescribeAlarms returns it."""
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
            region=region,
            alarms=frozenset(rule["MuteTargets"]["AlarmNames"]),
            schedule=MuteSchedule.parsed(
                schedule["Expression"], schedule["Duration"], schedule.get("Timezone", "UTC")
            ),
        )


def deployed_composite(
    alarm: Mapping[str, Any], tags: Mapping[str, str], region: str
) -> DeployedComposite:
    """A composite alarm as DescribeAlarms returns it."""
    return DeployedComposite(
        address=AlarmAddress.from_tags(tags),
        region=region,
        definition=composite_from_described(alarm),
        updated=alarm["AlarmConfigurationUpdatedTimestamp"],
    )


def _filters(logs: Any) -> list[DeployedFilter]:
    pages = logs.get_paginator("describe_metric_filters").paginate()
    return [
        DeployedFilter(
            text=described["filterPattern"],
            pattern=parse_pattern(described["filterPattern"]),
            metric=MetricKey(
                namespace=transformation["metricNamespace"], name=transformation["metricName"]
            ),
            value=float(transformation["metricValue"]),
            default=transformation.get("defaultValue"),
        )
        for page in pages
        for described in page["metricFilters"]
        for transformation in described["metricTransformations"]
    ]
