"""Health checks: the target group's own, and an outside check of a public URL."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, model_validator

from ecs_monitoring.cloudwatch.graph import DashboardPart, Line, Section, graphs
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.drawing import line_label, with_key
from ecs_monitoring.rules.plan import Kind, Plan, Scope
from ecs_monitoring.rules.target import Target, arn_resource
from ecs_monitoring.rules.urls import split_url

ENDPOINT_DOWN: Final = "health.endpoint-down"

ROUTE53_REGION: Final = "us-east-1"
"""The one region that has the metrics of Route 53 health checks.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
"""

TARGET_GROUP_HEALTH_CHECK: Final[Mapping[str, Any]] = {
    "path": "/health/",
    "port": "traffic-port",
    "protocol": "HTTP",
    "healthy_threshold": 3,
    "unhealthy_threshold": 2,
    "timeout": 5,
    "interval": 30,
    "matcher": "200",
}
"""The monitoring guide's health check of a target group; timeout and interval in seconds."""

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
    """What of a live target group's health check differs from the guide's, in words."""
    return [
        f"the target group's health check has {name} {live.get(name)!r}, "
        f"the monitoring guide says {expected!r}"
        for name, expected in TARGET_GROUP_HEALTH_CHECK.items()
        if str(live.get(name)) != str(expected)
    ]


class HealthTarget(Target):
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
    """Whether that comparison is made (it asks AWS at each preview)."""

    url: Annotated[
        Annotated[str, AfterValidator(_url)] | None,
        Field(examples=["https://www.example.com/health/"]),
    ] = None
    """A public URL that Route 53 checks from several continents."""

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

    @property
    def metric(self) -> Metric:
        """1 while most checkers get an answer, 0 while they do not."""
        return Metric(
            namespace="AWS/Route53",
            name="HealthCheckStatus",
            dimensions={"HealthCheckId": self.health_check_id},
            statistic="Minimum",
        )


def health_rules(scope: Scope, name: str, target: EndpointTarget) -> Plan:
    """The alarm on an outside check."""
    return Plan(
        (
            AlarmRule(
                key=ENDPOINT_DOWN,
                target=name,
                title="Endpoint down",
                meaning=(
                    f"{target.url} does not answer from outside AWS; look first at DNS and the "
                    "certificate, then at the load balancer's alarms."
                ),
                severity=Severity.CRITICAL,
                signal=target.metric,
                comparison=Comparison.BELOW,
                threshold=1,
                unit=Unit.COUNT,
                period=60,
                evaluation_periods=3,
                treat_missing_data=MissingData.BREACHING,
            ),
        )
    )


def health_dashboard(
    scope: Scope, targets: Mapping[str, EndpointTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """The outside checks' status."""
    lines = [
        Line(metric=target.metric, label=line_label(targets, name, "healthy"))
        for name, target in targets.items()
    ]
    return DashboardPart(
        sections=(
            Section(
                title="Outside checks",
                widgets=graphs(
                    "Endpoint Status",
                    lines,
                    rules=with_key(rules, ENDPOINT_DOWN),
                    region=ROUTE53_REGION,
                ),
            ),
        )
    )


HEALTH: Final = Kind(
    key="health",
    title="Outside checks",
    target=EndpointTarget,
    keys=(ENDPOINT_DOWN,),
    rules=health_rules,
    dashboard=health_dashboard,
)
