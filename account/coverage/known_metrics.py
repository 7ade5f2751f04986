"""Asks CloudWatch which metrics had data lately.

ListMetrics "doesn't return information about metrics if those metrics haven't reported data in
the past two weeks", and a new metric may take 15 minutes to be listed:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
"""

from collections.abc import Iterable
from typing import Any

from account.coverage.attempts import Attempts
from account.coverage.resources import Dimensions
from account.coverage.view import KnownMetrics, MetricName
from ecs_monitoring.cloudwatch.definition import MetricKey


def read_known_metrics(
    cloudwatch: Any, metrics: Iterable[MetricKey], attempts: Attempts
) -> KnownMetrics | None:
    """For each name of some metrics, the sets of dimensions in which it had data lately.

    All of them, so that what was probably meant can be named beside a set that has none.

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
