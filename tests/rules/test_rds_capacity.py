"""Databases that grow by themselves: Aurora's local storage, serverless capacity, autoscaling."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.evaluation.series import Sample
from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.rule import AlarmRule, NoThreshold
from ecs_monitoring.rules import RDS
from ecs_monitoring.rules.plan import Plan

GIB = 2**30
SERVERLESS: Mapping[str, Any] = {
    "engine": "aurora-postgresql",
    "instance_class": "db.serverless",
    "max_connections": None,
    "allocated_storage_gib": None,
    "min_acu": 0.5,
    "max_acu": 16,
}


def rules(plan: Plan) -> dict[str, AlarmRule]:
    return {rule.key.removeprefix("rds."): rule for rule in plan.rules}


def reasons(plan: Plan) -> dict[str, str]:
    return {omission.key.removeprefix("rds."): omission.reason for omission in plan.omitted}


# The classes' local storage, which AWS publishes in GiB:
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html
@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("db.r6g.large", 32),
        ("db.r6g.16xlarge", 1008),
        ("db.r5.4xlarge", 249),
        ("db.x2g.16xlarge", 1829),
        ("db.t4g.medium", 8.13),
        ("db.t3.medium", 7.5),
    ],
)
def test_local_storage_is_low_at_about_a_tenth(
    plan_of: Callable[..., Plan], name: str, local: float
) -> None:
    rule = rules(plan_of(RDS, engine="aurora-postgresql", instance_class=name))["local-storage-low"]
    (metric,) = rule.metrics
    assert (metric.name, metric.statistic) == ("FreeLocalStorage", "Average")
    assert isinstance(rule.threshold, float | int)
    # AWS recommends 10 to 20 %; memory tells local storage to some tenths of it.
    assert 0.09 < rule.threshold / (local * GIB) < 0.12


def test_only_aurora_has_local_storage(plan_of: Callable[..., Plan]) -> None:
    assert "only Aurora" in reasons(plan_of(RDS))["local-storage-low"]
    assert "db.serverless" in reasons(plan_of(RDS, **SERVERLESS))["local-storage-low"]


def test_serverless_thresholds_follow_from_the_greatest_capacity(
    plan_of: Callable[..., Plan],
) -> None:
    found = rules(plan_of(RDS, **SERVERLESS))
    # 16 ACU are 32 GiB, of which a tenth.
    assert found["memory-low"].threshold == pytest.approx(3.2 * GIB)
    # With a minimum of 0.5 ACU PostgreSQL takes 2,000 connections at most, of which 80 %.
    assert found["connections-high"].threshold == 1600
    # 8 GiB a vCPU, as the memory-optimized classes have.
    assert found["db-load"].threshold == 4
    assert found["acu-high"].condition == "ACUUtilization Average > 90 %"
    assert "cpu-credits" not in found


# SHOW max_connections of AWS's own walk-through; what is estimated must not be more.
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
@pytest.mark.parametrize(
    ("least", "most", "connections"),
    [(0.5, 1, 189), (8, 32, 5000), (12.5, 80, 5000), (0.5, 128, 2000)],
)
def test_connections_of_serverless_are_those_that_aws_shows(
    plan_of: Callable[..., Plan], least: float, most: float, connections: int
) -> None:
    fields = {**SERVERLESS, "min_acu": least, "max_acu": most}
    threshold = rules(plan_of(RDS, **fields))["connections-high"].threshold
    assert isinstance(threshold, float | int)
    assert 0.85 * connections <= threshold / 0.8 <= connections


def test_serverless_without_its_capacity_asks_one_question(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(RDS, **{**SERVERLESS, "min_acu": None, "max_acu": None})
    asked = {(problem.field, problem.message) for _, problem in plan.problems}
    ((field, message),) = asked
    assert field == "min_acu"
    assert "write min_acu and max_acu" in message


def test_the_capacity_of_aurora_mysql_does_not_tell_its_connections(
    plan_of: Callable[..., Plan],
) -> None:
    plan = plan_of(RDS, **{**SERVERLESS, "engine": "aurora-mysql"})
    threshold = rules(plan)["connections-high"].threshold
    assert isinstance(threshold, NoThreshold)
    assert threshold.field == "max_connections"


def test_a_database_that_pauses_may_be_silent(plan_of: Callable[..., Plan]) -> None:
    assert "no-data" in rules(plan_of(RDS, **SERVERLESS))
    assert "min_acu: 0" in reasons(plan_of(RDS, **{**SERVERLESS, "min_acu": 0}))["no-data"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"min_acu": 1}, "leave it out"),
        ({"instance_class": "db.serverless"}, "aurora-postgres"),
        ({**SERVERLESS, "min_acu": 32}, "more than max_acu 16"),
        ({"max_allocated_storage_gib": 100}, "leaves no room above"),
        ({"storage_type": "gp4"}, "gp2"),
        ({"storage_type": "gp2", "iops": 3000}, "gp3 and io1 and io2 volumes"),
        ({"storage_type": "io1", "storage_throughput_mibps": 500}, "gp3 volumes"),
        ({"storage_type": "gp3", "iops": 1000}, "write 3000 or more"),
        ({"engine": "aurora-postgresql", "iops": 3000}, "Aurora has none"),
    ],
)
def test_facts_that_contradict_each_other(
    target_of: Callable[..., Any], fields: Mapping[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        target_of(RDS, **fields)


@pytest.mark.parametrize(
    ("fields", "watched"),
    [({"storage_type": "gp2"}, True), ({"storage_type": "gp3"}, False), ({}, False)],
)
def test_burst_credits_are_gp2s(
    plan_of: Callable[..., Plan], fields: Mapping[str, Any], watched: bool
) -> None:
    assert ("burst-balance" in rules(plan_of(RDS, **{"storage_type": None, **fields}))) == watched


# What no shipped stack has; tests/stacks/rows.py has the numbers of the others.
@pytest.mark.parametrize(
    ("key", "fields", "condition", "held"),
    [
        ("burst-balance", {"storage_type": "gp2"}, "BurstBalance Average < 20 %", (3, 3, 300)),
        ("acu-high", SERVERLESS, "ACUUtilization Average > 90 %", (10, 10, 60)),
        # A tenth of twice the 16 GiB of memory.
        (
            "local-storage-low",
            {"engine": "aurora-mysql", "instance_class": "db.r6g.large"},
            "FreeLocalStorage Average < 3.2 GiB",
            (5, 5, 60),
        ),
        ("iops-high", {"storage_type": "io2", "iops": 20_000}, None, (10, 10, 60)),
        ("throughput-high", {"storage_type": "gp3"}, None, (10, 10, 60)),
    ],
)
def test_numbers_of_capacity(
    plan_of: Callable[..., Plan],
    key: str,
    fields: Mapping[str, Any],
    condition: str | None,
    held: tuple[int, int, int],
) -> None:
    rule = rules(plan_of(RDS, **{"storage_type": None, **fields}))[key]
    assert (rule.breaching_datapoints, rule.evaluation_periods, rule.period) == held
    assert condition is None or rule.condition == condition


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
@pytest.mark.parametrize(
    ("fields", "limits"),
    [
        ({}, (3000, 125)),
        ({"allocated_storage_gib": 399}, (3000, 125)),
        ({"allocated_storage_gib": 400}, (12_000, 500)),
        ({"engine": "oracle-se2", "allocated_storage_gib": 199}, (3000, 125)),
        ({"engine": "oracle-se2", "allocated_storage_gib": 200}, (12_000, 500)),
        ({"engine": "sqlserver-se", "allocated_storage_gib": 4000}, (3000, 125)),
        ({"allocated_storage_gib": 400, "iops": 20_000}, (20_000, 500)),
        ({"storage_type": "io2", "iops": 20_000}, (20_000, None)),
        ({"storage_type": "io2"}, (None, None)),
        ({"storage_type": "gp2"}, (None, None)),
        ({"storage_type": None}, (None, None)),
        # RDS enlarges the volume past the size from which it stripes.
        ({"max_allocated_storage_gib": 1000}, (None, None)),
        ({"max_allocated_storage_gib": 399}, (3000, 125)),
        ({"allocated_storage_gib": None}, (None, None)),
    ],
)
def test_what_a_volume_can_do(
    plan_of: Callable[..., Plan],
    target_of: Callable[..., Any],
    fields: Mapping[str, Any],
    limits: tuple[int | None, int | None],
) -> None:
    given = {"storage_type": "gp3", "allocated_storage_gib": 100, **fields}
    assert target_of(RDS, **given).volume == limits
    if given["allocated_storage_gib"] is None:
        return
    watched = rules(plan_of(RDS, **given)).keys()
    assert [name in watched for name in ("iops-high", "throughput-high")] == [
        limit is not None for limit in limits
    ]


def test_the_share_is_of_what_the_volume_can_do(plan_of: Callable[..., Plan]) -> None:
    watched = rules(plan_of(RDS, storage_type="gp3", allocated_storage_gib=500))
    iops, throughput = (watched[name].signal for name in ("iops-high", "throughput-high"))
    assert isinstance(iops, MetricMath)
    assert isinstance(throughput, MetricMath)
    assert iops.queries[-1].source == "100 * (reads + writes) / 12000"
    # 500 MiB in bytes.
    assert throughput.queries[-1].source == "100 * (reads + writes) / 524288000"
    assert watched["iops-high"].threshold == watched["throughput-high"].threshold == 90


# "Available only for some *.4xlarge instance sizes and smaller".
@pytest.mark.parametrize(
    ("name", "has"),
    [
        *((f"db.r6g.{size}", True) for size in ("large", "xlarge", "2xlarge", "4xlarge")),
        *((f"db.r6g.{size}", False) for size in ("8xlarge", "12xlarge", "16xlarge")),
        ("db.m5.24xlarge", False),
    ],
)
def test_large_classes_have_no_balance_of_ebs_bandwidth(
    plan_of: Callable[..., Plan], name: str, has: bool
) -> None:
    found = rules(plan_of(RDS, instance_class=name))
    assert ("ebs-io-balance" in found, "ebs-byte-balance" in found) == (has, has)


def firings(rule: AlarmRule, *free_gib: tuple[int, float]) -> int:
    """How often it fires, from minutes of free storage."""
    values = [gib for minutes, gib in free_gib for _ in range(minutes)]
    definition = definition_of(rule)
    (metric,) = definition.metrics
    series = {metric: Series([Sample.of(m * 60, v * GIB) for m, v in enumerate(values)])}
    found = list(timeline(definition, series, 3600, len(values) * 60))
    return sum(one.changed and one.state == "ALARM" for one in found)


def test_rds_may_enlarge_the_volume_before_anybody_is_woken(plan_of: Callable[..., Plan]) -> None:
    # 9 of 100 GiB for seven minutes; then RDS has added storage. Without autoscaling that wakes.
    dip = ((90, 30.0), (7, 9.0), (60, 19.0))
    fixed = rules(plan_of(RDS))["storage-low"]
    growing = rules(plan_of(RDS, max_allocated_storage_gib=1000))["storage-low"]
    assert (firings(fixed, *dip), firings(growing, *dip)) == (1, 0)


def test_a_volume_that_rds_cannot_enlarge_wakes(plan_of: Callable[..., Plan]) -> None:
    # Grown to 400 GiB, as the settings have it now, and 12 GiB (3 %) free for ten hours.
    grown = plan_of(RDS, allocated_storage_gib=400, max_allocated_storage_gib=1000)
    rule = rules(grown)["storage-low"]
    assert firings(rule, (90, 80.0), (600, 12.0)) == 1
    assert "1000 GiB" in rule.description
