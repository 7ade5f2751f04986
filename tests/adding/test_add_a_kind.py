"""A made-up kind is added to a copy of the project by the steps that CONTRIBUTING.md names."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stack.config import PROJECT

MADE_UP = Path(__file__).parent / "queue"
PACKAGE = "components/ecs_monitoring"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the program and its preview are made of, as a copy to change."""
    for name in ("components", "settings", "stack", "account", "history", "replay", "ops"):
        shutil.copytree(
            PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copytree(PROJECT / "examples/stacks", tmp_path / "examples/stacks")
    shutil.copy(PROJECT / "examples/stacks/Pulumi.prod.yaml", tmp_path)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(PROJECT / name, tmp_path)
    return tmp_path


def insert(path: Path, before: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, f"{line}{before}", 1), encoding="utf-8")


def add_rules(project: Path) -> None:
    """The sheet, the rules, and the kind in the one list of kinds."""
    shutil.copy(MADE_UP / "metrics.py", project / PACKAGE / "catalog/metrics/queue.py")
    shutil.copy(MADE_UP / "rules.py", project / PACKAGE / "rules/queue.py")
    kinds = project / PACKAGE / "rules/__init__.py"
    insert(
        kinds,
        "from ecs_monitoring.rules.rds import",
        "from ecs_monitoring.rules.queue import QUEUE\n",
    )
    insert(kinds, "APP, HEALTH)\n", "QUEUE, ")


def add_component(project: Path) -> None:
    """The component, and its import."""
    shutil.copy(MADE_UP / "component.py", project / PACKAGE / "queues.py")
    insert(
        project / PACKAGE / "__init__.py",
        "from ecs_monitoring.rds import",
        "from ecs_monitoring.queues import QueueMonitoring, QueueMonitoringArgs, QueueTargetArgs\n",
    )


def preview(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops", "preview", "prod", *arguments]
    paths = f"{project}:{project / 'components'}"
    return subprocess.run(
        command,
        cwd=project,
        env={"PYTHONPATH": paths, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def resources(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    registered: list[dict[str, Any]] = json.loads(done.stdout)["resources"]
    return sorted(registered, key=lambda resource: resource["urn"])


def test_a_made_up_kind_is_watched(project: Path) -> None:
    add_rules(project)
    add_component(project)
    done = preview(project, "--set", "queue.work.queue=celery", "--json")
    (alarm,) = [r for r in resources(done) if r["inputs"].get("namespace") == "AWS/SQS"]
    assert alarm["inputs"]["dimensions"] == {"QueueName": "celery"}
    assert alarm["inputs"]["threshold"] == 1000
    tags = alarm["inputs"]["tags"]
    assert (tags["AlarmKey"], tags["Target"], tags["Unit"]) == ("queue.backlog", "work", "Count")


def test_a_kind_whose_component_is_forgotten_is_an_error(project: Path) -> None:
    add_rules(project)
    done = preview(project, "--set", "queue.work.queue=celery")
    assert done.returncode != 0
    assert "no component watches the kind queue" in done.stdout + done.stderr


def test_a_kind_without_a_target_changes_nothing(project: Path) -> None:
    before = resources(preview(project, "--json"))
    add_rules(project)
    assert resources(preview(project, "--json")) == before
