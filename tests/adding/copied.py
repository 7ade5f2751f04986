"""A copy of the project, to add something to and to preview."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.components.registered import ALARM

PACKAGE = "components/ecs_monitoring"


def insert(path: Path, before: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, f"{line}{before}", 1), encoding="utf-8")


def environment(project: Path) -> dict[str, str]:
    return {"PYTHONPATH": f"{project}:{project / 'components'}", "PATH": ""}


def preview(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops", "preview", "prod", *arguments]
    return subprocess.run(
        command,
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        check=False,
    )


def resources(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    registered: list[dict[str, Any]] = json.loads(done.stdout)["resources"]
    return sorted(registered, key=lambda resource: resource["urn"])


def alarms_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [resource for resource in resources(done) if resource["type"] == ALARM]
