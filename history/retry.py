"""Asking AWS again: throttled or out of reach, with longer and longer waits in between."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from botocore.exceptions import (  # type: ignore[import-untyped]
    ClientError,
    ConnectionError,
    HTTPClientError,
)

from account.account import AWS_ERRORS, is_refusal

T = TypeVar("T")

# Seconds. The client itself has tried a few times within some seconds by then.
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0


class GaveUpError(Exception):
    """AWS did not answer, or turned every attempt away as one too many."""


@dataclass(frozen=True, kw_only=True)
class Retry:
    """Exponential backoff with full jitter, for a bounded number of attempts.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

    Attributes:
        attempts: how often to ask at most.
        sleep: waits so many seconds.
        jitter: a random number from 0 to 1.
    """

    attempts: int = 7
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def run(self, ask: Callable[[], T], what: str) -> T:
        """Ask until there is an answer.

        Args:
            ask: the call.
            what: its name, for the error.

        Raises:
            GaveUpError: no attempt was answered.
            botocore.exceptions.ClientError: AWS refuses for good.
            botocore.exceptions.BotoCoreError: it cannot be asked, such as without credentials.
        """
        for attempt in range(self.attempts - 1):
            try:
                return ask()
            except AWS_ERRORS as error:
                if not _is_passing(error):
                    raise
            self.wait(attempt)
        try:
            return ask()
        except AWS_ERRORS as error:
            if not _is_passing(error):
                raise
            # Behind a proxy, an error's text may be a whole page of HTML.
            said = str(error).splitlines()[0]
            raise GaveUpError(
                f"{what}: {self.attempts} attempts failed, the last one with: {said}"
            ) from None

    def pages(
        self, ask: Callable[..., Mapping[str, Any]], request: Mapping[str, object], what: str
    ) -> Iterator[Mapping[str, Any]]:
        """Every page of an answer, each asked for as ``run`` does, and raising as it does.

        Args:
            ask: the operation, which answers with a ``NextToken`` where there are more pages.
            request: its arguments.
            what: its name, for the error.
        """
        token: dict[str, Any] = {}
        while True:
            page = self.run(partial(ask, **request, **token), what)
            yield page
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    def wait(self, attempt: int) -> None:
        """Wait after an attempt, the first one being 0."""
        self.sleep(self.jitter() * min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt))


def _is_passing(error: Exception) -> bool:
    """Whether another attempt may well succeed: throttling, faults of AWS, the network."""
    if isinstance(error, ClientError):
        return not is_refusal(error)
    return isinstance(error, (ConnectionError, HTTPClientError))
