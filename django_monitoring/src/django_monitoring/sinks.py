"""Where records go.

By default embedded metric format to stdout. Another one is a class with the methods of ``Sink``,
named in the setting ``SINK``.
"""

import os
import select
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol, cast

from .emf import encode_line
from .records import Record

STDOUT: Final = "django_monitoring.sinks.StdoutSink"


class Sink(Protocol):
    """Publishes records. One is made in each process, in the emitter's thread, without arguments.

    Whatever it does, requests are unaffected: it is never called in their threads, and anything
    that it raises is counted as lost measurements (``SamplesDropped``).
    """

    def send_all(self, records: Sequence[Record], timeout: float) -> int:
        """Publish the records: everything that there is to publish now.

        Args:
            records: what to publish. They come once an interval and at the end of the process,
                all at once, so that a sink that sends in batches need not keep any.
            timeout: seconds that this may take at most.

        Returns:
            How many were taken, from the first one on. The others come again later.

        Raises:
            Exception: all of these records are lost.
        """

    def close(self) -> None:
        """Let go of connections and the like; the process ends, or records go elsewhere."""


class RecordSink(Protocol):
    """A simpler sink, which gets one record after the other."""

    def send(self, record: Record, timeout: float) -> bool:
        """Publish a record.

        Args:
            record: what to publish.
            timeout: seconds that this may take at most.

        Returns:
            Whether it was taken. After a ``False`` the same record comes again later.

        Raises:
            Exception: the record is lost.
        """


AnySink = Sink | RecordSink

SINK_METHODS: Final = ("send_all", "send")
"""A sink has one of them."""


class LostRecordsError(Exception):
    """Records were lost.

    Attributes:
        measurements: how many the lost records speak for.
        cause: why the first of them was lost.
        gone: how many records need not come again, from the first one on; some of them may have
            been published.
    """

    def __init__(self, measurements: int, cause: BaseException, gone: int = 0) -> None:
        super().__init__(str(cause))
        self.measurements = measurements
        self.cause = cause
        self.gone = gone


def deliver(sink: AnySink, records: Sequence[Record], timeout: float) -> int:
    """Publish the records by a sink of either kind.

    Returns:
        How many need not come again, from the first one on. A sink that returns nothing, or
        true, has taken everything: sending twice would count twice. A simple sink gets the first
        record alone.

    Raises:
        LostRecordsError: the sink raised something: what it was given is lost, unless it says by
            the same error that less is.
    """
    # Seconds that a sink needs in any case, such as one that speaks to another machine.
    seconds = max(timeout, getattr(sink, "timeout", 0.0))
    is_simple = not callable(getattr(sink, "send_all", None))
    given = tuple(records[:1] if is_simple else records)
    try:
        answer: object
        if is_simple:
            answer = cast(RecordSink, sink).send(given[0], seconds)
        else:
            answer = cast(Sink, sink).send_all(given, seconds)
    except LostRecordsError as lost:
        raise LostRecordsError(lost.measurements, lost.cause, len(given)) from lost
    except BaseException as failure:
        raise LostRecordsError(measured(given), failure, len(given)) from failure
    if answer is None or answer is True:
        return len(given)
    return 0 if answer is False else max(0, min(int(answer), len(given)))


def measured(records: Iterable[Record]) -> int:
    """How many measurements some records speak for."""
    return sum(record.measurements for record in records)


class StdoutSink:
    """Writes each record as one line of embedded metric format, with one ``os.write``.

    It waits until stdout takes 4,096 bytes before it writes: a pipe that nobody reads then
    delays nothing but the metrics. (Linux reports a pipe as writable when a whole page of it is
    free; what another process writes in between can still make the write wait.)

    Args:
        descriptor: what to write to instead of stdout.

    Raises:
        OSError: the process has no stdout. Its number may by now be that of a file or a
            connection, which must not be written to.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        if descriptor is None:
            if sys.__stdout__ is None or sys.__stdout__.closed:
                raise OSError("stdout was closed")
            descriptor = sys.__stdout__.fileno()
        # A copy, so that the number stays ours when the application closes its stdout.
        self._descriptor = os.dup(descriptor)
        self._is_writable = _writability(self._descriptor)

    def send(self, record: Record, timeout: float) -> bool:
        """Write the record's line; see ``Sink``.

        Raises:
            OSError: stdout was closed at its other end, or its disk is full.
            ValueError: the record does not fit into a line.
        """
        line = encode_line(record)
        if not self._is_writable(timeout):
            return False
        try:
            written = os.write(self._descriptor, line)
        except BlockingIOError:
            return False
        # Only what is no pipe takes a line in parts.
        while written < len(line):
            written += os.write(self._descriptor, line[written:])
        return True


def _writability(descriptor: int) -> Callable[[float], bool]:
    """Whether the descriptor takes something within so many seconds."""
    # A file always does, and the epoll() in eventlet's select() takes none.
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return lambda _: True
    # eventlet takes poll() away, and makes select() a function that lets others run.
    if not hasattr(select, "poll"):
        return lambda seconds: bool(select.select((), (descriptor,), (), seconds)[1])
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return lambda seconds: bool(poll.poll(seconds * 1000))


class StderrSink(StdoutSink):
    """Writes the same lines to standard error, for a program whose output is its own.

    Raises:
        OSError: the process has no standard error.
    """

    def __init__(self) -> None:
        if sys.__stderr__ is None or sys.__stderr__.closed:
            raise OSError("stderr was closed")
        super().__init__(sys.__stderr__.fileno())
