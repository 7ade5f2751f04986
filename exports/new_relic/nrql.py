"""NRQL over the metrics of a CloudWatch metric stream: names, filters, functions.

How New Relic calls what a stream sends, and that it is of the type ``summary``:
https://docs.newrelic.com/docs/infrastructure/amazon-integrations/aws-integrations-list/aws-metric-stream/
"""

import re
from typing import Final

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.metric import Metric
from exports.formula import formula
from exports.result import NotCarriedError

# What a summary, which has minimum, maximum, sum and number of samples, can be asked for:
# https://docs.newrelic.com/docs/data-apis/understand-data/metric-data/metric-data-type/
_FUNCTIONS: Final = {"Average": "average", "Sum": "sum", "Minimum": "min", "Maximum": "max"}

_FROM_STREAM: Final = "collector.name = 'cloudwatch-metric-streams'"

# All dimensions that metrics of a namespace come with. A stream sends each combination, so that
# whoever does not leave the narrower ones out counts a request once for its load balancer, once
# for its zone, and once for its target group.
_DIMENSIONS: Final = {
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html#load-balancer-metric-dimensions-alb
    "AWS/ApplicationELB": ("LoadBalancer", "AvailabilityZone", "TargetGroup"),
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
    "AWS/ECS": ("ClusterName", "ServiceName"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
    "ECS/ContainerInsights": (
        *("ClusterName", "ServiceName", "TaskDefinitionFamily", "TaskId", "ContainerName"),
    ),
    # An instance's identifier stands alone:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/dimensions.html
    "AWS/RDS": ("DBInstanceIdentifier",),
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
    "AWS/Route53": ("HealthCheckId",),
}

_WORD: Final = re.compile(r"[^`\n]+")
_VALUE: Final = re.compile(r"[^'\\\n]*")


def query(signal: Metric | MetricMath, region: str) -> str:
    """What the alarm watches, as one number.

    Raises:
        NotCarriedError: it cannot be asked for.
    """
    metrics = (signal,) if isinstance(signal, Metric) else signal.metrics
    filters = list(dict.fromkeys(_filters(metric) for metric in metrics))
    if len(filters) > 1:
        raise NotCarriedError("its metric math reads metrics of several things, NRQL of one")
    where = " AND ".join((_FROM_STREAM, f"aws.region = {_text(region)}", *filters[0]))
    return f"SELECT {_selected(signal)} FROM Metric WHERE {where}"


def metric_name(metric: Metric) -> str:
    """New Relic's name of a metric: ``aws.applicationelb.RequestCount``."""
    return f"{_prefix(metric.namespace)}.{metric.name}"


def _selected(signal: Metric | MetricMath) -> str:
    return _aggregated(signal) if isinstance(signal, Metric) else formula(signal, _aggregated)


def _aggregated(metric: Metric) -> str:
    function = _FUNCTIONS.get(metric.statistic)
    if metric.statistic == "SampleCount":
        raise NotCarriedError(
            f"it counts the samples of {metric.name}, and what NRQL's count() is of a streamed "
            "metric is not documented: let a condition on another metric of the same thing open an "
            "incident on loss of signal"
        )
    if function is None:
        raise NotCarriedError(
            f"it reads {metric.statistic} of {metric.name}, and how New Relic calls that of a "
            "streamed metric is not documented: find it in the data explorer, and write the "
            "condition there"
        )
    return f"{function}({_name(metric_name(metric))})"


def _filters(metric: Metric) -> tuple[str, ...]:
    """What a metric's series is told from all others of its name by."""
    dimensions = _DIMENSIONS.get(metric.namespace)
    if not metric.dimensions:
        return ()
    if dimensions is None:
        names = ", ".join(metric.dimensions)
        is_aws = metric.namespace.startswith("AWS/")
        why = "is not known here" if is_aws else "a namespace of one's own, is not documented"
        raise NotCarriedError(
            f"how New Relic calls the dimension {names} of {metric.namespace}"
            f"{' ' if is_aws else ', '}{why}: find it in the data explorer, and write the "
            "condition there"
        )
    prefix = _prefix(metric.namespace)
    equal = [
        f"{_name(f'{prefix}.{name}')} = {_text(value)}"
        for name, value in sorted(metric.dimensions.items())
    ]
    others = [name for name in dimensions if name not in metric.dimensions]
    return (*equal, *(f"{_name(f'{prefix}.{name}')} IS NULL" for name in others))


def _prefix(namespace: str) -> str:
    """``aws.applicationelb``; every namespace that is not AWS's has ``aws.`` put before it."""
    return f"aws.{namespace.removeprefix('AWS/').lower().replace('/', '.')}"


def _name(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise NotCarriedError(f"NRQL has no way to write the name {text!r}")
    return f"`{text}`"


def _text(text: str) -> str:
    if not _VALUE.fullmatch(text):
        raise NotCarriedError(f"{text!r} has a quote or a backslash in it")
    return f"'{text}'"
