"""The middleware that answers health probes before anything else looks at them."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from .conf import health_settings
from .process import process_monitor

_METHODS: Final = ("GET", "HEAD")
_ALIVE: Final = json.dumps({"status": "alive"}).encode()


class HealthMiddleware:
    """Answers probes; stands first in ``MIDDLEWARE``.

    A probe comes by IP address, over plain HTTP and without a session. So it must be answered
    before ``ALLOWED_HOSTS``, ``SECURE_SSL_REDIRECT`` and logins are looked at, and without a
    database connection. Requests for other paths pass unchanged.

    ``LIVE_PATHS`` (``/livez``) say 200 as long as the process answers. ``READY_PATHS``
    (``/health/``) say 200 or the configured 500 or 503, with the last known state of each check;
    they wait for none of them.

    Raises:
        ImproperlyConfigured: when it is made, for settings that make no sense.
    """

    sync_capable = True
    async_capable = True

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
    ) -> None:
        self._get_response = get_response
        self._settings = health_settings()
        self._paths = self._settings.paths
        self._probed = self._paths.all
        self._monitor = process_monitor(self._settings)
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer a probe, or pass the request on."""
        self._monitor.serve()
        if request.path_info not in self._probed:
            return self._get_response(request)
        response = self._answer(request)
        return _awaitable(response) if self._is_async else response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _METHODS:
            return _uncommented(HttpResponseNotAllowed(_METHODS))
        if request.path_info in self._paths.live:
            return _response(request, 200, _ALIVE)
        report = self._monitor.report()
        status = 200 if report.healthy else self._settings.unhealthy_status
        word = "healthy" if report.healthy else "unhealthy"
        return _response(request, status, json.dumps({"status": word, **report.words}).encode())


async def _awaitable(response: HttpResponse) -> HttpResponse:
    return response


def _response(request: HttpRequest, status: int, body: bytes) -> HttpResponse:
    headers: dict[str, Any] = {"Cache-Control": "no-store", "Content-Length": len(body)}
    return _uncommented(
        HttpResponse(
            # gunicorn would send the body of an answer to HEAD.
            b"" if request.method == "HEAD" else body,
            status=status,
            content_type="application/json",
            headers=headers,
        )
    )


def _uncommented(response: HttpResponse) -> HttpResponse:
    """The response, kept out of Django's own log.

    Django logs each 500 as an error of the application and mails it to ``ADMINS``; a probe
    comes several times a minute, and the watch has logged the reason once. This is the mark
    with which Django itself prevents that a response is logged twice (django.utils.log).
    """
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
