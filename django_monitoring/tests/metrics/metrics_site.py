"""A small Django project that servers and clients of the tests run.

Its settings come from environment variables, so that it can be started by any server.
"""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path, re_path

from django_monitoring.actions import record_action
from django_monitoring.asgi import publish_on_shutdown

SLOW: Final = 0.5
"""Seconds of the slow views."""


class OddError(ValueError):
    """Of the application, with a word in its name that log filters look for."""


def page(request: HttpRequest, **_: Any) -> HttpResponse:
    return HttpResponse("ok", status=int(request.GET.get("status", "200")))


async def page_later(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    return HttpResponse("ok")


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET.get("seconds", SLOW)))
    return HttpResponse("ok")


async def slow_later(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(float(request.GET.get("seconds", SLOW)))
    return HttpResponse("ok")


class Held:
    """Requests that hang until a test lets go of them."""

    begun: ClassVar = threading.Semaphore(0)
    let_go: ClassVar = threading.Event()


def hanging(request: HttpRequest) -> HttpResponse:
    Held.begun.release()
    Held.let_go.wait(60)
    return HttpResponse("ok")


async def hanging_later(request: HttpRequest) -> HttpResponse:
    Held.begun.release()
    while not Held.let_go.is_set():
        await asyncio.sleep(0.01)
    return HttpResponse("ok")


def cancelled_by_itself(request: HttpRequest) -> HttpResponse:
    raise asyncio.CancelledError


async def cancelled_by_itself_later(request: HttpRequest) -> HttpResponse:
    raise asyncio.CancelledError


async def with_a_cancelled_task(request: HttpRequest) -> HttpResponse:
    task = asyncio.create_task(asyncio.sleep(60))
    task.cancel()
    await task
    return HttpResponse("ok")


def parts(breaks: bool) -> Iterator[bytes]:
    yield b"one"
    if breaks:
        raise OddError("in the middle")
    yield b"two"


async def parts_later(breaks: bool) -> AsyncIterator[bytes]:
    for part in (b"one", b"two"):
        await asyncio.sleep(0)
        if breaks and part == b"two":
            raise OddError("in the middle")
        yield part


def streaming(request: HttpRequest, breaks: bool = False) -> StreamingHttpResponse:
    return StreamingHttpResponse(parts(breaks))


async def streaming_later(request: HttpRequest, breaks: bool = False) -> StreamingHttpResponse:
    return StreamingHttpResponse(parts_later(breaks))


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(Path(__file__).open("rb"))


def querying(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute("SELECT 3")
        return HttpResponse(str(cursor.fetchone()[0]))


async def querying_later(request: HttpRequest) -> HttpResponse:
    return await sync_to_async(querying)(request)


def querying_wrongly(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nothing")
    return HttpResponse("ok")


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


def failing(request: HttpRequest) -> HttpResponse:
    raise OddError("Exception, Unauthorized")


async def failing_later(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    raise OddError("error")


def buying(request: HttpRequest) -> HttpResponse:
    record_action("checkout")
    cache.get_or_set("price", 0)
    return HttpResponse("bought")


urlpatterns = [
    path("", page),
    path("orders/<int:pk>/", page),
    path("later/", page_later),
    path("missing/", missing),
    path("errors/", failing),
    path("errors/later/", failing_later),
    path("buy/", buying),
    path("query/", querying),
    path("query/later/", querying_later),
    path("query/wrong/", querying_wrongly),
    path("slow/", slow),
    path("slow/later/", slow_later),
    path("hanging/", hanging),
    path("hanging/later/", hanging_later),
    path("cancelled/", cancelled_by_itself),
    path("cancelled/later/", cancelled_by_itself_later),
    path("cancelled/task/", with_a_cancelled_task),
    path("stream/", streaming),
    path("stream/broken/", streaming, {"breaks": True}),
    path("stream/later/", streaming_later),
    path("stream/later/broken/", streaming_later, {"breaks": True}),
    path("file/", file),
    path("health/", page),
    path("livez", page),
    path("api/", include([re_path(r"^v(?P<version>[0-9])/$", page)])),
]


def settings_with(**others: Any) -> dict[str, Any]:
    """The settings of the project."""
    values: dict[str, Any] = {
        "ALLOWED_HOSTS": ["*"],
        "APPEND_SLASH": True,
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "DATABASES": {},
        "DJANGO_MONITORING": {
            "SERVICE": "shop",
            "INTERVAL": float(os.environ.get("SITE_INTERVAL", "60")),
        },
        "INSTALLED_APPS": ["django_monitoring"],
        "LOGGING_CONFIG": None,
        "MIDDLEWARE": [
            "django_monitoring.middleware.metrics",
            "django.middleware.common.CommonMiddleware",
        ],
        "ROOT_URLCONF": __name__,
        "SECRET_KEY": "only for tests",
    }
    return values | others


def wsgi_application() -> WSGIHandler:
    """The project for WSGI servers: ``tests.metrics.metrics_site:wsgi_application()``."""
    _configure()
    return WSGIHandler()


def asgi_application() -> Any:
    """The project for ASGI servers: ``tests.metrics.metrics_site:asgi_application``, a factory."""
    _configure()
    return publish_on_shutdown(ASGIHandler())


def _configure() -> None:
    if not settings.configured:
        settings.configure(**settings_with())
        django.setup()
