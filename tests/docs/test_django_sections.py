"""Sections of a stack's settings that the Django side's pages show are ones that settings take."""

import re
from pathlib import Path

import pytest
import yaml

from ecs_monitoring.rules import KINDS

PROJECT = Path(__file__).parents[2]

SECTIONS = [
    (page.name, block)
    for page in sorted(PROJECT.glob("docs/django*.md"))
    for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
]


def test_there_are_sections() -> None:
    assert {page for page, _ in SECTIONS} == {"django-health.md", "django-logs.md", "django.md"}


@pytest.mark.parametrize(("page", "block"), SECTIONS, ids=[page for page, _ in SECTIONS])
def test_a_section_has_targets_of_its_kind(page: str, block: str) -> None:
    ((key, targets),) = yaml.safe_load(block).items()
    (kind,) = (kind for kind in KINDS if key == f"django-ecs-monitoring:{kind.key}")
    assert targets
    for fields in targets.values():
        assert kind.target.model_validate(fields)
