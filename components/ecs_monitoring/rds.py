"""RDS and Aurora instances: connections, CPU, memory, storage, latency, replication."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import as_args
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs
from ecs_monitoring.rules import RDS


@dataclass(frozen=True, kw_only=True)
class RdsTargetArgs:
    """A database instance.

    Attributes:
        instance: its identifier.
        engine: as the RDS API names it, such as ``postgres``.
        instance_class: such as ``db.t4g.small``.
        engine_version: only MariaDB 10.4 and older need it.
        allocated_storage_gib: GiB; Aurora has none.
        max_connections: what SHOW max_connections answers; estimated if left out.
        read_replica: whether it is a read replica.
        performance_insights: whether Performance Insights is on.
    """

    instance: pulumi.Input[str]
    engine: str
    instance_class: str
    engine_version: Optional[str] = None
    allocated_storage_gib: Optional[pulumi.Input[int]] = None
    max_connections: Optional[pulumi.Input[int]] = None
    read_replica: Optional[bool] = None
    performance_insights: Optional[bool] = None


@dataclass(frozen=True, kw_only=True)
class RdsMonitoringArgs(MonitoringArgs):
    """What an RdsMonitoring watches and whom it tells.

    Attributes:
        targets: name to target; the name becomes part of each alarm's name.
    """

    targets: dict[str, RdsTargetArgs]


class RdsMonitoring(Monitoring, kind=RDS, takes=RdsMonitoringArgs):
    """RDS and Aurora instances: connections, CPU, memory, storage, latency, replication."""

    def __init__(
        self,
        name: str,
        args: RdsMonitoringArgs,
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
        checked = as_args(RdsMonitoringArgs, args, f"RdsMonitoring {name!r}")
        super().__init__(name, checked, opts)
        self.finish()
