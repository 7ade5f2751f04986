"""What each kind draws: its graphs line by line, with periods, axes and thresholds.

The first graphs are the monitoring guide's; thresholds are those of the rules (docs/runbooks.md).
A graph has the shortest period of the alarms that are drawn on it, and five minutes without any.
"""

from collections.abc import Callable, Mapping
from textwrap import dedent
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.graph import DashboardPart
from ecs_monitoring.rules import ALB, DELIVERY, ECS, HEALTH, LOGS, RDS
from ecs_monitoring.rules.delivery import DeliveryTarget
from ecs_monitoring.rules.plan import Kind
from tests.rules.drawn import told

DASHBOARDS: list[tuple[Kind[Any], Mapping[str, Any], str]] = [
    (
        ECS,
        {"web": {}},
        """\
        ECS CPU Utilization, 300 s
          -: CPUUtilization Average django-app-service+django-ecs-cluster
          >= 80 1 of 1 x 300 s warning ecs.cpu-high web
        ECS Memory Utilization, 300 s
          -: MemoryUtilization Average django-app-service+django-ecs-cluster
          >= 85 1 of 1 x 300 s warning ecs.memory-high web
        # Running tasks
        ECS Running Tasks, 300 s
          running: RunningTaskCount Average django-app-service+django-ecs-cluster
          desired: DesiredTaskCount Average django-app-service+django-ecs-cluster
        """,
    ),
    # Without Container Insights each task is one CPU sample a minute.
    (
        ECS,
        {"web": {}, "api": {"service": "api", "container_insights": False}},
        """\
        ECS CPU Utilization, 300 s
          web: CPUUtilization Average django-app-service+django-ecs-cluster
          api: CPUUtilization Average api+django-ecs-cluster
          >= 80 1 of 1 x 300 s warning ecs.cpu-high web, api
        ECS Memory Utilization, 300 s
          web: MemoryUtilization Average django-app-service+django-ecs-cluster
          api: MemoryUtilization Average api+django-ecs-cluster
          >= 85 1 of 1 x 300 s warning ecs.memory-high web, api
        # Running tasks
        ECS Running Tasks, 300 s
          web running: RunningTaskCount Average django-app-service+django-ecs-cluster
          web desired: DesiredTaskCount Average django-app-service+django-ecs-cluster
          api running: CPUUtilization SampleCount api+django-ecs-cluster; 60 s
        """,
    ),
    (
        ALB,
        {"web": {"load_balancer": "app/lb/1", "target_groups": {"web": "targetgroup/blue/2"}}},
        """\
        ALB Response Codes, 60 s
          2XX: HTTPCode_Target_2XX_Count Sum app/lb/1
          4XX: HTTPCode_Target_4XX_Count Sum app/lb/1
          5XX: HTTPCode_Target_5XX_Count Sum app/lb/1
          >= 5 1 of 1 x 60 s critical alb.target-5xx web
        ALB Response Time, 300 s
          -: TargetResponseTime Average app/lb/1
          >= 2 1 of 1 x 300 s critical alb.latency-high web
        # Healthy hosts
        ALB Healthy Hosts, 60 s
          web: HealthyHostCount Minimum targetgroup/blue/2+app/lb/1
          < 1 2 of 2 x 60 s critical alb.no-healthy-hosts web
        ALB Unhealthy Hosts, 60 s
          web: UnHealthyHostCount Maximum targetgroup/blue/2+app/lb/1
          >= 1 3 of 3 x 60 s warning alb.unhealthy-hosts web
        # Errors and latency percentiles
        ALB Errors, 60 s
          ELB 5XX: HTTPCode_ELB_5XX_Count Sum app/lb/1
          rejected: RejectedConnectionCount Sum app/lb/1
          >= 5 1 of 5 x 60 s critical alb.elb-5xx web
          >= 1 1 of 5 x 60 s critical alb.rejected-connections web
        ALB Response Time Percentiles, 60 s
          p50: TargetResponseTime p50 app/lb/1
          p90: TargetResponseTime p90 app/lb/1
          p99: TargetResponseTime p99 app/lb/1
          >= 5 5 of 5 x 60 s warning alb.latency-p99 web
        """,
    ),
    # Services behind one balancer, the first of which has two groups; and a balancer alone.
    (
        ALB,
        {
            "shop": {
                "load_balancer": "app/lb/1",
                "target_groups": {"web": "targetgroup/blue/2", "admin": "targetgroup/admin/4"},
                "alternate_target_groups": {"web": "targetgroup/green/3"},
                "per_target_group": True,
            },
            "bare": {"load_balancer": "app/bare/5", "target_groups": {}},
        },
        """\
        ALB Response Codes, 60 s
          shop web 2XX: HTTPCode_Target_2XX_Count Sum targetgroup/blue/2+app/lb/1
          shop web 4XX: HTTPCode_Target_4XX_Count Sum targetgroup/blue/2+app/lb/1
          shop web 5XX: HTTPCode_Target_5XX_Count Sum targetgroup/blue/2+app/lb/1
          shop web alternate 2XX: HTTPCode_Target_2XX_Count Sum targetgroup/green/3+app/lb/1
          shop web alternate 4XX: HTTPCode_Target_4XX_Count Sum targetgroup/green/3+app/lb/1
          shop web alternate 5XX: HTTPCode_Target_5XX_Count Sum targetgroup/green/3+app/lb/1
          shop admin 2XX: HTTPCode_Target_2XX_Count Sum targetgroup/admin/4+app/lb/1
          shop admin 4XX: HTTPCode_Target_4XX_Count Sum targetgroup/admin/4+app/lb/1
          shop admin 5XX: HTTPCode_Target_5XX_Count Sum targetgroup/admin/4+app/lb/1
          bare 2XX: HTTPCode_Target_2XX_Count Sum app/bare/5
          bare 4XX: HTTPCode_Target_4XX_Count Sum app/bare/5
          bare 5XX: HTTPCode_Target_5XX_Count Sum app/bare/5
          >= 5 1 of 1 x 60 s critical alb.target-5xx shop, bare
        ALB Response Time, 300 s
          shop web: TargetResponseTime Average targetgroup/blue/2+app/lb/1
          shop web alternate: TargetResponseTime Average targetgroup/green/3+app/lb/1
          shop admin: TargetResponseTime Average targetgroup/admin/4+app/lb/1
          bare: TargetResponseTime Average app/bare/5
          >= 2 1 of 1 x 300 s critical alb.latency-high shop, bare
        # Healthy hosts
        ALB Healthy Hosts, 60 s
          shop web: HealthyHostCount Minimum targetgroup/blue/2+app/lb/1
          shop web alternate: HealthyHostCount Minimum targetgroup/green/3+app/lb/1
          shop admin: HealthyHostCount Minimum targetgroup/admin/4+app/lb/1
          < 1 2 of 2 x 60 s critical alb.no-healthy-hosts shop
        ALB Unhealthy Hosts, 60 s
          shop web: UnHealthyHostCount Maximum targetgroup/blue/2+app/lb/1
          shop web alternate: UnHealthyHostCount Maximum targetgroup/green/3+app/lb/1
          shop admin: UnHealthyHostCount Maximum targetgroup/admin/4+app/lb/1
          >= 1 3 of 3 x 60 s warning alb.unhealthy-hosts shop
        # Errors and latency percentiles
        ALB Errors, 60 s
          shop ELB 5XX: HTTPCode_ELB_5XX_Count Sum app/lb/1
          shop rejected: RejectedConnectionCount Sum app/lb/1
          bare ELB 5XX: HTTPCode_ELB_5XX_Count Sum app/bare/5
          bare rejected: RejectedConnectionCount Sum app/bare/5
          >= 5 1 of 5 x 60 s critical alb.elb-5xx shop, bare
          >= 1 1 of 5 x 60 s critical alb.rejected-connections shop, bare
        ALB Response Time Percentiles, 60 s
          shop web p50: TargetResponseTime p50 targetgroup/blue/2+app/lb/1
          shop web p90: TargetResponseTime p90 targetgroup/blue/2+app/lb/1
          shop web p99: TargetResponseTime p99 targetgroup/blue/2+app/lb/1
          shop web alternate p50: TargetResponseTime p50 targetgroup/green/3+app/lb/1
          shop web alternate p90: TargetResponseTime p90 targetgroup/green/3+app/lb/1
          shop web alternate p99: TargetResponseTime p99 targetgroup/green/3+app/lb/1
          shop admin p50: TargetResponseTime p50 targetgroup/admin/4+app/lb/1
          shop admin p90: TargetResponseTime p90 targetgroup/admin/4+app/lb/1
          shop admin p99: TargetResponseTime p99 targetgroup/admin/4+app/lb/1
          bare p50: TargetResponseTime p50 app/bare/5
          bare p90: TargetResponseTime p90 app/bare/5
          bare p99: TargetResponseTime p99 app/bare/5
          >= 5 5 of 5 x 60 s warning alb.latency-p99 shop, bare
        """,
    ),
    # 80 % of 200 connections; in GiB a tenth of the memory of 2 and of the storage of 100. Nothing
    # says how far the storage may grow, so that all there is to fill is what is free.
    (
        RDS,
        {"main": {"performance_insights": False, "read_replica": False}},
        """\
        RDS CPU Utilization, 60 s
          -: CPUUtilization Average django-db
          > 90 5 of 5 x 60 s warning rds.cpu-high main
        RDS Connections, 60 s
          -: DatabaseConnections Average django-db
          >= 160 5 of 5 x 60 s critical rds.connections-high main
        # Memory and storage
        RDS Freeable Memory, 60 s, GiB
          FreeableMemory: FreeableMemory Average django-db
            = {id} / 1073741824
          < 0.2 15 of 15 x 60 s warning rds.memory-low main
        RDS Free Storage, 60 s, GiB
          FreeStorageSpace: FreeStorageSpace Minimum django-db
            = {id} / 1073741824
          < 10 5 of 5 x 60 s critical rds.storage-low main
        RDS days until storage is full (pace of 14 days), 3600 s, days, 14 days
          days left: FreeStorageSpace Minimum django-db
            = IF(AVG(RATE({id})) < 0, ({id} + 0) / (AVG(RATE({id})) * -86400))
        # Database latency
        RDS Read Latency (p90), 60 s, seconds
          -: ReadLatency p90 django-db
          > 0.02 5 of 5 x 60 s warning rds.read-latency main
        RDS Write Latency (p90), 60 s, seconds
          -: WriteLatency p90 django-db
          > 0.02 5 of 5 x 60 s warning rds.write-latency main
        """,
    ),
    # Aurora has no volume. 6 GiB are 6,442,450,944 bytes.
    (
        RDS,
        {
            "main": {"max_allocated_storage_gib": 106},
            "other": {"instance": "other", "engine": "aurora-mysql", "allocated_storage_gib": None},
        },
        """\
        RDS CPU Utilization, 60 s
          main: CPUUtilization Average django-db
          other: CPUUtilization Average other
          > 90 5 of 5 x 60 s warning rds.cpu-high main, other
        RDS Connections, 60 s
          main: DatabaseConnections Average django-db
          other: DatabaseConnections Average other
          >= 160 5 of 5 x 60 s critical rds.connections-high main, other
        # Memory and storage
        RDS Freeable Memory, 60 s, GiB
          main: FreeableMemory Average django-db
            = {id} / 1073741824
          other: FreeableMemory Average other
            = {id} / 1073741824
          < 0.2 15 of 15 x 60 s warning rds.memory-low main, other
        RDS Free Storage, 60 s, GiB
          FreeStorageSpace: FreeStorageSpace Minimum django-db
            = {id} / 1073741824
          < 10 30 of 30 x 60 s critical rds.storage-low main
        RDS days until storage is full (pace of 14 days), 3600 s, days, 14 days
          days left: FreeStorageSpace Minimum django-db
            = IF(AVG(RATE({id})) < 0, ({id} + 6442450944) / (AVG(RATE({id})) * -86400))
        # Database latency
        RDS Read Latency (p90), 60 s, seconds
          main: ReadLatency p90 django-db
          other: ReadLatency p90 other
          > 0.02 5 of 5 x 60 s warning rds.read-latency main, other
        RDS Write Latency (p90), 60 s, seconds
          main: WriteLatency p90 django-db
          other: WriteLatency p90 other
          > 0.02 5 of 5 x 60 s warning rds.write-latency main, other
        """,
    ),
    (
        HEALTH,
        {"web": {"health_check_id": "1"}, "api": {"health_check_id": "2"}},
        """\
        # Outside checks
        Endpoint Status, 60 s, us-east-1
          web healthy: HealthCheckStatus Minimum 1
          api healthy: HealthCheckStatus Minimum 2
          < 1 3 of 3 x 60 s critical health.endpoint-down web, api
        """,
    ),
    (
        LOGS,
        {"web": {"patterns": {"own": {"pattern": "?x", "threshold": 7, "severity": "critical"}}}},
        """\
        # Log alarms
        Log events by pattern, 300 s
          errors: logs.web.errors Sum
          exceptions: logs.web.exceptions Sum
          database-errors: logs.web.database-errors Sum
          security: logs.web.security Sum
          workers-killed: logs.web.workers-killed Sum
          own: logs.web.own Sum
          >= 10 1 of 1 x 300 s warning logs.errors web
          >= 5 1 of 1 x 300 s warning logs.exceptions web
          >= 1 1 of 2 x 300 s critical logs.database-errors web
          >= 20 1 of 1 x 300 s warning logs.security web
          >= 1 1 of 1 x 300 s warning logs.workers-killed web
          >= 7 1 of 2 x 300 s critical logs.own web
        Recent errors (/ecs/django-app)
          fields @timestamp, @log, @message
          filter (@message like /ERROR|Error|error/)
            or (@message like /Exception|exception|EXCEPTION/)
            or (@message like /DatabaseError|OperationalError/)
          sort @timestamp desc
          limit 50
        """,
    ),
]


@pytest.mark.parametrize(
    ("kind", "targets", "expected"),
    DASHBOARDS,
    ids=[f"{kind.key}-{'-'.join(targets)}" for kind, targets, _ in DASHBOARDS],
)
def test_a_kind_draws(
    kind: Kind[Any],
    targets: Mapping[str, Any],
    expected: str,
    draw: Callable[..., DashboardPart],
) -> None:
    lines = dedent(expected)
    assert told(draw(kind, **targets), lines) == lines


@pytest.mark.parametrize("kind", [ECS, ALB, RDS, HEALTH, LOGS], ids=lambda kind: kind.key)
def test_without_targets_nothing_is_drawn(kind: Kind[Any], scope_of: Callable[..., Any]) -> None:
    part = kind.dashboard(scope_of(kind), {}, ())
    assert [panel for section in part.sections for panel in section.widgets] == []
    assert part.overview == ()


def test_the_way_of_the_notifications_has_no_graph(scope_of: Callable[..., Any]) -> None:
    target = DeliveryTarget.example()
    assert DELIVERY.dashboard(scope_of(DELIVERY), {"warning": target}, ()) == DashboardPart()
