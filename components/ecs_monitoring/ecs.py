"""ECS services: CPU, memory and the number of running tasks."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import as_args
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs, OffHoursArgs
from ecs_monitoring.rules import ECS


@dataclass(frozen=True, kw_only=True)
class EcsTargetArgs:
    """An ECS service."""

    cluster: pulumi.Input[str]
    """Name of the ECS cluster, or its ARN."""

    service: pulumi.Input[str]
    """Name of the ECS service, or its ARN."""

    container_insights: Optional[bool] = None
    """Whether Container Insights is on for the cluster."""

    min_running_tasks: Optional[pulumi.Input[int]] = None
    """Tasks below which the service is short; 1 if left out."""

    minimum_healthy_percent: Optional[int] = None
    """Percent of the desired tasks that a deployment leaves running; 100 if left out."""

    off_hours: Optional[OffHoursArgs] = None
    """When the service is scaled to nothing each week."""


@dataclass(frozen=True, kw_only=True)
class EcsMonitoringArgs(MonitoringArgs):
    """What an EcsMonitoring watches and whom it tells."""

    targets: dict[str, EcsTargetArgs]
    """Name to service; the name becomes part of each alarm's name."""


class EcsMonitoring(Monitoring, kind=ECS):
    """Alarms on the CPU, memory and task count of ECS services."""

    def __init__(
        self,
        name: str,
        args: EcsMonitoringArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register one alarm for each rule of each service.

        Args:
            name: the component's name.
            args: services, routing and overrides.
            opts: the component's options.

        Raises:
            InvalidArgsError: arguments that CloudWatch would refuse.
        """
        checked = as_args(EcsMonitoringArgs, args, f"EcsMonitoring {name!r}")
        super().__init__(name, checked, opts)
        self.finish()
