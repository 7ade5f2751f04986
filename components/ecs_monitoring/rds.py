"""RDS and Aurora instances: connections, CPU, memory, storage, latency, replication."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import as_args
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs, OffHoursArgs
from ecs_monitoring.rules import RDS


@dataclass(frozen=True, kw_only=True)
class RdsTargetArgs:
    """A database instance."""

    instance: pulumi.Input[str]
    """Its identifier, or its ARN."""

    cluster: Optional[pulumi.Input[str]] = None
    """Identifier, or ARN, of its cluster, for the cluster's events."""

    engine: str
    """As the RDS API names it, such as ``postgres``."""

    instance_class: str
    """Such as ``db.t4g.small``."""

    engine_version: Optional[str] = None
    """Only MariaDB 10.4 and older need it."""

    allocated_storage_gib: Optional[pulumi.Input[int]] = None
    """GiB; Aurora has none."""

    max_connections: Optional[pulumi.Input[int]] = None
    """What SHOW max_connections answers; estimated if left out."""

    max_allocated_storage_gib: Optional[pulumi.Input[int]] = None
    """The ceiling of storage autoscaling in GiB, where it is on."""

    storage_type: Optional[str] = None
    """Such as ``gp3``."""

    iops: Optional[pulumi.Input[int]] = None
    """Provisioned IOPS of its volume."""

    storage_throughput_mibps: Optional[pulumi.Input[int]] = None
    """Provisioned throughput of its gp3 volume in MiB/s."""

    min_acu: Optional[float] = None
    """The least capacity of Aurora Serverless v2."""

    max_acu: Optional[float] = None
    """The greatest capacity of Aurora Serverless v2."""

    read_replica: Optional[bool] = None
    """Whether it is a read replica."""

    performance_insights: Optional[bool] = None
    """Whether Performance Insights is on."""

    off_hours: Optional[OffHoursArgs] = None
    """When the instance is stopped each week."""


@dataclass(frozen=True, kw_only=True)
class RdsMonitoringArgs(MonitoringArgs):
    """What an RdsMonitoring watches and whom it tells."""

    targets: dict[str, RdsTargetArgs]
    """Name to target; the name becomes part of each alarm's name."""


class RdsMonitoring(Monitoring, kind=RDS):
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
