"""What a target's alarms say of it: which it has not, and what a threshold is a share of."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from ecs_monitoring.rules import ALB, APP, ECS, KINDS, RDS
from ecs_monitoring.rules.plan import Kind, Plan

# Kind, fields of the target, and why it has some rules not, or not all of one.
NO_FLOOR: Final = "no floor (min_running_tasks: 0)"
NOBODY_COUNTS: Final = "nobody publishes the desired count (container_insights: false)"
ELSEWHERE: Final = "another target has the load balancer's own alarms (load_balancer_alarms: false)"
NO_GROUPS: Final = "no target groups named (target_groups)"
ALL_DESIRED: Final = "ecs.tasks-low watches every desired task (minimum_healthy_percent: 100)"
NO_TASKS: Final = "no background tasks (background_tasks: false)"
CACHE_OFF: Final = (
    'off by default: turn it on with alarms "app.cache-hit-rate-low": {enabled: true}'
)
LEFT_OUT: list[tuple[Kind[Any], Mapping[str, Any], Mapping[str, str], Mapping[str, str]]] = [
    (ECS, {}, {"ecs.tasks-below-desired": ALL_DESIRED}, {}),
    (ECS, {"minimum_healthy_percent": 50}, {}, {}),
    (
        ECS,
        {"container_insights": False},
        {"ecs.tasks-below-desired": NOBODY_COUNTS},
        {"ecs.tasks-low": NOBODY_COUNTS},
    ),
    (
        ECS,
        {"min_running_tasks": 0},
        {"ecs.tasks-below-desired": ALL_DESIRED},
        {"ecs.tasks-low": NO_FLOOR},
    ),
    (
        ECS,
        {"min_running_tasks": 0, "minimum_healthy_percent": 0},
        {
            "ecs.tasks-low": "a deployment may stop every task (minimum_healthy_percent: 0), and "
            + NO_FLOOR
        },
        {},
    ),
    (
        ECS,
        {"min_running_tasks": 0, "container_insights": False},
        {
            "ecs.tasks-low": f"{NOBODY_COUNTS} and {NO_FLOOR}",
            "ecs.tasks-below-desired": NOBODY_COUNTS,
        },
        {},
    ),
    (ALB, {}, {}, {}),
    (
        ALB,
        {"target_groups": {}, "load_balancer_alarms": False},
        {
            "alb.elb-5xx": ELSEWHERE,
            "alb.unhealthy-hosts": NO_GROUPS,
            "alb.no-healthy-hosts": NO_GROUPS,
            "alb.rejected-connections": ELSEWHERE,
        },
        {},
    ),
    (
        APP,
        {"background_tasks": False},
        {
            "app.task-failures": NO_TASKS,
            "app.task-stuck": NO_TASKS,
            "app.queue-age": NO_TASKS,
            "app.queue-length": NO_TASKS,
            "app.cache-hit-rate-low": CACHE_OFF,
        },
        {},
    ),
]


@pytest.mark.parametrize(("kind", "fields", "omitted", "reduced"), LEFT_OUT)
def test_what_a_target_has_not_is_said_with_the_reason(
    kind: Kind[Any],
    fields: Mapping[str, Any],
    omitted: Mapping[str, str],
    reduced: Mapping[str, str],
    plan_of: Callable[..., Plan],
) -> None:
    plan = plan_of(kind, **fields)
    assert {one.key: one.reason for one in plan.omitted} == omitted
    assert {one.key: one.reason for one in plan.reduced} == reduced
    assert {one.target for one in (*plan.omitted, *plan.reduced)} <= {"web"}


STORAGE_FULL: Final = (
    "RDS had half an hour to enlarge the volume and did not: its ceiling (1000 GiB) is reached, "
    "or the last enlargement is not over."
)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, {"rds.connections-high": "The threshold is 80 % of max_connections (200)."}),
        (
            {"max_connections": None},
            {
                "rds.connections-high": "The threshold is 80 % of max_connections, which is "
                "estimated on the safe side for postgres on db.t4g.small: set max_connections to "
                "what SHOW max_connections answers."
            },
        ),
        (
            {"max_allocated_storage_gib": 1000},
            {
                "rds.connections-high": "The threshold is 80 % of max_connections (200).",
                "rds.storage-low": STORAGE_FULL,
            },
        ),
        # 400 GiB and more are striped over four volumes.
        (
            {"storage_type": "gp3", "allocated_storage_gib": 400},
            {
                "rds.connections-high": "The threshold is 80 % of max_connections (200).",
                "rds.iops-high": "The volume has 12,000 IOPS.",
                "rds.throughput-high": "The volume has 500 MiB/s.",
            },
        ),
    ],
)
def test_a_share_says_of_what(
    fields: Mapping[str, Any], said: Mapping[str, str], plan_of: Callable[..., Plan]
) -> None:
    assert {rule.key: rule.basis for rule in plan_of(RDS, **fields).rules if rule.basis} == said


def test_only_databases_have_shares(plan_of: Callable[..., Plan]) -> None:
    others = [kind for kind in KINDS if kind is not RDS]
    assert [rule.key for kind in others for rule in plan_of(kind).rules if rule.basis] == []
