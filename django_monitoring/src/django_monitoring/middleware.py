"""The middleware that measures every request."""

from collections.abc import Awaitable, Callable
from typing import Final, cast

from asgiref.sync import iscoroutinefunction
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from .conf import read_config
from .database import begin_tally, end_tally
from .disconnects import is_cancelled_by_server, is_cancelled_task_below, when_thread_is_free
from .events import DISCONNECTED
from .in_tests import is_test_run
from .paths import path_matcher
from .recorder import recorder
from .streams import watch_stream

_SERVER_FAILURE: Final = 500

_Respond = Callable[[HttpRequest], HttpResponseBase]
_RespondLater = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def metrics(get_response: _Respond | _RespondLater) -> _Respond | _RespondLater:
    """Measure requests: how many, how long, with which status, by method and route.

    It belongs at the top of ``MIDDLEWARE``, below the health endpoints alone, so that it sees
    what all others answer. The time ends when the response object is there; a streaming
    response is sent after that, and counted as broken where it raises. A request whose client
    goes away before an ASGI application has answered is a disconnect. One that ends in an
    exception which Django does not turn into a response counts as 500.

    Raises:
        ImproperlyConfigured: a setting is wrong, or the app is not installed.
        MiddlewareNotUsed: metrics are not enabled.
    """
    config = read_config()
    if not config.enabled:
        raise MiddlewareNotUsed("metrics are not enabled")
    if not apps.is_installed("django_monitoring"):
        raise ImproperlyConfigured('write "django_monitoring" into INSTALLED_APPS')
    if config.in_tests or not is_test_run():
        recorder.activate(config)
    is_excluded = path_matcher(config.excluded_paths)
    counts_queries = config.database

    if iscoroutinefunction(get_response):
        respond_later = cast(_RespondLater, get_response)

        async def measure_later(request: HttpRequest) -> HttpResponseBase:
            if is_excluded(request.path_info):
                return await respond_later(request)
            tally, token = begin_tally() if counts_queries else (None, None)
            started = recorder.begin(request)
            try:
                response = await respond_later(request)
            except BaseException as failure:
                if is_cancelled_by_server(failure):
                    # What the request runs in a thread goes on there.
                    recorder.end(request, DISCONNECTED, started, tally, goes_on=True)
                    when_thread_is_free(recorder.progress.end, request)
                else:
                    recorder.end(request, _SERVER_FAILURE, started, tally)
                raise
            finally:
                if token is not None:
                    end_tally(token)
            recorder.end(request, response.status_code, started, tally)
            if response.streaming:
                watch_stream(request, response)
            return response

        return measure_later

    respond = cast(_Respond, get_response)

    def measure(request: HttpRequest) -> HttpResponseBase:
        if is_excluded(request.path_info):
            return respond(request)
        tally, token = begin_tally() if counts_queries else (None, None)
        started = recorder.begin(request)
        try:
            response = respond(request)
        except BaseException as failure:
            # Where a middleware below knows no asynchronous code, this one runs in a thread of
            # an ASGI application, and hears of the client that is gone by the same exception.
            is_gone = is_cancelled_task_below(failure)
            recorder.end(request, DISCONNECTED if is_gone else _SERVER_FAILURE, started, tally)
            raise
        finally:
            if token is not None:
                end_tally(token)
        recorder.end(request, response.status_code, started, tally)
        if response.streaming:
            watch_stream(request, response)
        return response

    return measure
