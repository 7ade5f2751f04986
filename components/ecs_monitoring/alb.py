"""Application load balancers: errors, latency and healthy hosts."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import as_args
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs, OffHoursArgs
from ecs_monitoring.rules import ALB


@dataclass(frozen=True, kw_only=True)
class AlbTargetArgs:
    """An application load balancer."""

    load_balancer: pulumi.Input[str]
    """The ``app/<name>/<id>`` suffix of its ARN, or the whole ARN."""

    target_groups: Optional[dict[str, pulumi.Input[str]]] = None
    """Name to ``targetgroup/<name>/<id>`` or the whole ARN."""

    alternate_target_groups: Optional[dict[str, pulumi.Input[str]]] = None
    """For blue/green deployments: the other target group of a name in ``target_groups``."""

    per_target_group: Optional[bool] = None
    """Whether 5xx errors and latency are watched for each target group by itself."""

    load_balancer_alarms: Optional[bool] = None
    """Whether the load balancer's own alarms are this target's."""

    off_hours: Optional[OffHoursArgs] = None
    """When no task answers behind the load balancer each week."""


@dataclass(frozen=True, kw_only=True)
class AlbMonitoringArgs(MonitoringArgs):
    """What an AlbMonitoring watches and whom it tells."""

    targets: dict[str, AlbTargetArgs]
    """Name to target; the name becomes part of each alarm's name."""


class AlbMonitoring(Monitoring, kind=ALB):
    """Application load balancers: errors, latency and healthy hosts."""

    def __init__(
        self,
        name: str,
        args: AlbMonitoringArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register one alarm for each rule of each target.

        Args:
            name: the component's name.
            args: targets, routing and overrides.
            opts: the component's options.

        Raises:
            InvalidArgsError: arguments that CloudWatch would refuse.
        """
        checked = as_args(AlbMonitoringArgs, args, f"AlbMonitoring {name!r}")
        super().__init__(name, checked, opts)
        self.finish()
