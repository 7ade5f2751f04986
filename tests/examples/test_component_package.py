"""The component package by itself: its wheel, in a program with modules of its own."""

import json
import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stack.config import PROJECT

EXAMPLE: Final = PROJECT / "examples" / "components" / "python"
NEEDED: Final = {"pulumi", "pulumi-aws", "pydantic"}

# Runs the program as Pulumi's own unit tests do, and says what it registered and imported.
RUN: Final = """
import asyncio, json, runpy, sys
import pulumi

class Aws(pulumi.runtime.Mocks):
    def new_resource(self, args):
        found.append([args.typ, args.name])
        return f"{args.name}-id", {**args.inputs, "arn": f"arn:{args.name}"}
    def call(self, args):
        return {"region": "eu-west-1", "accountId": "123456789012", "partition": "aws"}

found = []
pulumi.runtime.set_mocks(Aws(), project="shop", stack="prod")

@pulumi.runtime.test
def run():
    runpy.run_path("__main__.py", run_name="__main__")

run()
files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
print(json.dumps({"found": found, "files": files}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "components"
    # A copy, so that the build leaves nothing in the repository.
    subprocess.run(["cp", "-r", str(PROJECT / "components"), str(source)], check=True)
    _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def ran(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The example program with the installed wheel: what it registered and imported."""
    target = tmp_path_factory.mktemp("installed")
    _pip("install", "--no-deps", "--target", str(target), str(wheel))
    run = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=EXAMPLE,
        env={"PYTHONPATH": f"{EXAMPLE}:{target}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return {**found, "target": str(target)}


def _pip(*args: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *args]
    subprocess.run(command, check=True, capture_output=True)


def test_the_wheel_needs_three_packages_and_brings_its_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (described,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        headers = Parser().parsestr(archive.read(described).decode())
    required = [Requirement(line) for line in headers.get_all("Requires-Dist", [])]
    assert {canonicalize_name(found.name) for found in required} == NEEDED
    assert {name.partition("/")[0] for name in names} == {
        "ecs_monitoring",
        described.partition("/")[0],
    }
    files = {
        path.relative_to(PROJECT / "components").as_posix()
        for path in (PROJECT / "components" / "ecs_monitoring").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert files <= set(names)


def test_a_program_with_rules_and_settings_of_its_own_runs(ran: dict[str, Any]) -> None:
    alarms = [name for kind, name in ran["found"] if kind.endswith(":MetricAlarm")]
    assert sorted(alarms) == [
        "ecs.web-cpu-high",
        "ecs.web-memory-high",
        "ecs.web-tasks-low",
        "ecs.worker-memory-high",
        "ecs.worker-tasks-low",
    ]
    assert "aws:cloudwatch/dashboard:Dashboard" in {kind for kind, _ in ran["found"]}
    assert ran["files"]["rules"] == str(EXAMPLE / "rules" / "__init__.py")
    assert ran["files"]["settings"] == str(EXAMPLE / "settings" / "__init__.py")


def test_nothing_else_is_imported(ran: dict[str, Any]) -> None:
    """Neither this repository's modules nor a package that the three do not bring."""
    files = {name: file for name, file in ran["files"].items() if file}
    assert files["ecs_monitoring"].startswith(ran["target"])
    ours = {name for name, file in files.items() if file.startswith(str(PROJECT) + "/")}
    # The virtual environment may stand in the repository.
    ours = {name for name in ours if "site-packages" not in files[name]}
    assert {name.partition(".")[0] for name in ours} == {"rules", "settings"}
    by_module = metadata.packages_distributions()
    used = {
        canonicalize_name(distribution)
        for name, file in files.items()
        if "site-packages" in file
        for distribution in by_module.get(name.partition(".")[0], ())
    }
    assert used
    # Setuptools puts itself in the way of distutils, wherever it is installed.
    assert used - {"setuptools"} <= _brought()


def _brought() -> set[str]:
    """The needed packages and all that they need themselves."""
    found: set[str] = set()
    left = set(NEEDED)
    while left:
        name = left.pop()
        found.add(name)
        for line in metadata.requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                left |= {canonicalize_name(needed.name)} - found
    return found
