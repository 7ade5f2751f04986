"""Where requests leave what the emitter's thread sums up."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from django.http import HttpRequest

from .events import Event

MAX_EVENTS: Final = 65_536
"""Events that may wait for the thread: 8 MB. Beyond them they are dropped, and counted."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a request touches, all in one place. Nothing here waits, and nothing raises.

    Attributes:
        running: requests in progress, each with when it began, by ``perf_counter``.
        events: what has ended.
        lose: counts measurements for which there is no room.
    """

    running: dict[HttpRequest, float]
    events: deque[Event]
    lose: Callable[[int], object]

    def begin(self, request: HttpRequest) -> float:
        """A request begins; returns when, by ``perf_counter``."""
        started = perf_counter()
        with suppress(Exception):
            self.running[request] = started
        return started

    def forget(self, request: HttpRequest) -> None:
        """A request is no longer in progress."""
        self.running.pop(request, None)

    def end(
        self, request: HttpRequest, status: int, started: float, *, goes_on: bool = False
    ) -> None:
        """Record a request that ends.

        Args:
            request: what ends.
            status: its status code, or ``DISCONNECTED``.
            started: when it began, as ``begin`` has said.
            goes_on: whether it stays in progress, since its work goes on without a client.
        """
        seconds = perf_counter() - started
        with suppress(Exception):
            if not goes_on:
                self.running.pop(request, None)
            match = request.resolver_match
            route = None if match is None else match.route
            if len(self.events) < MAX_EVENTS:
                self.events.append((request.method, route, status, seconds))
            else:
                self.lose(1)


def nowhere() -> Intake:
    """One that keeps nothing."""
    return Intake({}, deque(maxlen=0), bool)
