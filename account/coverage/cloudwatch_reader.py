"""Reads from CloudWatch which alarms are muted, and which metrics had data lately."""

from collections.abc import Iterable, Mapping
from typing import Any

from account.account import Attempts, Region
from account.coverage.resources import Dimensions
from account.mute_rules import ACTIVE, MuteRule, find_mute_rules, has_mute_rules
from ecs_monitoring.cloudwatch.definition import MetricKey

MetricName = tuple[str, str]
"""Namespace and name of metrics."""

KnownMetrics = Mapping[MetricName, frozenset[Dimensions]]
"""The sets of dimensions in which metrics of a name had data lately."""


def read_mute_rules(region: Region, attempts: Attempts) -> tuple[MuteRule, ...]:
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
        attempts: takes note of what could not be looked at.
    """
    names = dict.fromkeys((metric.namespace, metric.name) for metric in metrics)
    return attempts.of(
        "which metrics have data", lambda: {name: _dimensions(cloudwatch, name) for name in names}
    )


def with_data(metrics: KnownMetrics, metric: MetricKey) -> frozenset[Dimensions]:
    """The sets of dimensions in which metrics of a metric's name had data lately."""
    return metrics.get((metric.namespace, metric.name), frozenset())


def _dimensions(cloudwatch: Any, metric: MetricName) -> frozenset[Dimensions]:
    namespace, name = metric
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=name)
    return frozenset(
        frozenset(
            (dimension["Name"], dimension["Value"]) for dimension in listed.get("Dimensions", ())
        )
        for page in pages
        for listed in page["Metrics"]
    )
