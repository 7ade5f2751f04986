"""Application load balancers: the target, and the keys of its alarms."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.rules.target import TARGET_NAME, DimensionValue, Target, arn_resource

TARGET_5XX: Final = "alb.target-5xx"
TARGET_5XX_RATE: Final = "alb.target-5xx-rate"
ELB_5XX: Final = "alb.elb-5xx"
LATENCY_HIGH: Final = "alb.latency-high"
LATENCY_P99: Final = "alb.latency-p99"
UNHEALTHY_HOSTS: Final = "alb.unhealthy-hosts"
NO_HEALTHY_HOSTS: Final = "alb.no-healthy-hosts"
REJECTED_CONNECTIONS: Final = "alb.rejected-connections"

NAMESPACE: Final = "AWS/ApplicationELB"

RATE_MINIMUM_REQUESTS: Final = 20
"""Requests a minute below which an error rate says nothing: one error in a quiet night."""


def _load_balancer(value: str) -> str:
    resource = arn_resource(value, "elasticloadbalancing") or f"loadbalancer/{value}"
    if not re.fullmatch(r"loadbalancer/app/[^/:]+/[^/:]+", resource):
        raise ValueError(
            "is no application load balancer: write app/<name>/<id> or its full ARN "
            "(arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>)"
        )
    return resource.removeprefix("loadbalancer/")


def _target_group(value: str) -> str:
    suffix = arn_resource(value, "elasticloadbalancing") or value
    if not re.fullmatch(r"targetgroup/[^/:]+/[^/:]+", suffix):
        raise ValueError(
            "is no target group: write targetgroup/<name>/<id> or its full ARN "
            "(arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>)"
        )
    return suffix


def _named_groups(value: Any) -> Any:
    """A plain list of target groups is named by the groups' own names."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return value
    named = {_target_group(item).split("/")[1]: item for item in value}
    if len(named) < len(value):
        raise ValueError("two target groups share a name: write a mapping of name to target group")
    return named


def _group_names(value: dict[str, str]) -> dict[str, str]:
    for name in value:
        if not TARGET_NAME.fullmatch(name):
            raise ValueError(
                f"name {name!r}: write letters, digits, _ and single hyphens (a mapping of name to "
                "target group, where the groups' own names are others)"
            )
    return value


LoadBalancer = Annotated[DimensionValue, AfterValidator(_load_balancer)]
TargetGroup = Annotated[DimensionValue, AfterValidator(_target_group)]


class AlbTarget(Target):
    """An application load balancer and its target groups."""

    load_balancer: Annotated[LoadBalancer, Field(examples=["app/django-alb/1234567890"])]
    """The ``app/<name>/<id>`` suffix of the load balancer's ARN, or the whole ARN."""

    target_groups: Annotated[
        dict[str, TargetGroup],
        BeforeValidator(_named_groups),
        AfterValidator(_group_names),
        Field(examples=[{"web": "targetgroup/django-tg/0123456789abcdef"}]),
    ] = {}
    """Name to ``targetgroup/<name>/<id>`` or whole ARN; or a plain list of these."""

    def metric(self, name: str, statistic: str) -> Metric:
        """A metric of the whole load balancer."""
        return Metric(
            namespace=NAMESPACE,
            name=name,
            dimensions={"LoadBalancer": self.load_balancer},
            statistic=statistic,
        )

    def group_metric(self, group: str, name: str, statistic: str) -> Metric:
        """A metric of one target group behind this load balancer."""
        return Metric(
            namespace=NAMESPACE,
            name=name,
            dimensions={
                "TargetGroup": self.target_groups[group],
                "LoadBalancer": self.load_balancer,
            },
            statistic=statistic,
        )
