"""The rules one by one: what tests/stacks/rows.py has not, and where all of it comes from.

A threshold's reason stands in docs/runbooks.md, in the section of its rule.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.rule import AlarmRule, WarmUp
from ecs_monitoring.rules import RULES
from tests.stacks.rows import ROWS

AURORA: Final = {"engine": "aurora-postgresql", "instance_class": "db.r6g.large"}
SERVERLESS: Final = {**AURORA, "instance_class": "db.serverless", "min_acu": 0.5, "max_acu": 16}
PAIR: Final = {
    "target_groups": {"web": "targetgroup/blue/2"},
    "alternate_target_groups": {"web": "targetgroup/green/3"},
    "per_target_group": True,
}

# Key, fields of the target, condition, how long it must hold, and what no data is.
NUMBERS: list[tuple[str, Mapping[str, Any], str, str, str]] = [
    (
        "ecs.tasks-low",
        {},
        "tasks missing of desired (at least 2) > 0",
        "5 of 5 x 60 s",
        "breaching",
    ),
    (
        "ecs.tasks-low",
        {"minimum_healthy_percent": 50, "min_running_tasks": 1},
        "tasks missing of 50 % of desired (at least 1) > 0",
        "5 of 5 x 60 s",
        "breaching",
    ),
    (
        "ecs.tasks-below-desired",
        {"minimum_healthy_percent": 50},
        "tasks missing of desired > 0",
        "30 of 30 x 60 s",
        "notBreaching",
    ),
    (
        "alb.target-5xx-rate",
        {},
        "5xx rate (>= 20 requests) >= 5 %",
        "3 of 5 x 60 s",
        "notBreaching",
    ),
    ("alb.target-5xx", PAIR, "5XX of both target groups >= 5", "1 of 1 x 60 s", "notBreaching"),
    (
        "alb.latency-high",
        PAIR,
        "TargetResponseTime of the slower group >= 2 s",
        "1 of 1 x 300 s",
        "notBreaching",
    ),
    (
        "alb.latency-p99",
        PAIR,
        "TargetResponseTime p99 of the slower group >= 5 s",
        "5 of 5 x 60 s",
        "notBreaching",
    ),
    (
        "alb.unhealthy-hosts",
        PAIR,
        "unhealthy hosts of both groups >= 1",
        "3 of 3 x 60 s",
        "missing",
    ),
    (
        "alb.no-healthy-hosts",
        PAIR,
        "healthy hosts of both groups < 1",
        "2 of 2 x 60 s",
        "breaching",
    ),
    # A tenth of twice the 16 GiB of memory.
    (
        "rds.local-storage-low",
        AURORA,
        "FreeLocalStorage Average < 3.2 GiB",
        "5 of 5 x 60 s",
        "missing",
    ),
    ("rds.acu-high", SERVERLESS, "ACUUtilization Average > 90 %", "10 of 10 x 60 s", "missing"),
    (
        "rds.burst-balance",
        {"storage_type": "gp2"},
        "BurstBalance Average < 20 %",
        "3 of 3 x 300 s",
        "missing",
    ),
    (
        "rds.iops-high",
        {"storage_type": "gp3"},
        "ReadIOPS + WriteIOPS, share of the volume's > 90 %",
        "10 of 10 x 60 s",
        "missing",
    ),
    (
        "rds.throughput-high",
        {"storage_type": "gp3"},
        "ReadThroughput + WriteThroughput, share of the volume's > 90 %",
        "10 of 10 x 60 s",
        "missing",
    ),
    (
        "rds.replica-lag",
        {},
        "ReplicaLag Maximum, without end while replication is stopped > 60 s",
        "10 of 10 x 60 s",
        "missing",
    ),
    ("rds.replica-lag", AURORA, "AuroraReplicaLag Maximum > 60 s", "10 of 10 x 60 s", "missing"),
    ("rds.no-data", {}, "CPUUtilization SampleCount < 1", "15 of 15 x 60 s", "breaching"),
    (
        "logs.workers-killed",
        {},
        "logs.web.workers-killed Sum >= 1",
        "1 of 1 x 300 s",
        "notBreaching",
    ),
    # What pages is on for two periods, for longer than an incident may wait.
    (
        "logs.own",
        {"patterns": {"own": {"pattern": "?x", "threshold": 3, "severity": "critical"}}},
        "logs.web.own Sum >= 3",
        "1 of 2 x 300 s",
        "notBreaching",
    ),
    ("app.stuck", {}, "OldestRequestAge Maximum >= 60 s", "3 of 3 x 60 s", "notBreaching"),
    ("app.threads-busy", {}, "ThreadsBusy Average >= 95 %", "5 of 5 x 60 s", "notBreaching"),
    ("app.samples-dropped", {}, "SamplesDropped Sum >= 1", "2 of 2 x 300 s", "notBreaching"),
    ("app.task-failures", {}, "TaskFailures Sum >= 5", "1 of 1 x 300 s", "notBreaching"),
    ("app.task-stuck", {}, "OldestTaskAge Maximum >= 3,600 s", "3 of 3 x 60 s", "notBreaching"),
    ("app.queue-age", {}, "QueueAge Maximum >= 300 s", "5 of 5 x 60 s", "notBreaching"),
    ("app.queue-length", {}, "QueueLength Maximum >= 1,000", "15 of 15 x 60 s", "notBreaching"),
    ("health.endpoint-down", {}, "HealthCheckStatus Minimum < 1", "3 of 3 x 60 s", "breaching"),
]


@pytest.mark.parametrize(("key", "fields", "condition", "held", "missing"), NUMBERS)
def test_a_rule_is_in_trouble_while(
    key: str,
    fields: Mapping[str, Any],
    condition: str,
    held: str,
    missing: str,
    rule_of: Callable[..., AlarmRule],
) -> None:
    rule = rule_of(key, **fields)
    said = (rule.condition, rule.schedule, rule.treat_missing_data.value)
    assert said == (condition, held, missing)


@pytest.mark.parametrize(
    ("key", "fields", "lowest", "highest"),
    [
        # Two tasks are wanted, and one at least is there wherever there is a datapoint.
        ("ecs.tasks-low", {"container_insights": False}, 0, 1),
        ("alb.target-5xx-rate", {}, 0, 100),
        ("rds.iops-high", {"storage_type": "gp3"}, 0, 100),
        # As if it had stopped ten years ago: 10 x 365 x 24 x 60 x 60 seconds.
        ("rds.replica-lag", {}, 0, 315_360_000),
        ("rds.replica-lag", AURORA, 0, float("inf")),
    ],
)
def test_what_is_computed_is_between(
    key: str,
    fields: Mapping[str, Any],
    lowest: float,
    highest: float,
    rule_of: Callable[..., AlarmRule],
) -> None:
    rule = rule_of(key, **fields)
    assert (rule.lowest, rule.highest) == (lowest, highest)


def test_a_new_alarm_waits_for_what_is_as_new() -> None:
    minutes = {
        key: (row.warm_up.seconds / 60, row.warm_up.is_whole)
        for key, row in RULES.items()
        if row.warm_up
    }
    assert (
        minutes.items()
        >= {
            "ecs.tasks-low": (15, True),
            "alb.no-healthy-hosts": (15, True),
            # Twelve credits an hour of the smallest class, beyond twenty: some hours.
            "rds.cpu-credits": (240, True),
            "rds.no-data": (60, False),
            "health.endpoint-down": (15, False),
        }.items()
    )


def test_a_new_alarm_does_not_wait_for_the_usual(rule_of: Callable[..., AlarmRule]) -> None:
    assert rule_of("ecs.cpu-high").warm_up is None
    assert rule_of("rds.no-data").warm_up == WarmUp(3600)


def test_one_rule_is_off_until_it_is_wanted() -> None:
    off = {key for key, row in RULES.items() if not row.enabled}
    assert "app.cache-hit-rate-low" in off
    assert off.isdisjoint(ROWS)


_ELB: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
SOURCES: Final[Mapping[str, set[str]]] = {
    "the monitoring guide": {
        *("ecs.cpu-high", "ecs.memory-high", "alb.target-5xx", "alb.latency-high"),
        "rds.connections-high",
    },
    "the monitoring guide, metrics to watch": {"ecs.tasks-low"},
    "the monitoring guide, logs": {
        *(f"logs.{what}" for what in ("errors", "exceptions", "database-errors", "security")),
        "logs.workers-killed",
    },
    "the monitoring guide, custom metrics": {
        *("app.server-errors", "app.latency-p95", "app.cache-hit-rate-low"),
    },
    "docs/django.md": {
        *("app.threads-busy", "app.samples-dropped", "app.task-failures"),
        *("app.queue-age", "app.queue-length"),
    },
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
    "Best_Practice_Recommended_Alarms_AWS_Services.html": {
        *(f"rds.{what}" for what in ("cpu-high", "memory-low", "storage-low", "acu-high")),
        *(f"rds.{what}" for what in ("read-latency", "write-latency", "local-storage-low")),
        *(f"rds.{what}" for what in ("ebs-io-balance", "ebs-byte-balance", "replica-lag")),
        *(f"rds.{what}" for what in ("db-load", "transaction-ids")),
        "delivery.notifications-failed",
    },
    f"{_ELB}load-balancer-cloudwatch-metrics.html": {
        *(f"alb.{what}" for what in ("target-5xx-rate", "elb-5xx", "latency-p99")),
        *(f"alb.{what}" for what in ("unhealthy-hosts", "no-healthy-hosts")),
        "alb.rejected-connections",
    },
    f"{_ELB}edit-load-balancer-attributes.html#connection-idle-timeout": {"app.stuck"},
}


def test_every_rule_says_where_its_numbers_come_from() -> None:
    of = {row.source for row in RULES.values()}
    pages = {source for source in of if not source.startswith(("https://", "the monitoring guide"))}
    assert pages == {"docs/django.md"}
    assert (Path(__file__).parents[2] / "docs/django.md").is_file()
    for source, keys in SOURCES.items():
        assert {key for key, row in RULES.items() if row.source == source} >= keys
    # A number of somebody else's is his in both tables.
    for key, row in ROWS.items():
        assert RULES[key].source.startswith("the monitoring guide") == ("guide" in row.source)
