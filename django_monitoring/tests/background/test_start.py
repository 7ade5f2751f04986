"""Workers whose settings are wrong: like a server, they do not start, and lose no task."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from django_monitoring.background import celery, django_tasks, start
from django_monitoring.conf import METRICS
from django_monitoring.recorder import recorder
from tests.background.workers import in_files

MISSING = 'DJANGO_MONITORING["SERVICE"] is missing: write the name under which the alarms know '
WRONG = 'DJANGO_MONITORING["INTERVAL"] is 90: write a number of seconds from 1 to 60'


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing has been told in this process."""
    monkeypatch.setattr(start, "_is_told", False)
    monkeypatch.delenv("DJANGO_MONITORING_SERVICE", raising=False)
    yield
    assert not recorder.is_active


@pytest.mark.parametrize(
    ("given", "words"), [({}, MISSING), ({"SERVICE": "shop", "INTERVAL": 90}, WRONG)]
)
def test_a_worker_of_a_project_that_measures_does_not_start(given: Any, words: str) -> None:
    with (
        override_settings(DJANGO_MONITORING=given, MIDDLEWARE=[METRICS]),
        pytest.raises(SystemExit) as ended,
    ):
        celery.worker_begins()
    assert str(ended.value).startswith(f"the worker does not start, as a server would not: {words}")


def test_a_worker_of_a_project_that_does_not_measure_starts_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with override_settings(DJANGO_MONITORING={}, MIDDLEWARE=[]):
        celery.worker_begins()
        celery.process_begins()
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert record.getMessage().startswith(f"nothing is recorded in this process: {MISSING}")


def test_a_worker_starts_where_metrics_are_not_enabled(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(DJANGO_MONITORING={"ENABLED": False}, MIDDLEWARE=[METRICS]):
        celery.worker_begins()
    assert caplog.records == []


def test_a_task_of_djangos_runs_in_any_case(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(DJANGO_MONITORING={}, MIDDLEWARE=[METRICS]):
        for _ in range(3):
            django_tasks.task_started()
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert MISSING in record.getMessage()


def test_celery_lets_the_refusal_through(tmp_path: Path) -> None:
    # Of other exceptions, its signals say in the log that a receiver has raised them.
    with in_files(tmp_path) as broker:
        done = subprocess.run(
            [sys.executable, "-m", "celery", "-A", "tests.background.celery_site", "worker"],
            env=broker.environment | {"SITE_SERVICE": ""},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"the worker does not start, as a server would not: {MISSING}" in done.stderr
