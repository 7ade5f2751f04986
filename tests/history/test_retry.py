"""Asking again: what for, how long the waits are, when it ends."""

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from history.retry import GaveUpError, Retry
from tests.history.recorded import refusal

THROTTLED = refusal("Throttling")


def failing(*errors: Exception) -> Callable[[], str]:
    """Fails so often, and then answers."""
    left: Iterator[Exception] = iter(errors)

    def ask() -> str:
        for error in left:
            raise error
        return "answer"

    return ask


@pytest.mark.parametrize(
    "error",
    [
        THROTTLED,
        refusal("ThrottlingException"),
        refusal("RequestLimitExceeded", 503),
        refusal("InternalServiceFault", 500),
        EndpointConnectionError(endpoint_url="https://monitoring"),
        ReadTimeoutError(endpoint_url="https://monitoring"),
    ],
)
def test_what_passes_is_asked_again(error: Exception) -> None:
    waits: list[float] = []
    retry = Retry(sleep=waits.append, jitter=lambda: 1.0)
    assert retry.run(failing(error, error), "GetMetricData") == "answer"
    assert waits == [1, 2]


@pytest.mark.parametrize("error", [refusal("AccessDenied", 403), NoCredentialsError()])
def test_what_does_not_pass_is_not(error: Exception) -> None:
    waits: list[float] = []
    with pytest.raises(type(error)):
        Retry(sleep=waits.append).run(failing(error), "GetMetricData")
    assert waits == []


def test_the_last_attempt_counts() -> None:
    waits: list[float] = []
    retry = Retry(attempts=3, sleep=waits.append)
    assert retry.run(failing(THROTTLED, THROTTLED), "GetMetricData") == "answer"
    assert len(waits) == 2
    with pytest.raises(ClientError, match="AccessDenied"):
        retry.run(failing(THROTTLED, THROTTLED, refusal("AccessDenied")), "GetMetricData")


def test_it_ends_with_what_and_why() -> None:
    waits: list[float] = []
    retry = Retry(attempts=8, sleep=waits.append, jitter=lambda: 1.0)
    with pytest.raises(GaveUpError, match=r"GetMetricData: 8 attempts failed.*says Throttling"):
        retry.run(failing(*[THROTTLED] * 8), "GetMetricData")
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_the_waits_are_spread() -> None:
    """Full jitter: anything from nothing to the whole wait."""
    waits: list[float] = []
    numbers = iter([0.0, 0.5, 0.25])
    retry = Retry(attempts=4, sleep=waits.append, jitter=lambda: next(numbers))
    retry.run(failing(*[THROTTLED] * 3), "GetMetricData")
    assert waits == [0, 1, 1]
