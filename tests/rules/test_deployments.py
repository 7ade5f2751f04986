"""Which alarms judge the new version of a service."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.deployments import deployment_alarms
from ecs_monitoring.rules.plan import Scope

SECTIONS: dict[str, dict[str, Any]] = {
    "ecs": {"cluster": "shop", "service": "shop"},
    "alb": {
        "load_balancer": "app/shop/0123456789abcdef",
        "target_groups": {"web": "targetgroup/web/0123456789abcdef"},
    },
    "app": {"service": "shop"},
    "rds": {
        "instance": "shop-db",
        "engine": "postgres",
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 100,
    },
    "logs": {"group": "/ecs/shop"},
}


def judged(**targets: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """The alarms by service, of targets by kind and name; fields besides the usual ones."""
    plans, balancers = [], {}
    for kind in KINDS:
        for name, fields in targets.get(kind.key, {}).items():
            target = kind.target.model_validate({**SECTIONS[kind.key], **fields})
            scope = Scope(project="p", stack="s", component=kind.key)
            plans.append((kind, name, kind.plan(scope, name, target, {})))
            if kind.key == "alb":
                balancers[name] = target
    return deployment_alarms(plans, balancers)


def test_those_of_the_service_and_of_nobody_else() -> None:
    found = judged(
        ecs={"shop": {}}, alb={"main": {}}, app={"api": {}}, rds={"db": {}}, logs={"l": {}}
    )
    assert found == {
        "shop": [
            "p-s-ecs-shop-tasks-low",
            "p-s-alb-main-target-5xx",
            "p-s-alb-main-target-5xx-rate",
            "p-s-alb-main-latency-high",
            "p-s-alb-main.web-unhealthy-hosts",
            "p-s-alb-main.web-no-healthy-hosts",
            "p-s-app-api-server-errors",
            "p-s-app-api-latency-p95",
        ]
    }


def test_two_services_behind_one_balancer_are_judged_by_their_own_groups() -> None:
    groups = {name: f"targetgroup/{name}/0123456789abcdef" for name in ("web", "api")}
    found = judged(
        ecs={"web": {}, "api": {"service": "api"}},
        alb={"main": {"target_groups": groups, "per_target_group": True}},
        app={"api": {}},
    )
    assert all("main.web" in name or "-web-" in name for name in found["web"])
    assert "p-s-alb-main.api-target-5xx" in found["api"]
    assert "p-s-app-api-server-errors" in found["api"]
    assert not set(found["web"]) & set(found["api"])


def test_what_is_of_both_judges_neither() -> None:
    """An error behind a shared balancer would roll back the service that did nothing."""
    groups = {name: f"targetgroup/{name}/0123456789abcdef" for name in ("web", "api")}
    found = judged(ecs={"web": {}, "api": {}}, alb={"main": {"target_groups": groups}})
    assert "p-s-alb-main-target-5xx" not in [*found["web"], *found["api"]]
    assert "p-s-alb-main.web-unhealthy-hosts" in found["web"]


def test_a_balancer_of_one_service_among_several() -> None:
    found = judged(ecs={"web": {}, "api": {}}, alb={"main": {}})
    assert "p-s-alb-main-target-5xx" in found["web"]
    assert found["api"] == ["p-s-ecs-api-tasks-low"]


def test_without_services_there_is_nothing_to_judge() -> None:
    assert judged(alb={"main": {}}) == {}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.key in ("rds", "logs", "health")])
def test_no_database_log_or_outside_check_rolls_a_deployment_back(kind: Any) -> None:
    assert not any(row.judges_deployments for row in kind.rows)


def test_a_rule_that_judges_is_fast_enough_for_a_bake_time() -> None:
    """Of ten minutes, the shortest default of ECS for a canary."""
    for kind in KINDS:
        for row in kind.rows:
            if row.judges_deployments:
                held = row.held_for(kind.target.example())
                assert held.n * held.period <= 600, row.key
                assert row.severity in Severity
