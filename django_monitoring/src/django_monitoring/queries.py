"""Records the queries of each request, where the settings ask for it."""

from collections.abc import Awaitable, Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .database import QueryTally, begin_tally, end_tally
from .events import QueriesEvent, route_of
from .recorder import recorder

Respond = Callable[[HttpRequest], HttpResponseBase]
RespondLater = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def with_queries(respond: Respond) -> Respond:
    """The same, and the queries of each request are recorded."""

    def respond_counting(request: HttpRequest) -> HttpResponseBase:
        tally, token = begin_tally()
        try:
            return respond(request)
        finally:
            end_tally(token)
            _record(request, tally)

    return respond_counting


def with_queries_later(respond: RespondLater) -> RespondLater:
    """The same for asynchronous code."""

    async def respond_counting(request: HttpRequest) -> HttpResponseBase:
        tally, token = begin_tally()
        try:
            return await respond(request)
        finally:
            end_tally(token)
            _record(request, tally)

    return respond_counting


def _record(request: HttpRequest, tally: QueryTally) -> None:
    if tally.queries:
        recorder.add(QueriesEvent(request.method, route_of(request), tally.queries, tally.seconds))
