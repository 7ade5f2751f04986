"""The estimate of DBInstanceClassMemory against instances that somebody looked at."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.catalog import (
    InstanceClass,
    estimated_class_memory,
    estimated_max_connections,
    instance_class,
)

GIB = 2**30


class Observed(NamedTuple):
    """A ``max_connections`` under the default parameter group, and where it was published."""

    name: str
    engine: str
    max_connections: int
    source: str


_GIST = "https://gist.github.com/guizmaii/1cacffef793c2ba9645083c3e18b3d8c"
_TRITON = "http://tritoneco.com/2015/11/23/max_connections-at-aws-rds-mysql-instance-sizes/"
_TRIAGAIN = (
    "https://github.com/JianYang98/TriAgain/blob/"
    "e2a4b355ad0b367c7c3b7e3cf52e65b2fa531084/load-test/results/00_environment.md"
)
_FLASHCARDS = "https://github.com/kirill-markin/flashcards-open-source-app/pull/1657"
_AURORA = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html"
)

OBSERVED = [
    Observed("db.t4g.micro", "postgres", 79, _TRIAGAIN),
    Observed("db.t4g.small", "postgres", 181, _FLASHCARDS),
    Observed("db.t2.small", "postgres", 198, _GIST),
    Observed("db.t2.medium", "postgres", 413, _GIST),
    Observed("db.t2.large", "postgres", 856, _GIST),
    Observed("db.m4.large", "postgres", 856, _GIST),
    Observed("db.r4.large", "postgres", 1660, _GIST),
    Observed("db.t2.micro", "mysql", 66, _TRITON),
    Observed("db.t2.small", "mysql", 150, _TRITON),
    Observed("db.t2.medium", "mysql", 312, _TRITON),
    Observed("db.t2.large", "mysql", 648, _TRITON),
    Observed("db.m4.large", "mysql", 648, _TRITON),
    Observed("db.m4.xlarge", "mysql", 1320, _TRITON),
    Observed("db.t3.medium", "aurora-postgresql", 420, _AURORA),
    Observed("db.t4g.medium", "aurora-postgresql", 405, _AURORA),
    Observed("db.t3.large", "aurora-postgresql", 844, _AURORA),
    Observed("db.t4g.large", "aurora-postgresql", 844, _AURORA),
    Observed("db.r4.large", "aurora-postgresql", 1600, _AURORA),
    Observed("db.r4.xlarge", "aurora-postgresql", 3200, _AURORA),
    Observed("db.r5.large", "aurora-postgresql", 1600, _AURORA),
    Observed("db.r5.xlarge", "aurora-postgresql", 3300, _AURORA),
    Observed("db.r5.2xlarge", "aurora-postgresql", 5000, _AURORA),
    Observed("db.r6g.large", "aurora-postgresql", 1722, _AURORA),
    Observed("db.r6g.xlarge", "aurora-postgresql", 3479, _AURORA),
    Observed("db.x2g.large", "aurora-postgresql", 3479, _AURORA),
]


def _of(memory_bytes: int) -> InstanceClass:
    return InstanceClass(name="db.any.size", memory_bytes=memory_bytes, vcpus=2)


@pytest.mark.parametrize("observed", OBSERVED, ids=lambda o: f"{o.engine}-{o.name}")
def test_an_instance_allows_at_least_what_is_estimated(observed: Observed) -> None:
    estimate = estimated_max_connections(observed.engine, instance_class(observed.name))
    assert estimate <= observed.max_connections


@pytest.mark.parametrize("observed", OBSERVED, ids=lambda o: f"{o.engine}-{o.name}")
def test_the_estimate_is_not_far_below_what_an_instance_allows(observed: Observed) -> None:
    estimate = estimated_max_connections(observed.engine, instance_class(observed.name))
    assert estimate >= 0.8 * observed.max_connections


def test_the_estimate_is_below_the_memory_that_shared_buffers_reveal() -> None:
    # shared_buffers is DBInstanceClassMemory / 32768 pages of 8 kB; 184648 kB are 23081 pages.
    observed_bytes = 23_081 * 32_768
    assert estimated_class_memory(instance_class("db.t4g.micro")) < observed_bytes


@pytest.mark.parametrize(
    ("gib", "estimate_mib"),
    # 1024 - 128 - 256, 2048 - 256 - 256, 16384 - 2048 - 256, 1572864 - 196608 - 256
    [(1, 640), (2, 1536), (16, 14_080), (1536, 1_376_000)],
)
def test_an_eighth_and_256_mib_are_taken_off(gib: int, estimate_mib: int) -> None:
    assert estimated_class_memory(_of(gib * GIB)) == estimate_mib * 2**20


@given(st.integers(min_value=8 * GIB, max_value=4096 * GIB))
def test_large_classes_keep_at_least_seventy_percent(memory_bytes: int) -> None:
    assert 0.70 * memory_bytes <= estimated_class_memory(_of(memory_bytes)) < memory_bytes


@given(
    st.integers(min_value=1 * GIB, max_value=4096 * GIB),
    st.integers(min_value=1, max_value=64 * GIB),
)
def test_more_memory_never_means_a_lower_estimate(memory_bytes: int, more: int) -> None:
    assert estimated_class_memory(_of(memory_bytes)) <= estimated_class_memory(
        _of(memory_bytes + more)
    )
