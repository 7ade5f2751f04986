"""Django's own WSGI and ASGI handlers, asked as a load balancer asks, and a project behind them."""

import asyncio
import io
from collections.abc import Callable, Mapping
from typing import Any, Final

import django
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

SAFEGUARDS: Final[Mapping[str, Any]] = {
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
"""Settings that refuse every probe that gets past the health middleware."""


def view(request: HttpRequest) -> HttpResponse:
    """A page of the project."""
    return HttpResponse("a page")


urlpatterns = [path("page/", view), path("health/", view), path("livez", view)]

Answer = tuple[int, dict[str, str], bytes]
Ask = Callable[..., Answer]


def ask_wsgi(path: str, method: str = "GET", host: str = "10.0.3.17:8000") -> Answer:
    """Ask over WSGI, as a load balancer does: by IP address and without TLS."""
    started: list[Any] = []

    def start(*given: Any) -> Callable[[bytes], object]:
        started.extend(given)
        return started.append

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
    response = WSGIHandler()(environ, start)
    body = b"".join(response)
    response.close()
    return int(started[0].split()[0]), {k.lower(): v for k, v in started[1]}, body


def ask_asgi(path: str, method: str = "GET", host: str = "10.0.3.17:8000") -> Answer:
    """Ask over ASGI, likewise."""
    sent: list[Mapping[str, Any]] = []
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

        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)

        await ASGIHandler()(scope, receive, send)

    asyncio.run(once())
    headers = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])
