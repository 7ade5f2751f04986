"""What metrics cost a request: ours, aws-embedded-metrics', and the monitoring guide's.

Run with ``python -m benchmarks.django_middleware``. Every contestant is a Django application of
one trivial view with one middleware, or none, called through ``WSGIHandler`` in one process.
Their requests alternate, so that whatever else the machine does hits all of them alike; each has
the same unmeasured request before it, and is given as what it takes more than the application
without a middleware. Exits with 1 where a limit does not hold.

* Ours has its default configuration, and publishes every second, in its thread, so that publishing
  is part of what is measured.
* aws-embedded-metrics has no middleware for Django; its ``metric_scope`` decorator around a
  request is what its documentation shows for one unit of work, here with the same two metrics.
* The guide's calls PutMetricData twice a request, here against a server on loopback that
  always answers the same at once: the least that CloudWatch could cost.
"""

import gc
import json
import os
import statistics
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import django
from aws_embedded_metrics.config import get_config
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test.client import RequestFactory
from django.urls import path
from rich.console import Console
from rich.table import Table

from benchmarks import compared_middleware
from benchmarks.compared_middleware import fixed_replies
from benchmarks.django_requests import Times, ignore, percentiles, timed
from django_monitoring.recorder import recorder
from django_monitoring.sinks import StdoutSink

ROUNDS: Final = 5
REQUESTS: Final = 10_000
"""Requests of each contestant a round."""

_WARM_UP: Final = 1_000

ONE_IN: Final = 20
"""The guide's middleware gets one request in so many: it takes milliseconds."""

P50_LIMIT: Final = 3.0
P99_LIMIT: Final = 20.0
"""Microseconds that ours may take more than no middleware."""

TIMES_BELOW_LIBRARY: Final = 5.0
TIMES_BELOW_GUIDE: Final = 100.0


def main() -> int:
    """Measure, print, and say by the exit code whether all limits hold."""
    server, port = fixed_replies()
    with TemporaryFile() as lines:
        try:
            _configure(port, lines.fileno())
            rounds = _rounds()
        finally:
            server.terminate()
            server.join()
        recorder.deactivate()
        lines.seek(0)
        counted = sum(json.loads(line).get("Requests", 0) for line in lines)
    if counted != _WARM_UP + ROUNDS * REQUESTS:
        raise SystemExit(f"ours has counted {counted} requests: what was measured is not it")
    costs = {name: _cost(name, rounds) for name in _MIDDLEWARE if name != _BARE}
    return _print(costs, statistics.median(times[_BARE].p50 for times in rounds))


_BARE: Final = "no middleware"
_OURS: Final = "django_monitoring"
_LIBRARY: Final = "aws-embedded-metrics"
_GUIDE: Final = "the guide's"

_MIDDLEWARE: Final[dict[str, list[str]]] = {
    _BARE: [],
    _OURS: ["django_monitoring.middleware.metrics"],
    _LIBRARY: [f"{compared_middleware.__name__}.embedded_metrics"],
    _GUIDE: [f"{compared_middleware.__name__}.two_calls"],
}


def _rounds() -> list[dict[str, Times]]:
    applications = {}
    for name, middleware in _MIDDLEWARE.items():
        settings.MIDDLEWARE = middleware
        applications[name] = WSGIHandler()
    environ = RequestFactory().get("/orders/7/").environ
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        _round(applications, environ, _WARM_UP)
        return [_round(applications, environ, REQUESTS) for _ in range(ROUNDS)]


def _round(
    applications: dict[str, WSGIHandler], environ: dict[str, Any], requests: int
) -> dict[str, Times]:
    times: dict[str, list[int]] = {name: [] for name in applications}
    gc.collect()
    for number in range(requests):
        for name, application in applications.items():
            if name == _GUIDE and number % ONE_IN:
                continue
            # Before each measured request the same one, so that none finds the caches colder.
            applications[_BARE](environ.copy(), ignore).close()
            times[name].append(timed(application, environ))
    return {name: percentiles(taken) for name, taken in times.items()}


def _cost(name: str, rounds: list[dict[str, Times]]) -> Times:
    """Microseconds more than without a middleware: the median of the rounds."""
    return Times(
        statistics.median(times[name].p50 - times[_BARE].p50 for times in rounds),
        statistics.median(times[name].p99 - times[_BARE].p99 for times in rounds),
    )


def _print(costs: dict[str, Times], bare: float) -> int:
    console = Console()
    table = Table("middleware", "p50, µs more", "p99, µs more", "p50, times ours")
    ours = costs[_OURS]
    for name, cost in costs.items():
        table.add_row(name, f"{cost.p50:.1f}", f"{cost.p99:.1f}", f"{cost.p50 / ours.p50:.1f}")
    console.print(table)
    console.print(
        f"{ROUNDS} x {REQUESTS} requests each (the guide's: one in {ONE_IN}); without a "
        f"middleware a request takes {bare:.0f} µs"
    )
    limits = {
        f"ours adds at most {P50_LIMIT:.0f} µs at p50": ours.p50 <= P50_LIMIT,
        f"ours adds at most {P99_LIMIT:.0f} µs at p99": ours.p99 <= P99_LIMIT,
        f"aws-embedded-metrics adds at least {TIMES_BELOW_LIBRARY:.0f} times as much": (
            costs[_LIBRARY].p50 >= TIMES_BELOW_LIBRARY * ours.p50
        ),
        f"the guide's adds at least {TIMES_BELOW_GUIDE:.0f} times as much": (
            costs[_GUIDE].p50 >= TIMES_BELOW_GUIDE * ours.p50
        ),
    }
    for limit, holds in limits.items():
        console.print(f"{'holds' if holds else 'FAILS'}: {limit}")
    return int(not all(limits.values()))


def view(request: HttpRequest, pk: int) -> HttpResponse:
    """What every contestant answers."""
    return HttpResponse("ok")


urlpatterns = [path("orders/<int:pk>/", view)]


def lines_sink() -> StdoutSink:
    """Where our metrics go: written as to stdout, and counted when all is done."""
    return StdoutSink(settings.LINES)


def _configure(port: int, lines: int) -> None:
    # Asked otherwise, the library looks for an EC2 instance around it.
    get_config().environment = "local"
    settings.configure(
        ALLOWED_HOSTS=["*"],
        CLOUDWATCH=f"http://127.0.0.1:{port}",
        DJANGO_MONITORING={"SERVICE": "shop", "INTERVAL": 1, "SINK": f"{__name__}.lines_sink"},
        INSTALLED_APPS=["django_monitoring"],
        LINES=lines,
        LOGGING_CONFIG=None,
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for benchmarks",
    )
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
