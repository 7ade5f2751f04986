"""The metric that a metric filter on a log group makes."""

from typing import Final

from ecs_monitoring.catalog.metrics.sheet import MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import Unit

MATCHING_EVENTS: Final = MetricSheet(
    namespace="",
    name="",
    # Metrics with a default value cannot have dimensions.
    dimensions=(),
    unit=Unit.COUNT,
    whole=True,
    endless="as many as are written",
    published=Published.IN_USE,
    silence="the log group had no event at all: filters write 0 only where there was one",
    usual=Usual(0),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html",
)
"""Log events that match a pattern; ``called`` gives it the names that the filter writes to."""
