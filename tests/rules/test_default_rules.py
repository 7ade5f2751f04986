"""What the default rules share, and what they must not; tests/stacks/rows.py has their numbers."""

from collections.abc import Callable
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule, LowSamples, MissingData
from ecs_monitoring.rules import APP, DELIVERY, KINDS
from ecs_monitoring.rules.plan import Plan


def test_the_cache_alarm_is_off_until_it_is_wanted(
    plan_of: Callable[..., Plan], rule_of: Callable[..., AlarmRule]
) -> None:
    omitted = next(o for o in plan_of(APP).omitted if o.key == "app.cache-hit-rate-low")
    assert 'alarms "app.cache-hit-rate-low": {enabled: true}' in omitted.reason
    on = {omitted.key: AlarmOverride(enabled=True)}
    rule = rule_of(omitted.key, overrides=on)
    assert (rule.comparison.sign, rule.threshold) == ("<", 50)
    assert (rule.period, rule.evaluation_periods, rule.breaching_datapoints) == (300, 3, 3)
    assert (rule.severity, rule.treat_missing_data) == ("warning", "notBreaching")


def test_only_the_percentile_of_requests_ignores_few_samples(plan_of: Callable[..., Plan]) -> None:
    # RDS publishes one sample a minute: with few samples ignored, its alarms would never fire.
    ignoring = {
        rule.key
        for kind in KINDS
        for rule in plan_of(kind).rules
        if rule.low_samples is LowSamples.IGNORE
    }
    assert ignoring == {"alb.latency-p99"}


ROWS = [row for kind in (*KINDS, DELIVERY) for row in kind.rows]


def test_what_runs_out_or_is_not_there_is_no_noise_however_usual_it_is() -> None:
    """No history speaks for a threshold that tolerates more of it."""
    assert {row.key for row in ROWS if row.runs_out} == {
        "ecs.memory-high",
        "ecs.tasks-low",
        "ecs.tasks-below-desired",
        "alb.unhealthy-hosts",
        "alb.no-healthy-hosts",
        "alb.rejected-connections",
        *(f"rds.{what}" for what in ("connections-high", "memory-low", "storage-low")),
        *(f"rds.{what}" for what in ("local-storage-low", "acu-high", "burst-balance")),
        *(f"rds.{what}" for what in ("iops-high", "throughput-high", "cpu-credits")),
        *(f"rds.{what}" for what in ("ebs-io-balance", "ebs-byte-balance", "no-data")),
        "rds.transaction-ids",
        "health.endpoint-down",
    }
    # What is too low runs out, but for hits of a cache, which costs time alone.
    falling = {row.key for row in ROWS if row.when.comparison.sign.startswith("<")}
    assert {row.key for row in ROWS if row.key in falling and not row.runs_out} == {
        "app.cache-hit-rate-low"
    }


def test_what_fails_in_days_explains_no_trouble_of_today() -> None:
    assert {row.key for row in ROWS if row.foresees} == {
        "rds.storage-low",
        "rds.local-storage-low",
        "rds.transaction-ids",
    }


def test_an_alarm_that_is_on_without_data_waits_for_what_is_new_and_rests_with_it() -> None:
    silent = [row for row in ROWS if row.missing is MissingData.BREACHING]
    assert {row.key for row in silent} == {
        *("ecs.tasks-low", "alb.no-healthy-hosts", "rds.no-data", "health.endpoint-down")
    }
    assert all(row.warm_up and row.off is not None for row in silent)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.off is not None], ids=lambda row: row.key
)
def test_an_alarm_that_rests_is_off_at_any_threshold_that_it_can_have(row: Any) -> None:
    # Of what is too high the least one, of what is too low the greatest: hosts that a balancer can
    # have, minutes of a day, the whole of a share.
    nearest = {
        "ecs.tasks-low": 0,
        "alb.elb-5xx": 1,
        "alb.no-healthy-hosts": 10_000,
        "rds.no-data": 1440,
        "health.endpoint-down": 1,
    }
    assert not row.when.comparison.holds(row.off, nearest[row.key])


# Namespace and dimensions that a kind's metrics have, all of them.
WHERE: dict[str, Any] = {
    "AWS/ECS": {"ClusterName": "django-ecs-cluster", "ServiceName": "django-app-service"},
    "ECS/ContainerInsights": {
        "ClusterName": "django-ecs-cluster",
        "ServiceName": "django-app-service",
    },
    "AWS/ApplicationELB": {"LoadBalancer": "app/django-alb/1234567890"},
    "AWS/RDS": {"DBInstanceIdentifier": "django-db"},
    # Metrics with a default value cannot have dimensions.
    "shop/prod": {},
    "Django/API": {"Service": "django-app-service"},
}
GROUP = {"TargetGroup": "targetgroup/django-tg/0123456789abcdef"}
IN_GROUPS = {"UnHealthyHostCount", "HealthyHostCount"}


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.key != "health"], ids=lambda k: k.key
)
def test_metrics_have_the_dimensions_under_which_they_are_published(
    kind: Any, plan_of: Callable[..., Plan]
) -> None:
    metrics = [metric for rule in plan_of(kind).rules for metric in rule.metrics]
    assert metrics
    for metric in metrics:
        expected = WHERE[metric.namespace]
        if metric.name in IN_GROUPS:
            expected = {**expected, **GROUP}
        assert metric.dimensions == expected


def test_an_outside_check_is_known_by_its_id(rule_of: Callable[..., AlarmRule]) -> None:
    rule = rule_of("health.endpoint-down", health_check_id="abcdef11-2222-3333-4444-555555fedcba")
    assert rule.metrics[0].namespace == "AWS/Route53"
    assert rule.metrics[0].dimensions == {"HealthCheckId": "abcdef11-2222-3333-4444-555555fedcba"}
