"""Metrics of Route 53 health checks."""

from typing import Final

from ecs_monitoring.catalog.metrics.sheet import MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import Unit

ROUTE53_REGION: Final = "us-east-1"
"""The one region that has the metrics of Route 53 health checks.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
"""

HEALTH_CHECK_STATUS: Final = MetricSheet(
    namespace="AWS/Route53",
    name="HealthCheckStatus",
    dimensions=("HealthCheckId",),
    unit=Unit.COUNT,
    highest=1,
    whole=True,
    published=Published.ALWAYS,
    silence="the health check is deleted, or so new that nothing has been checked yet",
    usual=Usual(1),
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html",
)
