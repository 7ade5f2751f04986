"""Whoever adopts the project writes stack files of their own, and its tests stay green.

On copies of the project: names changed as README.md says, and stacks and project of one's own.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.config import PROJECT, STACKS_VARIABLE
from tools.copies import copied

# Tests of what reads a stack: its files, its settings, its commands, its docs. What more there is
# reads the example's stacks by the same function.
AFFECTED = (
    "tests/stacks/test_prod_alarms.py",
    "tests/stacks/test_staging_alarms.py",
    "tests/settings/test_declared.py",
    "tests/settings/test_stack_config.py",
    "tests/review/test_program.py",
    "tests/review/test_overrides.py",
    "tests/account/coverage/test_declared.py",
    "tests/account/coverage/test_advice.py",
    "tests/docs",
)

# Of the services, the load balancer, the database, the log group and the application.
SCENARIOS = ("bad-deployment", "tasks-crash", "slow-database", "requests-hang")


def names_changed(project: Path) -> str:
    """Other names in the file that is there, the target's own too; returns the stack."""
    path = project / "Pulumi.prod.yaml"
    text = path.read_text(encoding="utf-8")
    changed = (
        text.replace("    web:\n      cluster:", "    api:\n      cluster:")
        .replace("service: django-app-service", "service: shop-api")
        .replace("instance: django-db", "instance: shop-db")
    )
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    return "prod"


def stacks_of_ones_own(project: Path) -> str:
    """README.md's own settings as the one stack of a project with another name."""
    for path in project.glob("Pulumi.*.yaml"):
        path.unlink()
    readme = (project / "README.md").read_text(encoding="utf-8")
    _, _, chapter = readme.partition("\n## Watch your own service\n")
    (settings,) = re.findall(r"```yaml\n(config:\n.+?)```", chapter, re.DOTALL)
    live = settings.replace("django-ecs-monitoring:", "shop-monitoring:")
    (project / "Pulumi.live.yaml").write_text(live, encoding="utf-8")
    file = project / "Pulumi.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^name: .+$", "name: shop-monitoring", text), encoding="utf-8")
    return "live"


def adopted(folder: Path, adopt: Callable[[Path], str]) -> tuple[Path, str]:
    """A copy of the project with stack files of one's own, and one of its stacks."""
    project = folder / "project"
    copied(PROJECT, project)
    return project, adopt(project)


def python(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Python in a copy, as somebody runs it there."""
    environment = {name: v for name, v in os.environ.items() if name != STACKS_VARIABLE}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**environment, "PYTHONPATH": f"{project}:{project / 'components'}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_projects_tests_stay_green(tmp_path: Path) -> None:
    project, _ = adopted(tmp_path, stacks_of_ones_own)
    tests = python(project, "-m", "pytest", "-q", "-x", "-m", "not slow", *AFFECTED)
    assert tests.returncode == 0, tests.stdout[-3000:] + tests.stderr
    assert "failed" not in tests.stdout


@pytest.mark.parametrize("adopt", [names_changed, stacks_of_ones_own])
def test_the_stacks_that_are_there_are_tried(tmp_path: Path, adopt: Callable[[Path], str]) -> None:
    project, stack = adopted(tmp_path, adopt)
    preview = python(project, "-m", "ops", "preview", stack)
    assert preview.returncode == 0, preview.stderr
    assert f"-monitoring/{stack}" in preview.stdout
    # Names change what scenarios find, not how they go: some of every kind's say as much as all.
    some = [word for name in SCENARIOS for word in ("--scenario", name)]
    sandbox = python(project, "-m", "sandbox", stack, "--engine", "process", *some)
    assert sandbox.returncode == 0, sandbox.stdout[-3000:] + sandbox.stderr
    assert "0 differences" in sandbox.stdout
