"""Application load balancers: the target, with the forms in which its ARNs are written."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.target import TARGET_NAME, DimensionValue, Target


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
    """Name to ``targetgroup/<name>/<id>`` or whole ARN; a list takes the groups' own names."""

    def where(self, part: str = "") -> str:
        """The load balancer, or one of its target groups."""
        if not part:
            return f"load balancer {self.load_balancer}"
        return f"target group {self.target_groups[part]} behind {self.load_balancer}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """Of the whole load balancer, or of one of its target groups."""
        group = {"TargetGroup": self.target_groups[part]} if part else {}
        return {**group, "LoadBalancer": self.load_balancer}
