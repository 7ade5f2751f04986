"""RequestIdMiddleware: the id of a request on every line that is logged meanwhile."""

import asyncio
import json
import logging
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse

from django_monitoring.logs import JsonFormatter, RequestIdMiddleware

TRACE = "Root=1-67891233-abcdef012345678912345678"


def logged(**fields: Any) -> str | None:
    written = JsonFormatter().format(logging.makeLogRecord({"msg": "paid", **fields}))
    found: str | None = json.loads(written).get("request_id")
    return found


def request_with(**headers: str) -> HttpRequest:
    request = HttpRequest()
    request.META = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return request


def answered_sync(request: HttpRequest) -> str | None:
    """The id on a line that a view logs."""
    seen: list[str | None] = []

    def view(_: HttpRequest) -> HttpResponse:
        seen.append(logged())
        return HttpResponse()

    assert isinstance(RequestIdMiddleware(view)(request), HttpResponse)
    return seen[0]


def answered_async(request: HttpRequest) -> str | None:
    """Likewise, of an asynchronous view that has synchronous work done in a thread."""
    seen: list[str | None] = []

    async def view(_: HttpRequest) -> HttpResponse:
        seen.append(logged())
        seen.append(await sync_to_async(logged)())
        return HttpResponse()

    async def once() -> Any:
        answer: Any = RequestIdMiddleware(view)(request)
        return await answer

    assert isinstance(asyncio.run(once()), HttpResponse)
    assert seen[0] == seen[1]
    return seen[0]


each_way = pytest.mark.parametrize("answered", [answered_sync, answered_async])


@each_way
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x_request_id": "abc-123"}, "abc-123"),
        ({"x_amzn_trace_id": TRACE}, TRACE),
        ({"x_request_id": "abc-123", "x_amzn_trace_id": TRACE}, "abc-123"),
        ({"x_request_id": "", "x_amzn_trace_id": TRACE}, TRACE),
        ({"x_request_id": "a b\n"}, None),
        ({"x_request_id": "x" * 201}, None),
        ({"x_request_id": "日本"}, None),
        ({}, None),
    ],
)
def test_which_id(answered: Any, headers: dict[str, str], expected: str | None) -> None:
    assert answered(request_with(**headers)) == expected
    assert logged() is None


def test_it_ends_with_a_view_that_raises() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        RequestIdMiddleware(view)(request_with(x_request_id="abc"))
    assert logged() is None


def test_it_ends_with_an_asynchronous_view_that_raises() -> None:
    async def view(_: HttpRequest) -> HttpResponse:
        raise ValueError

    async def once() -> None:
        answer: Any = RequestIdMiddleware(view)(request_with(x_request_id="abc"))
        with pytest.raises(ValueError):  # noqa: PT011
            await answer
        assert logged() is None

    asyncio.run(once())


def test_requests_at_the_same_time_keep_their_own() -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.01)
        return HttpResponse(logged() or "")

    async def together() -> list[Any]:
        middleware: Any = RequestIdMiddleware(view)
        requests = [request_with(x_request_id=f"id-{number}") for number in range(20)]
        return await asyncio.gather(*map(middleware, requests))

    answers = asyncio.run(together())
    assert [answer.content for answer in answers] == [f"id-{n}".encode() for n in range(20)]


def test_a_record_with_its_request_needs_no_middleware() -> None:
    assert logged(request=request_with(x_amzn_trace_id=TRACE)) == TRACE


def test_a_record_that_says_it_itself() -> None:
    assert logged(request_id="job-7") == "job-7"
    assert logged(request_id="not\nthis") is None
