"""A made-up rule is added to a copy of the project by the steps that CONTRIBUTING.md names."""

import shutil
import subprocess
import sys
from pathlib import Path

from stack.config import PROJECT
from tests.adding.copied import PACKAGE, alarms_of, environment, insert, preview
from tools.copies import copied

SHEET = """SWAP_USAGE: Final = _metric(
    name="SwapUsage",
    unit=Unit.BYTES,
    endless="how much swap an instance has is not published",
    usual=Usual(10 * MEBIBYTE, noise=100_000),
)
"""
ROW = """    _Rule(
        "rds.swap-high",
        Severity.WARNING,
        "Database swaps",
        on=metrics.SWAP_USAGE.average,
        when=above(256 * 1024**2),
        held="5 of 5 x 60 s",
        means="{where} swaps; look first at its memory and its connections.",
    ),
"""


def add_rule(project: Path, row: str = ROW) -> None:
    insert(project / PACKAGE / "catalog/metrics/rds.py", "REPLICA_LAG: Final", SHEET)
    insert(project / PACKAGE / "rules/rds.py", '    _Rule(\n        "rds.replica-lag"', row)


def test_a_sheet_and_a_row_are_enough(project: Path) -> None:
    add_rule(project)
    alarms = alarms_of(preview(project, "--json"))
    (alarm,) = [a for a in alarms if a["inputs"]["tags"]["AlarmKey"] == "rds.swap-high"]
    inputs = alarm["inputs"]
    assert inputs["name"] == "django-ecs-monitoring-prod-rds-main-swap-high"
    assert inputs["dimensions"] == {"DBInstanceIdentifier": "django-db"}
    assert (inputs["threshold"], inputs["tags"]["Unit"]) == (268_435_456, "Bytes")
    assert inputs["alarmDescription"].startswith("Database swaps: database django-db swaps;")
    words = preview(project).stdout
    assert "SwapUsage Average > 256 MiB" in " ".join(words.split())


def test_no_test_has_to_be_edited(project: Path) -> None:
    add_rule(project)
    for name in ("tests", "docs", "sandbox"):
        copied(PROJECT / name, project / name)
    shutil.copy(PROJECT / "pyproject.toml", project)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider"),
            *("tests/catalog", "tests/rules"),
        ],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_a_threshold_outside_the_sheets_bounds_is_refused(project: Path) -> None:
    add_rule(project, ROW.replace("above(256 * 1024**2)", "above(-1)"))
    done = preview(project)
    assert done.returncode != 0
    assert "would always be on, since SwapUsage Average is at least 0 bytes" in done.stderr
