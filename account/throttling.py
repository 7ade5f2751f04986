"""Asks AWS again, and for longer, where it turned a request away as one too many.

botocore itself gives up on a throttled call after a few attempts within some seconds, or sooner
where many calls at once have used up what it allows itself in retries. A tool that asks about
hundreds of alarms meets that every time, and half its work is then for nothing.
"""

import random
from collections.abc import Callable
from typing import Any, Final

MOST_ATTEMPTS: Final = 12
"""Attempts at one call, botocore's own included: about a minute and a half at most."""

_LONGEST_WAIT: Final = 20.0
"""Seconds between two attempts; botocore itself waits as long at most:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

# As AWS's services call it: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_CODES: Final = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")


def is_throttled(code: str) -> bool:
    """Whether an error's code says that there were too many requests."""
    return any(word in code for word in _CODES)


def keep_asking(client: Any, *, jitter: Callable[[], float] = random.random) -> Any:
    """Have every call of a client tried again while AWS throttles it.

    Args:
        client: a boto3 client.
        jitter: a random number from 0 to 1.

    Returns:
        The client.
    """

    def wait(response: Any, attempts: int, **_: Any) -> float | None:
        """Seconds until the next attempt; ``None`` to let the error stand."""
        code = str(response[1].get("Error", {}).get("Code", "")) if response else ""
        if attempts >= MOST_ATTEMPTS or not is_throttled(code):
            return None
        # Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        return jitter() * min(_LONGEST_WAIT, 2.0 ** (attempts - 1))

    # botocore asks every handler, and takes the first answer: its own comes first.
    client.meta.events.register("needs-retry", wait)
    return client
