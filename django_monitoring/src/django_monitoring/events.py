"""What the application's threads hand to the emitter: as little as possible.

A request is a plain tuple, because making one costs a tenth of making an object. Everything else
about it (safe names, status classes, sums) is worked out in the emitter's own thread.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

RequestEvent = tuple[str | None, str | None, int, float]
"""Method, resolved pattern (``None`` where none matched), status code, seconds."""

DISCONNECTED: Final = 0
"""Stands for the status code of a request whose client was gone before there was an answer."""


@dataclass(frozen=True, slots=True)
class BrokenStream:
    """A streaming response that ended in an exception after its status was sent."""

    method: str | None
    route: str | None


@dataclass(frozen=True, slots=True)
class QueriesEvent:
    """The queries of one request, and the seconds that it waited for them."""

    method: str | None
    route: str | None
    queries: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """One run of a background task."""

    name: str
    seconds: float | None
    """How long it ran; ``None`` where its process was killed."""

    waited: float | None = None
    """Seconds in the queue; ``None`` where nobody has said when it was sent."""

    is_failed: bool = False
    is_retried: bool = False
    """It has asked to be run again; that will be another event."""


@dataclass(frozen=True, slots=True)
class CountEvent:
    """Something that happened some times, such as hits of one cache."""

    dimension: str
    """The dimension besides ``Service``, as in ``contract``."""

    value: str
    """The dimension's value, as the application says it."""

    metric: str
    amount: int = 1


Event = RequestEvent | CountEvent | BrokenStream | QueriesEvent | TaskEvent


def route_of(request: HttpRequest) -> str | None:
    """The resolved pattern of a request; ``None`` where none matched."""
    match = request.resolver_match
    return None if match is None else match.route
