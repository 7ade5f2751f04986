"""Databases: what the metrics never go beyond, so that a threshold there means nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import NoThreshold
from ecs_monitoring.rules import RDS
from tests.rules.test_rds_capacity import GIB, SERVERLESS


# "Maximum temporary storage available (GiB)" of Aurora MySQL, the most that any Aurora has of a
# class, but for db.x2g, of which Aurora PostgreSQL has 1,829 GiB:
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html
@pytest.mark.parametrize(
    ("name", "published", "bound"),
    [
        # Two, four and eight GiB of memory: three times that is less than each of them has.
        *((name, 32, 32) for name in ("db.t2.small", "db.t3.medium", "db.t4g.medium")),
        ("db.t4g.large", 32, 32),
        # Of 16 GiB of memory and more, three times that.
        ("db.r6g.large", 32, 48),
        ("db.r6g.xlarge", 80, 96),
        ("db.r5.24xlarge", 1920, 2304),
        ("db.x2g.16xlarge", 1829, 3072),
    ],
)
def test_no_aurora_instance_has_more_local_storage(
    name: str, published: int, bound: int, target_of: Callable[..., Any]
) -> None:
    target = target_of(RDS, engine="aurora-mysql", instance_class=name)
    assert target.bound(Fact.LOCAL_STORAGE) == bound * GIB
    assert bound >= published


@pytest.mark.parametrize("name", ["db.r6gd.large", "db.r6id.32xlarge", "db.x2idn.16xlarge"])
def test_of_classes_with_nvme_no_bound_of_local_storage_is_known(
    name: str, target_of: Callable[..., Any]
) -> None:
    target = target_of(RDS, engine="aurora-postgresql", instance_class=name)
    assert target.bound(Fact.LOCAL_STORAGE) is None
    # That of memory is.
    assert target.bound(Fact.MEMORY) is not None


@pytest.mark.parametrize(
    ("fact", "fields", "bound"),
    [
        (Fact.MAX_CONNECTIONS, {"max_connections": 200}, 200),
        # An estimate is none; PostgreSQL takes no more than 262,143.
        (Fact.MAX_CONNECTIONS, {"max_connections": None}, 262_143),
        # The database's own workers are sessions beside the 200.
        (Fact.SESSIONS, {"max_connections": 200}, 262_143),
        (Fact.ALLOCATED_STORAGE, {"allocated_storage_gib": 100}, 100 * GIB),
        (Fact.ALLOCATED_STORAGE, {"max_allocated_storage_gib": 1000}, 1000 * GIB),
        (Fact.ALLOCATED_STORAGE, {"allocated_storage_gib": None}, None),
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
        (Fact.MEMORY, {"instance_class": "db.m6g.xlarge"}, 16 * GIB),
        (Fact.VCPUS, {"instance_class": "db.m6g.xlarge"}, 4),
        # "24 CPU credits an hour", those of a day:
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
        (Fact.CPU_CREDITS, {"instance_class": "db.t4g.small"}, 576),
        *(
            (fact, {"instance_class": "db.x9.huge"}, None)
            for fact in (Fact.MEMORY, Fact.VCPUS, Fact.LOCAL_STORAGE, Fact.CPU_CREDITS)
        ),
    ],
)
def test_what_a_metric_of_an_instance_never_exceeds(
    fact: Fact, fields: Mapping[str, Any], bound: float | None, target_of: Callable[..., Any]
) -> None:
    assert target_of(RDS, **fields).bound(fact) == bound


# A capacity unit is 2 GiB of memory; a vCPU has 8 GiB, as in the memory-optimized classes.
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
@pytest.mark.parametrize(
    ("most", "memory", "vcpus"), [(16, 32 * GIB, 4), (1, 2 * GIB, 1), (2.5, 5 * GIB, 1)]
)
def test_a_serverless_instance_is_never_larger_than_its_greatest_capacity(
    most: float, memory: int, vcpus: int, target_of: Callable[..., Any]
) -> None:
    target = target_of(RDS, **{**SERVERLESS, "max_acu": most})
    assert (target.bound(Fact.MEMORY), target.bound(Fact.VCPUS)) == (memory, vcpus)


@pytest.mark.parametrize(
    ("least", "most", "asked"),
    [(None, None, "min_acu"), (None, 16, "min_acu"), (0.5, None, "max_acu")],
)
def test_the_capacity_that_is_missing_is_asked_for(
    least: float | None, most: float | None, asked: str, target_of: Callable[..., Any]
) -> None:
    target = target_of(RDS, **{**SERVERLESS, "min_acu": least, "max_acu": most})
    memory = target.fact(Fact.MEMORY)
    assert isinstance(memory, NoThreshold)
    assert memory.field == asked
    assert target.bound(Fact.MEMORY) is None


@pytest.mark.parametrize(
    ("now", "ceiling", "most"),
    [(100, 200, 100 * GIB), (100, None, None), (None, 200, None), (None, None, None)],
)
def test_a_volume_is_likely_as_large_as_it_was_made_where_rds_may_enlarge_it(
    now: int | None, ceiling: int | None, most: int | None, target_of: Callable[..., Any]
) -> None:
    fields = {"allocated_storage_gib": now, "max_allocated_storage_gib": ceiling}
    likely = target_of(RDS, **fields).likely_most(Fact.ALLOCATED_STORAGE)
    assert (likely and likely.value) == most
