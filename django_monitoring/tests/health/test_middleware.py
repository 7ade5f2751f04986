"""The middleware in process, through Django's own WSGI and ASGI handlers."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from django_monitoring.health import process
from tests.health.handlers import SAFEGUARDS, Answer, Ask, ask_asgi, ask_wsgi
from tests.waiting import until

LIVE = ["/livez", "/livez/"]
READY = ["/health/", "/health", "/readyz", "/readyz/"]

ALIVE = {"status": "alive"}
HEALTHY = {"status": "healthy", "database": "connected"}
UNHEALTHY = {"status": "unhealthy", "database": "disconnected"}

# Nothing of this may come out.
SECRET = "db-1.internal:5432 refused shopper hunter2"


@pytest.fixture(params=[ask_wsgi, ask_asgi], ids=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Ask through one handler and the other, behind every safeguard."""
    with override_settings(**SAFEGUARDS):
        yield request.param


class Database:
    """A database that answers, fails or keeps one waiting, as it is told."""

    def __init__(self) -> None:
        self.fails = False
        self.answers = threading.Event()
        self.answers.set()

    def ask(self) -> None:
        self.answers.wait(60)
        if self.fails:
            raise OSError(SECRET)


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """What is asked in place of the project's database."""
    made = Database()

    @contextmanager
    def cursor(*_: object) -> Iterator[tuple[Any, Any]]:
        made.ask()
        yield Mock(), Mock()

    monkeypatch.setattr("django_monitoring.health.database.own_cursor", cursor)
    yield made
    made.answers.set()


def settled(ask: Ask, path: str = "/health/") -> Answer:
    """The answer once the first checks have ended."""
    until(lambda: b"unknown" not in ask(path)[2])
    return ask(path)


@pytest.mark.parametrize("path", [*LIVE, "/livez?full=1"])
def test_alive(ask: Ask, path: str) -> None:
    status, headers, body = ask(path)
    assert (status, json.loads(body)) == (200, ALIVE)
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert headers["content-length"] == str(len(body))


@pytest.mark.parametrize("path", [*READY, "/health/?full=1"])
def test_healthy(ask: Ask, path: str, database: Database) -> None:
    status, headers, body = settled(ask, path)
    assert (status, json.loads(body)) == (200, HEALTHY)
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert headers["content-length"] == str(len(body))


@pytest.mark.parametrize("path", READY)
def test_unhealthy(ask: Ask, path: str, database: Database) -> None:
    database.fails = True
    status, _, body = settled(ask, path)
    assert (status, json.loads(body)) == (500, UNHEALTHY)


def test_another_unhealthy_status(ask: Ask, database: Database) -> None:
    database.fails = True
    with override_settings(DJANGO_MONITORING={"HEALTH": {"UNHEALTHY_STATUS": 503}}):
        status, _, body = settled(ask)
    assert (status, json.loads(body)) == (503, UNHEALTHY)


def test_alive_while_unhealthy(ask: Ask, database: Database) -> None:
    database.fails = True
    settled(ask)
    assert ask("/livez")[0] == 200


def test_not_ready_before_the_first_check_has_ended(ask: Ask, database: Database) -> None:
    database.answers.clear()
    status, _, body = ask("/readyz")
    assert status == 500
    assert json.loads(body) == {"status": "unhealthy", "database": "unknown"}


def test_a_hanging_database_is_not_waited_for(ask: Ask, database: Database) -> None:
    with override_settings(DJANGO_MONITORING={"HEALTH": {"DEADLINE": 0.1}}):
        database.answers.clear()
        status, _, body = settled(ask)
        assert (status, json.loads(body)) == (500, UNHEALTHY)
        began = time.monotonic()
        assert ask("/livez")[0] == 200
        assert ask("/health/")[0] == 500
        assert time.monotonic() - began < 30


