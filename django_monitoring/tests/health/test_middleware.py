"""The middleware in process, through Django's own WSGI and ASGI handlers."""

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.log import DEFAULT_LOGGING

from django_monitoring.health import HEALTH_PATHS, process

LIVE = ["/livez", "/livez/"]
READY = ["/health/", "/health", "/readyz", "/readyz/"]

ALIVE = {"status": "alive"}
HEALTHY = {"status": "healthy", "database": "connected"}
UNHEALTHY = {"status": "unhealthy", "database": "disconnected"}

# Nothing of this may come out.
SECRET = "host db-1.internal port 5432 user shop failed: no password"

SAFEGUARDS = {
    "INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth"],
    "ALLOWED_HOSTS": ["shop.example"],
    "SECURE_SSL_REDIRECT": True,
    "APPEND_SLASH": True,
    "ROOT_URLCONF": __name__,
    "MIDDLEWARE": [
        "django_monitoring.health.HealthMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        *(
            ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
            if django.VERSION >= (5, 1)
            else []
        ),
    ],
}


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


urlpatterns = [path("page/", view), path("health/", view), path("livez", view)]

Answer = tuple[int, dict[str, str], bytes]
Ask = Callable[..., Answer]


def ask_wsgi(path: str, method: str = "GET", host: str = "10.0.3.17:8000") -> Answer:
    """Ask over WSGI, as a load balancer does: by IP address and without TLS."""
    started: list[Any] = []
    where, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "SERVER_NAME": "10.0.3.17",
        "SERVER_PORT": "8000",
        "HTTP_HOST": host,
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    response = WSGIHandler()(environ, lambda *given: started.extend(given))
    body = b"".join(response)
    response.close()
    return int(started[0].split()[0]), {k.lower(): v for k, v in started[1]}, body


def ask_asgi(path: str, method: str = "GET", host: str = "10.0.3.17:8000") -> Answer:
    """Ask over ASGI, likewise."""
    sent: list[dict[str, Any]] = []
    where, _, query = path.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": where,
        "query_string": query.encode(),
        "headers": [(b"host", host.encode())],
        "scheme": "http",
        "server": ("10.0.3.17", 8000),
    }

    async def once() -> None:
        received = iter([{"type": "http.request", "body": b""}])

        async def receive() -> dict[str, Any]:
            for message in received:
                return message
            await asyncio.sleep(30)
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await ASGIHandler()(scope, receive, send)

    asyncio.run(once())
    headers = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.fixture(params=[ask_wsgi, ask_asgi], ids=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Ask through one handler and the other, behind every safeguard."""
    with override_settings(**SAFEGUARDS):
        yield request.param


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The database's SELECT 1; a test puts another behaviour in its place."""

    class Database:
        def __init__(self) -> None:
            self.fails = False

        def check(self) -> None:
            if self.fails:
                raise OSError(SECRET)

    made = Database()
    monkeypatch.setattr(
        "django_monitoring.health.checks.database_check", lambda *_: lambda: made.check()
    )
    return made  # type: ignore[return-value]


def settled(ask: Ask, path: str = "/health/") -> Answer:
    """The answer once the first checks have ended."""
    for _ in range(200):
        answer = ask(path)
        if b"unknown" not in answer[2]:
            return answer
    raise AssertionError(answer)


def test_the_paths() -> None:
    assert set(LIVE + READY) == HEALTH_PATHS


@pytest.mark.parametrize("path", [*LIVE, "/livez?full=1"])
def test_alive(ask: Ask, path: str) -> None:
    status, headers, body = ask(path)
    assert (status, json.loads(body)) == (200, ALIVE)
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert headers["content-length"] == str(len(body))


@pytest.mark.parametrize("path", [*READY, "/health/?full=1"])
def test_healthy(ask: Ask, path: str, database: Any) -> None:
    status, headers, body = settled(ask, path)
    assert (status, json.loads(body)) == (200, HEALTHY)
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert headers["content-length"] == str(len(body))


@pytest.mark.parametrize("path", READY)
def test_unhealthy(ask: Ask, path: str, database: Any) -> None:
    database.fails = True
    status, _, body = settled(ask, path)
    assert (status, json.loads(body)) == (500, UNHEALTHY)


def test_another_unhealthy_status(ask: Ask, database: Any) -> None:
    database.fails = True
    with override_settings(DJANGO_MONITORING={"HEALTH": {"UNHEALTHY_STATUS": 503}}):
        status, _, body = settled(ask)
    assert (status, json.loads(body)) == (503, UNHEALTHY)


def test_alive_while_unhealthy(ask: Ask, database: Any) -> None:
    database.fails = True
    settled(ask)
    assert ask("/livez")[0] == 200


def test_not_ready_before_the_first_check_has_ended(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.Thread.start", lambda *_: None)
    status, _, body = ask("/readyz")
    assert status == 500
    assert json.loads(body) == {"status": "unhealthy", "database": "unknown"}


def test_further_checks(ask: Ask, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_nothing_of_an_exception_comes_out(ask: Ask, database: Any) -> None:
    database.fails = True
    _, headers, body = settled(ask)
    told = f"{headers}{body.decode()}"
    assert not [word for word in SECRET.split() if word in told]
    assert "OSError" not in told


@pytest.mark.parametrize("path", ["/livez", "/health/"])
def test_head(ask: Ask, path: str, database: Any) -> None:
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
def test_other_paths_meet_the_safeguards(
    ask: Ask, path: str, host: str, status: int
) -> None:
    assert ask(path, host=host)[0] == status


def test_other_paths_pass_unchanged(ask: Ask) -> None:
    only = ["django_monitoring.health.HealthMiddleware"]
    with override_settings(MIDDLEWARE=only, ALLOWED_HOSTS=["*"]):
        status, headers, body = ask("/page/")
    assert (status, body) == (200, b"a page")
    assert headers == {"content-type": "text/html; charset=utf-8"}


def test_a_failing_probe_is_no_error_of_the_application(
    ask: Ask, database: Any, caplog: pytest.LogCaptureFixture
) -> None:
    database.fails = True
    mail.outbox = []
    with override_settings(
        ADMINS=[("on call", "oncall@shop.example")],
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        LOGGING=DEFAULT_LOGGING,
        DEBUG=False,
    ):
        settled(ask)
        for _ in range(3):
            ask("/health/")
            ask("/health/", "POST")
    del mail.outbox
    told = [(record.name, record.levelno) for record in caplog.records]
    assert told == [("django_monitoring.health", logging.WARNING)]


def test_the_monitor_is_shared_by_all_handlers(ask: Ask, database: Any) -> None:
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
