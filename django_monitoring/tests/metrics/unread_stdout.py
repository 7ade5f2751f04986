"""Answers many requests in process while nobody reads stdout, and reports on stderr."""

import gc
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test.client import RequestFactory
from django.urls import Resolver404, ResolverMatch, resolve

from django_monitoring.middleware import metrics
from django_monitoring.recorder import recorder
from tests.metrics import metrics_site

WARM_UP = 5_000

# Without Django around the middleware, requests come as fast as the emitter sums them up.
BREATH = 1_000
"""Requests between two pauses."""

PAUSE = 0.01


def resident() -> int:
    """Bytes of memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def waited() -> float:
    """Seconds that threads of this process were ready to run and had no processor.

    Of all its threads, since one that has no processor may hold the interpreter's lock.
    https://docs.kernel.org/scheduler/sched-stats.html
    """
    statistics = Path("/proc/self/task").glob("*/schedstat")
    return sum(int(found.read_text().split()[1]) for found in statistics) / 1e9


def match_of(path: str) -> ResolverMatch | None:
    """What Django would find for a path."""
    try:
        return resolve(path)
    except Resolver404:
        return None


def main(requests: int) -> None:
    settings.configure(**metrics_site.settings_with())
    django.setup()
    logging.disable(logging.CRITICAL)
    # A page of each of many routes, so that there are many lines.
    paths = ("/", "/orders/7/", "/nothing/", "/api/v3/")
    matches = {path: match_of(path) for path in paths}
    environs = [RequestFactory().get(path).environ for path in paths]
    answered = HttpResponse("ok")

    def view(request: HttpRequest) -> HttpResponse:
        request.resolver_match = matches[request.path_info]
        return answered

    respond: Any = metrics(view)

    def answer(number: int) -> None:
        respond(WSGIRequest(environs[number & 3].copy()))

    for number in range(WARM_UP):
        answer(number)
    gc.collect()
    before = peak = resident()
    slowest = without = 0.0
    slow = []
    for number in range(requests - WARM_UP):
        if number % 100 == 0:
            without = waited()
        started = time.perf_counter()
        answer(number)
        seconds = time.perf_counter() - started
        slowest = max(slowest, seconds)
        if seconds > 0.05:
            # Without the time in which the machine ran something else.
            slow.append(seconds - (waited() - without))
        if number % BREATH == 0:
            peak = max(peak, resident())
            time.sleep(PAUSE)
    report = {
        "flushed": recorder.flush(0.1),
        "growth": peak - before,
        "slow": slow,
        "slowest": slowest,
    }
    print(json.dumps(report), file=sys.stderr, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
