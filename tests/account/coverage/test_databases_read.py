"""A database instance as it is read, field by field."""

from dataclasses import replace
from typing import Any

import pytest

from account.account import Attempts
from account.coverage.inventory import Database, Inventory
from account.coverage.rds_reader import read_databases
from account.coverage.resources import resources
from tests.account.coverage.values import HOME, group, running, service
from tests.account.coverage.values import database as a_database
from tests.account.recorded import Answer, Recorded, refused

ORDERS: dict[str, Any] = {
    "DBInstanceIdentifier": "orders",
    "Engine": "postgres",
    "EngineVersion": "16.4",
    "DBInstanceClass": "db.r6g.large",
    "AllocatedStorage": 100,
    "DBInstanceStatus": "available",
}
PLAIN = Database(
    identifier="orders",
    engine="postgres",
    version="16.4",
    instance_class="db.r6g.large",
    allocated_storage_gib=100,
)
MEMBERS = [
    {"DBInstanceIdentifier": "orders", "IsClusterWriter": False},
    {"DBInstanceIdentifier": "other", "IsClusterWriter": True},
]


def read(
    instances: list[dict[str, Any]], clusters: Answer | None = None
) -> tuple[tuple[Database, ...] | None, list[str]]:
    answers: dict[str, Answer] = {"describe_db_instances": {"DBInstances": instances}}
    if clusters is not None:
        answers["describe_db_clusters"] = clusters
    attempts = Attempts(HOME)
    return read_databases(Recorded(**answers), attempts), attempts.notes


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ({}, {}),
        # "The upper limit [...] to which Amazon RDS can automatically scale": above what there is.
        ({"MaxAllocatedStorage": 101}, {"max_allocated_storage_gib": 101}),
        ({"MaxAllocatedStorage": 100}, {}),
        ({"MaxAllocatedStorage": 0}, {}),
        (
            {"StorageType": "gp3", "Iops": 3000, "StorageThroughput": 125},
            {"storage_type": "gp3", "iops": 3000, "storage_throughput_mibps": 125},
        ),
        ({"ReadReplicaSourceDBInstanceIdentifier": "x"}, {"is_replica": True}),
        ({"ReadReplicaSourceDBClusterIdentifier": "x"}, {"is_replica": True}),
        ({"PerformanceInsightsEnabled": True}, {"performance_insights": True}),
        ({"DatabaseInsightsMode": "advanced"}, {"performance_insights": True}),
        ({"DatabaseInsightsMode": "standard"}, {}),
        ({"DBInstanceStatus": "stopped"}, {"status": "stopped"}),
    ],
)
def test_an_instance(said: dict[str, Any], changes: dict[str, Any]) -> None:
    assert read([{**ORDERS, **said}]) == ((replace(PLAIN, **changes),), [])


@pytest.mark.parametrize(
    ("clusters", "is_replica", "notes"),
    [
        ({"DBClusters": [{"DBClusterMembers": MEMBERS}]}, True, []),
        # A member that no cluster knows, and one of which nobody tells, is taken for a writer.
        ({"DBClusters": []}, False, []),
        (
            refused(),
            False,
            [
                f"{HOME}: the roles of cluster members could not be looked at: An error occurred "
                "(AccessDenied) when calling the X operation: no"
            ],
        ),
    ],
)
def test_a_member_of_a_cluster(clusters: Answer, is_replica: bool, notes: list[str]) -> None:
    found = read([{**ORDERS, "DBClusterIdentifier": "shop"}], clusters)
    assert found == ((replace(PLAIN, cluster="shop", is_replica=is_replica),), notes)


def test_other_engines_are_noted_by_engine() -> None:
    others = [
        {"Engine": engine, "DBInstanceIdentifier": name, "DBClusterIdentifier": "x"}
        for engine, name in (("docdb", "a"), ("neptune", "b"), ("docdb", "c"))
    ]
    # Their clusters are not asked for.
    assert read([*others[:2], ORDERS, others[2]]) == (
        (PLAIN,),
        [
            f"{HOME}: there are no rules for databases of the engine {engine}, and they were left "
            f"out: {names}"
            for engine, names in (("docdb", "a, c"), ("neptune", "b"))
        ],
    )


def test_how_many_there_are() -> None:
    inventory = running(
        services=(service(), service("jobs")),
        load_balancers=("app/a/1",),
        target_groups=(group(), group(), group()),
        databases=(PLAIN,) * 4,
        log_groups=None,
    )
    assert inventory.counts() == {
        "ECS services": 2,
        "load balancers": 1,
        "target groups": 3,
        "databases": 4,
        "log groups": None,
    }
    assert group("targetgroup/web/1").name == "web"


@pytest.mark.parametrize(
    ("status", "idle"),
    [
        ("available", ""),
        ("backing-up", ""),
        *(
            (status, f"is {status}")
            for status in ("stopped", "stopping", "starting", "creating", "deleting")
        ),
    ],
)
def test_a_database_of_which_nothing_is_expected(status: str, idle: str) -> None:
    (found,) = resources(Inventory(databases=(a_database(status=status),)))
    assert found.idle == idle


@pytest.mark.parametrize(
    ("changes", "options", "also"),
    [
        (
            {},
            {"engine": "postgres", "instance_class": "db.t4g.small", "allocated_storage_gib": 100},
            set(),
        ),
        (
            {"engine": "mariadb", "version": "10.4.33", "performance_insights": True},
            {
                "engine": "mariadb",
                "instance_class": "db.t4g.small",
                "engine_version": "10.4.33",
                "allocated_storage_gib": 100,
                "performance_insights": True,
            },
            set(),
        ),
        (
            {"engine": "aurora-mysql", "cluster": "c", "is_replica": True},
            {"engine": "aurora-mysql", "instance_class": "db.t4g.small", "read_replica": True},
            {
                frozenset({("DBClusterIdentifier", "c")}),
                frozenset({("DBClusterIdentifier", "c"), ("Role", "READER")}),
            },
        ),
        (
            {"engine": "aurora-mysql", "cluster": "c"},
            {"engine": "aurora-mysql", "instance_class": "db.t4g.small"},
            {
                frozenset({("DBClusterIdentifier", "c")}),
                frozenset({("DBClusterIdentifier", "c"), ("Role", "WRITER")}),
            },
        ),
    ],
)
def test_a_database_as_a_target(
    changes: dict[str, Any], options: dict[str, Any], also: set[Any]
) -> None:
    (found,) = resources(Inventory(databases=(a_database(**changes),)))
    assert (found.key, found.options, set(found.also)) == ("rds:orders", options, also)
    assert list(found.options) == list(options)
    assert found.fields == {"instance": "orders", **options}
    assert found.dimensions == {("DBInstanceIdentifier", "orders")}
