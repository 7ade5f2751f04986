"""Which metrics had data lately, and which of them are most like one that had none."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from account.account import Attempts, every_item
from account.coverage.resources import Dimensions
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.words import listed

MetricName = tuple[str, str]
"""Namespace and name of metrics."""

KnownMetrics = Mapping[MetricName, frozenset[Dimensions]]
"""The sets of dimensions in which metrics of a name had data lately."""

_NEAREST: Final = 3
"""Sets of dimensions that are named in place of one without data."""


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
    metrics = every_item(
        cloudwatch, "list_metrics", "Metrics", Namespace=namespace, MetricName=name
    )
    return frozenset(
        frozenset(
            (dimension["Name"], dimension["Value"]) for dimension in listed.get("Dimensions", ())
        )
        for listed in metrics
    )


def nearest_in_words(metric: MetricKey, metrics: KnownMetrics) -> str:
    """``; there is some for …``: what has data beside a metric that has none; empty without any."""
    near = nearest(metric.dimensions, with_data(metrics, metric))
    if not near:
        return ""
    return f"; there is some for {listed(f'({shown(dimensions)})' for dimensions in near)}"


def nearest(wanted: Dimensions, others: frozenset[Dimensions]) -> list[Dimensions]:
    """The sets of dimensions with data that are most like one without, the best first.

    Those with the same names come before those with others, then those with similar values.

    Args:
        wanted: the dimensions that have no data.
        others: those that have.
    """
    matcher = difflib.SequenceMatcher(b=_values(wanted), autojunk=False)

    def unlikeness(dimensions: Dimensions) -> tuple[int, float, str]:
        matcher.set_seq1(_values(dimensions))
        return len(_names(dimensions) ^ _names(wanted)), -matcher.ratio(), shown(dimensions)

    return sorted(others, key=unlikeness)[:_NEAREST]


def _names(dimensions: Dimensions) -> frozenset[str]:
    return frozenset(name for name, _ in dimensions)


def _values(dimensions: Dimensions) -> str:
    return "\n".join(value for _, value in sorted(dimensions))


def shown(dimensions: Dimensions) -> str:
    """Dimensions in words, by name."""
    return ", ".join(f"{name} {value}" for name, value in sorted(dimensions)) or "no dimensions"
