"""Two targets, or two parts of one, that watch the same: one of them notifies for nothing."""

import json
from typing import Any

from tests.settings.refusal import warned

BALANCER = "app/django-alb/1234567890"
# The production stack's own, and another one of the same load balancer.
GROUP, OTHER = "targetgroup/django-tg/0123456789abcdef", "targetgroup/api/0123456789abcdef"


def doubles(**targets: dict[str, Any]) -> list[str]:
    """What is said of targets called ``again`` beside the production stack's, by section."""
    changes = [f"{kind}.again={json.dumps(target)}" for kind, target in targets.items()]
    return [one for one in warned(*changes) if "twice" in one]


def test_a_log_group_that_two_targets_watch() -> None:
    (warning,) = doubles(logs={"group": "/ecs/django-app", "format": "text"})
    assert warning.startswith(
        "django-ecs-monitoring:logs.again: 5 alarms (logs.errors, logs.exceptions, "
        "logs.database-errors, logs.security, logs.workers-killed) would notify twice, since "
        "target app watches the same already; write all patterns of a log group in one target"
    )
    # Errors are errors, whichever format the patterns are for.
    (warning,) = doubles(logs={"group": "/ecs/django-app", "format": "json"})
    assert "5 alarms (logs.errors, " in warning


def test_of_a_shared_log_group_only_what_is_the_same_is_told() -> None:
    built_in = dict.fromkeys(
        ("errors", "exceptions", "database-errors", "security", "workers-killed"), "Oops"
    )
    own = {name: {"pattern": pattern} for name, pattern in (("a", "Paid"), ("b", "Refused"))}
    again = {"group": "/ecs/django-app", "built_in": {**built_in}, "patterns": own}
    changes = [
        f"logs.again={json.dumps(again)}",
        "logs.app.patterns={c: {pattern: Paid}}",
        # Each of the built-in ones looks for the same word now.
        'alarms={"logs.exceptions@again": {enabled: false}, "logs.security@again": {enabled: false}'
        ', "logs.database-errors@again": {enabled: false}'
        ', "logs.workers-killed@again": {enabled: false}}',
    ]
    (warning,) = (one for one in warned(*changes) if "twice" in one)
    assert warning.startswith("django-ecs-monitoring:logs.again: alarm logs.a would notify twice")
    assert doubles(logs={"group": "/ecs/another", "format": "text"}) == []


def test_a_database_that_two_targets_watch_differently() -> None:
    (warning,) = doubles(
        rds={
            "instance": "django-db",
            "engine": "postgres",
            "instance_class": "db.m6g.large",
            "allocated_storage_gib": 200,
            "off_hours": {
                "stop": "cron(0 20 ? * MON-FRI *)",
                "start": "cron(0 7 ? * MON-FRI *)",
            },
        }
    )
    assert "since target main watches the same already; remove one of the two targets" in warning
    assert "rds.storage-low" in warning


def test_target_groups_of_two_targets() -> None:
    second = {"load_balancer": BALANCER, "per_target_group": True, "load_balancer_alarms": False}
    same, part = doubles(alb={**second, "target_groups": {"api": GROUP}})
    assert "2 alarms (alb.unhealthy-hosts, alb.no-healthy-hosts) would notify twice" in same
    assert same.endswith("name each target group once")
    # The first one counts the errors of the whole load balancer.
    assert (
        "4 alarms (alb.target-5xx, alb.target-5xx-rate, alb.latency-high, alb.latency-p99)" in part
    )
    assert "since target main watches all of it; for one load balancer" in part
    (part,) = doubles(alb={**second, "target_groups": {"api": OTHER}})
    assert "since target main watches all of it; for one load balancer" in part


def test_one_target_group_under_two_names() -> None:
    said = warned(f"alb.main.target_groups={{web: {GROUP}, api: {GROUP}}}")
    (warning,) = (one for one in said if "twice" in one)
    assert warning == (
        "django-ecs-monitoring:alb.main: 2 alarms (alb.unhealthy-hosts, alb.no-healthy-hosts) "
        "would notify twice, since two of them watch the same; name each target group once"
    )
