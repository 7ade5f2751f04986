"""Reads RDS and Aurora instances.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from account.account import Attempts, every_item
from account.coverage.inventory import Database
from ecs_monitoring.catalog import Engine


def read_databases(rds: Any, attempts: Attempts) -> tuple[Database, ...] | None:
    """The instances of engines that the project knows.

    Args:
        rds: boto3 client.
        attempts: takes note of what could not be looked at, and of other engines.
    """
    instances = attempts.of(
        "databases", lambda: list(every_item(rds, "describe_db_instances", "DBInstances"))
    )
    if instances is None:
        return None
    # The API tells of Neptune and DocumentDB too, whose metrics are other ones.
    watchable = [instance for instance in instances if instance["Engine"] in list(Engine)]
    _note_others((instance for instance in instances if instance not in watchable), attempts)
    writers: dict[str, bool] = {}
    if any(instance.get("DBClusterIdentifier") for instance in watchable):
        writers = attempts.of("the roles of cluster members", lambda: _writers(rds)) or {}
    return tuple(_database(instance, writers) for instance in watchable)


def _note_others(instances: Iterable[Mapping[str, Any]], attempts: Attempts) -> None:
    by_engine: dict[str, list[str]] = defaultdict(list)
    for instance in instances:
        by_engine[instance["Engine"]].append(instance["DBInstanceIdentifier"])
    for engine, names in by_engine.items():
        attempts.note(
            f"there are no rules for databases of the engine {engine}, and they were left out: "
            f"{', '.join(names)}"
        )


def _writers(rds: Any) -> dict[str, bool]:
    """Instance to whether it is its cluster's writer.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterMember.html
    """
    return {
        member["DBInstanceIdentifier"]: member["IsClusterWriter"]
        for cluster in every_item(rds, "describe_db_clusters", "DBClusters")
        for member in cluster["DBClusterMembers"]
    }


def _database(instance: Mapping[str, Any], writers: Mapping[str, bool]) -> Database:
    identifier = instance["DBInstanceIdentifier"]
    return Database(
        identifier=identifier,
        engine=instance["Engine"],
        version=instance["EngineVersion"],
        instance_class=instance["DBInstanceClass"],
        allocated_storage_gib=instance["AllocatedStorage"],
        # "The upper limit in gibibytes [...] to which Amazon RDS can automatically scale": where
        # it is that of the volume, there is nothing to scale.
        max_allocated_storage_gib=_ceiling(instance),
        storage_type=instance.get("StorageType", ""),
        iops=instance.get("Iops"),
        storage_throughput_mibps=instance.get("StorageThroughput"),
        is_replica=bool(
            instance.get("ReadReplicaSourceDBInstanceIdentifier")
            or instance.get("ReadReplicaSourceDBClusterIdentifier")
        )
        or not writers.get(identifier, True),
        # Performance Insights is a part of Database Insights by now; the advanced mode needs it:
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.html
        performance_insights=instance.get("PerformanceInsightsEnabled", False)
        or instance.get("DatabaseInsightsMode") == "advanced",
        cluster=instance.get("DBClusterIdentifier", ""),
        status=instance["DBInstanceStatus"],
    )


def _ceiling(instance: Mapping[str, Any]) -> int | None:
    ceiling = instance.get("MaxAllocatedStorage")
    return ceiling if ceiling and ceiling > instance["AllocatedStorage"] else None
