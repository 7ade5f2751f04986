"""Health checks: the target group's own, and an outside check of a public URL."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, model_validator

from ecs_monitoring.catalog.metrics.health import HEALTH_CHECK_STATUS, ROUTE53_REGION
from ecs_monitoring.cloudwatch.graph import DashboardPart, Line, Section, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule, MissingData, Severity, WarmUp
from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.condition import below
from ecs_monitoring.rules.drawing import line_label
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.off_hours import OffHours, OffHoursField
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import Rule, Scope
from ecs_monitoring.rules.target import Configured, Target
from ecs_monitoring.rules.urls import is_private_host, split_url
from ecs_monitoring.words import MINUTE

_GUIDES_PATH: Final = "/health/"

TARGET_GROUP_HEALTH_CHECK: Final[Mapping[str, Any]] = {
    "path": "/livez",
    "port": "traffic-port",
    "protocol": "HTTP",
    "healthy_threshold": 3,
    "unhealthy_threshold": 2,
    "timeout": 5,
    "interval": 30,
    "matcher": "200",
}
"""The monitoring guide's health check of a target group; timeout and interval in seconds.

Its path is not the guide's ``/health/``, which fails while the database is down: ECS replaces tasks
that fail it, so an outage of the database would end all of them (docs/django-health.md).
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

_UNKNOWN_ID: Final = "00000000-0000-0000-0000-000000000000"


_ROUTE53_LENGTH: Final = 255
"""Characters of a health check's host and of its path.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
"""


def _url(value: str) -> str:
    parts = split_url(value, ("http", "https"))
    if parts is None:
        raise ValueError("is no URL to check: write https://<host>/<path>")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("write scheme, host, port and path alone: https://<host>/<path>")
    if max(len(parts.hostname or ""), len(parts.path)) > _ROUTE53_LENGTH:
        raise ValueError(f"host and path have at most {_ROUTE53_LENGTH} characters each")
    if is_private_host(parts.hostname or ""):
        raise ValueError(
            "is a private host, which Route 53 cannot reach from outside: write a public host, "
            "https://<host>/<path>"
        )
    return value


def _target_group_arn(value: str) -> str:
    resource = arn_resource(value, "elasticloadbalancing") or ""
    if not re.fullmatch(r"targetgroup/[^/]+/[^/]+", resource):
        raise ValueError(
            "is no target group ARN: write "
            "arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>"
        )
    return value


def health_check_differences(live: Mapping[str, Any]) -> list[str]:
    """What of a live target group's health check differs from the guide's, in words.

    The guide's own path is no difference: where a task can lose the database by itself, it is
    the right one.
    """
    return [
        f"the target group's health check has {name} {live.get(name)!r}, expected is {expected!r}"
        for name, expected in TARGET_GROUP_HEALTH_CHECK.items()
        if str(live.get(name)) != str(expected) and (name, live.get(name)) != ("path", _GUIDES_PATH)
    ]


class HealthTarget(Configured):
    """A health check to compare with the live one, to run from outside, or both."""

    target_group: Annotated[
        Annotated[str, AfterValidator(_target_group_arn)] | None,
        Field(
            examples=[
                "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:"
                "targetgroup/django-tg/0123456789abcdef"
            ]
        ),
    ] = None
    """ARN of a target group whose live health check is compared with the guide's."""

    verify: Annotated[bool, Field(examples=[True])] = False
    """Whether that comparison is made, at each preview; every difference is a warning."""

    url: Annotated[
        Annotated[str, AfterValidator(_url)] | None,
        Field(examples=["https://www.example.com/health/"]),
    ] = None
    """A public URL that Route 53 checks from several continents.

    Its alarm lives in us-east-1, with topics and subscriptions of its own there.
    """

    off_hours: OffHoursField = None
    """When nobody answers at the URL each week, such as over night."""

    @model_validator(mode="after")
    def _something_to_do(self) -> "HealthTarget":
        if self.verify and self.target_group is None:
            raise ValueError("verify: true compares a target group: write its ARN in target_group")
        if self.url is None and not self.verify:
            raise ValueError("checks nothing: write a url, or a target_group with verify: true")
        return self


class EndpointTarget(Target):
    """A public URL with the Route 53 health check that watches it."""

    url: Annotated[str, Field(examples=["https://www.example.com/health/"])]
    """The URL that is checked."""

    health_check_id: Annotated[str, Field(examples=[_UNKNOWN_ID])] = _UNKNOWN_ID
    """The health check's id, known once Route 53 has made it."""

    off_hours: Annotated[OffHours | None, Field(examples=[None])] = None
    """When nobody answers there each week."""

    def rests(self) -> OffHours | None:
        """Its off hours."""
        return self.off_hours

    def where(self, part: str = "") -> str:
        """The URL."""
        return self.url

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """The health check's one dimension."""
        return {"HealthCheckId": self.health_check_id}


ENDPOINT_DOWN: Final = Rule[EndpointTarget](
    "health.endpoint-down",
    Severity.CRITICAL,
    "Endpoint down",
    # 1 while most checkers get an answer, 0 while they do not.
    on=HEALTH_CHECK_STATUS.minimum,
    when=below(1),
    off=1,
    held="3 of 3 x 60 s",
    missing=MissingData.BREACHING,
    runs_out=True,
    # The health check is as young as its alarm, and without data would be down at every first
    # deployment. The wait ends as soon as there are three datapoints.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
    warm_up=WarmUp(15 * MINUTE),
    drawn_on="Endpoint Status",
    means="{where} does not answer from outside AWS; look first at DNS and the certificate, "
    "then at the load balancer's alarms.",
    source=HEALTH_CHECK_STATUS.source,
)


def health_dashboard(
    scope: Scope, targets: Mapping[str, EndpointTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """The outside checks' status."""
    lines = [
        Line(
            metric=HEALTH_CHECK_STATUS.minimum.of(target.dimensions()),
            label=line_label(targets, name, "healthy"),
        )
        for name, target in targets.items()
    ]
    widgets = graphs("Endpoint Status", lines, rules=rules, region=ROUTE53_REGION)
    return DashboardPart(sections=(Section(title="Outside checks", widgets=widgets),))


def _endpoints(configured: Mapping[str, HealthTarget]) -> dict[str, EndpointTarget]:
    """The outside checks among the health targets."""
    return {
        name: EndpointTarget(url=target.url, off_hours=target.off_hours)
        for name, target in configured.items()
        if target.url is not None
    }


HEALTH: Final = Kind[EndpointTarget](
    key="health",
    layer=Layer.OUTSIDE,
    title="Outside checks",
    describes="Health checks to compare or to run from outside.",
    section=HealthTarget,
    target=EndpointTarget,
    targets=_endpoints,
    region=ROUTE53_REGION,
    rows=(ENDPOINT_DOWN,),
    aws_services=("ROUTE53",),
    dashboard=health_dashboard,
)
