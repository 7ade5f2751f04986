"""What a drill undoes whatever happens: signals wait for it, and what it cannot undo it tells."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any, Final, Self

# A closed terminal and a stopped job must not leave an alarm in a false state either. Windows
# has no SIGHUP.
_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

# The first one interrupts, the second one is told that things are being put back.
_PATIENCE: Final = 3


class Interruptions:
    """While entered, signals interrupt nothing but what is marked as waiting.

    The first SIGINT, SIGTERM or SIGHUP raises ``KeyboardInterrupt`` where the program waits, at
    once or as soon as it does; so a change is never cut off half-way, and what comes after the
    waiting puts things back undisturbed. The third one sets ``out_of_patience``, which tells
    that clean-up to stop trying and say what is left.

    Signals can only be handled in the main thread; in another one, only what is raised there
    interrupts.

    Args:
        told: is told in words that a signal has to wait.
    """

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._count = 0
        self._waits = False
        self._raised = False
        self._before: dict[int, Any] = {}

    @property
    def came(self) -> bool:
        """Whether there was a signal."""
        return self._count > 0

    @property
    def out_of_patience(self) -> bool:
        """Whether a clean-up should stop trying."""
        return self._count >= _PATIENCE

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """What may be interrupted.

        Raises:
            KeyboardInterrupt: a signal came, now or since the last waiting.
        """
        self._waits = True
        try:
            self._interrupt()
            yield
        finally:
            self._waits = False

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._count == _PATIENCE - 1:
            # The terminal may be gone, or just being written to; the clean-up must not notice.
            with suppress(OSError, RuntimeError):
                self._told("putting everything back; once more to stop and see what is left to do")
        self._interrupt()

    def _interrupt(self) -> None:
        if self._count and self._waits and not self._raised:
            self._raised = True
            raise KeyboardInterrupt


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """One thing that is not as it was before the drill.

    Attributes:
        what: what it is, and why it could not be undone.
        command: what to type.
    """

    what: str
    command: str

    def as_json(self) -> dict[str, str]:
        """The leftover for scripts."""
        return asdict(self)


def undone(
    undo: Callable[[], object], *, what: str, command: str, interruptions: Interruptions
) -> list[Leftover]:
    """Undo one thing.

    Args:
        undo: does it through AWS.
        what: what is left where that fails.
        command: what to type then.
        interruptions: whether there is still time to try.

    Returns:
        What is left: nothing, or the one thing.
    """
    if interruptions.out_of_patience:
        return [Leftover(what=f"{what} (not tried)", command=command)]
    try:
        undo()
    except Exception as error:  # Whatever it is, it must not keep the next thing from being undone.
        return [Leftover(what=f"{what} ({error})", command=command)]
    return []
