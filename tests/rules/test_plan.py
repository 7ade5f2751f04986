"""The plan of a target: its alarms' names and runbooks, and what is said of what it has not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules import ALB, ALL_KINDS, APP, DELIVERY, ECS, EVENTS, HEALTH, LOGS, RDS
from ecs_monitoring.rules.health import EndpointTarget, HealthTarget
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.plan import Kind, Omitted, Plan, Scope, section_of


def test_every_kind_of_target() -> None:
    assert [(kind.key, kind.layer, kind.region, kind.part) for kind in ALL_KINDS] == [
        ("ecs", Layer.TASKS, "", ""),
        ("alb", Layer.ENTRANCE, "", "target group"),
        ("rds", Layer.DATASTORE, "", ""),
        ("logs", Layer.LOG, "", ""),
        ("app", Layer.APPLICATION, "", ""),
        # Route 53 publishes there alone.
        ("health", Layer.OUTSIDE, "us-east-1", ""),
        ("delivery", None, "", "queue"),
    ]
    assert {kind.key: kind.aws_services for kind in ALL_KINDS if kind.aws_services} == {
        "ecs": ("ECS", "FARGATE"),
        "alb": ("ELASTICLOADBALANCING",),
        "rds": ("RDS",),
        "health": ("ROUTE53",),
    }
    assert [kind.key for kind in ALL_KINDS if kind.events] == ["ecs", "rds"]
    assert {key.partition(".")[0] for key in EVENTS} == {"ecs", "rds", "health"}
    # What is configured is the target itself, but for outside checks.
    assert [kind.key for kind in ALL_KINDS if kind.configured is not kind.target] == ["health"]
    assert (HEALTH.configured, HEALTH.target) == (HealthTarget, EndpointTarget)


def test_those_that_are_on_long_before_anything_fails() -> None:
    assert {kind.key: kind.foreseeing for kind in ALL_KINDS if kind.foreseeing} == {
        "rds": {"rds.storage-low", "rds.local-storage-low", "rds.transaction-ids"}
    }


@pytest.mark.parametrize(
    ("kind", "key", "target", "part", "name"),
    [
        (ECS, "ecs.cpu-high", "web", "", "web-cpu-high"),
        (ALB, "alb.target-5xx", "web", "api", "web.api-target-5xx"),
        # Two hyphens where another rule's name is at the end, and for a pattern of one's own.
        (LOGS, "logs.errors", "web-database", "", "web-database--errors"),
        (LOGS, "logs.database-errors", "web", "", "web-database-errors"),
        (LOGS, "logs.own", "web", "", "web--own"),
        (LOGS, "logs.own-errors", "web", "", "web--own-errors"),
    ],
)
def test_the_names_of_alarms(
    kind: Kind[Any], key: str, target: str, part: str, name: str, plan_of: Callable[..., Plan]
) -> None:
    rule = replace(plan_of(kind).rules[0], key=key, target=target, part=part)
    assert kind.local_name(rule) == name
    own = Scope(project="p", stack="s", component=kind.key)
    other = replace(own, component="payments")
    assert kind.alarm_name(own, rule) == f"p-s-{kind.key}-{name}"
    assert kind.alarm_name(other, rule) == f"p-s-payments.{kind.key}-{name}"


@pytest.mark.parametrize(
    ("page", "heading", "address"),
    [
        ("docs/runbooks.md", "ecs.cpu-high", "docs/runbooks.md#ecscpu-high"),
        ("https://wiki.example.com/rb", "incident", "https://wiki.example.com/rb#incident"),
        ("", "ecs.cpu-high", ""),
    ],
)
def test_the_section_of_a_page(page: str, heading: str, address: str) -> None:
    assert section_of(page, heading) == address


def planned(kind: Kind[Any], runbooks: str, target: Any, **overrides: AlarmOverride) -> Plan:
    scope = Scope(project="p", stack="s", component=kind.key, runbooks=runbooks)
    keyed = {f"{kind.key}.{rule.replace('_', '-')}": o for rule, o in overrides.items()}
    return kind.plan(scope, "web", target, keyed)


def test_runbooks_are_the_rules_own_or_the_page(target_of: Callable[..., Any]) -> None:
    logs = target_of(LOGS, patterns={"own": {"pattern": "?x"}})
    written = AlarmOverride(runbook="Call Ada.")
    found = {r.key: r.runbook for r in planned(LOGS, "page", logs, security=written).rules}
    assert found == {
        "logs.errors": "page#logserrors",
        "logs.exceptions": "page#logsexceptions",
        "logs.database-errors": "page#logsdatabase-errors",
        "logs.security": "Call Ada.",
        "logs.workers-killed": "page#logsworkers-killed",
        "logs.own": "page",
    }
    assert {r.runbook for r in planned(LOGS, "", logs).rules} == {""}


def test_what_a_target_has_not_is_said_once(target_of: Callable[..., Any]) -> None:
    off = AlarmOverride(enabled=False)
    groups = {"blue": "targetgroup/blue/1", "green": "targetgroup/green/2"}
    alb = target_of(ALB, target_groups=groups)
    plan = planned(ALB, "", alb, unhealthy_hosts=off)
    assert plan.omitted == (
        Omitted("alb.unhealthy-hosts", "web", "switched off in the stack's alarms settings"),
    )
    app = planned(APP, "", target_of(APP), stuck=off)
    assert app.omitted == (
        Omitted(
            "app.cache-hit-rate-low",
            "web",
            'off by default: turn it on with alarms "app.cache-hit-rate-low": {enabled: true}',
        ),
        Omitted("app.stuck", "web", "switched off in the stack's alarms settings"),
    )
    # What nature leaves out comes first, with its first reason.
    ecs = target_of(ECS, container_insights=False)
    assert planned(ECS, "", ecs, cpu_high=off).omitted == (
        Omitted(
            "ecs.tasks-below-desired",
            "web",
            "nobody publishes the desired count (container_insights: false)",
        ),
        Omitted("ecs.cpu-high", "web", "switched off in the stack's alarms settings"),
    )


def test_an_alarm_beside_another_has_a_name_and_the_runbook_too(
    target_of: Callable[..., Any],
) -> None:
    recent = AlarmOverride(recent=20)
    first, beside = planned(ECS, "page", target_of(ECS), cpu_high=recent).rules[:2]
    assert [(rule.key, rule.name, rule.runbook) for rule in (first, beside)] == [
        ("ecs.cpu-high", "p-s-ecs-web-cpu-high", "page#ecscpu-high"),
        ("ecs.cpu-high-recent", "p-s-ecs-web--cpu-high-recent", "page#ecscpu-high"),
    ]


def test_a_plan_says_all_that_cloudwatch_would_refuse(target_of: Callable[..., Any]) -> None:
    plan = planned(RDS, "", target_of(RDS, allocated_storage_gib=None, instance_class="db.x9.x"))
    assert [(rule.key, problem.field) for rule, problem in plan.problems] == [
        ("rds.memory-low", "instance_class"),
        ("rds.storage-low", "allocated_storage_gib"),
        ("rds.db-load", "instance_class"),
    ]
    assert DELIVERY.keys == (
        *("delivery.notifications-failed", "delivery.dead-letters", "delivery.events-failed"),
    )
