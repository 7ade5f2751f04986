"""Django applications: the metrics that they publish of themselves."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from cloudwatch.override import AlarmOverride
from components.args import as_args
from components.monitoring import Monitoring, RoutingArgs
from rules import APP


@dataclass(frozen=True, kw_only=True)
class AppTargetArgs:
    """A Django service that publishes metrics of its own.

    Attributes:
        service: the value of the Service dimension that it publishes under.
    """

    service: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class ApplicationMonitoringArgs:
    """What an ApplicationMonitoring watches and whom it tells.

    Attributes:
        targets: name to target; the name becomes part of each alarm's name.
        routing: topics by severity.
        overrides: changes to the rules by alarm key, for all targets or one (``key@target``).
        tags: tags of every alarm.
        runbooks: page with one section a rule.
    """

    targets: dict[str, AppTargetArgs]
    routing: RoutingArgs
    overrides: Optional[dict[str, AlarmOverride]] = None
    tags: Optional[dict[str, pulumi.Input[str]]] = None
    runbooks: Optional[str] = None


class ApplicationMonitoring(Monitoring):
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
        super().__init__(APP, "ApplicationMonitoring", name, checked, opts)
        self.finish()
