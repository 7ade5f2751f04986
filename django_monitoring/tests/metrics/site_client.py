"""Requests to the tests' Django project, in process."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.test.client import RequestFactory

from tests.metrics import metrics_site


@dataclass
class Answer:
    """All that a client gets."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@contextmanager
def site(**settings: Any) -> Iterator[None]:
    """The project's settings."""
    values = metrics_site.settings_with(**settings)
    # What Django sets up once is that of the tests' own settings.
    for name in ("DATABASES", "INSTALLED_APPS", "LOGGING_CONFIG"):
        values.pop(name)
    with override_settings(**values):
        yield


def get(path: str, method: str = "GET") -> Answer:
    """The answer of a WSGI application."""
    answer = Answer()

    def start(
        status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        answer.status = int(status.split()[0])
        answer.headers = dict(headers)
        return len

    response = WSGIHandler()(RequestFactory().generic(method, path).environ, start)
    answer.body = b"".join(response)
    response.close()
    return answer


def get_later(path: str, method: str = "GET") -> Answer:
    """The answer of an ASGI application."""
    return asyncio.run(answer_of(ASGIHandler(), path, method))


async def answer_of(
    application: Any, path: str, method: str = "GET", gone: asyncio.Event | None = None
) -> Answer:
    """The answer of this ASGI application.

    Args:
        application: what to ask.
        path: with its query, if any.
        method: the request's method.
        gone: is set when the client hangs up; left out, it waits for the answer.
    """
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
    answer = Answer()
    request_sent = False
    answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal request_sent
        if not request_sent:
            request_sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await (gone or answered).wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        answer.body += message.get("body", b"")
        if not message.get("more_body"):
            answered.set()

    await application(scope, receive, send)
    return answer
