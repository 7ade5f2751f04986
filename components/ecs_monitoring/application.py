"""Django applications: the metrics that they publish of themselves."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import as_args
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs
from ecs_monitoring.rules import APP


@dataclass(frozen=True, kw_only=True)
class AppTargetArgs:
    """A Django service that publishes metrics of its own."""

    service: pulumi.Input[str]
    """The value of the Service dimension that it publishes under."""

    background_tasks: Optional[bool] = None
    """Whether it runs background tasks (Celery's or Django's); turns their alarms on."""

    log_group: Optional[pulumi.Input[str]] = None
    """Name or ARN of the log group of its metric lines; shows the status by route."""


@dataclass(frozen=True, kw_only=True)
class ApplicationMonitoringArgs(MonitoringArgs):
    """What an ApplicationMonitoring watches and whom it tells."""

    targets: dict[str, AppTargetArgs]
    """Name to target; the name becomes part of each alarm's name."""


class ApplicationMonitoring(Monitoring, kind=APP):
    """Django applications: the metrics that they publish of themselves."""

    def __init__(
        self,
        name: str,
        args: ApplicationMonitoringArgs,
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
        checked = as_args(ApplicationMonitoringArgs, args, f"ApplicationMonitoring {name!r}")
        super().__init__(name, checked, opts)
        self.finish()
