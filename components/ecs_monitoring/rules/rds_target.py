"""RDS instances: the target, and numbers that follow from its engine and class."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from ecs_monitoring.catalog import (
    Engine,
    InstanceClass,
    UnderivableMaxConnections,
    UnknownInstanceClass,
    estimated_max_connections,
    instance_class,
)
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import NoThreshold
from ecs_monitoring.cloudwatch.units import GIBIBYTE
from ecs_monitoring.rules.target import DimensionValue, Target
from ecs_monitoring.words import did_you_mean

CONNECTIONS_HIGH: Final = "rds.connections-high"
CPU_HIGH: Final = "rds.cpu-high"
MEMORY_LOW: Final = "rds.memory-low"
STORAGE_LOW: Final = "rds.storage-low"
READ_LATENCY: Final = "rds.read-latency"
WRITE_LATENCY: Final = "rds.write-latency"
EBS_IO_BALANCE: Final = "rds.ebs-io-balance"
EBS_BYTE_BALANCE: Final = "rds.ebs-byte-balance"
CPU_CREDITS: Final = "rds.cpu-credits"
REPLICA_LAG: Final = "rds.replica-lag"
DB_LOAD: Final = "rds.db-load"
TRANSACTION_IDS: Final = "rds.transaction-ids"

NAMESPACE: Final = "AWS/RDS"

CONNECTIONS_SHARE: Final = 80
"""Percent of max_connections from which connections run out (the monitoring guide)."""

MEMORY_SHARE: Final = 10
"""Percent of the class's memory below which the database is short of it."""

STORAGE_SHARE: Final = 10
"""Percent of allocated storage below which it runs out.

AWS recommends the same:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
"""


# More than any engine takes, so that what is above is a mistake: 256 TiB with all volumes of an
# instance, and PostgreSQL's own limit of connections.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
# https://www.postgresql.org/docs/current/runtime-config-connection.html
_MOST_STORAGE: Final = 262_144
_MOST_CONNECTIONS: Final = 262_143


def _engine(value: str) -> str:
    engines = [engine.value for engine in Engine]
    if value not in engines:
        raise ValueError(f"is no RDS engine{did_you_mean(value, engines)}")
    return value


class RdsTarget(Target):
    """An RDS or Aurora database instance."""

    instance: Annotated[DimensionValue, Field(examples=["django-db"])]
    """The instance's identifier."""

    engine: Annotated[str, AfterValidator(_engine), Field(examples=["postgres"])]
    """The engine as the RDS API names it: postgres, mysql, mariadb, aurora-postgresql, …"""

    instance_class: Annotated[str, Field(pattern=r"^db\.\S+$", examples=["db.t4g.small"])]
    """The instance class, such as db.t4g.small."""

    engine_version: Annotated[str | None, Field(examples=["16.4"])] = None
    """The engine's version; only MariaDB 10.4 and older need it, for max_connections."""

    allocated_storage_gib: Annotated[int | None, Field(ge=1, le=_MOST_STORAGE, examples=[100])] = (
        None
    )
    """Allocated storage in GiB; Aurora, whose storage grows by itself, has none."""

    max_connections: Annotated[int | None, Field(ge=1, le=_MOST_CONNECTIONS, examples=[200])] = None
    """What SHOW max_connections answers; estimated from engine and class where left out."""

    read_replica: Annotated[bool, Field(examples=[False])] = False
    """Whether the instance is a read replica."""

    performance_insights: Annotated[bool, Field(examples=[True])] = False
    """Whether Performance Insights is on: it alone publishes DBLoad."""

    @property
    def is_aurora(self) -> bool:
        """Whether storage and replication are Aurora's, with other metrics than RDS's."""
        return Engine(self.engine).is_aurora

    @property
    def is_postgresql(self) -> bool:
        """Whether the engine speaks PostgreSQL, with its transaction ids."""
        return Engine(self.engine).is_postgresql

    @property
    def is_burstable(self) -> bool:
        """Whether the class lives on CPU credits (the db.t families)."""
        return self.instance_class.startswith("db.t")

    def metric(self, name: str, statistic: str = "Average") -> Metric:
        """A metric that RDS publishes for the instance."""
        return Metric(
            namespace=NAMESPACE,
            name=name,
            dimensions={"DBInstanceIdentifier": self.instance},
            statistic=statistic,
        )

    def connections_threshold(self) -> float | NoThreshold:
        """Connections from which they run out: a share of the explicit or estimated maximum."""
        most = self.max_connections
        if most is None:
            hardware = self.hardware()
            if isinstance(hardware, NoThreshold):
                return hardware
            try:
                most = estimated_max_connections(self.engine, hardware, self.engine_version)
            except UnderivableMaxConnections as error:
                return NoThreshold("max_connections", "", str(error))
        return most * CONNECTIONS_SHARE / 100

    def memory_threshold(self) -> float | NoThreshold:
        """Free bytes of memory below which the instance is short of it."""
        hardware = self.hardware()
        if isinstance(hardware, NoThreshold):
            return hardware
        return hardware.memory_bytes * MEMORY_SHARE / 100

    def storage_threshold(self) -> float | NoThreshold:
        """Free bytes of storage below which the instance runs out of it."""
        if self.allocated_storage_gib is None:
            return NoThreshold(
                "allocated_storage_gib",
                "",
                "the threshold is a share of it: write the allocated storage in GiB, such as 100",
            )
        return self.allocated_storage_gib * GIBIBYTE * STORAGE_SHARE / 100

    def load_threshold(self) -> float | NoThreshold:
        """Active sessions above which they wait for a CPU: the class's number of vCPUs."""
        hardware = self.hardware()
        return hardware if isinstance(hardware, NoThreshold) else hardware.vcpus

    def hardware(self) -> InstanceClass | NoThreshold:
        """Memory and vCPUs of the instance class, or why they are not known."""
        try:
            return instance_class(self.instance_class)
        except UnknownInstanceClass as error:
            return NoThreshold(
                "instance_class",
                self.instance_class,
                f"{error}; a threshold is derived from the class: write a known class, or give "
                "max_connections and the thresholds of rds.memory-low and rds.db-load yourself",
            )
