"""The requests that a process is answering right now, so that those which hang are seen."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from types import FrameType
from typing import Final
from weakref import WeakSet

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import contract
from .records import Metric, Record
from .request_sums import usual_method
from .tokens import route_token

_NOT_ASKED: Final = -1
_FULL: Final = 100.0


@dataclass(slots=True)
class _Seen:
    """What the looks of one interval have shown."""

    looks: int = 0
    most: int = 0
    busy: float = 0.0
    """Sum over the looks of the busy part of the threads."""

    age: float = 0.0
    oldest: HttpRequest | None = None


class Progress:
    """Requests in progress; a request that hangs has no end that could be recorded.

    Requests' threads put them in and take them out with one atomic operation of a dictionary
    each; the emitter's thread looks at them at each of its ticks.

    Args:
        threads: requests that the process can answer at once; ``None`` to ask the server, which
            not every server answers.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._given = threads
        self._threads: int | None = _NOT_ASKED
        # In the order in which they began.
        self._running: dict[HttpRequest, float] = {}
        self._streams: WeakSet[HttpResponseBase] = WeakSet()
        self._is_used = False
        self._seen = _Seen()

    def begin(self, request: HttpRequest) -> float:
        """Put a request in; returns when it began, by ``perf_counter``."""
        if self._threads == _NOT_ASKED:
            self._threads = self._given or server_threads(request)
            self._is_used = True
        self._running[request] = started = perf_counter()
        return started

    def end(self, request: HttpRequest) -> None:
        """Take a request out, whether or not it is in."""
        self._running.pop(request, None)

    def begin_stream(self, response: HttpResponseBase) -> None:
        """The response's content is still being sent."""
        self._streams.add(response)

    def end_stream(self, response: HttpResponseBase) -> None:
        """The response is closed."""
        self._streams.discard(response)

    def sample(self) -> None:
        """Look at what is in progress; called some times a second, in the emitter's thread."""
        seen, running = self._seen, self._running.copy()
        at_once = len(running) + len(self._streams)
        seen.looks += 1
        seen.most = max(seen.most, at_once)
        if self._threads:
            seen.busy += min(at_once / self._threads, 1.0)
        for oldest, started in running.items():
            age = perf_counter() - started
            if age > seen.age:
                seen.age, seen.oldest = age, oldest
            break

    def take(self, milliseconds: int, service: str) -> Iterable[Record]:
        """What was seen since the last time; nothing before the process's first request."""
        if not self._is_used:
            return ()
        self.sample()
        seen, self._seen = self._seen, _Seen()
        metrics = [
            Metric(contract.IN_PROGRESS, contract.COUNT, seen.most),
            Metric(contract.OLDEST_REQUEST, contract.SECONDS, seen.age),
        ]
        if self._threads:
            busy = _FULL * seen.busy / seen.looks
            metrics.append(Metric(contract.THREADS_BUSY, contract.PERCENT, busy))
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
    match = request.resolver_match
    return {
        contract.OLDEST_METHOD_PROPERTY: usual_method(request.method),
        # Before the view is known, a middleware is what hangs.
        contract.OLDEST_ROUTE_PROPERTY: route_token(None if match is None else match.route),
    }
