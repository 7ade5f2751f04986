"""The middleware that measures every request."""

from time import perf_counter
from typing import Final, cast

from asgiref.sync import iscoroutinefunction
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from .conf import Config, read_config
from .disconnects import is_cancelled_by_server, is_cancelled_task_below, when_thread_is_free
from .events import DISCONNECTED
from .in_tests import is_test_run
from .intake import MAX_EVENTS
from .paths import exact_and_below
from .queries import Respond, RespondLater, with_queries, with_queries_later
from .recorder import recorder
from .streams import watch_stream

_SERVER_FAILURE: Final = 500


@sync_and_async_middleware
def metrics(get_response: Respond | RespondLater) -> Respond | RespondLater:
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
    if iscoroutinefunction(get_response):
        return _measured_later(cast(RespondLater, get_response), config)
    return _measured(cast(Respond, get_response), config)


def _measured_later(pass_on: RespondLater, config: Config) -> RespondLater:
    exact, below = exact_and_below(config.excluded_paths)
    respond = with_queries_later(pass_on) if config.database else pass_on

    async def measure_later(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path in exact or (below and path.startswith(below)):
            return await pass_on(request)
        intake = recorder.intake or recorder.open_intake(request)
        started = intake.begin(request)
        try:
            response = await respond(request)
        except BaseException as failure:
            if is_cancelled_by_server(failure):
                # What the request runs in a thread goes on there.
                intake.end(request, DISCONNECTED, started, goes_on=True)
                when_thread_is_free(intake.forget, request)
            else:
                intake.end(request, _SERVER_FAILURE, started)
            raise
        intake.end(request, response.status_code, started)
        if response.streaming:
            watch_stream(request, response)
        return response

    return measure_later


def _measured(pass_on: Respond, config: Config) -> Respond:
    exact, below = exact_and_below(config.excluded_paths)
    respond = with_queries(pass_on) if config.database else pass_on

    def measure(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path in exact or (below and path.startswith(below)):
            return pass_on(request)
        intake = recorder.intake or recorder.open_intake(request)
        # As intake.begin() and intake.end() do it: two calls would cost as much as all the rest.
        # Whatever goes wrong here, the application's response is the one that it is.
        try:
            running, events = intake.running, intake.events
            running[request] = started = perf_counter()
        except Exception:
            return respond(request)
        try:
            response = respond(request)
        except BaseException as failure:
            # Where a middleware below knows no asynchronous code, this one runs in a thread of
            # an ASGI application, and hears of the client that is gone by the same exception.
            is_gone = is_cancelled_task_below(failure)
            intake.end(request, DISCONNECTED if is_gone else _SERVER_FAILURE, started)
            raise
        try:
            seconds = perf_counter() - started
            del running[request]
            match = request.resolver_match
            route = None if match is None else match.route
            if len(events) < MAX_EVENTS:
                events.append((request.method, route, response.status_code, seconds))
            else:
                intake.lose(1)
        except Exception:
            return response
        if response.streaming:
            watch_stream(request, response)
        return response

    return measure
