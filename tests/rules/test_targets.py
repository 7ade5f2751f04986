"""What each target says of itself: its name in sentences, its dimensions, what follows from it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules import ALB, APP, ECS, HEALTH, KINDS, LOGS, RDS
from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.health import HealthTarget
from ecs_monitoring.rules.off_hours import OffHours
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.target import UNKNOWN_FIELDS
from ecs_monitoring.rules.units import UNIT_TAG, alarm_unit

BALANCER = "app/lb/1"
PAIR: Mapping[str, Any] = {
    "load_balancer": BALANCER,
    "target_groups": {"web": "targetgroup/blue/2", "admin": "targetgroup/admin/4"},
    "alternate_target_groups": {"web": "targetgroup/green/3"},
}
NIGHTS = OffHours(stop="cron(0 20 ? * * *)", start="cron(0 7 ? * * *)")


@pytest.mark.parametrize(
    ("kind", "fields", "part", "where", "dimensions"),
    [
        (
            ECS,
            {"cluster": "shop", "service": "web"},
            "",
            "ECS service web (cluster shop)",
            {"ServiceName": "web", "ClusterName": "shop"},
        ),
        (ALB, PAIR, "", "load balancer app/lb/1", {"LoadBalancer": BALANCER}),
        (
            ALB,
            PAIR,
            "admin",
            "target group targetgroup/admin/4 behind app/lb/1",
            {"TargetGroup": "targetgroup/admin/4", "LoadBalancer": BALANCER},
        ),
        (
            ALB,
            PAIR,
            "web",
            "target groups targetgroup/blue/2 and targetgroup/green/3 behind app/lb/1",
            {"TargetGroup": "targetgroup/blue/2", "LoadBalancer": BALANCER},
        ),
        (
            ALB,
            PAIR,
            "web/alternate",
            "target group targetgroup/green/3 behind app/lb/1",
            {"TargetGroup": "targetgroup/green/3", "LoadBalancer": BALANCER},
        ),
        (RDS, {}, "", "database django-db", {"DBInstanceIdentifier": "django-db"}),
        (LOGS, {}, "", "log group /ecs/django-app", {}),
        (APP, {"service": "web"}, "", "Django service web", {"Service": "web"}),
        (
            HEALTH,
            {"url": "https://a.com/", "health_check_id": "1"},
            "",
            "https://a.com/",
            {"HealthCheckId": "1"},
        ),
    ],
)
def test_a_target_by_its_name_and_by_its_dimensions(
    kind: Kind[Any],
    fields: Mapping[str, Any],
    part: str,
    where: str,
    dimensions: Mapping[str, str],
    target_of: Callable[..., Any],
) -> None:
    target = target_of(kind, **fields)
    assert (target.where(part), target.dimensions(part)) == (where, dimensions)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_who_rests_says_when(kind: Kind[Any], target_of: Callable[..., Any]) -> None:
    assert target_of(kind).rests() is None
    assert list(target_of(kind).doubts()) == []
    if kind in (ECS, ALB, RDS, HEALTH):
        assert target_of(kind, off_hours=NIGHTS).rests() == NIGHTS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_the_documented_example_is_a_target(kind: Kind[Any]) -> None:
    model = kind.configured
    fields = model.examples()
    assert fields.keys() == model.stand_ins().keys() == model.model_fields.keys()
    assert model.example() == model.model_validate(fields)


def test_a_stand_in_has_something_in_it() -> None:
    assert EcsTarget.examples()["minimum_healthy_percent"] == 100
    assert EcsTarget.stand_ins()["minimum_healthy_percent"] == 50
    # Without an example, none.
    assert (HealthTarget.examples()["off_hours"], NIGHTS.timezone) == (None, "UTC")
    assert HealthTarget.stand_ins()["off_hours"] == {
        "stop": "cron(0 20 ? * MON-FRI *)",
        "start": "cron(0 7 ? * MON-FRI *)",
        "timezone": "Asia/Tokyo",
    }


OTHER = "arn:aws:ecs:ap-northeast-1:123456789012:service/other/web"


def test_a_service_of_a_cluster_that_is_known_later() -> None:
    fields = {"cluster": "example", "service": OTHER}
    later = EcsTarget.model_validate(fields, context={UNKNOWN_FIELDS: ("cluster",)})
    assert (later.cluster, later.service) == ("example", "web")
    for context in (None, {}, {UNKNOWN_FIELDS: ("service",)}):
        with pytest.raises(ValidationError, match="write cluster: other, or a service of example"):
            EcsTarget.model_validate(fields, context=context)


def test_a_service_whose_cluster_is_wrong_has_one_mistake() -> None:
    with pytest.raises(ValidationError) as refusal:
        EcsTarget.model_validate({"cluster": "a b", "service": OTHER})
    assert [error["loc"] for error in refusal.value.errors()] == [("cluster",)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "fewer tasks than desired, or fewer than 2 (min_running_tasks)"),
        ({"min_running_tasks": 0}, "fewer tasks than desired"),
        ({"container_insights": False}, "fewer than 2 tasks (min_running_tasks)"),
        (
            {"container_insights": False, "minimum_healthy_percent": 50},
            "fewer than 2 tasks (min_running_tasks)",
        ),
        (
            {"minimum_healthy_percent": 99},
            "fewer than 99 % of the desired tasks, or fewer than 2 (min_running_tasks)",
        ),
        (
            {"minimum_healthy_percent": 50, "min_running_tasks": 0},
            "fewer than 50 % of the desired tasks",
        ),
    ],
)
def test_what_tasks_must_not_fall_below(
    fields: Mapping[str, Any], words: str, target_of: Callable[..., Any]
) -> None:
    assert target_of(ECS, **fields).least_tasks == words


@pytest.mark.parametrize(
    ("size", "ceiling", "room"),
    [(100, 250, 150), (None, 250, 250), (100, None, 0), (None, None, 0)],
)
def test_what_rds_may_enlarge_a_volume_by(
    size: int | None, ceiling: int | None, room: int, target_of: Callable[..., Any]
) -> None:
    fields = {"allocated_storage_gib": size, "max_allocated_storage_gib": ceiling}
    assert target_of(RDS, **fields).room_to_grow_gib == room


@pytest.mark.parametrize(
    ("fields", "has"),
    [
        ({}, ["is_postgresql", "is_burstable", "bursts_on_ebs"]),
        ({"engine": "aurora-postgresql"}, ["is_aurora", "is_postgresql", "is_burstable"]),
        ({"engine": "aurora-mysql", "instance_class": "db.r6g.large"}, ["is_aurora"]),
        (
            {"engine": "mysql", "storage_type": "gp2"},
            ["is_burstable", "bursts_on_ebs", "bursts_on_gp2"],
        ),
        ({"engine": "aurora-mysql", "storage_type": "gp2"}, ["is_aurora", "is_burstable"]),
        *(
            ({"engine": "mysql", "instance_class": f"db.r6g.{size}"}, found)
            for size, found in (
                *(("4xlarge", ["bursts_on_ebs"]), ("8xlarge", [])),
                *(("9xlarge", []), ("12xlarge", []), ("metal", [])),
            )
        ),
        (
            {
                "engine": "aurora-mysql",
                "instance_class": "db.serverless",
                "min_acu": 0,
                "max_acu": 2,
            },
            ["is_aurora", "is_serverless", "pauses"],
        ),
    ],
)
def test_the_nature_of_a_database(
    fields: Mapping[str, Any], has: list[str], target_of: Callable[..., Any]
) -> None:
    target = target_of(RDS, **fields)
    natures = (
        *("is_aurora", "is_postgresql", "is_burstable", "is_serverless", "pauses"),
        *("bursts_on_ebs", "bursts_on_gp2"),
    )
    found = [name for name in natures if getattr(target, name)]
    assert found == [
        name.replace("gp2", "bursts_on_gp2") if name == "gp2" else name for name in has
    ]


def test_an_error_rate_of_two_groups_whole(rule_of: Callable[..., AlarmRule]) -> None:
    groups = {"web": "targetgroup/blue/2"}
    green = {"web": "targetgroup/green/3"}
    fields = {"per_target_group": True, "target_groups": groups}
    signal = rule_of("alb.target-5xx-rate", **fields, alternate_target_groups=green).signal
    assert isinstance(signal, MetricMath)
    *reads, rate = signal.queries
    read = [
        (query.id, query.source.name, query.source.dimensions["TargetGroup"])
        for query in reads
        if not isinstance(query.source, str)
    ]
    assert read == [
        ("errors", "HTTPCode_Target_5XX_Count", "targetgroup/blue/2"),
        ("requests", "RequestCount", "targetgroup/blue/2"),
        ("other_errors", "HTTPCode_Target_5XX_Count", "targetgroup/green/3"),
        ("other_requests", "RequestCount", "targetgroup/green/3"),
    ]
    both = "(FILL(requests, 0) + FILL(other_requests, 0))"
    assert (rate.id, rate.source) == (
        "rate",
        f"IF({both} >= 20, 100 * (FILL(errors, 0) + FILL(other_errors, 0)) / {both}, 0)",
    )
    alone = rule_of("alb.target-5xx-rate", **fields).signal
    assert isinstance(alone, MetricMath)
    assert [query.id for query in alone.queries] == ["errors", "requests", "rate"]


@pytest.mark.parametrize(
    ("key", "tags", "unit"),
    [
        ("rds.cpu-high", {}, Unit.PERCENT),
        ("rds.memory-low", {}, Unit.BYTES),
        ("rds.no-data", {}, Unit.COUNT),
        ("alb.latency-high", {}, Unit.SECONDS),
        ("alb.latency-high", {UNIT_TAG: "Fortnights"}, Unit.SECONDS),
        ("alb.latency-high", {UNIT_TAG: Unit.BYTES.value}, Unit.BYTES),
        # Of metric math only the tag tells.
        ("alb.target-5xx-rate", {}, Unit.COUNT),
        ("alb.target-5xx-rate", {UNIT_TAG: Unit.PERCENT.value}, Unit.PERCENT),
        # A stack's own metric has no sheet.
        ("logs.errors", {}, Unit.COUNT),
    ],
)
def test_what_an_alarm_is_measured_in(
    key: str, tags: Mapping[str, str], unit: Unit, rule_of: Callable[..., AlarmRule]
) -> None:
    assert alarm_unit(tags, definition_of(rule_of(key))) is unit


def test_what_an_alarm_is_measured_in_that_nobody_can_read() -> None:
    assert alarm_unit({}, None) is Unit.COUNT
    assert alarm_unit({UNIT_TAG: Unit.SECONDS.value}, None) is Unit.SECONDS
