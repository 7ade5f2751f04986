"""What counting a request's queries costs (``DATABASE``), a query.

Run with ``python -m benchmarks.django_queries``. Two Django applications have the metrics
middleware and one view, which makes some queries of an SQLite database in memory; one of them
counts them. Their requests alternate, as in ``benchmarks.django_middleware``. Exits with 1 where
the limit does not hold.
"""

import gc
import sqlite3
import statistics
import sys
from typing import Any, Final

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test.client import RequestFactory
from django.urls import path
from rich.console import Console

from benchmarks.django_requests import Times, percentiles, timed
from django_monitoring.recorder import recorder
from django_monitoring.records import Record

ROUNDS: Final = 5
REQUESTS: Final = 3_000
QUERIES: Final = 10
"""Of each request."""

LIMIT: Final = 2.0
"""Microseconds a query, as docs/django.md promises about one."""

_PLAIN: Final = "plain"
_COUNTED: Final = "counted"


def main() -> int:
    """Measure, print, and say by the exit code whether the limit holds."""
    _configure()
    applications = {name: _application(name) for name in (_PLAIN, _COUNTED)}
    _round(applications, REQUESTS // 10)
    rounds = [_round(applications, REQUESTS) for _ in range(ROUNDS)]
    recorder.deactivate()
    expected = QUERIES * (REQUESTS // 10 + ROUNDS * REQUESTS)
    if CountingSink.queries != expected:
        raise SystemExit(f"{CountingSink.queries} queries are counted and not {expected}")
    more = statistics.median(times[_COUNTED].p50 - times[_PLAIN].p50 for times in rounds) / QUERIES
    plain = statistics.median(times[_PLAIN].p50 for times in rounds) / QUERIES
    console = Console()
    console.print(
        f"{ROUNDS} x {REQUESTS} requests of {QUERIES} queries each; one takes {plain:.1f} µs of "
        f"SQLite {sqlite3.sqlite_version} in memory, and {more:.2f} µs more where it is counted"
    )
    holds = more <= LIMIT
    console.print(
        f"{'holds' if holds else 'FAILS'}: counting adds at most {LIMIT:.0f} µs a query at p50"
    )
    return int(not holds)


class CountingSink:
    """A sink that adds up what was counted."""

    queries = 0

    def send_all(self, records: tuple[Record, ...], timeout: float) -> int:
        """See ``Sink``."""
        for record in records:
            for metric in record.metrics:
                if metric.name == "Queries" and isinstance(metric.value, int):
                    CountingSink.queries += metric.value
        return len(records)


def plain(request: HttpRequest) -> HttpResponse:
    """Its queries are not counted."""
    return _answer(_PLAIN)


def counted(request: HttpRequest) -> HttpResponse:
    """Its queries are counted."""
    return _answer(_COUNTED)


urlpatterns = [path("plain/", plain), path("counted/", counted)]


def _answer(alias: str) -> HttpResponse:
    for _ in range(QUERIES):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    return HttpResponse("ok")


def _configure() -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": database, _PLAIN: database, _COUNTED: database},
        DJANGO_MONITORING=_settings(True),
        INSTALLED_APPS=["django_monitoring"],
        LOGGING_CONFIG=None,
        MIDDLEWARE=["django_monitoring.middleware.metrics"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for benchmarks",
    )
    django.setup()
    for alias in (_PLAIN, _COUNTED):
        connections[alias].ensure_connection()
    # As where DATABASE is off.
    connections[_PLAIN].execute_wrappers.clear()


def _settings(database: bool) -> dict[str, Any]:
    return {
        "SERVICE": "shop",
        "INTERVAL": 1,
        "SINK": f"{__name__}.CountingSink",
        "DATABASE": database,
    }


def _application(name: str) -> WSGIHandler:
    settings.DJANGO_MONITORING = _settings(name == _COUNTED)
    return WSGIHandler()


def _round(applications: dict[str, WSGIHandler], requests: int) -> dict[str, Times]:
    times: dict[str, list[int]] = {name: [] for name in applications}
    environs = {name: RequestFactory().get(f"/{name}/").environ for name in applications}
    gc.collect()
    for _ in range(requests):
        for name, application in applications.items():
            times[name].append(timed(application, environs[name]))
    return {name: percentiles(taken) for name, taken in times.items()}


if __name__ == "__main__":
    sys.exit(main())
