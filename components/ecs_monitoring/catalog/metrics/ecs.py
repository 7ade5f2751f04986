"""Metrics of ECS services."""

from functools import partial
from typing import Final

from ecs_monitoring.catalog.metrics.sheet import MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import Unit

NAMESPACE: Final = "AWS/ECS"
INSIGHTS_NAMESPACE: Final = "ECS/ContainerInsights"

DIMENSIONS: Final = ("ServiceName", "ClusterName")

MOST_TASKS: Final = 5_000
"""Of a service: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"""

_service = partial(
    MetricSheet,
    namespace=NAMESPACE,
    dimensions=DIMENSIONS,
    unit=Unit.PERCENT,
    highest=100,
    published=Published.ALWAYS,
    silence="no task runs: each task sends a sample a minute",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html",
)
_insight = partial(
    MetricSheet,
    namespace=INSIGHTS_NAMESPACE,
    dimensions=DIMENSIONS,
    unit=Unit.COUNT,
    highest=MOST_TASKS,
    whole=True,
    published=Published.ALWAYS,
    needs="Container Insights",
    silence="the service is deleted, or Container Insights is off",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
    "Container-Insights-metrics-ECS.html",
)

CPU_UTILIZATION: Final = _service(
    name="CPUUtilization", usual=Usual(40, noise=3, spread=3, samples=10)
)
MEMORY_UTILIZATION: Final = _service(
    name="MemoryUtilization", usual=Usual(60, noise=1, spread=1, samples=10)
)
DESIRED_TASK_COUNT: Final = _insight(name="DesiredTaskCount", usual=Usual(10))
RUNNING_TASK_COUNT: Final = _insight(name="RunningTaskCount", usual=Usual(10))
