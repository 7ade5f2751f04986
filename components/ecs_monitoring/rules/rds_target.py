"""RDS instances: the target, and numbers that follow from its engine and class."""

from collections.abc import Mapping
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
from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import NoThreshold
from ecs_monitoring.cloudwatch.units import GIBIBYTE
from ecs_monitoring.rules.identifiers import RdsInstance
from ecs_monitoring.rules.target import Target
from ecs_monitoring.words import did_you_mean

CONNECTIONS_SHARE: Final = 80
"""Percent of max_connections from which connections run out (the monitoring guide)."""

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

    instance: Annotated[RdsInstance, Field(examples=["django-db"])]
    """The instance's identifier, or its ARN."""

    engine: Annotated[str, AfterValidator(_engine), Field(examples=["postgres"])]
    """The engine as the RDS API names it: ``postgres``, ``mysql``, ``mariadb``,
    ``aurora-postgresql``, ``aurora-mysql``, …
    """

    instance_class: Annotated[str, Field(pattern=r"^db\.\S+$", examples=["db.t4g.small"])]
    """The instance class, such as ``db.t4g.small``; memory and vCPUs follow from it."""

    engine_version: Annotated[str | None, Field(examples=["16.4"])] = None
    """The engine's version; only MariaDB 10.4 and older need it, for max_connections."""

    allocated_storage_gib: Annotated[int | None, Field(ge=1, le=_MOST_STORAGE, examples=[100])] = (
        None
    )
    """Allocated storage in GiB; leave it out for Aurora, whose storage grows by itself."""

    max_connections: Annotated[int | None, Field(ge=1, le=_MOST_CONNECTIONS, examples=[200])] = None
    """What ``SHOW max_connections`` (PostgreSQL) or ``SHOW VARIABLES LIKE 'max_connections'``
    (MySQL) answers; estimated from engine and class where left out.
    """

    read_replica: Annotated[bool, Field(examples=[False])] = False
    """Whether the instance is a read replica; turns the replica lag alarm on."""

    performance_insights: Annotated[bool, Field(examples=[True])] = False
    """Whether Performance Insights is on, which alone publishes DBLoad; turns its alarm on."""

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

    def where(self, part: str = "") -> str:
        """The instance."""
        return f"database {self.instance}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """The instance's one dimension."""
        return {"DBInstanceIdentifier": self.instance}

    def fact(self, fact: Fact) -> float | NoThreshold:
        """A number that follows from the instance's class, engine or settings."""
        if fact is Fact.MAX_CONNECTIONS:
            return self._most_connections()
        if fact is Fact.ALLOCATED_STORAGE:
            return self._storage()
        hardware = self.hardware()
        if isinstance(hardware, NoThreshold):
            return hardware
        return hardware.memory_bytes if fact is Fact.MEMORY else hardware.vcpus

    def bound(self, fact: Fact) -> float | None:
        """A number that the metrics never exceed; an estimate on the safe side is none."""
        if fact is Fact.MAX_CONNECTIONS:
            return self.max_connections
        return super().bound(fact)

    def _most_connections(self) -> float | NoThreshold:
        if self.max_connections is not None:
            return self.max_connections
        hardware = self.hardware()
        if isinstance(hardware, NoThreshold):
            return hardware
        try:
            return estimated_max_connections(self.engine, hardware, self.engine_version)
        except UnderivableMaxConnections as error:
            return NoThreshold("max_connections", "", str(error))

    def _storage(self) -> float | NoThreshold:
        if self.allocated_storage_gib is None:
            return NoThreshold(
                "allocated_storage_gib",
                "",
                "the threshold is a share of it: write the allocated storage in GiB, such as 100",
            )
        return self.allocated_storage_gib * GIBIBYTE

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
