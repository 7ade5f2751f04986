"""Watches streaming responses until they are closed: their status is sent before their content."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .events import BrokenStream, route_of
from .recorder import recorder


def watch_stream(request: HttpRequest, response: Any) -> None:
    """Count the stream as in progress until it is closed, and as broken where it raises.

    A client that goes away in the middle breaks nothing: it is how many streams end. A file is
    left to the server, which may send it without Python.

    Args:
        request: what the stream answers.
        response: a streaming response; it goes on as it was.
    """

    def break_off() -> None:
        recorder.add(BrokenStream(request.method, route_of(request)))

    # Whatever a response of the application's own does here, it is sent as it is.
    with suppress(Exception):
        _watch_end(response)
        if getattr(response, "file_to_stream", None) is None:
            content = response.streaming_content
            watched = _watched_later if response.is_async else _watched
            response.streaming_content = watched(content, break_off)


def _watch_end(response: HttpResponseBase) -> None:
    progress = recorder.progress
    close = response.close

    def close_and_end() -> None:
        progress.end_stream(response)
        # Without the circle, what the response holds is freed with it.
        with suppress(AttributeError):
            del response.close
        close()

    response.close = close_and_end  # type: ignore[method-assign]
    progress.begin_stream(response)


def _watched(content: Iterator[bytes], break_off: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from content
    except Exception:
        break_off()
        raise


async def _watched_later(
    content: AsyncIterator[bytes], break_off: Callable[[], None]
) -> AsyncIterator[bytes]:
    try:
        async for part in content:
            yield part
    except Exception:
        break_off()
        raise
