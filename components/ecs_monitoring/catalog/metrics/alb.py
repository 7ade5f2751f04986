"""Metrics of application load balancers and their target groups."""

from functools import partial
from typing import Final

from ecs_monitoring.catalog.metrics.sheet import Fact, MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import Unit

NAMESPACE: Final = "AWS/ApplicationELB"

BALANCER: Final = ("LoadBalancer",)
GROUP: Final = ("TargetGroup", "LoadBalancer")

MOST_TARGETS: Final = 10_000
"""More than a load balancer has: ten times AWS's quota of 1,000, which can be raised.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
"""

# "There is a nonzero value" and "always reported" are the page's own reporting criteria.
_metric = partial(
    MetricSheet,
    namespace=NAMESPACE,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "load-balancer-cloudwatch-metrics.html",
)
_count = partial(
    _metric,
    dimensions=BALANCER,
    unit=Unit.COUNT,
    whole=True,
    endless="as many as there are requests",
    published=Published.NOT_ZERO,
    silence="nothing of the kind happened",
)
_error_count = partial(_count, usual=Usual(0))
# What targets answer is published for each target group, too.
_response_count = partial(_count, narrowed_by=("TargetGroup",), silence="no such response")
_host_count = partial(
    _metric,
    dimensions=GROUP,
    unit=Unit.COUNT,
    whole=True,
    highest=MOST_TARGETS,
    published=Published.ALWAYS,
    needs="health checks",
    silence="no target is registered in the group",
)

REQUEST_COUNT: Final = _count(
    name="RequestCount",
    narrowed_by=("TargetGroup",),
    published=Published.IN_USE,
    silence="no request",
    usual=Usual(3000, noise=100, daily=0.8),
)
TARGET_2XX: Final = _response_count(
    name="HTTPCode_Target_2XX_Count", usual=Usual(2900, noise=100, daily=0.8)
)
TARGET_4XX: Final = _response_count(
    name="HTTPCode_Target_4XX_Count", usual=Usual(90, noise=10, daily=0.8)
)
TARGET_5XX: Final = _response_count(name="HTTPCode_Target_5XX_Count", usual=Usual(0))
ELB_5XX: Final = _error_count(name="HTTPCode_ELB_5XX_Count")
REJECTED_CONNECTION_COUNT: Final = _error_count(name="RejectedConnectionCount")
TARGET_RESPONSE_TIME: Final = _metric(
    name="TargetResponseTime",
    dimensions=BALANCER,
    narrowed_by=("TargetGroup",),
    unit=Unit.SECONDS,
    highest=Fact.RESPONSE_TIME,
    published=Published.IN_USE,
    silence="no request was answered",
    usual=Usual(0.12, noise=0.01, spread=0.04, samples=2000),
)
HEALTHY_HOST_COUNT: Final = _host_count(name="HealthyHostCount", usual=Usual(10))
UNHEALTHY_HOST_COUNT: Final = _host_count(name="UnHealthyHostCount", usual=Usual(0))
