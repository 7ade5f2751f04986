"""An emulator that refuses an operation."""

import contextlib
import threading
from collections.abc import Iterator

from sandbox.clients import AwsError
from sandbox.emulator import Emulator


@contextlib.contextmanager
def refused(
    emulator: Emulator,
    operation: str,
    *,
    after: int = 0,
    code: str = "Throttling",
    message: str = "Rate exceeded",
) -> Iterator[None]:
    """Have AWS refuse an operation.

    Args:
        emulator: the AWS.
        operation: its API name, such as ``PutMetricAlarm``.
        after: calls that still succeed.
        code: the error's code.
        message: the error's message.
    """
    let_through = iter(range(after))
    lock = threading.Lock()

    def refuse() -> Exception | None:
        with lock:
            if next(let_through, None) is not None:
                return None
        error: Exception = AwsError({"Error": {"Code": code, "Message": message}}, operation)
        return error

    with emulator.clients.hooked(operation, refuse):
        yield
