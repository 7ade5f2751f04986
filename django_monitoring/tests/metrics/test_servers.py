"""Nothing that was recorded is lost when a real server ends."""

import time

import pytest

from django_monitoring import contract
from tests.metrics.emf_lines import metric_documents, published_names
from tests.metrics.keeping import requests_by_route, samples, total
from tests.metrics.servers import Server, gunicorn, running, uvicorn

REQUESTS = 1400
PATHS = ("/", "/orders/7/", "/orders/8/", "/later/", "/buy/", "/nothing/", "/errors/")

SERVERS = {
    "gunicorn sync": gunicorn("--workers", "2"),
    "gunicorn sync, preloaded": gunicorn("--workers", "2", "--preload"),
    "gunicorn gthread": gunicorn("--workers", "2", "--threads", "4"),
    "gunicorn sync, 200 requests a worker": gunicorn("--workers", "2", "--max-requests", "200"),
    "gunicorn gthread, preloaded, 200 requests a worker": gunicorn(
        "--workers", "2", "--threads", "4", "--preload", "--max-requests", "200"
    ),
    "uvicorn, 1 worker": uvicorn(),
    "uvicorn, 2 workers": uvicorn("--workers", "2"),
}


@pytest.mark.parametrize("command", SERVERS.values(), ids=SERVERS)
def test_every_request_is_counted_after_sigterm(command: list[str]) -> None:
    with running(command) as server:
        statuses = server.get_all([PATHS[n % len(PATHS)] for n in range(REQUESTS)])
        output = server.end()
    documents = metric_documents(output)
    assert sum(statuses.values()) == REQUESTS
    assert total(documents, contract.REQUESTS) == REQUESTS
    assert len(samples(documents, contract.RESPONSE_TIME)) == REQUESTS
    by_class = {
        name: sum(n for status, n in statuses.items() if status // 100 == first)
        for first, name in contract.STATUS_CLASSES.items()
    }
    assert {name: total(documents, name) for name in by_class} == by_class
    assert total(documents, contract.SAMPLES_DROPPED) == 0
    share = [len(range(place, REQUESTS, len(PATHS))) for place in range(len(PATHS))]
    assert requests_by_route(documents) == {
        ("GET", "/"): share[0],
        ("GET", "orders/<int:pk>/"): share[1] + share[2],
        ("GET", "later/"): share[3],
        ("GET", "buy/"): share[4],
        ("GET", "(unmatched)"): share[5],
        ("GET", "err_ors/"): share[6],
    }
    assert total(documents, contract.ACTIONS, Action="checkout") == share[4]
    assert total(documents, contract.FAILURES, Type="OddErr_or") == share[6]
    reads = [
        total(documents, name, Cache="default")
        for name in (contract.CACHE_HITS, contract.CACHE_MISSES)
    ]
    assert sum(reads) == share[4]
    # Published where an interval ends, which may be in the middle of the test.
    sampled = {contract.IN_PROGRESS, contract.OLDEST_REQUEST, contract.THREADS_BUSY}
    assert {name for name, _ in published_names(documents)} - sampled == {
        *("Requests", "ResponseTime", "Actions", "Failures", "CacheHits", "CacheMisses"),
        *("StatusCode_2xx", "StatusCode_4xx", "StatusCode_5xx"),
    }


@pytest.mark.parametrize("command", [gunicorn("--workers", "2"), uvicorn()], ids=["wsgi", "asgi"])
def test_metrics_are_published_while_the_server_runs(command: list[str]) -> None:
    with running(command, interval=1) as server:
        server.get_all(["/"] * 100)
        deadline = time.monotonic() + 60
        while counted(server) < 100 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert counted(server) == 100


def counted(server: Server) -> int:
    whole_lines = server.output[: server.output.rfind(b"\n") + 1]
    return total(metric_documents(whole_lines), contract.REQUESTS)
