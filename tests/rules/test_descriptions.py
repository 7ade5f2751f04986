"""Descriptions: they name the thing, fit into CloudWatch, and end with a runbook."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import ALB, APP, ECS, HEALTH, KINDS, LOGS, RDS
from ecs_monitoring.rules.plan import Kind, Plan, Scope

ON = {"app.cache-hit-rate-low": AlarmOverride(enabled=True)}

# What AWS calls the thing that the example target of the kind watches.
NAMES = {
    "ecs": "django-app-service",
    "alb": "app/django-alb/1234567890",
    "rds": "django-db",
    "logs": "/ecs/django-app",
    "app": "django-app-service",
    "health": "https://www.example.com/health/",
}

# What no single target has.
FURTHER: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "ecs": ({"minimum_healthy_percent": 50},),
    "rds": (
        {"storage_type": "gp2", "max_allocated_storage_gib": 1000},
        {"storage_type": "gp3"},
        {"engine": "aurora-postgresql", "instance_class": "db.r6g.large"},
        {
            "engine": "aurora-postgresql",
            "instance_class": "db.serverless",
            "min_acu": 0.5,
            "max_acu": 16,
        },
    ),
}

# The longest names that AWS allows its own resources: 255 characters of an ECS service, 32 of a
# load balancer or target group, 63 of a database, 512 of a log group, 255 of a host and of a path.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
LONGEST: list[tuple[Kind[Any], Mapping[str, Any]]] = [
    (ECS, {"cluster": "c" * 255, "service": "s" * 255}),
    (ECS, {"cluster": "c" * 255, "service": "s" * 255, "container_insights": False}),
    (
        ALB,
        {
            "load_balancer": f"app/{'l' * 32}/{'0' * 16}",
            "target_groups": {"blue": f"targetgroup/{'t' * 32}/{'0' * 16}"},
        },
    ),
    (RDS, {"instance": "d" * 63, "max_connections": None, "instance_class": "db.m6g.12xlarge"}),
    (LOGS, {"group": "g" * 512, "patterns": {"own": {"pattern": "?PaymentFailed"}}}),
    (APP, {"service": "s" * 255}),
    (HEALTH, {"url": f"https://{'h' * 247}/{'p' * 254}"}),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_description_names_the_thing_and_ends_with_its_runbook(
    kind: Kind[Any], plan_of: Callable[..., Plan]
) -> None:
    rules = [
        rule
        for fields in ({}, *FURTHER.get(kind.key, ()))
        for rule in plan_of(kind, overrides=ON, **fields).rules
    ]
    assert {rule.key for rule in rules} == set(kind.keys)
    for rule in rules:
        anchor = rule.key.replace(".", "")
        assert NAMES[kind.key] in rule.description
        assert rule.description.startswith(f"{rule.title}: ")
        assert rule.description.endswith(f" Runbook: docs/runbooks.md#{anchor}")


def test_a_target_groups_alarms_name_the_group(plan_of: Callable[..., Plan]) -> None:
    described = [rule.description for rule in plan_of(ALB).rules if rule.part]
    assert len(described) == 2
    assert all("targetgroup/django-tg/0123456789abcdef" in text for text in described)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_description_says_what_to_look_at_first(
    kind: Kind[Any], plan_of: Callable[..., Plan]
) -> None:
    for rule in plan_of(kind, overrides=ON).rules:
        assert " look first at " in " ".join(rule.meaning.split())
        assert rule.meaning.endswith(".")
        assert rule.title[0].isupper()


@pytest.mark.parametrize(("kind", "fields"), LONGEST)
def test_descriptions_fit_whatever_aws_lets_things_be_called(
    kind: Kind[Any], fields: Mapping[str, Any], plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(kind, overrides=ON, **fields)
    assert max(len(rule.description) for rule in plan.rules) <= 1024
    assert list(plan.problems) == []


def test_the_longest_filter_pattern_still_has_an_alarm(plan_of: Callable[..., Plan]) -> None:
    # A filter pattern may have 1,024 characters, the whole description of an alarm as many.
    pattern = " ".join(f"?Error{n:04}" for n in range(93))
    assert 1000 < len(pattern) <= 1024
    plan = plan_of(LOGS, patterns={"own": {"pattern": pattern}})
    assert list(plan.problems) == []
    assert max(len(rule.description) for rule in plan.rules) <= 1024


@pytest.mark.parametrize(
    ("key", "threshold", "outdated"),
    [
        ("alb.latency-p99", 10, "5 seconds"),
        ("app.latency-p95", 4, "2 seconds"),
        ("rds.read-latency", 0.05, "20 ms"),
        ("rds.write-latency", 0.05, "20 ms"),
        ("rds.replica-lag", 900, "a minute old"),
        ("rds.connections-high", 50, "80 % of max_connections"),
        ("rds.db-load", 8, "than it has vCPUs"),
    ],
)
def test_a_description_does_not_contradict_an_overridden_threshold(
    key: str, threshold: float, outdated: str, rule_of: Callable[..., AlarmRule]
) -> None:
    changed = rule_of(key, overrides={key: AlarmOverride(threshold=threshold)})
    assert outdated not in changed.description


@pytest.mark.parametrize(
    ("runbooks", "link"),
    [
        ("docs/runbooks.md", "docs/runbooks.md#ecscpu-high"),
        ("https://wiki.example.com/rb", "https://wiki.example.com/rb#ecscpu-high"),
    ],
)
def test_runbooks_are_sections_of_the_stacks_page(
    runbooks: str, link: str, target_of: Callable[..., Any]
) -> None:
    scope = Scope(project="shop", stack="prod", component="ecs", runbooks=runbooks)
    first, *_ = ECS.plan(scope, "web", target_of(ECS), {}).rules
    assert first.runbook == link


def test_a_stacks_own_pattern_links_to_the_page(rule_of: Callable[..., AlarmRule]) -> None:
    rule = rule_of("logs.own", patterns={"own": {"pattern": "?PaymentFailed"}})
    assert rule.description.endswith(" Runbook: docs/runbooks.md")


def test_a_runbook_of_ones_own_replaces_the_link(rule_of: Callable[..., AlarmRule]) -> None:
    own = {"ecs.cpu-high": AlarmOverride(runbook="Call Ada.")}
    assert rule_of("ecs.cpu-high", overrides=own).description.endswith(" Runbook: Call Ada.")
