"""Reads from CloudWatch which alarms are muted, and which metrics had data lately."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from account.account import Attempts, Region
from account.coverage.resources import Dimensions
from ecs_monitoring.cloudwatch.definition import MetricKey

MetricName = tuple[str, str]
"""Namespace and name of metrics."""

KnownMetrics = Mapping[MetricName, frozenset[Dimensions]]
"""The sets of dimensions in which metrics of a name had data lately."""


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

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html

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


def read_known_metrics(
    cloudwatch: Any, metrics: Iterable[MetricKey], attempts: Attempts
) -> KnownMetrics | None:
    """For each name of some metrics, the sets of dimensions in which it had data lately.

    All of them, so that what was probably meant can be named beside a set that has none.
    ListMetrics "doesn't return information about metrics if those metrics haven't reported data
    in the past two weeks", and a new metric may take 15 minutes to be listed:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html

    Args:
        cloudwatch: boto3 client.
        metrics: whose names are asked for.
        attempts: hears of what could not be looked at.
    """
    names = dict.fromkeys((metric.namespace, metric.name) for metric in metrics)
    return attempts.of(
        "which metrics have data", lambda: {name: _dimensions(cloudwatch, name) for name in names}
    )


def _dimensions(cloudwatch: Any, metric: MetricName) -> frozenset[Dimensions]:
    namespace, name = metric
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=name)
    return frozenset(
        frozenset((one["Name"], one["Value"]) for one in found.get("Dimensions", ()))
        for page in pages
        for found in page["Metrics"]
    )
