"""A small Django project that servers and clients of the tests run.

Its settings come from environment variables, so that it can be started by any server.
"""

import asyncio
import os
from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from django_monitoring.actions import record_action
from django_monitoring.asgi import publish_on_shutdown


class OddError(ValueError):
    """Of the application, with a word in its name that log filters look for."""


def page(request: HttpRequest, **_: Any) -> HttpResponse:
    return HttpResponse("ok", status=int(request.GET.get("status", "200")))


async def page_later(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
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
