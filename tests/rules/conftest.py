"""Targets of every kind, and their rules, without a stack around them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.graph import DashboardPart
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.plan import Kind, Plan, Scope

# One target a kind, such that its nature leaves no rule out.
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "ecs": {
        "cluster": "django-ecs-cluster",
        "service": "django-app-service",
        "container_insights": True,
        "min_running_tasks": 2,
    },
    "alb": {
        "load_balancer": "app/django-alb/1234567890",
        "target_groups": {"blue": "targetgroup/django-tg/0123456789abcdef"},
    },
    "rds": {
        "instance": "django-db",
        "engine": "postgres",
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 100,
        "max_connections": 200,
        "read_replica": True,
        "performance_insights": True,
    },
    "logs": {"group": "/ecs/django-app"},
    "app": {
        "service": "django-app-service",
        "background_tasks": True,
        "log_group": "/ecs/django-app",
    },
    "health": {"url": "https://www.example.com/health/"},
}

SCOPE = Scope(project="shop", stack="prod", component="")


@pytest.fixture(scope="session")
def scope_of() -> Callable[[Kind[Any]], Scope]:
    """The scope of a kind's own component in the stack ``prod`` of the project ``shop``."""
    return lambda kind: replace(SCOPE, component=kind.key)


@pytest.fixture(scope="session")
def target_of() -> Callable[..., Any]:
    """A target of a kind, with some fields changed: ``target_of(ECS, service="api")``."""

    def target(kind: Kind[Any], **fields: Any) -> Any:
        return kind.target.model_validate({**EXAMPLES[kind.key], **fields})

    return target


@pytest.fixture(scope="session")
def plan_of(target_of: Callable[..., Any]) -> Callable[..., Plan]:
    """The plan of such a target, called ``web``: ``plan_of(ECS, overrides={...})``."""

    def plan(
        kind: Kind[Any],
        *,
        name: str = "web",
        overrides: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Plan:
        scope = replace(SCOPE, component=kind.key)
        return kind.plan(scope, name, target_of(kind, **fields), overrides or {})

    return plan


@pytest.fixture(scope="session")
def rule_of(plan_of: Callable[..., Plan]) -> Callable[..., AlarmRule]:
    """The one rule with this key: ``rule_of("ecs.cpu-high", service="api")``."""

    def rule(key: str, **options: Any) -> AlarmRule:
        kind = next(kind for kind in KINDS if key.startswith(f"{kind.key}."))
        (found,) = (rule for rule in plan_of(kind, **options).rules if rule.key == key)
        return found

    return rule


@pytest.fixture(scope="session")
def draw(
    plan_of: Callable[..., Plan],
    target_of: Callable[..., Any],
    scope_of: Callable[[Kind[Any]], Scope],
) -> Callable[..., DashboardPart]:
    """The part of the dashboard that a kind makes of targets: ``draw(ECS, web={}, api={})``."""

    def drawn(kind: Kind[Any], **targets: Any) -> DashboardPart:
        wanted = targets or {"web": {}}
        made = {name: target_of(kind, **fields) for name, fields in wanted.items()}
        rules = tuple(r for name, f in wanted.items() for r in plan_of(kind, name=name, **f).rules)
        return kind.dashboard(scope_of(kind), made, rules)

    return drawn
