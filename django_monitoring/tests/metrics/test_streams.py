"""Streams: timed to their head, in progress until their end, counted where they break."""

import asyncio
import gc
import logging
from collections.abc import Iterator

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test.client import RequestFactory

from django_monitoring.recorder import recorder
from tests.metrics.keeping import KeepingSink, total
from tests.metrics.metrics_site import OddError
from tests.metrics.site_client import answer_of, get, get_later, site
from tests.metrics.stacks import STACKS

pytestmark = [
    pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS),
    # Django's, where the kind of a stream is not that of its server.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning"),
    # Django leaves the request's body open where an ASGI application raises.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
    ),
]


@pytest.fixture(autouse=True)
def _quiet(kept: KeepingSink, stack: list[str]) -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with site(MIDDLEWARE=stack):
        yield
    gc.collect()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("ask", [get, get_later], ids=["wsgi", "asgi"])
@pytest.mark.parametrize("path", ["/stream/", "/stream/later/"])
def test_a_whole_stream_arrives_and_is_not_broken(
    kept: KeepingSink, ask: type[get], path: str
) -> None:
    assert ask(path).body == b"onetwo"
    assert total(kept.published, "StatusCode_2xx") == 1
    assert total(kept.published, "StreamsBroken") == 0
    assert len(recorder.progress._streams) == 0


@pytest.mark.parametrize("ask", [get, get_later], ids=["wsgi", "asgi"])
@pytest.mark.parametrize("path", ["/stream/broken/", "/stream/later/broken/"])
def test_a_stream_that_breaks_is_counted_as_broken(
    kept: KeepingSink, ask: type[get], path: str
) -> None:
    with pytest.raises(OddError):
        ask(path)
    route = path.removeprefix("/")
    assert total(kept.published, "StreamsBroken") == 1
    assert total(kept.published, "Status_broken", Route=route) == 1
    assert total(kept.published, "Requests", Route=route) == 1


def test_a_stream_is_in_progress_until_it_is_closed(kept: KeepingSink) -> None:
    response = WSGIHandler()(RequestFactory().get("/stream/").environ, lambda *_: len)
    assert next(iter(response)) == b"one"
    assert len(recorder.progress._streams) == 1
    response.close()
    assert len(recorder.progress._streams) == 0
    assert total(kept.published, "StreamsBroken") == 0


def test_a_client_that_leaves_a_stream_breaks_nothing(kept: KeepingSink) -> None:
    async def leave() -> None:
        gone = asyncio.Event()
        gone.set()
        await answer_of(ASGIHandler(), "/stream/later/", gone=gone)

    asyncio.run(leave())
    assert total(kept.published, "StreamsBroken") == 0


@pytest.mark.parametrize("ask", [get, get_later], ids=["wsgi", "asgi"])
def test_a_file_is_left_to_the_server(ask: type[get]) -> None:
    assert b"def file(" in ask("/file/").body
    assert len(recorder.progress._streams) == 0


def test_a_file_stays_one_that_the_server_can_send(stack: list[str]) -> None:
    handed_over = []

    def wrapper(file: object, size: int) -> Iterator[bytes]:
        handed_over.append(file)
        return iter(())

    environ = RequestFactory().get("/file/").environ | {"wsgi.file_wrapper": wrapper}
    WSGIHandler()(environ, lambda *_: len)
    (file,) = handed_over
    file.close()  # type: ignore[attr-defined]
    assert len(recorder.progress._streams) == 0
