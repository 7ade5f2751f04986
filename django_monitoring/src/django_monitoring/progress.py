"""The requests that a process is answering right now, so that those which hang are seen."""

import sys
from collections.abc import Iterable
from time import perf_counter
from types import FrameType
from typing import Final
from weakref import WeakSet

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import contract
from .events import route_of
from .in_progress import InProgress
from .records import MetricDatum, Record
from .request_sums import usual_method
from .tokens import route_token

_NOT_ASKED: Final = -1
_FULL: Final = 100.0


class OpenRequests(InProgress[HttpRequest]):
    """Requests in progress, and streams that are not closed.

    Args:
        threads: requests that the process can answer at once; ``None`` to ask the server, which
            not every server answers.
    """

    def __init__(self, threads: int | None = None) -> None:
        super().__init__()
        self._given = threads
        self._threads: int | None = _NOT_ASKED
        self._streams: WeakSet[HttpResponseBase] = WeakSet()
        self._is_used = False

    def begin(self, request: HttpRequest) -> float:
        """Put a request in; returns when it began, by ``perf_counter``."""
        if self._threads == _NOT_ASKED:
            self._threads = self._given or server_threads(request)
            self._is_used = True
        self.running[request] = started = perf_counter()
        return started

    def begin_stream(self, response: HttpResponseBase) -> None:
        """The response's content is still being sent."""
        self._streams.add(response)

    def end_stream(self, response: HttpResponseBase) -> None:
        """The response is closed."""
        self._streams.discard(response)

    def sample(self) -> None:
        """Look at what is in progress; see ``Sampler``."""
        self.look(len(self._streams), self._threads)

    def take(self, milliseconds: int, service: str) -> Iterable[Record]:
        """What was seen since the last time; nothing before the process's first request."""
        if not self._is_used:
            return ()
        self.sample()
        seen = self.take_seen()
        metrics = [
            MetricDatum(contract.IN_PROGRESS, contract.COUNT, seen.most),
            MetricDatum(contract.OLDEST_REQUEST, contract.SECONDS, seen.age),
        ]
        if self._threads:
            busy = _FULL * seen.busy / seen.looks
            metrics.append(MetricDatum(contract.THREADS_BUSY, contract.PERCENT, busy))
        return (
            Record(
                milliseconds,
                {contract.SERVICE: service},
                (contract.BY_SERVICE,),
                tuple(metrics),
                measurements=0,
                properties={} if seen.oldest is None else _named(seen.oldest),
            ),
        )


def server_threads(request: HttpRequest) -> int | None:
    """How many requests the server's process answers at once, asked from inside one of them.

    Returns:
        1 where the server says that it answers one by one (``wsgi.multithread``, PEP 3333); for
        gunicorn's threads as many as there are; ``None`` for others, and under ASGI, where each
        request may have threads of its own.
    """
    environ = getattr(request, "environ", None)
    if environ is None:
        return None
    if environ.get("wsgi.multithread") is False:
        return 1
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        # Its thread worker answers each request in a method; the worker has the configuration.
        # https://github.com/benoitc/gunicorn/blob/master/gunicorn/workers/gthread.py
        if frame.f_globals.get("__name__") == "gunicorn.workers.gthread":
            worker = frame.f_locals.get("self")
            threads = getattr(getattr(worker, "cfg", None), "threads", None)
            if isinstance(threads, int):
                return threads
        frame = frame.f_back
    return None


def _named(request: HttpRequest) -> dict[str, str | int | float]:
    return {
        contract.OLDEST_METHOD_PROPERTY: usual_method(request.method),
        # Before the view is known, a middleware is what hangs.
        contract.OLDEST_ROUTE_PROPERTY: route_token(route_of(request)),
    }
