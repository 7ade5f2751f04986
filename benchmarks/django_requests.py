"""How the requests of a Django application in this process are timed."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler


@dataclass(frozen=True)
class Times:
    """Microseconds of one contestant's requests in one round."""

    p50: float
    p99: float


def timed(application: WSGIHandler, environ: dict[str, Any]) -> int:
    """Nanoseconds of one request."""
    fresh = environ.copy()
    started = time.perf_counter_ns()
    response = application(fresh, ignore)
    taken = time.perf_counter_ns() - started
    response.close()
    return taken


def ignore(status: str, headers: object, exc_info: object = None, /) -> Callable[[bytes], object]:
    """A WSGI server's ``start_response`` that sends nothing."""
    return len


def percentiles(nanoseconds: list[int]) -> Times:
    """Those of several requests."""
    cuts = statistics.quantiles(nanoseconds, n=100)
    return Times(cuts[49] / 1000, cuts[98] / 1000)
