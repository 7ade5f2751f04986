"""``manage.py health``: what it prints, its exit status, and its use in a container."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from django_monitoring.management.commands.health import Command
from tests.health.postgres import free_port

WORKING = {"CALL": "platform.node"}
FAILING = {"CALL": "platform.processor"}
ONLY_NAMED = {"CALL": "platform.machine", "COMMAND_ONLY": True}


def health(*arguments: str, checks: Mapping[str, Any] | None = None) -> tuple[int, str]:
    """Exit status and output."""
    given = {"HEALTH": {"CHECKS": checks or {"node": WORKING}}}
    output = StringIO()
    with override_settings(DJANGO_MONITORING=given):
        try:
            call_command("health", *arguments, stdout=output)
        except SystemExit as end:
            return int(str(end.code)), output.getvalue()
        except CommandError as error:
            return error.returncode, str(error)
    return 0, output.getvalue()


@pytest.fixture(autouse=True)
def _a_processor_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("out\nof order")

    monkeypatch.setattr("platform.processor", fail)


def test_all_is_well() -> None:
    checks = {"node": WORKING, "database": {"DATABASE": "default"}}
    assert health(checks=checks) == (0, "node: ok\ndatabase: connected\n")


def test_one_failure_is_the_exit_status_and_says_why_in_its_line() -> None:
    checks = {"node": WORKING, "cpu": FAILING}
    assert health(checks=checks) == (1, "node: ok\ncpu: failed (OSError: out of order)\n")


def test_named_checks_alone_are_run() -> None:
    checks = {"node": WORKING, "cpu": FAILING, "machine": ONLY_NAMED}
    assert health("node", checks=checks) == (0, "node: ok\n")
    assert health("machine", "node", "machine", checks=checks) == (0, "machine: ok\nnode: ok\n")


def test_a_check_for_the_command_alone_is_not_run_unnamed() -> None:
    assert health(checks={"machine": ONLY_NAMED}) == (0, "nothing to check\n")


def test_a_check_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr("platform.machine", lambda: over.wait(60))
    checks = {
        "one": {"CALL": "platform.machine", "DEADLINE": 0.3},
        "two": {"CALL": "platform.machine", "DEADLINE": 0.3},
        "node": WORKING,
    }
    began = time.monotonic()
    status, printed = health(checks=checks)
    over.set()
    assert time.monotonic() - began < 30
    assert (status, printed) == (
        1,
        "one: failed (no answer in 0.3 s)\ntwo: failed (no answer in 0.3 s)\nnode: ok\n",
    )


def test_json() -> None:
    status, printed = health("--json", checks={"node": WORKING, "cpu": FAILING})
    (line,) = printed.splitlines()
    told = json.loads(line)
    assert (status, told["healthy"]) == (1, False)
    assert all(0 <= check.pop("seconds") < 30 for check in told["checks"].values())
    assert told["checks"] == {
        "node": {"healthy": True, "word": "ok", "reason": ""},
        "cpu": {"healthy": False, "word": "failed", "reason": "OSError: out\nof order"},
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nod"], 'there is no check "nod": write one of: node'),
        (["node", "--url", "http://127.0.0.1/"], "write names of checks or --url, not both"),
        (["--url", "127.0.0.1:8000/livez"], "--url is '127.0.0.1:8000/livez': write a URL such"),
    ],
)
def test_wrong_use(arguments: list[str], said: str) -> None:
    status, printed = health(*arguments)
    assert status == 2
    assert printed.startswith(said)


def test_wrong_settings() -> None:
    status, printed = health(checks={"db": {"DATABASE": "replica"}})
    assert status == 2
    assert printed.startswith('DJANGO_MONITORING["HEALTH"]["CHECKS"]["db"]["DATABASE"] is ')


class Page(BaseHTTPRequestHandler):
    """Answers with the status that is in the path."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(int(self.path.strip("/?a=b")))
        self.send_header("Location", "/200")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server."""
    with HTTPServer(("127.0.0.1", 0), Page) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(("answer", "status"), [(200, 0), (500, 1), (503, 1), (301, 1), (404, 1)])
def test_a_server_is_asked(server: str, answer: int, status: int) -> None:
    url = f"{server}/{answer}?a=b"
    assert health("--url", url) == (status, f"{url}: {answer}\n")
    told = json.loads(health("--url", url, "--json")[1])
    assert (told["healthy"], told["status"], told["url"]) == (status == 0, answer, url)


def test_no_server() -> None:
    url = f"http://127.0.0.1:{free_port()}/livez"
    status, printed = health("--url", url)
    assert status == 1
    assert printed.startswith(f"{url}: ConnectionRefusedError: ")


def test_it_looks_at_no_other_settings_than_its_own() -> None:
    # System checks would cost each probe the time that they take.
    assert Command.requires_system_checks == []


MANAGE = """
import sys
from django.conf import settings
from django.core.management import execute_from_command_line
settings.configure(
    INSTALLED_APPS=["django_monitoring"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nowhere/db"}},
    DJANGO_MONITORING={"HEALTH": {"INTERVALL": 5} if "--wrong" in sys.argv else {}},
)
execute_from_command_line([argument for argument in sys.argv if argument != "--wrong"])
"""


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["health"], 1, "database: disconnected (OperationalError: unable to open database file)"),
        (["health", "--help"], 0, "exit status: 0 healthy, 1 unhealthy, 2 wrong use"),
        (["health", "--wrong"], 2, 'CommandError: DJANGO_MONITORING["HEALTH"] has no key \'INT'),
    ],
)
def test_as_a_command(arguments: list[str], status: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MANAGE, *arguments],
        env={"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
