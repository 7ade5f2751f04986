"""Numbers that bound the metrics of a target: what they are, or lack, or likely are."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import LikelyMost, NoThreshold
from ecs_monitoring.rules import ALB, ECS, RDS

SERVERLESS: Mapping[str, Any] = {
    "engine": "aurora-postgresql",
    "instance_class": "db.serverless",
    "allocated_storage_gib": None,
    "max_connections": None,
}
CAPACITY = (
    "thresholds of db.serverless follow from the cluster's capacity: write min_acu and max_acu, as "
    "ServerlessV2ScalingConfiguration of aws rds describe-db-clusters has them, such as min_acu: "
    "0.5 and max_acu: 16"
)


@pytest.mark.parametrize(
    ("fact", "fields", "value"),
    [
        (Fact.MEMORY, SERVERLESS, NoThreshold("min_acu", "", CAPACITY)),
        (Fact.VCPUS, {**SERVERLESS, "min_acu": 1}, NoThreshold("max_acu", "", CAPACITY)),
        (
            Fact.ALLOCATED_STORAGE,
            {"allocated_storage_gib": None},
            NoThreshold(
                "allocated_storage_gib",
                "",
                "the threshold is a share of it: write the allocated storage in GiB, such as 100",
            ),
        ),
        (
            Fact.MAX_CONNECTIONS,
            {"engine": "sqlserver-se", "max_connections": None},
            NoThreshold(
                "max_connections",
                "",
                "max_connections of engine 'sqlserver-se' cannot be derived from the instance "
                "class; give max_connections explicitly",
            ),
        ),
        # Above half a capacity unit PostgreSQL is not held to 2,000: of 64 units, 128 GiB, to the
        # 5,000 of its formula.
        (Fact.MAX_CONNECTIONS, {**SERVERLESS, "min_acu": 0.5, "max_acu": 64}, 2000),
        (Fact.MAX_CONNECTIONS, {**SERVERLESS, "min_acu": 0, "max_acu": 64}, 2000),
        (Fact.MAX_CONNECTIONS, {**SERVERLESS, "min_acu": 1, "max_acu": 64}, 5000),
    ],
)
def test_a_number_that_follows_or_what_it_lacks(
    fact: Fact, fields: Mapping[str, Any], value: Any, target_of: Callable[..., Any]
) -> None:
    assert target_of(RDS, **fields).fact(fact) == value


def test_a_class_that_is_not_known(target_of: Callable[..., Any]) -> None:
    unknown = target_of(RDS, instance_class="db.x9.huge").fact(Fact.MEMORY)
    assert (unknown.field, unknown.value) == ("instance_class", "db.x9.huge")
    assert unknown.reason.endswith(
        "; a threshold is derived from the class: write a known class, or give max_connections and "
        "the thresholds of rds.memory-low and rds.db-load yourself"
    )


@pytest.mark.parametrize("fact", [Fact.MAX_CONNECTIONS, Fact.SESSIONS])
def test_connections_are_likely_the_defaults(fact: Fact, target_of: Callable[..., Any]) -> None:
    # 2 GiB / 9,531,392.
    assert target_of(RDS, max_connections=None).likely_most(fact) == LikelyMost(
        225,
        "max_connections of postgres on db.t4g.small is at most 225 by default (where a parameter "
        "group says more, write it in max_connections)",
    )
    for fields in ({"instance_class": "db.x9.huge"}, {"engine": "sqlserver-se"}):
        assert target_of(RDS, max_connections=None, **fields).likely_most(fact) is None


def test_what_is_likely_where_the_number_is_given(target_of: Callable[..., Any]) -> None:
    given = target_of(RDS, max_connections=200)
    assert given.likely_most(Fact.MAX_CONNECTIONS) is None
    assert given.likely_most(Fact.MEMORY) is None
    assert target_of(ALB).likely_most(Fact.RESPONSE_TIME) == LikelyMost(
        60, "a load balancer gives a response up after its idle timeout, 60 s unless it was raised"
    )
    assert target_of(ALB).likely_most(Fact.MEMORY) is None
    # Idle timeouts reach from 1 to 4,000 seconds.
    assert (target_of(ALB).bound(Fact.RESPONSE_TIME), target_of(ALB).bound(Fact.MEMORY)) == (
        *(4000, None),
    )
    assert target_of(ECS).fact(Fact.MEMORY) == NoThreshold(
        "",
        "",
        f"nothing says the {Fact.MEMORY} of ECS service django-app-service (cluster "
        "django-ecs-cluster)",
    )
