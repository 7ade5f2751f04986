"""Answers many requests in process while nobody reads stdout, and reports on stderr."""

import gc
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test.client import RequestFactory

from django_monitoring.recorder import recorder
from tests.metrics import metrics_site

WARM_UP = 5_000


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


def start(status: str, headers: object, exc_info: object = None, /) -> Callable[[bytes], object]:
    """A WSGI server's ``start_response`` that sends nothing."""
    return len


def main(requests: int) -> None:
    settings.configure(**metrics_site.settings_with())
    django.setup()
    logging.disable(logging.CRITICAL)
    application = WSGIHandler()
    # A page of each of many routes, so that there are many lines.
    environs = [
        RequestFactory().get(path).environ for path in ("/", "/orders/7/", "/nothing/", "/api/v3/")
    ]

    def answer(number: int) -> None:
        response = application(environs[number & 3].copy(), start)
        response.close()

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
        if number % 1000 == 0:
            peak = max(peak, resident())
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
