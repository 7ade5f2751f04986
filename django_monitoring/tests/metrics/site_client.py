"""Requests to the tests' Django project, in process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import metrics_site
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.test.client import RequestFactory


@contextmanager
def site(**settings: Any) -> Iterator[None]:
    """The project's settings."""
    values = metrics_site.settings_with(**settings)
    # What Django sets up once is that of the tests' own settings.
    for name in ("DATABASES", "INSTALLED_APPS", "LOGGING_CONFIG"):
        values.pop(name)
    with override_settings(**values):
        yield


def get(path: str, method: str = "GET") -> int:
    """The status of the answer of a WSGI application."""
    environ = RequestFactory().generic(method, path).environ
    status: list[str] = []
    response = WSGIHandler()(environ, lambda line, headers: status.append(line))
    b"".join(response)
    response.close()
    return int(status[0].split()[0])


def get_later(path: str, method: str = "GET") -> int:
    """The status of the answer of an ASGI application."""
    return asyncio.run(answer(ASGIHandler(), path, method))


async def answer(application: Any, path: str, method: str = "GET") -> int:
    """The status of an ASGI application's answer."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", b"testserver")],
    }
    status: list[int] = []
    request_sent = False
    answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal request_sent
        if not request_sent:
            request_sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])
        elif not message.get("more_body"):
            answered.set()

    await application(scope, receive, send)
    return status[0]
