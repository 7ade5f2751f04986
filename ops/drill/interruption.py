"""Ctrl-C and its kin: they end the waiting, and never a clean-up half-way."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Final, Self

# A closed terminal and a stopped job must not leave an alarm in a false state either. Windows
# has no SIGHUP.
_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

_PATIENCE: Final = 2


class Interruptions:
    """While entered, SIGINT, SIGTERM and SIGHUP all raise ``KeyboardInterrupt``.

    In a shielded section they are held back until its end. Where a second one comes while one
    is held back, ``out_of_patience`` tells the section to stop trying and say what is left.

    Signals can only be handled in the main thread; in another one, only what is raised there
    interrupts.

    Args:
        told: is told in words of a signal that is held back.
    """

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._depth = 0
        self._held = 0
        self._before: dict[int, Any] = {}

    @property
    def out_of_patience(self) -> bool:
        """Whether a shielded section was asked twice to end."""
        return self._held >= _PATIENCE

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Hold signals back.

        Raises:
            KeyboardInterrupt: at the end, where one was held back.
        """
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            held, self._held = (self._held, 0) if not self._depth else (0, self._held)
            if held:
                raise KeyboardInterrupt

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if not self._depth:
            raise KeyboardInterrupt
        self._held += 1
        if self._held < _PATIENCE:
            self._told("cleaning up first; once more to stop and be told what is left to do")
