"""Pulumi.yaml declares the sections that the settings know, and the stack files use no others."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules.alb_target import AlbTarget
from ecs_monitoring.rules.app_target import AppTarget
from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.health import HealthTarget
from ecs_monitoring.rules.log_target import LogTarget
from ecs_monitoring.rules.rds_target import RdsTarget
from settings import Settings
from settings.alerts import AlertSettings
from settings.events import EventSettings
from settings.model import DashboardSettings
from settings.new_relic import NewRelicSettings
from settings.review import ReviewSettings
from stack.config import EXAMPLES, PROJECT, stacks


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


DECLARED: dict[str, dict[str, Any]] = read(PROJECT / "Pulumi.yaml")["config"]

FIELDS: dict[str, list[str]] = {
    "ecs": list(EcsTarget.model_fields),
    "alb": list(AlbTarget.model_fields),
    "rds": list(RdsTarget.model_fields),
    "logs": list(LogTarget.model_fields),
    "app": list(AppTarget.model_fields),
    "health": list(HealthTarget.model_fields),
    "alerts": list(AlertSettings.model_fields),
    "events": list(EventSettings.model_fields),
    "dashboard": list(DashboardSettings.model_fields),
    "new_relic": list(NewRelicSettings.model_fields),
    "review": list(ReviewSettings.model_fields),
    "alarms": [name for name in AlarmOverride.__dataclass_fields__ if not name.startswith("_")],
}


TEXTS = {"permissions_boundary", "runbooks"}


def test_every_section_is_declared_and_nothing_else() -> None:
    assert set(DECLARED) == set(Settings.model_fields)


@pytest.mark.parametrize("section", DECLARED)
def test_a_declaration_has_a_type_and_a_description(section: str) -> None:
    expected = "string" if section in TEXTS else "object"
    assert DECLARED[section]["type"] == expected
    assert len(DECLARED[section]["description"]) > 20


@pytest.mark.parametrize("section", DECLARED)
def test_a_declared_default_is_that_of_the_settings(section: str) -> None:
    default = Settings.model_fields[section].default
    is_model = section in ("alerts", "dashboard", "events", "review")
    nothing: Any = "" if section in TEXTS else {}
    plain = default.model_dump(exclude_defaults=True) if is_model else default or nothing
    assert DECLARED[section]["default"] == plain


@pytest.mark.parametrize("section", FIELDS)
def test_a_description_names_every_field(section: str) -> None:
    words = re.findall(r"\w+", DECLARED[section]["description"])
    assert set(FIELDS[section]) - set(words) == set()


def test_sections_with_fields_are_all_but_plain_ones() -> None:
    assert set(DECLARED) - set(FIELDS) == {"tags", *TEXTS}


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_a_stack_file_uses_declared_sections_alone(stack: str) -> None:
    project = read(EXAMPLES / "Pulumi.yaml")["name"]
    keys = set(read(EXAMPLES / f"Pulumi.{stack}.yaml")["config"])
    assert keys - {"aws:region"} <= {f"{project}:{section}" for section in DECLARED}
    assert "aws:region" in keys


def test_both_stacks_are_tested_here() -> None:
    assert stacks(EXAMPLES) == ["prod", "staging"]
