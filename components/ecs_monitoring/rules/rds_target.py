"""RDS instances: the target, and numbers that follow from its engine and class."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from ecs_monitoring.catalog import Engine
from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import LikelyMost, NoThreshold
from ecs_monitoring.rules.identifiers import RdsCluster, RdsInstance
from ecs_monitoring.rules.off_hours import OffHours, OffHoursField
from ecs_monitoring.rules.rds_checks import check_instance, instance_doubts
from ecs_monitoring.rules.rds_facts import (
    MOST_CONNECTIONS,
    SERVERLESS,
    rds_bound,
    rds_fact,
    rds_likely_most,
)
from ecs_monitoring.rules.rds_volume import (
    GP3,
    LEAST_IOPS,
    MOST_IOPS,
    MOST_THROUGHPUT_MIBPS,
    StorageType,
    VolumeLimits,
    gp3_limits,
)
from ecs_monitoring.rules.target import Target
from ecs_monitoring.words import did_you_mean

CONNECTIONS_SHARE: Final = 80
"""Percent of max_connections from which connections run out (the monitoring guide)."""

# More than any instance takes, so that what is above is a mistake: 256 TiB with all its volumes.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
_MOST_STORAGE: Final = 262_144

# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
_MOST_ACU: Final = 256

# "You can specify ACU values in half-step increments, such as 8, 8.5, 9, and so on.":
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html
_ACU_STEP: Final = 0.5

# "Available only for some *.4xlarge instance sizes and smaller that burst to their maximum
# performance for only 30 minutes at least once every 24 hours":
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
_STEADY_SIZES: Final = re.compile(r"\.(?:(?:[89]|\d{2,})xlarge|metal\S*)")


def _engine(value: str) -> str:
    engines = [engine.value for engine in Engine]
    if value not in engines:
        raise ValueError(f"is no RDS engine{did_you_mean(value, engines)}")
    return value


class RdsTarget(Target):
    """An RDS or Aurora database instance."""

    instance: Annotated[RdsInstance, Field(examples=["django-db"])]
    """The instance's identifier, or its ARN."""

    cluster: Annotated[RdsCluster | None, Field(examples=[None, "django-cluster"])] = None
    """Identifier, or ARN, of the cluster that the instance is of, in Aurora and Multi-AZ DB
    clusters: turns the cluster's events on, such as a failover.
    """

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

    max_connections: Annotated[int | None, Field(ge=1, le=MOST_CONNECTIONS, examples=[200])] = None
    """What ``SHOW max_connections`` (PostgreSQL) or ``SHOW VARIABLES LIKE 'max_connections'``
    (MySQL) answers; estimated from engine and class where left out.
    """

    max_allocated_storage_gib: Annotated[
        int | None, Field(ge=1, le=_MOST_STORAGE, examples=[None, 1000])
    ] = None
    """The ceiling of RDS storage autoscaling in GiB, where it is on: the storage alarm then waits
    until RDS had the time to enlarge the volume.
    """

    storage_type: Annotated[StorageType | None, Field(examples=["gp2"])] = None
    """The volume's type as the RDS API names it: ``gp2``, ``gp3``, ``io1``, ``io2`` or
    ``standard``; turns the alarm on gp2's burst credits on, and those on what a gp3 volume can do.
    """

    iops: Annotated[int | None, Field(ge=LEAST_IOPS, le=MOST_IOPS, examples=[None, 12_000])] = None
    """Provisioned IOPS of a gp3, io1 or io2 volume; left out, gp3's own without more. Turns the
    alarm on IOPS on.
    """

    storage_throughput_mibps: Annotated[
        int | None,
        Field(ge=GP3.throughput_mibps, le=MOST_THROUGHPUT_MIBPS, examples=[None, 500]),
    ] = None
    """Provisioned throughput of a gp3 volume in MiB/s; left out, gp3's own without more."""

    min_acu: Annotated[
        float | None, Field(multiple_of=_ACU_STEP, ge=0, le=_MOST_ACU, examples=[None, 0.5])
    ] = None
    """The least capacity of an Aurora Serverless v2 cluster, in ACU; for ``db.serverless``."""

    max_acu: Annotated[
        float | None, Field(multiple_of=_ACU_STEP, ge=1, le=_MOST_ACU, examples=[None, 16])
    ] = None
    """The greatest capacity; memory and connections of ``db.serverless`` follow from it."""

    read_replica: Annotated[bool, Field(examples=[False])] = False
    """Whether the instance is a read replica; turns the replica lag alarm on."""

    performance_insights: Annotated[bool, Field(examples=[True])] = False
    """Whether Performance Insights is on, which alone publishes DBLoad; turns its alarm on."""

    off_hours: OffHoursField = None
    """When the instance is stopped each week, such as over night: that it publishes nothing is no
    trouble then.
    """

    def rests(self) -> OffHours | None:
        """Its off hours."""
        return self.off_hours

    @model_validator(mode="after")
    def _facts_fit(self) -> Self:
        check_instance(self)
        return self

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

    @property
    def is_serverless(self) -> bool:
        """Whether it is an instance of Aurora Serverless v2."""
        return self.instance_class == SERVERLESS

    @property
    def pauses(self) -> bool:
        """Whether it pauses by itself when nobody is connected."""
        return self.min_acu == 0

    @property
    def bursts_on_ebs(self) -> bool:
        """Whether the class has credits of EBS bandwidth, which alone have a balance."""
        return not self.is_aurora and not _STEADY_SIZES.search(self.instance_class)

    @property
    def bursts_on_gp2(self) -> bool:
        """Whether the volume has burst credits."""
        return self.storage_type == "gp2" and not self.is_aurora

    @property
    def volume(self) -> VolumeLimits:
        """What its volume can do, as far as that is known."""
        own = VolumeLimits(None, None)
        if self.storage_type == "gp3" and not self.is_aurora:
            size, ceiling = self.allocated_storage_gib, self.max_allocated_storage_gib
            own = gp3_limits(self.engine, size, ceiling) or own
        return VolumeLimits(
            self.iops or own.iops, self.storage_throughput_mibps or own.throughput_mibps
        )

    @property
    def room_to_grow_gib(self) -> int:
        """What RDS may enlarge the volume by, in GiB; 0 without storage autoscaling."""
        return max(0, (self.max_allocated_storage_gib or 0) - (self.allocated_storage_gib or 0))

    def where(self, part: str = "") -> str:
        """The instance."""
        return f"database {self.instance}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """The instance's one dimension."""
        return {"DBInstanceIdentifier": self.instance}

    def fact(self, fact: Fact) -> float | NoThreshold:
        """A number that follows from the instance's class, engine or settings."""
        return rds_fact(self, fact)

    def bound(self, fact: Fact) -> float | None:
        """A number that the metrics never exceed; an estimate on the safe side is none."""
        return rds_bound(self, fact)

    def doubts(self) -> Iterator[tuple[str, str]]:
        """Fields that are right as they are, and probably not meant; with what to write instead."""
        return instance_doubts(self)

    def likely_most(self, fact: Fact) -> LikelyMost | None:
        """A number that they do not exceed unless the instance is set otherwise than usual."""
        return rds_likely_most(self, fact)
