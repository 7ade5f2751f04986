"""Answers to calls of boto3 clients that the emulator cannot give, as botocore has them."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final

Answer = tuple[Any, dict[str, Any]]
"""A response of HTTP and what is parsed out of it; where botocore gets one, it sends nothing."""

_REQUEST: Final = "sandbox request"


class RequestRefusedError(Exception):
    """A service refuses a request; the message says why.

    Attributes:
        code: of the error.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def remember_requests(client: Any) -> None:
    """Have a client's requests at hand while they are answered."""
    client.meta.events.register("before-parameter-build", _remember, unique_id=_REQUEST)


def request_of(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request of a call, from its context."""
    request: Mapping[str, Any] = context[_REQUEST]
    return request


def answered(answer: Callable[[], dict[str, Any] | None]) -> Answer | None:
    """What a service answers or refuses; ``None`` where the emulator is to be asked."""
    try:
        parsed = answer()
    except RequestRefusedError as error:
        return _response(400, {"Error": {"Code": error.code, "Message": str(error)}})
    return None if parsed is None else _response(200, parsed)


def _remember(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_REQUEST] = params


def _response(status: int, parsed: dict[str, Any]) -> Answer:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0}
    return SimpleNamespace(status_code=status, text=""), {**parsed, "ResponseMetadata": metadata}
