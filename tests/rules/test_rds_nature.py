"""Databases: which rules an engine, a class or a role leaves out, and why."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules import RDS
from ecs_monitoring.rules.plan import Plan

# Key of each rule left out, with words of the reason. The example is a burstable PostgreSQL
# replica with Performance Insights, which has every rule.
AURORA = {
    "rds.acu-high": "has a fixed capacity",
    "rds.burst-balance": "storage_type: gp2",
    "rds.storage-low": "grows its storage by itself",
    "rds.ebs-io-balance": "not on EBS",
    "rds.ebs-byte-balance": "not on EBS",
    "rds.iops-high": "not on EBS",
    "rds.throughput-high": "not on EBS",
}
PLAIN = {
    "rds.iops-high": "iops, or storage_type: gp3",
    "rds.throughput-high": "storage_throughput_mibps, or storage_type: gp3",
    "rds.local-storage-low": "only Aurora has local storage",
    "rds.acu-high": "has a fixed capacity",
    "rds.burst-balance": "storage_type: gp2",
}
NO_WRAPAROUND = {"rds.transaction-ids": "no transaction id wraparound"}

CASES: list[tuple[Mapping[str, Any], Mapping[str, str]]] = [
    ({}, PLAIN),
    ({"read_replica": False}, {**PLAIN, "rds.replica-lag": "read_replica: false"}),
    ({"performance_insights": False}, {**PLAIN, "rds.db-load": "performance_insights: false"}),
    (
        {"instance_class": "db.m7g.large"},
        {**PLAIN, "rds.cpu-credits": "db.m7g.large has no CPU credits"},
    ),
    ({"instance_class": "db.t3.micro"}, PLAIN),
    ({"engine": "mysql"}, {**PLAIN, **NO_WRAPAROUND}),
    ({"engine": "mariadb"}, {**PLAIN, **NO_WRAPAROUND}),
    ({"engine": "oracle-se2"}, {**PLAIN, **NO_WRAPAROUND}),
    ({"engine": "aurora-postgresql"}, AURORA),
    ({"engine": "aurora-mysql"}, {**AURORA, **NO_WRAPAROUND}),
    (
        {
            "engine": "aurora-mysql",
            "instance_class": "db.r7g.large",
            "read_replica": False,
            "performance_insights": False,
        },
        {
            **AURORA,
            **NO_WRAPAROUND,
            "rds.cpu-credits": "db.r7g.large",
            "rds.replica-lag": "read replica",
            "rds.db-load": "Performance Insights",
        },
    ),
]


@pytest.mark.parametrize(("fields", "left_out"), CASES)
def test_what_a_database_has_no_metric_for_is_left_out_with_the_reason(
    fields: Mapping[str, Any], left_out: Mapping[str, str], plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(RDS, **fields)
    reasons = {omission.key: omission.reason for omission in plan.omitted}
    assert reasons.keys() == left_out.keys()
    for key, words in left_out.items():
        assert words in reasons[key]
    assert {rule.key for rule in plan.rules} == set(RDS.keys) - left_out.keys()


@pytest.mark.parametrize(("fields", "left_out"), CASES)
def test_switching_on_what_does_not_exist_changes_nothing(
    fields: Mapping[str, Any], left_out: Mapping[str, str], plan_of: Callable[..., Plan]
) -> None:
    on = {key: AlarmOverride(enabled=True) for key in RDS.keys}
    assert plan_of(RDS, overrides=on, **fields) == plan_of(RDS, **fields)


def test_a_rule_that_is_left_out_needs_no_number(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(
        RDS,
        engine="aurora-postgresql",
        allocated_storage_gib=None,
        performance_insights=False,
    )
    assert list(plan.problems) == []


@pytest.mark.parametrize(
    ("engine", "metric"),
    [("postgres", "ReplicaLag"), ("mysql", "ReplicaLag"), ("aurora-mysql", "AuroraReplicaLag")],
)
def test_replica_lag_is_read_from_the_engines_own_metric(
    engine: str, metric: str, plan_of: Callable[..., Plan]
) -> None:
    (lag,) = (rule for rule in plan_of(RDS, engine=engine).rules if rule.key == "rds.replica-lag")
    assert [(read.name, read.statistic) for read in lag.metrics] == [(metric, "Maximum")]
