"""The middleware that measures every request."""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final, cast

from asgiref.sync import iscoroutinefunction
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from .conf import read_config
from .paths import path_matcher
from .recorder import recorder

_SERVER_FAILURE: Final = 500

_Respond = Callable[[HttpRequest], HttpResponseBase]
_RespondLater = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def metrics(get_response: _Respond | _RespondLater) -> _Respond | _RespondLater:
    """Measure requests: how many, how long, with which status, by method and route.

    It belongs at the top of ``MIDDLEWARE``, below the health endpoints alone, so that it sees
    what all others answer. The time ends when the response object is there; a streaming
    response is sent after that. A request whose client goes away before an ASGI application has
    answered has no response and is not counted. One that ends in an exception which Django does
    not turn into a response counts as 500.

    Raises:
        ImproperlyConfigured: a setting is wrong, or the app is not installed.
        MiddlewareNotUsed: metrics are not enabled.
    """
    config = read_config()
    if not config.enabled:
        raise MiddlewareNotUsed("metrics are not enabled")
    if not apps.is_installed("django_monitoring"):
        raise ImproperlyConfigured('write "django_monitoring" into INSTALLED_APPS')
    recorder.activate(config)
    is_excluded = path_matcher(config.excluded_paths)

    if iscoroutinefunction(get_response):
        respond_later = cast(_RespondLater, get_response)

        async def measure_later(request: HttpRequest) -> HttpResponseBase:
            if is_excluded(request.path_info):
                return await respond_later(request)
            started = perf_counter()
            try:
                response = await respond_later(request)
            except CancelledError:
                raise
            except BaseException:
                _record(request, _SERVER_FAILURE, started)
                raise
            _record(request, response.status_code, started)
            return response

        return measure_later

    respond = cast(_Respond, get_response)

    def measure(request: HttpRequest) -> HttpResponseBase:
        if is_excluded(request.path_info):
            return respond(request)
        started = perf_counter()
        try:
            response = respond(request)
        except BaseException:
            _record(request, _SERVER_FAILURE, started)
            raise
        _record(request, response.status_code, started)
        return response

    return measure


def _record(request: HttpRequest, status: int, started: float) -> None:
    seconds = perf_counter() - started
    match = request.resolver_match
    recorder.add((request.method, None if match is None else match.route, status, seconds))
