"""What runs in one region of the account, as far as the project has rules for it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EcsService:
    """An active ECS service.

    Attributes:
        cluster: the cluster's name.
        name: the service's name.
        desired: tasks that it wants at the moment.
        least: tasks below which it does not scale in; ``None`` where it does not scale.
        container_insights: whether Container Insights is on for the cluster.
        log_groups: log groups of this region that its task definition writes to.
    """

    cluster: str
    name: str
    desired: int
    least: int | None = None
    container_insights: bool = False
    log_groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TargetGroup:
    """A target group of application load balancers.

    Attributes:
        suffix: ``targetgroup/<name>/<id>``, the value of its CloudWatch dimension.
        load_balancer: ``app/<name>/<id>`` of the one that routes to it; empty for none.
        is_checked: whether its health check is on: no host is counted without.
        targets: how many are registered; ``None`` where it could not be looked at.
    """

    suffix: str
    load_balancer: str
    is_checked: bool = True
    targets: int | None = None

    @property
    def name(self) -> str:
        """The group's own name."""
        return self.suffix.split("/")[1]


@dataclass(frozen=True, kw_only=True)
class Database:
    """An RDS or Aurora instance.

    Attributes:
        identifier: the instance's identifier.
        engine: as the RDS API names it.
        version: of the engine.
        instance_class: such as ``db.t4g.small``.
        allocated_storage_gib: in GiB.
        max_allocated_storage_gib: the ceiling of storage autoscaling in GiB; ``None`` where it is
            off.
        storage_type: such as ``gp3``; empty where AWS does not say it.
        iops: provisioned for the volume; ``None`` where AWS does not say it.
        storage_throughput_mibps: the same of a gp3 volume's throughput, in MiB/s.
        is_replica: whether it follows another instance, in a cluster or not.
        performance_insights: whether DBLoad is published.
        cluster: the identifier of its cluster; empty for none.
        status: such as ``available`` or ``stopped``.
    """

    identifier: str
    engine: str
    version: str
    instance_class: str
    allocated_storage_gib: int
    max_allocated_storage_gib: int | None = None
    storage_type: str = ""
    iops: int | None = None
    storage_throughput_mibps: int | None = None
    is_replica: bool = False
    performance_insights: bool = False
    cluster: str = ""
    status: str = "available"


@dataclass(frozen=True, kw_only=True)
class MetricFilter:
    """What counts events of a log group into a metric.

    Attributes:
        log_group: the log group's name.
        namespace: of the metric.
        metric: the metric's name.
        has_default: whether it counts something for events that do not match as well, so that
            every event of the group makes data.
    """

    log_group: str
    namespace: str
    metric: str
    has_default: bool = False


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """What runs in one region; ``None`` stands for what could not be looked at.

    Attributes:
        clusters: names of the active ECS clusters.
        services: the active ECS services.
        load_balancers: ``app/<name>/<id>`` of the application load balancers.
        target_groups: those of application load balancers, and those of none.
        databases: RDS and Aurora instances of engines that the project knows.
        log_groups: those that the ECS services write to and that exist.
        metric_filters: of all log groups.
    """

    clusters: tuple[str, ...] | None = ()
    services: tuple[EcsService, ...] | None = ()
    load_balancers: tuple[str, ...] | None = ()
    target_groups: tuple[TargetGroup, ...] | None = ()
    databases: tuple[Database, ...] | None = ()
    log_groups: tuple[str, ...] | None = ()
    metric_filters: tuple[MetricFilter, ...] | None = ()

    def counts(self) -> Mapping[str, int | None]:
        """How many there are of each sort; ``None`` for what could not be looked at."""
        parts = {
            "ECS services": self.services,
            "load balancers": self.load_balancers,
            "target groups": self.target_groups,
            "databases": self.databases,
            "log groups": self.log_groups,
        }
        return {name: None if part is None else len(part) for name, part in parts.items()}
