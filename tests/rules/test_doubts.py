"""Thresholds that CloudWatch takes and nobody means, with numbers worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule_doubts import rule_doubts
from ecs_monitoring.rules import ALB, ECS, KINDS, RDS
from ecs_monitoring.rules.plan import Kind, Plan

GIB = 2**30
Planned = Callable[..., Plan]


def doubts(plan_of: Planned, kind: Kind[Any], key: str, threshold: float, **fields: Any) -> str:
    """What is said of a threshold, in one text; empty for nothing."""
    plan = plan_of(kind, overrides={key: AlarmOverride(threshold=threshold)}, **fields)
    found = [rule for rule in plan.rules if rule.key == key]
    assert found
    return "; ".join(doubt.message for rule in found for doubt in rule_doubts(rule))


@pytest.mark.parametrize(
    ("kind", "key", "threshold", "fields", "says"),
    [
        # 2 s by default: 500 is 250 times that, and 500 ms are half a second.
        (
            ALB,
            "alb.latency-high",
            500,
            {},
            "250 times the default, 2 s; the rule is in seconds",
        ),
        (ALB, "alb.latency-high", 500, {}, "milliseconds are meant, write 0.5"),
        (RDS, "rds.read-latency", 20, {}, "1,000 times the default, 0.02 s"),
        (RDS, "rds.read-latency", 20, {}, "milliseconds are meant, write 0.02"),
        # 60 s of lag by default, and an hour is only 60 times that.
        (RDS, "rds.replica-lag", 3600, {"read_replica": True}, ""),
        (RDS, "rds.read-latency", 1, {}, ""),
        (RDS, "rds.storage-low", 10, {}, "if 10 GiB are meant, write 10737418240"),
        # db.t4g.small has 2 GiB.
        (RDS, "rds.memory-low", 200, {}, "if 200 MiB are meant, write 209715200"),
        (RDS, "rds.memory-low", 200 * 2**20, {}, ""),
        (RDS, "rds.cpu-high", 0.9, {}, "if a share of 1 is meant, write 90"),
        (RDS, "rds.cpu-high", 1, {}, ""),
        (ECS, "ecs.cpu-high", 0.75, {}, "write 75"),
        # "The default is 60 seconds":
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
        (ALB, "alb.latency-p99", 61, {}, "its idle timeout, 60 s unless it was raised"),
        (ALB, "alb.latency-p99", 60, {}, ""),
        # 2 GiB / 9531392 = 225.3: what RDS keeps for itself only lowers it.
        (RDS, "rds.connections-high", 226, {"max_connections": None}, "is at most 225 by default"),
        (RDS, "rds.connections-high", 225, {"max_connections": None}, ""),
        (RDS, "rds.db-load", 226, {"max_connections": None}, "is at most 225 by default"),
        (RDS, "rds.db-load", 201, {"max_connections": 200}, "and max_connections is 200"),
        (RDS, "rds.db-load", 199, {"max_connections": 200}, ""),
        # Given, it bounds the alarm: no doubt, but a refusal.
        (RDS, "rds.connections-high", 201, {"max_connections": 200}, ""),
        (
            RDS,
            "rds.storage-low",
            100 * GIB,
            {"max_allocated_storage_gib": 200},
            "the alarm would always be on, since the volume has 100 GiB until RDS enlarges it",
        ),
        (RDS, "rds.storage-low", 99 * GIB, {"max_allocated_storage_gib": 200}, ""),
    ],
)
def test_what_is_said_of_a_threshold(
    plan_of: Planned,
    kind: Kind[Any],
    key: str,
    threshold: float,
    fields: dict[str, Any],
    says: str,
) -> None:
    said = doubts(plan_of, kind, key, threshold, **fields)
    assert says in said if says else said == ""


def test_both_target_groups_of_a_service_have_the_balancer_s_idle_timeout(plan_of: Planned) -> None:
    groups = {
        "target_groups": {"shop": "targetgroup/blue/0123456789abcdef"},
        "alternate_target_groups": {"shop": "targetgroup/green/0123456789abcdef"},
        "per_target_group": True,
    }
    assert "its idle timeout, 60 s" in doubts(plan_of, ALB, "alb.latency-high", 61, **groups)


def test_no_default_is_doubtful(plan_of: Planned) -> None:
    rules = [rule for kind in KINDS for rule in plan_of(kind).rules]
    assert len(rules) > 30
    # Not even where one is written out as it is.
    changed = [replace(rule, default=None) for rule in rules]
    assert [doubt for rule in (*rules, *changed) for doubt in rule_doubts(rule)] == []
