"""How far each number and text of a target goes: the last that is taken, and the first that is not.

The limits are AWS's; the models name their pages.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from ecs_monitoring.rules import ALB, ECS, LOGS, RDS
from ecs_monitoring.rules.health import HealthTarget
from ecs_monitoring.rules.mute import Mute
from ecs_monitoring.rules.plan import Kind

SERVERLESS: Mapping[str, Any] = {
    "engine": "aurora-postgresql",
    "instance_class": "db.serverless",
    "allocated_storage_gib": None,
}
IO2: Mapping[str, Any] = {"storage_type": "io2"}
GP3: Mapping[str, Any] = {"storage_type": "gp3"}
UNKNOWN: Mapping[str, Any] = {"allocated_storage_gib": None}


def own(**fields: Any) -> dict[str, Any]:
    return {"own": {"pattern": "?x", **fields}}


# Kind, field, fields beside it, the least and the most that it takes, and the next ones.
NUMBERS: list[tuple[Kind[Any], str, Mapping[str, Any], tuple[float, float], list[float]]] = [
    (ECS, "min_running_tasks", {}, (0, 5000), [-1, 5001]),
    (ECS, "minimum_healthy_percent", {}, (0, 100), [-1, 101]),
    # 256 TiB with all its volumes: 256 x 1,024 GiB.
    (RDS, "allocated_storage_gib", {}, (1, 262_144), [0, 262_145]),
    (RDS, "max_allocated_storage_gib", UNKNOWN, (1, 262_144), [0, 262_145]),
    # PostgreSQL's own limit is 2^18 - 1.
    (RDS, "max_connections", {}, (1, 262_143), [0, 262_144]),
    (RDS, "iops", IO2, (1000, 256_000), [999, 256_001]),
    (RDS, "iops", GP3, (3000, 256_000), [2999]),
    (RDS, "storage_throughput_mibps", GP3, (125, 4000), [124, 4001]),
    # Half-steps.
    (RDS, "min_acu", SERVERLESS, (0, 256), [-0.5, 0.25, 256.5]),
    (RDS, "max_acu", SERVERLESS, (1, 256), [0.5, 1.25, 256.5]),
]


@pytest.mark.parametrize(
    ("kind", "name", "beside", "taken", "refused"),
    NUMBERS,
    ids=[f"{kind.key}.{name}" for kind, name, *_ in NUMBERS],
)
def test_a_number_is_taken_from_here_to_there(
    kind: Kind[Any],
    name: str,
    beside: Mapping[str, Any],
    taken: tuple[float, float],
    refused: list[float],
    target_of: Callable[..., Any],
) -> None:
    for value in taken:
        assert getattr(target_of(kind, **beside, **{name: value}), name) == value
    for value in refused:
        with pytest.raises(ValidationError):
            target_of(kind, **beside, **{name: value})


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTIONS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def test_log_events_are_kept_for_as_long_as_aws_offers(target_of: Callable[..., Any]) -> None:
    for days in RETENTIONS:
        assert target_of(LOGS, retention_days=days).retention_days == days
    with pytest.raises(ValidationError) as refusal:
        target_of(LOGS, retention_days=2)
    assert f"write one of {', '.join(map(str, RETENTIONS))} (days)" in str(refusal.value)


def test_a_pattern_counts_from_one_event_on(target_of: Callable[..., Any]) -> None:
    assert target_of(LOGS, patterns=own(threshold=1)).patterns["own"].threshold == 1
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        target_of(LOGS, patterns=own(threshold=0.5))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"patterns": {"p" * 65: {"pattern": "?x"}}},
            f"name '{'p' * 65}' has 65 characters: alarm names have room for 64 of them",
        ),
        (
            {"patterns": {"a b": {"pattern": "?x"}}},
            "name 'a b': write letters, digits, _ and single hyphens",
        ),
        (
            {"patterns": {"errors": {"pattern": "?x"}}},
            "name 'errors' is one of the built-in patterns: choose another name (built in: errors, "
            "exceptions, database-errors, security, workers-killed), or change that one in "
            "built_in",
        ),
        (
            {"built_in": {"error": "?x"}},
            "name 'error' is no built-in pattern: write one of errors, exceptions, "
            "database-errors, security, workers-killed, or add a pattern of your own to patterns",
        ),
        ({"built_in": {"errors": " "}}, "is no filter pattern for an alarm: "),
    ],
)
def test_a_pattern_that_cannot_be_called_so(
    fields: Mapping[str, Any], says: str, target_of: Callable[..., Any]
) -> None:
    assert target_of(LOGS, patterns={"p" * 64: {"pattern": "?x"}})
    with pytest.raises(ValidationError) as refusal:
        target_of(LOGS, **fields)
    assert f"Value error, {says}" in str(refusal.value)


@pytest.mark.parametrize(
    ("model", "fields", "name", "most", "text"),
    [
        (Mute, {"duration": "2h", "schedule": "cron(0 2 * * *)"}, "target", 128, "{}"),
        (Mute, {"duration": "2h", "schedule": "cron(0 2 * * *)"}, "description", 500, "{}"),
        (HealthTarget, {}, "url", 255, "https://{}/"),
        # The slash counts, too.
        (HealthTarget, {}, "url", 254, "https://example.com/{}"),
    ],
)
def test_a_text_is_taken_up_to(
    model: type[BaseModel], fields: Mapping[str, Any], name: str, most: int, text: str
) -> None:
    # A host has a dot.
    filling = "x." + "x" * (most - 2)
    assert getattr(model.model_validate({**fields, name: text.format(filling)}), name)
    with pytest.raises(ValidationError):
        model.model_validate({**fields, name: text.format(filling + "x")})


@pytest.mark.parametrize(
    ("written", "is_taken"),
    [
        ("app/a/0", True),
        (f"app/{'a' * 32}/0123456789abcdef", True),
        (f"app/{'a' * 33}/0123456789abcdef", False),
        ("app/a-/0", False),
        ("app/-a/0", False),
        ("app/internal-a/0", False),
        ("app/a_b/0", False),
        ("app/a/0g", False),
        ("net/a/0", False),
        ("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/0", True),
        ("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/a/0", False),
        ("arn:aws:ecs:eu-west-1:123456789012:loadbalancer/app/a/0", False),
    ],
)
def test_the_names_of_load_balancers(
    written: str, is_taken: bool, target_of: Callable[..., Any]
) -> None:
    if is_taken:
        made = target_of(ALB, load_balancer=written).load_balancer
        assert made == written.rpartition("loadbalancer/")[2]
    else:
        with pytest.raises(ValidationError, match="is no application load balancer: write app/"):
            target_of(ALB, load_balancer=written)
