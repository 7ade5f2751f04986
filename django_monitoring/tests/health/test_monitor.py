"""All checks of a process: when they begin, what they say together, and forks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from django_monitoring.health import HealthSettings
from django_monitoring.health.checks import CheckSettings
from django_monitoring.health.kinds import CALL, DATABASE
from django_monitoring.health.monitor import Monitor, Report
from django_monitoring.health.process import process_monitor
from django_monitoring.paths import health_paths
from tests.waiting import until

SETTINGS = HealthSettings(
    checks=(
        CheckSettings("database", DATABASE, "default", deadline=0.5, interval=2),
        CheckSettings("search", CALL, "platform.node", deadline=0.5, interval=2),
        # A monitor leaves it alone, so it need not exist.
        CheckSettings("worker", CALL, "no.such.function", command_only=True),
    ),
    paths=health_paths({}),
    unhealthy_status=500,
)
NOTHING = HealthSettings((), health_paths({}), 500)
GOOD = Report(True, {"database": "connected", "search": "ok"})
NOT_YET = Report(False, {"database": "unknown", "search": "unknown"})


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor(SETTINGS)
    yield monitor
    monitor.stop()


def test_it_begins_by_itself(monitor: Monitor) -> None:
    monitor.start()
    assert monitor.report() == NOT_YET
    until(lambda: monitor.report() == GOOD)


def test_the_first_request_begins_it_at_once(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_monitoring.health.monitor._HEAD_START", 3600)
    monitor.start()
    monitor.serve()
    until(lambda: monitor.report() == GOOD)


def test_a_report_begins_what_does_not_run(monitor: Monitor) -> None:
    until(lambda: monitor.report() == GOOD)


def test_one_failure_makes_all_unhealthy(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: False)
    monitor = Monitor(SETTINGS)
    monitor.serve()
    until(lambda: "unknown" not in monitor.report().words.values())
    assert monitor.report() == Report(False, {"database": "connected", "search": "failed"})
    monitor.stop()


def test_nothing_to_check_is_healthy() -> None:
    assert Monitor(NOTHING).report() == Report(True, {})


def test_no_more_threads_are_no_exception(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr("threading.Thread.start", refuse)
        monitor.serve()
        assert monitor.report() == NOT_YET
    until(lambda: monitor.report() == GOOD)


def test_a_process_has_one() -> None:
    first = process_monitor(SETTINGS)
    assert process_monitor(SETTINGS) is first
    other = process_monitor(NOTHING)
    assert other is not first
    first.stop()


FORKS = """
import os, threading, time
import django
from django.conf import settings
database = {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
settings.configure(DATABASES={{"default": database}})
django.setup()
from django_monitoring.health import health_settings
from django_monitoring.health.process import process_monitor

def threads():
    return [t.name for t in threading.enumerate() if t.name.startswith("health-")]

monitor = process_monitor(health_settings())
{before}
child = os.fork()
time.sleep(1.5)
# One write a line: print writes the newline by itself, and both processes write here.
name = "child" if child == 0 else "parent"
os.write(1, f"{{name}} {{threads()}}\\n".encode())
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
"""


def forked(before: str, *options: str) -> set[str]:
    """What parent and child print a moment after a fork."""
    done = subprocess.run(
        [sys.executable, *options, "-c", FORKS.format(before=before)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr == ""
    return set(done.stdout.splitlines())


def test_a_master_rests_and_its_workers_begin() -> None:
    # From Python 3.12 on, a fork in a process with several threads gives this warning.
    printed = forked("", "-W", "error::DeprecationWarning")
    assert printed == {"child ['health-database']", "parent []"}


def test_children_of_a_process_that_serves_do_not_begin() -> None:
    printed = forked("monitor.serve(); time.sleep(0.3)", "-W", "ignore")
    assert printed == {"child []", "parent ['health-database']"}
