"""Numbers of an RDS instance that follow from its class, its engine and its settings."""

import re
from typing import TYPE_CHECKING, Final

from ecs_monitoring.catalog import (
    InstanceClass,
    UnderivableMaxConnections,
    UnknownInstanceClass,
    estimated_max_connections,
    instance_class,
    most_cpu_credits,
    most_default_connections,
)
from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import LikelyMost, NoThreshold
from ecs_monitoring.cloudwatch.units import GIBIBYTE

if TYPE_CHECKING:
    from ecs_monitoring.rules.rds_target import RdsTarget

SERVERLESS: Final = "db.serverless"
"""The class of Aurora Serverless v2, whose size is the cluster's capacity range."""

MOST_CONNECTIONS: Final = 262_143
"""More than any engine takes: PostgreSQL's own limit.

https://www.postgresql.org/docs/current/runtime-config-connection.html
"""

# Memory of a capacity unit, and the cap on PostgreSQL's connections where the minimum is 0 or 0.5:
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
_ACU_MEMORY: Final = 2 * GIBIBYTE
_SMALL_ACU: Final = 0.5
_SMALL_CONNECTIONS: Final = 2000

# Capacity units to one vCPU, as in the memory-optimized classes (8 GiB a vCPU): AWS publishes none.
_ACU_PER_VCPU: Final = 4

# Aurora's local storage is some twice the class's memory: db.r6g.large has 16 GiB and 32 GiB,
# db.t4g.medium 4 GiB and 8.13 GiB, db.x2g.16xlarge 1,024 GiB and 1,829 GiB.
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html
_LOCAL_STORAGE_PER_MEMORY: Final = 2

# What it never is more than. Of AWS's tables, that of Aurora MySQL has the most: 2.5 times the
# memory (db.r6g.xlarge: 80 GiB), and 32 GiB for each small class. Classes with NVMe (db.r6gd) have
# more, for which there is no table.
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html
_MOST_LOCAL_STORAGE_PER_MEMORY: Final = 3
_SMALL_LOCAL_STORAGE: Final = 32 * GIBIBYTE
_HAS_NVME: Final = re.compile(r"db\.[a-z]+\d+[a-z]*d[a-z]*\.")


def rds_fact(target: "RdsTarget", fact: Fact) -> float | NoThreshold:
    """A number that follows from the instance's class, engine or settings."""
    if fact is Fact.MAX_CONNECTIONS:
        return _most_connections(target)
    if fact is Fact.ALLOCATED_STORAGE:
        return _storage(target)
    hardware = _hardware(target)
    if isinstance(hardware, NoThreshold):
        return hardware
    if fact is Fact.LOCAL_STORAGE:
        return _LOCAL_STORAGE_PER_MEMORY * hardware.memory_bytes
    return hardware.memory_bytes if fact is Fact.MEMORY else hardware.vcpus


def rds_bound(target: "RdsTarget", fact: Fact) -> float | None:
    """A number that the metrics never exceed; ``None`` where it is not known."""
    match fact:
        case Fact.MAX_CONNECTIONS:
            # An estimate on the safe side is none.
            return target.max_connections or MOST_CONNECTIONS
        case Fact.SESSIONS:
            # Workers of the database's own are sessions, too, and no connections. PostgreSQL's
            # limit of connections is that of all its processes.
            return MOST_CONNECTIONS
        case Fact.ALLOCATED_STORAGE if target.max_allocated_storage_gib:
            return target.max_allocated_storage_gib * GIBIBYTE
    hardware = _hardware(target)
    if isinstance(hardware, InstanceClass):
        if fact is Fact.LOCAL_STORAGE:
            return _most_local_storage(hardware)
        if fact is Fact.CPU_CREDITS:
            return most_cpu_credits(hardware)
    value = rds_fact(target, fact)
    return None if isinstance(value, NoThreshold) else value


def _most_local_storage(hardware: InstanceClass) -> float | None:
    if _HAS_NVME.match(hardware.name):
        return None
    return max(_MOST_LOCAL_STORAGE_PER_MEMORY * hardware.memory_bytes, _SMALL_LOCAL_STORAGE)


def rds_likely_most(target: "RdsTarget", fact: Fact) -> LikelyMost | None:
    """A number that the metrics do not exceed unless the instance is set otherwise than usual."""
    size = target.allocated_storage_gib
    match fact:
        case Fact.MAX_CONNECTIONS if target.max_connections is None:
            return _default_connections(target)
        case Fact.SESSIONS:
            if target.max_connections is None:
                return _default_connections(target)
            return LikelyMost(
                target.max_connections,
                f"active sessions are connections, and max_connections is {target.max_connections}",
            )
        case Fact.ALLOCATED_STORAGE if size and target.max_allocated_storage_gib:
            return LikelyMost(size * GIBIBYTE, f"the volume has {size} GiB until RDS enlarges it")
    return None


def _default_connections(target: "RdsTarget") -> LikelyMost | None:
    hardware = _hardware(target)
    if isinstance(hardware, NoThreshold):
        return None
    try:
        most = most_default_connections(target.engine, hardware, target.engine_version)
    except UnderivableMaxConnections:
        return None
    return LikelyMost(
        most,
        f"max_connections of {target.engine} on {target.instance_class} is at most {most:,} by "
        "default (where a parameter group says more, write it in max_connections)",
    )


def _most_connections(target: "RdsTarget") -> float | NoThreshold:
    if target.max_connections is not None:
        return target.max_connections
    hardware = _hardware(target)
    if isinstance(hardware, NoThreshold):
        return hardware
    try:
        most = estimated_max_connections(target.engine, hardware, target.engine_version)
        is_small = target.min_acu is not None and target.min_acu <= _SMALL_ACU
        return min(most, _SMALL_CONNECTIONS) if is_small else most
    except UnderivableMaxConnections as error:
        return NoThreshold("max_connections", "", str(error))


def _storage(target: "RdsTarget") -> float | NoThreshold:
    if target.allocated_storage_gib is None:
        return NoThreshold(
            "allocated_storage_gib",
            "",
            "the threshold is a share of it: write the allocated storage in GiB, such as 100",
        )
    return target.allocated_storage_gib * GIBIBYTE


def _hardware(target: "RdsTarget") -> InstanceClass | NoThreshold:
    """Memory and vCPUs of the instance class, or why they are not known."""
    if target.is_serverless:
        return _capacity(target)
    try:
        return instance_class(target.instance_class)
    except UnknownInstanceClass as error:
        return NoThreshold(
            "instance_class",
            target.instance_class,
            f"{error}; a threshold is derived from the class: write a known class, or give "
            "max_connections and the thresholds of rds.memory-low and rds.db-load yourself",
        )


def _capacity(target: "RdsTarget") -> InstanceClass | NoThreshold:
    """The hardware of Aurora Serverless v2 at its greatest capacity."""
    if target.min_acu is None or target.max_acu is None:
        return NoThreshold(
            "min_acu" if target.min_acu is None else "max_acu",
            "",
            f"thresholds of {SERVERLESS} follow from the cluster's capacity: write min_acu and "
            "max_acu, as ServerlessV2ScalingConfiguration of aws rds describe-db-clusters has "
            "them, such as min_acu: 0.5 and max_acu: 16",
        )
    return InstanceClass(
        SERVERLESS,
        int(target.max_acu * _ACU_MEMORY),
        max(1, int(target.max_acu / _ACU_PER_VCPU)),
    )
