"""Health checks: the guide's own as a value, compared with the live one, and run from outside."""

from dataclasses import dataclass
from typing import Any, Optional
from urllib.parse import urlsplit

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import as_args, given_fields, stand_ins, validated
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs, OffHoursArgs
from ecs_monitoring.rules import HEALTH
from ecs_monitoring.rules.health import (
    TARGET_GROUP_HEALTH_CHECK,
    HealthTarget,
    health_check_differences,
)

# Three failures in a row, half a minute apart: Route 53's own defaults.
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
_FAILURE_THRESHOLD = 3
_REQUEST_INTERVAL = 30


def target_group_health_check() -> "aws.lb.TargetGroupHealthCheckArgs":
    """The guide's health check, of ``/livez``, for ``aws.lb.TargetGroup(health_check=…)``."""
    return aws.lb.TargetGroupHealthCheckArgs(**TARGET_GROUP_HEALTH_CHECK)


@dataclass(frozen=True, kw_only=True)
class HealthTargetArgs:
    """A health check to compare with the live one, to run from outside, or both."""

    target_group: Optional[pulumi.Input[str]] = None
    """ARN of a target group."""

    verify: Optional[bool] = None
    """Whether its live health check is compared with the guide's."""

    url: Optional[str] = None
    """A public URL that Route 53 checks."""

    off_hours: Optional[OffHoursArgs] = None
    """When nobody answers there each week."""


@dataclass(frozen=True, kw_only=True)
class HealthCheckArgs(MonitoringArgs):
    """What a HealthCheck looks at and whom it tells.

    Its routing needs topics in us-east-1, such as those of ``AlertRouting`` with ``region``.
    """

    targets: dict[str, HealthTargetArgs]
    """Name to health check; the name becomes part of each alarm's name."""


@dataclass(frozen=True, kw_only=True)
class _EndpointArgs:
    url: str
    health_check_id: pulumi.Input[str]
    off_hours: Optional[OffHoursArgs] = None


class HealthCheck(Monitoring, kind=HEALTH):
    """Outside checks of public URLs with their alarms, and a look at live target groups.

    Route 53 has the metrics of its health checks in us-east-1 alone, so the alarms are there.
    """

    def __init__(
        self,
        name: str,
        args: HealthCheckArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register an outside check and its alarm for each URL; compare each target group.

        Args:
            name: the component's name.
            args: health checks, routing and overrides.
            opts: the component's options.

        Raises:
            InvalidArgsError: arguments that CloudWatch would refuse.
        """
        path = f"HealthCheck {name!r}"
        checked = as_args(HealthCheckArgs, args, path)
        for target, given in checked.targets.items():
            fields = stand_ins(HealthTarget, given_fields(given))
            validated(HealthTarget, fields, f"{path}: targets.{target}")

        def endpoints(component: Monitoring) -> dict[str, _EndpointArgs]:
            return {
                target: _EndpointArgs(
                    url=given.url,
                    health_check_id=_route53_check(
                        component, f"{name}.{target}", given.url, checked.tags
                    ).id,
                    off_hours=given.off_hours,
                )
                for target, given in checked.targets.items()
                if given.url is not None
            }

        super().__init__(name, checked, opts, targets=endpoints)
        for target, given in checked.targets.items():
            if given.verify and given.target_group is not None:
                self._compare(target, given.target_group)
        self.finish()

    def _compare(self, target: str, arn: pulumi.Input[str]) -> None:
        """Warn of each difference between the live target group and the guide."""
        live = aws.lb.get_target_group_output(
            arn=arn, opts=pulumi.InvokeOptions(parent=self)
        ).health_check

        def warn(check: Any) -> None:
            fields = {name: getattr(check, name) for name in TARGET_GROUP_HEALTH_CHECK}
            for difference in health_check_differences(fields):
                pulumi.log.warn(f"health.{target}: {difference}", resource=self)

        live.apply(warn)


def _route53_check(
    parent: pulumi.Resource,
    name: str,
    url: str,
    tags: Optional[dict[str, pulumi.Input[str]]],
) -> "aws.route53.HealthCheck":
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    return aws.route53.HealthCheck(
        name,
        type="HTTPS" if is_https else "HTTP",
        fqdn=parts.hostname,
        port=parts.port or (443 if is_https else 80),
        resource_path=parts.path or "/",
        failure_threshold=_FAILURE_THRESHOLD,
        request_interval=_REQUEST_INTERVAL,
        tags={**(tags or {}), "Name": name},
        opts=pulumi.ResourceOptions(parent=parent),
    )
