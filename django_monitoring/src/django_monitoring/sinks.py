"""Where records go.

The one sink that comes with the package writes embedded metric format to stdout. Another one,
such as one that speaks OTLP to a collector, is a class with the method of ``Sink``, named in the
setting ``SINK``.
"""

import os
import select
import sys
from typing import Final, Protocol

from .emf import encode_line
from .records import Record

STDOUT: Final = "django_monitoring.sinks.StdoutSink"


class Sink(Protocol):
    """Publishes records. One is made in each process, in the emitter's thread, without arguments.

    Whatever it does, requests are unaffected: it is never called in their threads, and anything
    that it raises is counted as lost measurements (``SamplesDropped``).
    """

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
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLOUT)

    def send(self, record: Record, timeout: float) -> bool:
        """Write the record's line; see ``Sink``.

        Raises:
            OSError: stdout was closed at its other end, or its disk is full.
            ValueError: the record does not fit into a line.
        """
        line = encode_line(record)
        if not self._poll.poll(timeout * 1000):
            return False
        try:
            written = os.write(self._descriptor, line)
        except BlockingIOError:
            return False
        # Only what is no pipe takes a line in parts.
        while written < len(line):
            written += os.write(self._descriptor, line[written:])
        return True
