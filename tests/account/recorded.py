"""A boto3 client that answers by operation, and keeps what it was asked."""

from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

Answer = dict[str, Any] | list[dict[str, Any]] | Exception | Callable[..., dict[str, Any]]
"""An answer, the pages of a paginator, what is raised, or a function of the request."""


class Recorded:
    """A client of some operations, which answers each call alike.

    Args:
        answers: operation to what it answers.

    Attributes:
        asked: each request, in order: the operation and its parameters.
        meta: where it is said to ask; an emulator, unless a test says otherwise.
    """

    def __init__(self, **answers: Answer) -> None:
        self.meta = SimpleNamespace(endpoint_url="http://127.0.0.1:5000")
        self._answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation not in self._answers:
            raise AttributeError(operation)
        return partial(self._answer, operation)

    def get_paginator(self, operation: str) -> Any:
        def paginate(**request: Any) -> list[dict[str, Any]]:
            answer = self._answer(operation, **request)
            return answer if isinstance(answer, list) else [answer]

        return SimpleNamespace(paginate=paginate)

    def _answer(self, operation: str, **request: Any) -> Any:
        self.asked.append((operation, request))
        answer = self._answers[operation]
        if isinstance(answer, Exception):
            raise answer
        return answer(**request) if callable(answer) else answer


class Opened:
    """An account whose services answer as a test says.

    Args:
        usual: service to what its operations answer.
        changes: what some of them answer instead.

    Attributes:
        clients: each service's client, the same in every region.
        asked: which services were asked for where.
    """

    def __init__(
        self,
        usual: Mapping[str, Mapping[str, Answer]],
        changes: Mapping[str, Mapping[str, Answer]],
    ) -> None:
        self.asked: set[tuple[str, str]] = set()
        self.clients = {
            service: Recorded(**{**answers, **changes.get(service, {})})
            for service, answers in usual.items()
        }

    def client(self, service: str, region: str) -> Recorded:
        self.asked.add((service, region))
        return self.clients[service]


ACCESS = "An error occurred (AccessDenied) when calling the X operation: no"
"""What ``refused()`` says."""


def refused(code: str = "AccessDenied", status: int = 403) -> ClientError:
    """As AWS refuses: ``An error occurred (<code>) when calling the X operation: no``."""
    answer = {
        "Error": {"Code": code, "Message": "no"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "X")
