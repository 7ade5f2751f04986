"""The project's program as the engine runs it: inline, in this process."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Final

# How long the SDK may take to close what it means to close.
_END_SECONDS: Final = 1.0
_ATTEMPTS: Final = 10


@contextlib.contextmanager
def inline(program: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """The program for one operation of the Automation API.

    Where the engine ends first, as it does when a resource fails, Pulumi's SDK logs its own calls
    to the engine as failed and leaves the program's event loop open. Neither is of any interest
    to whoever reads the engine's own account of the failure.
    """
    loops: list[asyncio.AbstractEventLoop] = []

    def run() -> None:
        loops.append(asyncio.get_running_loop())
        program()

    logger = logging.getLogger("grpc._server")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield run
    finally:
        deadline = time.monotonic() + _END_SECONDS
        for loop in loops:
            while not loop.is_closed() and time.monotonic() < deadline:
                time.sleep(0.01)
            if not loop.is_closed() and not loop.is_running():
                _close(loop)
        logger.setLevel(level)


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop, ending what is still waiting in it."""
    # The SDK's own handler stops the loop whenever a call to the engine fails.
    loop.set_exception_handler(lambda *_: None)
    for _ in range(_ATTEMPTS):
        waiting = asyncio.all_tasks(loop)
        if not waiting:
            break
        for task in waiting:
            task.cancel()
        with contextlib.suppress(RuntimeError):
            loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
    loop.close()
