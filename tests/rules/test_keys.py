"""Alarm keys: which rules a kind may make, and that each is made or explained."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules import ALB, APP, ECS, HEALTH, KINDS, LOGS, RDS
from ecs_monitoring.rules.plan import Kind, Plan

# Targets whose nature differs in what they have.
TARGETS: list[tuple[Kind[Any], Mapping[str, Any]]] = [
    (ECS, {}),
    (ECS, {"container_insights": False}),
    (ALB, {}),
    (ALB, {"target_groups": {}}),
    (ALB, {"target_groups": {"a": "targetgroup/a/1", "b": "targetgroup/b/2"}}),
    (RDS, {}),
    (RDS, {"read_replica": False, "performance_insights": False}),
    (RDS, {"engine": "mysql", "instance_class": "db.m7g.large"}),
    (RDS, {"engine": "aurora-postgresql", "instance_class": "db.r7g.large"}),
    (RDS, {"engine": "aurora-mysql"}),
    (RDS, {"engine": "sqlserver-se"}),
    (LOGS, {}),
    (LOGS, {"format": "json"}),
    (APP, {}),
    (HEALTH, {}),
]


def test_every_kind_has_a_target_here() -> None:
    assert [kind.key for kind in KINDS] == list(dict.fromkeys(kind.key for kind, _ in TARGETS))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_keys_start_with_their_kind_and_are_listed_once(kind: Kind[Any]) -> None:
    assert all(key.startswith(f"{kind.key}.") for key in kind.keys)
    assert len(set(kind.keys)) == len(kind.keys)


@pytest.mark.parametrize(("kind", "fields"), TARGETS)
def test_each_key_of_the_kind_becomes_a_rule_or_is_explained(
    kind: Kind[Any], fields: Mapping[str, Any], plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(kind, **fields)
    made = {rule.key for rule in plan.rules}
    explained = {omission.key for omission in plan.omitted}
    assert made | explained == set(kind.keys)
    assert not made & explained
    assert all(omission.reason.strip() for omission in plan.omitted)


@pytest.mark.parametrize(("kind", "fields"), TARGETS)
def test_each_omission_is_named_once(
    kind: Kind[Any], fields: Mapping[str, Any], plan_of: Callable[..., Plan]
) -> None:
    off = {key: AlarmOverride(enabled=False) for key in kind.keys}
    plan = plan_of(kind, overrides=off, **fields)
    assert plan.rules == ()
    assert sorted(omission.key for omission in plan.omitted) == sorted(kind.keys)


def test_a_log_groups_own_patterns_add_their_own_keys(plan_of: Callable[..., Plan]) -> None:
    patterns = {"payment-failed": {"pattern": "?PaymentFailed"}, "slow": {"pattern": "?SLOW"}}
    made = {rule.key for rule in plan_of(LOGS, patterns=patterns).rules}
    assert made == {*LOGS.keys, "logs.payment-failed", "logs.slow"}


@pytest.mark.parametrize(("kind", "fields"), TARGETS)
def test_every_rule_belongs_to_its_target(
    kind: Kind[Any], fields: Mapping[str, Any], plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(kind, name="shop-1", **fields)
    assert {rule.target for rule in plan.rules} | {o.target for o in plan.omitted} == {"shop-1"}
    addresses = [rule.address for rule in plan.rules]
    assert len(set(addresses)) == len(addresses)


def test_each_target_group_has_both_of_its_alarms(plan_of: Callable[..., Plan]) -> None:
    groups = {"blue": "targetgroup/blue/1", "green": "targetgroup/green/2"}
    parts = [(rule.key, rule.part) for rule in plan_of(ALB, target_groups=groups).rules]
    for group in groups:
        assert ("alb.unhealthy-hosts", group) in parts
        assert ("alb.no-healthy-hosts", group) in parts


@pytest.mark.parametrize(
    ("override", "reason"),
    [
        ({"ecs.cpu-high": AlarmOverride(enabled=False)}, "switched off in the stack's alarms"),
        ({"ecs.cpu-high@web": AlarmOverride(enabled=False)}, "switched off in the stack's alarms"),
    ],
)
def test_a_rule_that_is_switched_off_is_explained(
    override: Mapping[str, AlarmOverride], reason: str, plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(ECS, overrides=override)
    assert "ecs.cpu-high" not in {rule.key for rule in plan.rules}
    (omission,) = (omitted for omitted in plan.omitted if omitted.key == "ecs.cpu-high")
    assert omission.target == "web"
    assert reason in omission.reason


def test_the_nearer_override_switches_a_rule_on_again(plan_of: Callable[..., Plan]) -> None:
    overrides = {
        "ecs.cpu-high": AlarmOverride(enabled=False),
        "ecs.cpu-high@web": AlarmOverride(enabled=True),
    }
    omitted = [plan_of(ECS, name=name, overrides=overrides).omitted for name in ("web", "api")]
    assert ["ecs.cpu-high" in {o.key for o in found} for found in omitted] == [False, True]
