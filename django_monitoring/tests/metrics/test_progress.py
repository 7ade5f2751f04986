"""Requests that hang are seen while they hang."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test.client import RequestFactory

from django_monitoring import contract, in_progress, progress
from django_monitoring.emf import encode_line
from django_monitoring.progress import OpenRequests, server_threads
from django_monitoring.recorder import Recorder
from tests.metrics.emf_lines import checked_line, metric_documents
from tests.metrics.keeping import KeepingSink, config_with
from tests.metrics.servers import Server, gunicorn, running, uvicorn


class Clock:
    """Stands in for ``perf_counter``."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (progress, in_progress):
        monkeypatch.setattr(module, "perf_counter", found)
    return found


def request(path: str = "/", method: str = "GET") -> HttpRequest:
    return RequestFactory().generic(method, path)


def taken(watched: OpenRequests) -> Mapping[str, Any]:
    (record,) = watched.take(1_700_000_000_000, "shop")
    document = dict(checked_line(encode_line(record)))
    del document["_aws"]
    return document


def test_the_most_at_once_and_the_age_of_the_oldest(clock: Clock) -> None:
    watched = OpenRequests(threads=4)
    first, second = request(), request(method="BREW")
    watched.begin(first)
    clock.now += 10
    watched.begin(second)
    watched.sample()
    clock.now += 5
    watched.end(first)
    # Three looks, with 2, 1 and 1 of 4 threads busy: (50 + 25 + 25) / 3 percent.
    watched.sample()
    assert taken(watched) == {
        "Service": "shop",
        "RequestsInProgress": 2,
        "OldestRequestAge": 10.0,
        "ThreadsBusy": 33.33,
        "OldestMethod": "GET",
        "OldestRoute": "(unmatched)",
    }
    clock.now += 30
    assert taken(watched) == {
        "Service": "shop",
        "RequestsInProgress": 1,
        "OldestRequestAge": 35.0,
        "ThreadsBusy": 25.0,
        "OldestMethod": "OTHER",
        "OldestRoute": "(unmatched)",
    }


def test_an_idle_process_publishes_zeros_and_a_new_one_nothing(clock: Clock) -> None:
    watched = OpenRequests(threads=4)
    watched.sample()
    assert list(watched.take(0, "shop")) == []
    seen = request()
    watched.begin(seen)
    watched.end(seen)
    taken(watched)
    assert taken(watched) == {
        "Service": "shop",
        "RequestsInProgress": 0,
        "OldestRequestAge": 0.0,
        "ThreadsBusy": 0.0,
    }


def test_a_stream_is_in_progress_until_it_is_closed_and_has_no_age(clock: Clock) -> None:
    watched = OpenRequests(threads=1)
    seen, response = request(), StreamingHttpResponse([b"one"])
    watched.begin(seen)
    watched.end(seen)
    watched.begin_stream(response)
    clock.now += 100
    document = taken(watched)
    assert (document["RequestsInProgress"], document["OldestRequestAge"]) == (1, 0.0)
    assert document["ThreadsBusy"] == 100.0
    watched.end_stream(response)
    assert taken(watched)["RequestsInProgress"] == 0


def test_a_response_that_nobody_closes_is_forgotten_with_it(clock: Clock) -> None:
    watched = OpenRequests(threads=1)
    watched.begin(request())
    response = StreamingHttpResponse([b"one"])
    watched.begin_stream(response)
    assert taken(watched)["RequestsInProgress"] == 2
    del response
    assert taken(watched)["RequestsInProgress"] == 1


@pytest.mark.parametrize(("multithread", "threads"), [(False, 1), (True, None)])
def test_what_a_wsgi_server_says(multithread: bool, threads: int | None) -> None:
    asked = request()
    asked.environ["wsgi.multithread"] = multithread  # type: ignore[attr-defined]
    assert server_threads(asked) == threads
    assert server_threads(HttpRequest()) is None


def test_many_threads_at_once_lose_nothing() -> None:
    watched = OpenRequests()

    def come_and_go() -> None:
        for _ in range(2000):
            seen = HttpRequest()
            watched.begin(seen)
            watched.end(seen)

    threads = [threading.Thread(target=come_and_go) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        watched.sample()
    assert len(watched.running) == 0
    assert taken(watched)["RequestsInProgress"] <= 8


def test_a_process_whose_first_request_hangs_publishes() -> None:
    sink = KeepingSink()
    own = Recorder()
    own.activate(config_with(lambda: sink, interval=1.0))
    own.open_intake(request()).begin(request())
    deadline = time.monotonic() + 60
    while not sink.records and time.monotonic() < deadline:
        time.sleep(0.05)
    own.deactivate()
    assert sink.records[0].metrics[0].name == contract.IN_PROGRESS


def until_published(server: Server, condition: Callable[[Mapping[str, Any]], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        whole_lines = server.output[: server.output.rfind(b"\n") + 1]
        if any(map(condition, metric_documents(whole_lines))):
            return
        time.sleep(0.1)
    raise AssertionError(server.output)


@pytest.mark.parametrize(
    ("command", "in_progress", "busy"),
    [
        (gunicorn("--workers", "1", "--threads", "4"), 4, 100.0),
        (gunicorn("--workers", "1"), 1, 100.0),
        (uvicorn(), 6, None),
    ],
    ids=["4 threads", "sync worker", "uvicorn"],
)
def test_six_requests_that_hang_are_seen(
    command: list[str], in_progress: int, busy: float | None
) -> None:
    def is_seen(document: Mapping[str, Any]) -> bool:
        return (
            document.get("RequestsInProgress") == in_progress
            and document["OldestRequestAge"] >= 1
            and document["OldestRoute"] == "slow/"
            and document.get("ThreadsBusy") == busy
        )

    with running(command, interval=1) as server:
        clients = [
            threading.Thread(target=server.get_in_vain, args=("/slow/?seconds=600",), daemon=True)
            for _ in range(6)
        ]
        for client in clients:
            client.start()
        until_published(server, is_seen)
    for client in clients:
        client.join(60)
