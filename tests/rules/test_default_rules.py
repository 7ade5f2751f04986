"""The default rules, row by row, as they were specified."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule, LowSamples
from ecs_monitoring.rules import APP, KINDS
from ecs_monitoring.rules.plan import Plan

# The monitoring guide's five alerts and AWS's recommended alarms:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html


class Row(NamedTuple):
    """One rule: "metric statistic", comparison, threshold, "period x N (M)", and the rest."""

    key: str
    severity: str
    signal: str
    comparison: str
    threshold: float
    schedule: tuple[int, int, int]
    missing: str


GIB = 2**30

# The metrics of metric math have tests of their own.
ROWS = [
    Row(*row)
    for row in [
        ("ecs.cpu-high", "warning", "CPUUtilization Average", ">=", 80, (300, 1, 1), "missing"),
        (
            "ecs.memory-high",
            "warning",
            "MemoryUtilization Average",
            ">=",
            85,
            (300, 1, 1),
            "missing",
        ),
        ("ecs.tasks-low", "critical", "", ">", 0, (60, 5, 5), "breaching"),
        (
            *("alb.target-5xx", "critical", "HTTPCode_Target_5XX_Count Sum", ">=", 5),
            *((60, 1, 1), "notBreaching"),
        ),
        ("alb.target-5xx-rate", "critical", "", ">=", 5, (60, 5, 3), "notBreaching"),
        (
            *("alb.elb-5xx", "critical", "HTTPCode_ELB_5XX_Count Sum", ">=", 5),
            *((60, 1, 1), "notBreaching"),
        ),
        (
            *("alb.latency-high", "critical", "TargetResponseTime Average", ">=", 2),
            *((300, 1, 1), "notBreaching"),
        ),
        (
            "alb.latency-p99",
            "warning",
            "TargetResponseTime p99",
            ">=",
            5,
            (60, 5, 5),
            "notBreaching",
        ),
        (
            "alb.unhealthy-hosts",
            "warning",
            "UnHealthyHostCount Maximum",
            ">=",
            1,
            (60, 3, 3),
            "missing",
        ),
        (
            "alb.no-healthy-hosts",
            "critical",
            "HealthyHostCount Minimum",
            "<",
            1,
            (60, 2, 2),
            "breaching",
        ),
        (
            *("alb.rejected-connections", "critical", "RejectedConnectionCount Sum", ">=", 1),
            *((60, 1, 1), "notBreaching"),
        ),
        # 80 % of 200.
        (
            *("rds.connections-high", "critical", "DatabaseConnections Average", ">=", 160),
            *((60, 5, 5), "missing"),
        ),
        ("rds.cpu-high", "warning", "CPUUtilization Average", ">", 90, (60, 5, 5), "missing"),
        # 10 % of the 2 GiB of db.t4g.small.
        (
            "rds.memory-low",
            "warning",
            "FreeableMemory Average",
            "<",
            0.2 * GIB,
            (60, 15, 15),
            "missing",
        ),
        # 10 % of 100 GiB.
        (
            "rds.storage-low",
            "critical",
            "FreeStorageSpace Minimum",
            "<",
            10 * GIB,
            (60, 5, 5),
            "missing",
        ),
        ("rds.read-latency", "warning", "ReadLatency p90", ">", 0.02, (60, 5, 5), "missing"),
        ("rds.write-latency", "warning", "WriteLatency p90", ">", 0.02, (60, 5, 5), "missing"),
        ("rds.ebs-io-balance", "warning", "EBSIOBalance% Average", "<", 10, (60, 3, 3), "missing"),
        (
            "rds.ebs-byte-balance",
            "warning",
            "EBSByteBalance% Average",
            "<",
            10,
            (60, 3, 3),
            "missing",
        ),
        ("rds.cpu-credits", "warning", "CPUCreditBalance Average", "<", 20, (300, 2, 2), "missing"),
        ("rds.replica-lag", "warning", "ReplicaLag Maximum", ">", 60, (60, 10, 10), "missing"),
        # The 2 vCPUs of db.t4g.small.
        ("rds.db-load", "warning", "DBLoad Average", ">", 2, (60, 15, 15), "missing"),
        (
            *("rds.transaction-ids", "critical", "MaximumUsedTransactionIDs Average", ">", 1e9),
            *((60, 1, 1), "missing"),
        ),
        ("logs.errors", "warning", "logs.web.errors Sum", ">=", 10, (300, 1, 1), "notBreaching"),
        (
            "logs.exceptions",
            "warning",
            "logs.web.exceptions Sum",
            ">=",
            5,
            (300, 1, 1),
            "notBreaching",
        ),
        (
            *("logs.database-errors", "critical", "logs.web.database-errors Sum", ">=", 1),
            *((300, 1, 1), "notBreaching"),
        ),
        (
            "logs.security",
            "warning",
            "logs.web.security Sum",
            ">=",
            20,
            (300, 1, 1),
            "notBreaching",
        ),
        ("app.server-errors", "warning", "StatusCode_5xx Sum", ">=", 5, (60, 1, 1), "notBreaching"),
        ("app.latency-p95", "warning", "ResponseTime p95", ">=", 2, (60, 5, 5), "notBreaching"),
        (
            "health.endpoint-down",
            "critical",
            "HealthCheckStatus Minimum",
            "<",
            1,
            (60, 3, 3),
            "breaching",
        ),
    ]
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_each_rule_is_as_specified(row: Row, rule_of: Callable[..., AlarmRule]) -> None:
    rule = rule_of(row.key)
    assert rule.severity == row.severity
    assert rule.comparison.sign == row.comparison
    assert rule.threshold == pytest.approx(row.threshold)
    assert (rule.period, rule.evaluation_periods, rule.breaching_datapoints) == row.schedule
    assert rule.treat_missing_data == row.missing
    if row.signal:
        assert isinstance(rule.signal, Metric)
        assert f"{rule.signal.name} {rule.signal.statistic}" == row.signal
    else:
        assert not isinstance(rule.signal, Metric)


def test_the_table_has_every_rule_that_is_on_by_default(plan_of: Callable[..., Plan]) -> None:
    rules = {rule.key for kind in KINDS for rule in plan_of(kind).rules}
    assert rules == {row.key for row in ROWS}


def test_the_cache_alarm_is_off_until_it_is_wanted(
    plan_of: Callable[..., Plan], rule_of: Callable[..., AlarmRule]
) -> None:
    (omitted,) = plan_of(APP).omitted
    assert omitted.key == "app.cache-hit-rate-low"
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
