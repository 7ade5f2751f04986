"""A client that hangs up is a disconnect, whatever stands around the metrics; never a 5xx."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse

from django_monitoring.middleware import metrics
from django_monitoring.recorder import recorder
from tests.metrics.keeping import KeepingSink, requests_by_route, samples, total
from tests.metrics.metrics_site import Held
from tests.metrics.site_client import answer_of, get, site
from tests.metrics.stacks import STACKS

CLIENTS = 8
GONE_AFTER = 0.1
"""Seconds that every client waits for its view."""

NOTICED_WITHIN = 0.3
"""Seconds in which Django notices that a client is gone."""


@pytest.fixture(autouse=True)
def _quiet(kept: KeepingSink) -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def hang_up(path: str, clients: int = CLIENTS) -> int:
    """Clients that all hang up once each of them has waited for its view for a while.

    Returns:
        How many requests are in progress when all of them are gone and their views still hang.
    """

    async def leave(gone: asyncio.Event) -> int:
        for _ in range(clients):
            while not Held.begun.acquire(blocking=False):
                await asyncio.sleep(0.01)
        await asyncio.sleep(GONE_AFTER)
        gone.set()
        await asyncio.sleep(NOTICED_WITHIN)
        in_progress = len(recorder.progress.running)
        Held.let_go.set()
        return in_progress

    async def all_at_once() -> int:
        application, gone = ASGIHandler(), asyncio.Event()
        asked = (answer_of(application, path, gone=gone) for _ in range(clients))
        in_progress, *_ = await asyncio.gather(leave(gone), *asked)
        return in_progress

    Held.let_go.clear()
    return asyncio.run(all_at_once())


# https://docs.djangoproject.com/en/5.0/releases/5.0/#asgi
@pytest.mark.skipif(
    django.VERSION < (5, 0), reason="Django hears of a client that is gone since 5.0"
)
@pytest.mark.parametrize("path", ["/hanging/", "/hanging/later/"], ids=["sync view", "async view"])
@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
def test_each_of_8_clients_that_hang_up_is_a_disconnect_and_no_5xx(
    kept: KeepingSink, stack: list[str], path: str
) -> None:
    with site(MIDDLEWARE=stack):
        in_progress = hang_up(path)
        documents = kept.published
    # A thread cannot be cancelled: what hangs there holds it, with a client or without.
    assert in_progress == (CLIENTS if path == "/hanging/" else 0)
    assert len(recorder.progress.running) == 0
    assert total(documents, "StatusCode_5xx") == 0
    assert total(documents, "Disconnects") == CLIENTS
    route = path.removeprefix("/")
    assert total(documents, "Status_disconnected", Route=route) == CLIENTS
    assert requests_by_route(documents) == {("GET", route): CLIENTS}
    assert total(documents, "Failures") == 0
    waited = samples(documents, "ResponseTime", Route=route)
    assert len(waited) == CLIENTS
    # How long they had waited, which is at least until they went.
    assert min(waited) >= GONE_AFTER * 0.9


def ask(path: str) -> None:
    """A client of an ASGI application that stays until the answer is there."""
    asyncio.run(answer_of(ASGIHandler(), path))


# Django leaves the request's body open then.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("server", [get, ask], ids=["WSGI", "ASGI"])
@pytest.mark.parametrize("path", ["/cancelled/", "/cancelled/later/", "/cancelled/task/"])
@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
def test_a_view_that_cancels_itself_is_a_failure(
    kept: KeepingSink, stack: list[str], path: str, server: Callable[[str], object]
) -> None:
    # The exception is the view's own, and the server answers it with 500.
    with site(MIDDLEWARE=stack), pytest.raises(asyncio.CancelledError):
        server(path)
    gc.collect()
    assert total(kept.published, "Disconnects") == 0
    assert total(kept.published, "StatusCode_5xx") == 1
    assert len(recorder.progress.running) == 0


def test_a_task_that_is_cancelled_is_a_disconnect(kept: KeepingSink) -> None:
    waiting = asyncio.Event()

    async def view(request: HttpRequest) -> HttpResponse:
        waiting.set()
        await asyncio.sleep(60)
        return HttpResponse()

    async def cancelled() -> None:
        respond: Any = metrics(view)
        task = asyncio.create_task(respond(HttpRequest()))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert total(kept.published, "Disconnects") == 1
    assert total(kept.published, "StatusCode_5xx") == 0
