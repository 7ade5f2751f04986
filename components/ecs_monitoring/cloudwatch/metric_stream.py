"""What a CloudWatch metric stream sends: metrics by namespace and name, and which percentiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch.metric import Metric

PERCENTILES_PER_METRIC: Final = 20
"""Additional statistics of one metric.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStreamStatisticsConfiguration.html
"""


@dataclass(frozen=True, kw_only=True, order=True)
class StreamedMetric:
    """A metric that a stream sends, of everything in the account that publishes it.

    "All dimension combinations of that metric name and namespace are streamed":
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-setup.html

    Attributes:
        namespace: for example ``AWS/ApplicationELB``.
        name: for example ``TargetResponseTime``.
        percentiles: statistics such as ``p99``, besides those that every stream sends: minimum,
            maximum, sum and number of samples.
    """

    namespace: str
    name: str
    percentiles: tuple[str, ...] = ()


def streamed_metrics(metrics: Iterable[Metric]) -> tuple[StreamedMetric, ...]:
    """What a stream has to send so that these metrics can be read elsewhere, sorted.

    Of the additional statistics a stream in an OpenTelemetry format sends percentiles alone:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-statistics.html
    """
    percentiles: dict[tuple[str, str], set[str]] = {}
    for metric in metrics:
        wanted = percentiles.setdefault((metric.namespace, metric.name), set())
        if is_percentile(metric.statistic):
            wanted.add(metric.statistic)
    return tuple(
        StreamedMetric(
            namespace=namespace,
            name=name,
            percentiles=tuple(sorted(wanted, key=lambda statistic: float(statistic[1:]))),
        )
        for (namespace, name), wanted in sorted(percentiles.items())
    )


def is_percentile(statistic: str) -> bool:
    """Whether a statistic is a percentile, such as ``p99`` or ``p99.9``."""
    return statistic[:1] == "p"
