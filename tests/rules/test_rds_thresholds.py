"""Databases: thresholds that are derived from engine, class and storage."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule, NoThreshold
from ecs_monitoring.rules import RDS
from ecs_monitoring.rules.plan import Plan

GIB = 2**30


@pytest.mark.parametrize(
    ("fields", "threshold"),
    [
        # 80 % of what is given.
        ({"max_connections": 200}, 160),
        ({"max_connections": 181}, 144.8),
        ({"max_connections": 1}, 0.8),
        # An estimate takes an eighth and 256 MiB off the nominal memory. PostgreSQL, 2 GiB:
        # 1,536 MiB = 1,610,612,736 bytes; / 9,531,392 = 168; x 0.8.
        ({"max_connections": None, "instance_class": "db.t4g.small"}, 134.4),
        # 1 GiB: 640 MiB = 671,088,640 bytes; PostgreSQL / 9,531,392 = 70.
        ({"max_connections": None, "instance_class": "db.t4g.micro"}, 56),
        # MySQL, / 12,582,880 = 53.
        (
            {"max_connections": None, "instance_class": "db.t3.micro", "engine": "mysql"},
            42.4,
        ),
        # MariaDB, 16 GiB: 14,080 MiB = 14,763,950,080 bytes; / 25,165,760 = 586; from 10.5 on.
        (
            {"max_connections": None, "instance_class": "db.r5.large", "engine": "mariadb"},
            468.8,
        ),
        # MariaDB 10.4, / 12,582,880 = 1,173.
        (
            {
                "max_connections": None,
                "instance_class": "db.r5.large",
                "engine": "mariadb",
                "engine_version": "10.4.34",
            },
            938.4,
        ),
        # PostgreSQL stops at 5,000: 128 GiB would be 12,587.
        ({"max_connections": None, "instance_class": "db.r6g.4xlarge"}, 4000),
    ],
)
def test_connections_run_out_at_80_percent(
    fields: Mapping[str, Any], threshold: float, rule_of: Callable[..., AlarmRule]
) -> None:
    assert rule_of("rds.connections-high", **fields).threshold == pytest.approx(threshold)


def test_the_description_says_where_the_limit_comes_from(
    rule_of: Callable[..., AlarmRule],
) -> None:
    explicit = rule_of("rds.connections-high", max_connections=200).description
    assert "80 % of max_connections (200)" in explicit
    assert "estimate" not in explicit
    estimated = rule_of("rds.connections-high", max_connections=None).description
    assert "estimated" in estimated
    assert "postgres on db.t4g.small" in estimated
    assert "SHOW max_connections" in estimated


@pytest.mark.parametrize(
    ("instance_class", "memory", "load"),
    # Memory and vCPUs of the classes:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
    [
        ("db.t4g.micro", 1 * GIB, 2),
        ("db.t3.medium", 4 * GIB, 2),
        ("db.m6g.xlarge", 16 * GIB, 4),
        ("db.r7g.2xlarge", 64 * GIB, 8),
        ("db.x2g.large", 32 * GIB, 2),
        ("db.m7i.24xlarge", 384 * GIB, 96),
    ],
)
def test_memory_and_load_follow_the_class(
    instance_class: str, memory: int, load: int, rule_of: Callable[..., AlarmRule]
) -> None:
    low = rule_of("rds.memory-low", instance_class=instance_class)
    assert low.threshold == pytest.approx(memory / 10)
    assert rule_of("rds.db-load", instance_class=instance_class).threshold == load


@pytest.mark.parametrize(("gib", "threshold"), [(100, 10 * GIB), (20, 2 * GIB), (1, GIB / 10)])
def test_storage_is_low_at_a_tenth(
    gib: int, threshold: float, rule_of: Callable[..., AlarmRule]
) -> None:
    assert rule_of("rds.storage-low", allocated_storage_gib=gib).threshold == pytest.approx(
        threshold
    )


UNDERIVABLE: list[tuple[Mapping[str, Any], set[tuple[str, str]]]] = [
    ({"allocated_storage_gib": None}, {("rds.storage-low", "allocated_storage_gib")}),
    (
        {"max_connections": None, "engine": "aurora-mysql", "instance_class": "db.r7g.large"},
        {("rds.connections-high", "max_connections")},
    ),
    (
        {"max_connections": None, "engine": "sqlserver-se"},
        {("rds.connections-high", "max_connections")},
    ),
    (
        {"instance_class": "db.x9.huge"},
        {("rds.memory-low", "instance_class"), ("rds.db-load", "instance_class")},
    ),
    (
        {"max_connections": None, "instance_class": "db.x9.huge"},
        {
            ("rds.connections-high", "instance_class"),
            ("rds.memory-low", "instance_class"),
            ("rds.db-load", "instance_class"),
        },
    ),
]


@pytest.mark.parametrize(("fields", "expected"), UNDERIVABLE)
def test_where_a_number_cannot_be_derived_the_setting_is_named(
    fields: Mapping[str, Any], expected: set[tuple[str, str]], plan_of: Callable[..., Plan]
) -> None:
    problems = list(plan_of(RDS, **fields).problems)
    assert {(rule.key, problem.field) for rule, problem in problems} == expected
    assert all(isinstance(rule.threshold, NoThreshold) for rule, _ in problems)


def test_an_unknown_class_is_answered_with_the_nearest_ones(plan_of: Callable[..., Plan]) -> None:
    problems = plan_of(RDS, instance_class="db.t4g.smal").problems
    messages = {problem.message for _, problem in problems}
    assert messages
    assert all("db.t4g.small" in message for message in messages)


@pytest.mark.parametrize("cure", [{"threshold": 7.0}, {"enabled": False}], ids=["number", "off"])
@pytest.mark.parametrize(("fields", "expected"), UNDERIVABLE)
def test_a_number_of_ones_own_or_switching_off_cures_it(
    cure: Mapping[str, Any],
    fields: Mapping[str, Any],
    expected: set[tuple[str, str]],
    plan_of: Callable[..., Plan],
) -> None:
    overrides = {key: AlarmOverride(**cure) for key, _ in expected}
    plan = plan_of(RDS, overrides=overrides, **fields)
    assert list(plan.problems) == []
    made = {rule.key: rule.threshold for rule in plan.rules}
    for key in overrides:
        assert made.get(key) == cure.get("threshold")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"engine": "postgresql"}, 'did you mean "postgres"'),
        ({"engine": "PostgreSQL"}, "is no RDS engine"),
        ({"instance_class": "t4g.small"}, "pattern"),
        ({"allocated_storage_gib": 0}, "greater than or equal to 1"),
        ({"max_connections": 0}, "greater than or equal to 1"),
        ({"instance": " django-db"}, "blanks around"),
        ({"instance": ""}, "characters"),
        ({"storage": 5}, "Extra inputs"),
    ],
)
def test_a_database_that_cannot_be(
    fields: Mapping[str, Any], words: str, target_of: Callable[..., Any]
) -> None:
    with pytest.raises(ValidationError, match=words):
        target_of(RDS, **fields)
