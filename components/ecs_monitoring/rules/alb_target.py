"""Application load balancers: the target, with the forms in which its ARNs are written."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import LikelyMost
from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.off_hours import OffHours, OffHoursField
from ecs_monitoring.rules.target import TARGET_NAME, DimensionValue, Target

# "A maximum of 32 characters, [...] only alphanumeric characters or hyphens, must not begin or end
# with a hyphen", and of load balancers "must not begin with internal-":
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
_NAMED: Final = r"(?=[^/]{1,32}/)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/[0-9a-f]+"
_BALANCER: Final = re.compile(rf"loadbalancer/app/(?!internal-){_NAMED}")
_GROUP: Final = re.compile(rf"targetgroup/{_NAMED}")


def _load_balancer(value: str) -> str:
    resource = arn_resource(value, "elasticloadbalancing") or f"loadbalancer/{value}"
    if not _BALANCER.fullmatch(resource):
        raise ValueError(
            "is no application load balancer: write app/<name>/<id> or its full ARN "
            "(arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>)"
        )
    return resource.removeprefix("loadbalancer/")


def _target_group(value: str) -> str:
    suffix = arn_resource(value, "elasticloadbalancing") or value
    if not _GROUP.fullmatch(suffix):
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


_ALTERNATE: Final = "/alternate"

# AWS documents no grammar of these ids; all that it shows have 16 hexadecimal digits:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
_SHORT_ID: Final = 8

# "`idle_timeout.timeout_seconds` - The idle timeout value, in seconds. The valid range is 1-4000
# seconds. The default is 60 seconds." A target that sends nothing for so long has answered nothing,
# and is no part of TargetResponseTime, which ends with its first byte:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues
_LONGEST_IDLE: Final = 4000
_USUAL_IDLE: Final = 60


class AlbTarget(Target):
    """An application load balancer and its target groups."""

    load_balancer: Annotated[LoadBalancer, Field(examples=["app/django-alb/1234567890"])]
    """The ``app/<name>/<id>`` suffix of the load balancer's ARN, or the whole ARN."""

    target_groups: Annotated[
        dict[str, TargetGroup],
        BeforeValidator(_named_groups, json_schema_input_type=dict[str, str] | list[str]),
        AfterValidator(_group_names),
        Field(examples=[{"web": "targetgroup/django-tg/0123456789abcdef"}]),
    ] = {}
    """Name to ``targetgroup/<name>/<id>`` or whole ARN; a list takes the groups' own names."""

    alternate_target_groups: Annotated[
        dict[str, TargetGroup],
        AfterValidator(_group_names),
        Field(examples=[{}, {"web": "targetgroup/django-green/fedcba9876543210"}]),
    ] = {}
    """For blue/green deployments: the other target group of a name in ``target_groups``. Both
    stand for one service; which of them is empty changes with each deployment.
    """

    per_target_group: Annotated[bool, Field(examples=[False])] = False
    """Whether 5xx errors and latency are watched for each target group by itself: for a load
    balancer in front of several services.
    """

    load_balancer_alarms: Annotated[bool, Field(examples=[True])] = True
    """Whether the load balancer's own alarms are this target's; write ``false`` where another
    target of the same load balancer has them.
    """

    off_hours: OffHoursField = None
    """When no task answers behind the load balancer each week, such as over night: no healthy
    host and the balancer's own 5xx are no trouble then.
    """

    def rests(self) -> OffHours | None:
        """Its off hours."""
        return self.off_hours

    @model_validator(mode="after")
    def _groups_fit(self) -> Self:
        for name in self.alternate_target_groups:
            if name not in self.target_groups:
                groups = ", ".join(self.target_groups) or "none yet"
                raise ValueError(
                    f"alternate_target_groups has {name!r}, and target_groups has not: write the "
                    f"service's two target groups under one name in both ({groups})"
                )
            if self.alternate_target_groups[name] == self.target_groups[name]:
                raise ValueError(
                    f"alternate_target_groups and target_groups have the same group for {name!r}: "
                    "write the service's other target group"
                )
        if self.per_target_group and not self.target_groups:
            raise ValueError(
                "per_target_group: true has no target group to watch: add target_groups, or leave "
                "it out"
            )
        return self

    def alternate(self, part: str) -> str:
        """The part that stands for a target group's other one; empty where it has none."""
        return f"{part}{_ALTERNATE}" if part in self.alternate_target_groups else ""

    def _group(self, part: str) -> str:
        name = part.removesuffix(_ALTERNATE)
        return (self.target_groups if name == part else self.alternate_target_groups)[name]

    def bound(self, fact: Fact) -> float | None:
        """A number that the metrics never exceed; ``None`` where it is not known."""
        return _LONGEST_IDLE if fact is Fact.RESPONSE_TIME else super().bound(fact)

    def doubts(self) -> Iterator[tuple[str, str]]:
        """Fields that are right as they are, and probably not meant; with what to write instead."""
        groups = {**self.target_groups, **self.alternate_target_groups}.values()
        for field, values in (("load_balancer", [self.load_balancer]), ("target_groups", groups)):
            for value in values:
                if len(value.rpartition("/")[2]) < _SHORT_ID:
                    yield (
                        field,
                        f"{value} ends with an id that is shorter than any of AWS's, which have 16 "
                        "digits: write it as its ARN ends",
                    )

    def likely_most(self, fact: Fact) -> LikelyMost | None:
        """A number that they do not exceed unless the load balancer is set otherwise than usual."""
        if fact is not Fact.RESPONSE_TIME:
            return None
        return LikelyMost(
            _USUAL_IDLE,
            f"a load balancer gives a response up after its idle timeout, {_USUAL_IDLE} s unless "
            "it was raised",
        )

    def where(self, part: str = "") -> str:
        """The load balancer, or one of its target groups, or both that a service has."""
        if not part:
            return f"load balancer {self.load_balancer}"
        group = self._group(part)
        if other := self.alternate(part):
            return f"target groups {group} and {self._group(other)} behind {self.load_balancer}"
        return f"target group {group} behind {self.load_balancer}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """Of the whole load balancer, or of one of its target groups."""
        group = {"TargetGroup": self._group(part)} if part else {}
        return {**group, "LoadBalancer": self.load_balancer}
