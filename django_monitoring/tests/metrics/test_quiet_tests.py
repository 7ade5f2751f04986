"""An application's own tests publish nothing, and can ask what was recorded."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.metrics.emf_lines import metric_documents
from tests.metrics.keeping import total
from tests.metrics.servers import PYTHONPATH

PROJECT = Path(__file__).parent / "tested_project"

RUNNERS = {
    "pytest": ["pytest", "-q", "-s", "-p", "no:cacheprovider", "--rootdir=."],
    "manage.py test": ["django", "test"],
}


def run(runner: list[str], settings: str, place: Path) -> bytes:
    """The output of the project's tests, which must pass."""
    # Elsewhere: here they would be among our own tests.
    project = place / PROJECT.name
    shutil.copytree(PROJECT, project)
    (project / "shop_tests.py").rename(project / "test_shop.py")
    done = subprocess.run(
        [sys.executable, "-m", *runner, PROJECT.name],
        cwd=place,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        | {
            "PYTHONPATH": f"{PYTHONPATH}{os.pathsep}{place}",
            "DJANGO_SETTINGS_MODULE": f"tested_project.{settings}",
        },
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    assert b"2 passed" in done.stdout or b"Ran 2 tests" in done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)
def test_a_test_run_publishes_nothing(runner: list[str], tmp_path: Path) -> None:
    assert b"_aws" not in run(runner, "settings", tmp_path)


@pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)
def test_a_test_run_publishes_where_it_is_to(runner: list[str], tmp_path: Path) -> None:
    output = run(runner, "settings_in_tests", tmp_path)
    # Between the dots of the runner.
    documents = metric_documents(output.replace(b'{"_aws"', b'\n{"_aws"'))
    # The requests outside of the captures: the one of the first test.
    assert total(documents, "Requests", Route="err_ors/buy/") == 1
    assert total(documents, "Requests") == 1
