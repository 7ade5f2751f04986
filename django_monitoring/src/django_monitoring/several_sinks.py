"""Publishes the same records at several places, as in a change from one to another."""

from collections.abc import Callable, Sequence
from typing import Final

from .records import Record
from .sinks import AnySink, LostRecordsError, deliver, measured

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
            LostRecordsError: one of the sinks has lost records, or they were too many to keep.
        """
        losses = _Losses()
        for index, kept in enumerate(self._kept):
            kept.extend(records)
            try:
                sink = self._sinks[index] = self._sinks[index] or self._make[index]()
            except BaseException as failure:
                losses.take(kept, len(kept), failure)
                continue
            self._send(sink, kept, timeout, losses)
            if len(kept) > MAX_KEPT:
                too_many = OverflowError("a sink has taken nothing for long")
                losses.take(kept, len(kept) - MAX_KEPT, too_many)
        losses.tell()
        return len(records)

    def _send(self, sink: AnySink, kept: list[Record], timeout: float, losses: "_Losses") -> None:
        while kept:
            try:
                taken = deliver(sink, kept, timeout)
            except LostRecordsError as lost:
                losses.add(lost.measurements, lost.cause)
                taken = lost.gone
            if not taken:
                return
            del kept[:taken]

    def close(self) -> None:
        """Close all of them.

        Raises:
            LostRecordsError: one had not taken everything.
        """
        losses = _Losses()
        for index, sink in enumerate(self._sinks):
            self._sinks[index] = None
            kept = self._kept[index]
            if kept:
                losses.take(kept, len(kept), OverflowError("a sink had not taken everything"))
            close = getattr(sink, "close", None)
            if callable(close):
                close()
        losses.tell()


class _Losses:
    """What the sinks have lost at one time."""

    def __init__(self) -> None:
        self._measurements = 0
        self._first: BaseException | None = None

    def take(self, kept: list[Record], count: int, failure: BaseException) -> None:
        """The first so many of some records are lost."""
        self.add(measured(kept[:count]), failure)
        del kept[:count]

    def add(self, measurements: int, failure: BaseException) -> None:
        """So many measurements are lost."""
        self._measurements += measurements
        self._first = self._first or failure

    def tell(self) -> None:
        """Raise where anything is lost."""
        if self._first is not None:
            raise LostRecordsError(self._measurements, self._first)
