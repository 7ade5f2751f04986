"""Publishes the same records at several places, as in a change from one to another."""

from collections.abc import Callable, Sequence
from typing import Final

from .records import Record
from .sinks import AnySink, deliver

MAX_KEPT: Final = 10_000
"""Records that are kept for a place that takes none; the oldest are lost beyond them."""


class SeveralSinks:
    """Gives each record to each sink. One that is full or fails delays no other.

    Args:
        make_sinks: make the sinks.
    """

    def __init__(self, make_sinks: Sequence[Callable[[], AnySink]]) -> None:
        self._make = make_sinks
        self._sinks: list[AnySink | None] = [None] * len(make_sinks)
        self._kept: list[list[Record]] = [[] for _ in make_sinks]

    def send_all(self, records: Sequence[Record], timeout: float) -> int:
        """Publish the records everywhere; see ``Sink``.

        Raises:
            Exception: one of the sinks has lost records, or they were too many to keep.
        """
        failures: list[BaseException] = []
        for index, kept in enumerate(self._kept):
            kept.extend(records)
            try:
                sink = self._sinks[index] = self._sinks[index] or self._make[index]()
                self._send(sink, kept, timeout)
            except BaseException as failure:
                failures.append(failure)
                kept.clear()
            if len(kept) > MAX_KEPT:
                failures.append(OverflowError("a sink has taken nothing for long"))
                del kept[:-MAX_KEPT]
        if failures:
            raise failures[0]
        return len(records)

    def _send(self, sink: AnySink, kept: list[Record], timeout: float) -> None:
        while kept:
            taken = deliver(sink, kept, timeout)
            if not taken:
                return
            del kept[:taken]

    def close(self) -> None:
        """Close all of them."""
        for index, sink in enumerate(self._sinks):
            self._sinks[index] = None
            close = getattr(sink, "close", None)
            if callable(close):
                close()
