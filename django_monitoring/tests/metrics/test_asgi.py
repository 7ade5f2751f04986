"""The lifespan wrapper, in the words of the protocol."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler

from django_monitoring.asgi import publish_on_shutdown
from django_monitoring.recorder import recorder
from tests.metrics.keeping import KeepingSink

Messages = list[dict[str, Any]]


def life(application: Any, sink: KeepingSink) -> list[tuple[str, int]]:
    """What the application sends, each with the records published until then."""
    sent: list[tuple[str, int]] = []

    async def run() -> None:
        incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for kind in ("lifespan.startup", "lifespan.shutdown"):
            incoming.put_nowait({"type": kind})

        async def send(message: dict[str, Any]) -> None:
            sent.append((message["type"], len(sink.records)))

        await asyncio.wait_for(application({"type": "lifespan"}, incoming.get, send), 10)

    asyncio.run(run())
    return sent


def test_django_gets_a_life_and_its_metrics_are_published_at_its_end(kept: KeepingSink) -> None:
    recorder.add(("GET", "a/", 200, 0.1))
    assert life(publish_on_shutdown(ASGIHandler()), kept) == [
        ("lifespan.startup.complete", 0),
        ("lifespan.shutdown.complete", 2),
    ]


@pytest.mark.parametrize("ending", ["complete", "failed"])
def test_an_application_with_a_life_of_its_own_keeps_it(kept: KeepingSink, ending: str) -> None:
    async def application(
        scope: Any,
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        assert (await receive())["type"] == "lifespan.startup"
        await send({"type": "lifespan.startup.complete"})
        assert (await receive())["type"] == "lifespan.shutdown"
        recorder.add(("GET", "a/", 200, 0.1))
        await send({"type": f"lifespan.shutdown.{ending}"})

    assert life(publish_on_shutdown(application), kept) == [
        ("lifespan.startup.complete", 0),
        (f"lifespan.shutdown.{ending}", 2),
    ]


def test_a_life_that_fails_fails(kept: KeepingSink) -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        life(publish_on_shutdown(application), kept)


def test_other_scopes_pass() -> None:
    seen = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope, receive, send))

    scope: dict[str, Any] = {"type": "websocket"}
    asyncio.run(publish_on_shutdown(application)(scope, None, None))  # type: ignore[arg-type]
    assert seen == [(scope, None, None)]