def test_further_checks(ask: Ask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(SECRET)

    monkeypatch.setattr("platform.node", fail)
    checks = {
        "database": {"DATABASE": "default"},
        "sessions": {"CACHE": "default"},
        "search": {"CALL": "platform.node"},
    }
    with override_settings(DJANGO_MONITORING={"HEALTH": {"CHECKS": checks}}):
        status, _, body = settled(ask)
    assert status == 500
    assert json.loads(body) == {
        "status": "unhealthy",
        "database": "connected",
        "sessions": "ok",
        "search": "failed",
    }


def test_nothing_of_an_exception_comes_out(ask: Ask, database: Database) -> None:
    database.fails = True
    _, headers, body = settled(ask)
    told = f"{headers}{body.decode()}"
    assert not [word for word in SECRET.split() if word in told]
    assert "OSError" not in told


@pytest.mark.parametrize("path", ["/livez", "/health/"])
def test_head(ask: Ask, path: str, database: Database) -> None:
    of_get = settled(ask, path)
    status, headers, body = ask(path, "HEAD")
    assert (status, body) == (200, b"")
    assert headers["content-length"] == str(len(of_get[2]))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/livez", "/health/"])
def test_other_methods(ask: Ask, path: str, method: str) -> None:
    status, headers, _ = ask(path, method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/page/", "10.0.3.17:8000", 400),
        ("/page/", "shop.example", 301),
        ("/healthy/", "10.0.3.17:8000", 400),
        ("/health//", "10.0.3.17:8000", 400),
        ("/shop/health/", "10.0.3.17:8000", 400),
        ("/LIVEZ", "10.0.3.17:8000", 400),
    ],
)
def test_other_paths_meet_the_safeguards(ask: Ask, path: str, host: str, status: int) -> None:
    assert ask(path, host=host)[0] == status


def test_an_applications_own_health_page_is_reached_at_a_path_that_is_not_configured(
    ask: Ask, database: Database
) -> None:
    only = ["django_monitoring.health.HealthMiddleware"]
    paths = {"LIVE_PATHS": ["/up"], "READY_PATHS": ["/ready"]}
    with override_settings(
        MIDDLEWARE=only, ALLOWED_HOSTS=["*"], DJANGO_MONITORING={"HEALTH": paths}
    ):
        assert json.loads(settled(ask, "/ready")[2]) == HEALTHY
        assert json.loads(ask("/up")[2]) == ALIVE
        # Both are paths of the project, and answered by default.
        assert [ask(path)[2] for path in ("/health/", "/livez")] == [b"a page", b"a page"]
        # Exactly these paths, with no slash more.
        assert [ask(path)[0] for path in ("/up/", "/ready/", "/readyz")] == [404, 404, 404]


def test_other_paths_pass_unchanged(ask: Ask) -> None:
    only = ["django_monitoring.health.HealthMiddleware"]
    with override_settings(MIDDLEWARE=only, ALLOWED_HOSTS=["*"]):
        status, headers, body = ask("/page/")
    assert (status, body) == (200, b"a page")
    assert headers == {"content-type": "text/html; charset=utf-8"}


def test_a_failing_probe_is_no_error_of_the_application(
    ask: Ask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.fails = True
    settled(ask)
    for _ in range(3):
        ask("/health/")
        ask("/health/", "POST")
    # The watch's own event comes after its result.
    until(lambda: bool(caplog.records))
    told = [(record.name, record.levelno) for record in caplog.records]
    assert told == [("django_monitoring.health", logging.WARNING)]


def test_the_monitor_is_shared_by_all_handlers(ask: Ask, database: Database) -> None:
    settled(ask)
    first = process._monitor
    assert settled(ask)[0] == 200
    assert process._monitor is first


def test_wrong_settings_stop_the_start(ask: Ask) -> None:
    with (
        override_settings(DJANGO_MONITORING={"HEALTH": {"INTERVAL": 0}}),
        pytest.raises(ImproperlyConfigured, match="write seconds from 2 to 300"),
    ):
        ask("/livez")
