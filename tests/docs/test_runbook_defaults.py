"""docs/runbooks.md against the rules: links, and overrides to copy."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.cloudwatch.rule_problems import rule_problems
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.plan import RUNBOOKS, Scope

PAGE = Path(__file__).parents[2] / RUNBOOKS
TEXT = PAGE.read_text(encoding="utf-8")

# One target a kind, with numbers of which a share is easily told.
TARGETS: Mapping[str, Mapping[str, Any]] = {
    "ecs": {"cluster": "c", "service": "s", "container_insights": True, "min_running_tasks": 2},
    "alb": {
        "load_balancer": "app/django-alb/1234567890",
        "target_groups": {"web": "targetgroup/django-tg/0123456789abcdef"},
    },
    "rds": {
        "instance": "django-db",
        "engine": "postgres",
        # 2 GiB, two vCPUs.
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 100,
        "max_connections": 100,
        "read_replica": True,
        "performance_insights": True,
    },
    "logs": {"group": "/ecs/django-app"},
    "app": {"service": "s", "background_tasks": True},
    "health": {"url": "https://www.example.com/"},
}

# What no single target has: each of these fields beside, or instead of, those above.
FURTHER: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "ecs": ({"minimum_healthy_percent": 50},),
    "rds": (
        {"storage_type": "gp2"},
        {"storage_type": "gp3"},
        {"engine": "aurora-postgresql", "instance_class": "db.r6g.large"},
        {
            "engine": "aurora-postgresql",
            "instance_class": "db.serverless",
            "min_acu": 0.5,
            "max_acu": 16,
        },
    ),
}


def rules(overrides: Mapping[str, AlarmOverride]) -> dict[str, AlarmRule]:
    """The rules of these targets, by key."""
    found: dict[str, AlarmRule] = {}
    for kind in KINDS:
        scope = Scope(project="shop", stack="prod", component=kind.key)
        for fields_ in ({}, *FURTHER.get(kind.key, ())):
            target = kind.target.model_validate({**TARGETS[kind.key], **fields_})
            planned = kind.plan(scope, "web", target, overrides).rules
            found.update({r.key: r for r in planned if r.key not in found})
    return found


KEYS = [key for kind in KINDS for key in kind.keys]
DEFAULTS = rules({key: AlarmOverride(enabled=True) for key in KEYS})


def test_there_is_a_rule_for_every_key() -> None:
    assert sorted(DEFAULTS) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_runbook_link_of_a_rule_leads_to_its_section(key: str) -> None:
    page, _, anchor = DEFAULTS[key].runbook.partition("#")
    assert page == RUNBOOKS
    # GitHub lowers a heading and drops its dots.
    assert anchor == key.lower().replace(".", "")
    assert f"\n## {key}\n" in TEXT


def overrides_in_the_text() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each override that a section offers to copy, with the key of the rule it is for."""
    for section in TEXT.split("\n## ")[1:]:
        heading = section.partition("\n")[0]
        for key, body in re.findall(r"`(?:([\w.-]+)@<target>: )?(\{[a-z_]+: [^`<]+\})`", section):
            yield key or heading, yaml.safe_load(body)


def test_overrides_to_copy_are_found() -> None:
    assert len(list(overrides_in_the_text())) >= 20


@pytest.mark.parametrize(("key", "written"), list(overrides_in_the_text()))
def test_overrides_to_copy_are_valid(key: str, written: dict[str, Any]) -> None:
    assert key in KEYS
    changed = rules({key: TypeAdapter(AlarmOverride).validate_python(written)})
    if written.get("enabled", True):
        assert list(rule_problems(changed[key])) == []
        assert changed[key] != DEFAULTS[key]
    else:
        assert key not in changed


def test_overridable_fields_are_listed() -> None:
    (listed,) = re.findall(r"^Overridable fields: (.+?)\. ", TEXT, re.MULTILINE)
    assert re.findall(r"`(\w+)`", listed) == [field.name for field in fields(AlarmOverride)]
