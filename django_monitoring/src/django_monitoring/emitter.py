"""The background thread that sums up what requests recorded, and publishes it every interval."""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, Protocol

from .aggregate import Aggregate
from .events import Event
from .intake import MAX_EVENTS
from .records import Record
from .sinks import AnySink, LostRecordsError, deliver, measured
from .threads import start_without_signals
from .tokens import safe_token, without_filtered_words

TICK: Final = 0.25
"""Seconds after which events are summed up at the latest."""

# A sink that takes nothing is left alone for so long: the other end may be busy.
_LEFT_ALONE: Final = 2.0

# After so many events the thread steps back, so that requests get the interpreter's lock.
_BATCH: Final = 2_000
_STEP_BACK: Final = 0.0005

_MAX_MESSAGE: Final = 200

# Seconds between two lines about what is lost: a log that is full of them helps nobody.
_WARN_EVERY: Final = 900.0

# Published data belongs to the interval that has just ended, not to the one that begins.
_BEFORE: Final = 0.001

_logger = logging.getLogger("django_monitoring")


class Sampler(Protocol):
    """Has values that are looked at, rather than events that are counted."""

    def sample(self) -> None:
        """Look; called at each of the emitter's ticks, in its thread."""

    def take(self, milliseconds: int, service: str) -> Iterable[Record]:
        """Records of what was seen since the last time; called where an interval ends."""


@dataclass(slots=True)
class _Flush:
    """Somebody waits for everything to be published."""

    deadline: float
    closes: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    complete: bool = False


class Emitter:
    """One process's events, aggregate, thread and sink.

    Intervals end at whole multiples of their length since 1970, in every process alike, so that
    CloudWatch's minute holds one minute's requests. While the sink takes nothing the sums go on
    and are published late; only response times beyond a bound are dropped.

    Args:
        aggregate: the sums to keep.
        make_sink: makes the sink, in the thread.
        interval: seconds between two times of publishing.
        samplers: are looked at, and published where an interval ends; more may be added later.
    """

    def __init__(
        self,
        aggregate: Aggregate,
        make_sink: Callable[[], AnySink],
        interval: float,
        samplers: Iterable[Sampler] = (),
    ) -> None:
        self.samplers = list(samplers)
        self._aggregate = aggregate
        self._make_sink = make_sink
        self._interval = interval
        self.events: deque[Event] = deque()
        # Re-entrant: garbage collection may run a finalizer that records something, anywhere.
        self._lock = threading.RLock()
        self._lost = 0
        self._flushes: deque[_Flush] = deque()
        self._wake = threading.Event()
        self._stopped = False
        self._sink: AnySink | None = None
        self._records: Iterator[Record] = iter(())
        self._unsent: list[Record] = []
        self._not_before = 0.0
        self._no_warning_before = 0.0
        # A daemon, so that it never keeps a process from ending.
        self._thread = threading.Thread(
            target=self._run, name="django-monitoring-emitter", daemon=True
        )

    def start(self) -> None:
        """Start the thread.

        Raises:
            RuntimeError: the process can start no thread.
        """
        start_without_signals(self._thread)

    def add(self, event: Event) -> None:
        """Leave an event for the thread. Never waits."""
        # Appending is atomic, and the bound may be passed by as many events as there are threads.
        # The thread is not woken: an event's lock is not re-entrant, and a finalizer may be here.
        if len(self.events) < MAX_EVENTS:
            self.events.append(event)
        else:
            self.lose(1)

    def lose(self, measurements: int) -> None:
        """Count measurements that were lost before they reached the thread."""
        with self._lock:
            self._lost += measurements

    def flush(self, timeout: float, *, close: bool = False) -> bool:
        """Publish everything that was recorded until now.

        Args:
            timeout: seconds to wait at most.
            close: close the sink then; what comes later gets a new one.

        Returns:
            Whether everything was published.
        """
        flush = self._ask_for_flush(timeout, close)
        flush.done.wait(timeout)
        return flush.complete

    def stop(self, timeout: float) -> bool:
        """Publish everything and end the thread; returns whether everything was published."""
        flush = self._ask_for_flush(timeout, close=True)
        self._stopped = True
        self._thread.join(timeout)
        return flush.complete

    def _ask_for_flush(self, timeout: float, close: bool) -> _Flush:
        flush = _Flush(time.monotonic() + timeout, close)
        self._flushes.append(flush)
        self._wake.set()
        return flush

    def _run(self) -> None:
        due = self._next_end(time.time())
        while not self._stopped or self._flushes:
            self._wake.wait(min(TICK, max(due - time.time(), 0)))
            self._wake.clear()
            try:
                due = self._turn(due)
            # Not even an exit raised in a sink may end the thread: this is its last frame.
            except BaseException as failure:
                self._warn(failure)
                self._records, self._unsent = iter(()), []

    def _turn(self, due: float) -> float:
        """Do what is to be done now; returns the time at which the interval ends."""
        flushes = [self._flushes.popleft() for _ in range(len(self._flushes))]
        try:
            self._sum_up()
            self._sample()
            now = time.time()
            # The second condition is for clocks that are set back.
            if now >= due or due - now > self._interval + TICK:
                due = self._next_end(now)
                ended = due - self._interval - _BEFORE
                self._publish(ended, time.monotonic() + TICK, tuple(self.samplers))
            elif self._unsent and time.monotonic() >= self._not_before:
                self._send_records(time.monotonic() + TICK)
            for flush in flushes:
                flush.complete = self._publish(time.time(), flush.deadline)
                if flush.closes:
                    flush.complete &= self._close_sink()
        finally:
            for flush in flushes:
                flush.done.set()
        return due

    def _next_end(self, now: float) -> float:
        return (math.floor(now / self._interval) + 1) * self._interval

    def _sum_up(self) -> None:
        with self._lock:
            lost, self._lost = self._lost, 0
        self._aggregate.drop(lost)
        for index in range(1, len(self.events) + 1):
            try:
                self._aggregate.add(self.events.popleft())
            except Exception as failure:
                self._aggregate.drop(1)
                self._warn(failure)
            if index % _BATCH == 0:
                time.sleep(_STEP_BACK)

    def _sample(self) -> None:
        for sampler in tuple(self.samplers):
            try:
                sampler.sample()
            except Exception as failure:
                self._warn(failure)

    def _publish(self, timestamp: float, deadline: float, samplers: Sequence[Sampler] = ()) -> bool:
        """Send what is left of the last time, and then everything since."""
        if not self._send_records(deadline):
            return False
        self._records = chain(
            self._aggregate.take(timestamp), self._sampled(int(timestamp * 1000), samplers)
        )
        return self._send_records(deadline)

    def _sampled(self, milliseconds: int, samplers: Sequence[Sampler]) -> Iterator[Record]:
        for sampler in samplers:
            try:
                yield from sampler.take(milliseconds, self._aggregate.service)
            except Exception as failure:
                self._warn(failure)

    def _send_records(self, deadline: float) -> bool:
        self._unsent.extend(self._records)
        while self._unsent:
            seconds = max(deadline - time.monotonic(), 0)
            taken = self._sent(tuple(self._unsent), seconds)
            if not taken:
                self._not_before = time.monotonic() + _LEFT_ALONE
                return False
            del self._unsent[:taken]
        return True

    def _sent(self, records: tuple[Record, ...], seconds: float) -> int:
        """How many of the records, from the first one on, need not come again."""
        try:
            sink = self._sink = self._sink or self._make_sink()
        except BaseException as failure:
            self._lost_records(LostRecordsError(measured(records[:1]), failure))
            return 1
        try:
            return deliver(sink, records, seconds)
        except LostRecordsError as lost:
            self._lost_records(lost)
            return lost.gone

    def _lost_records(self, lost: LostRecordsError) -> None:
        self._aggregate.drop(lost.measurements)
        self._warn(lost.cause)

    def _close_sink(self) -> bool:
        """Whether the sink had published everything by then."""
        sink, self._sink = self._sink, None
        close = getattr(sink, "close", None)
        if callable(close):
            try:
                close()
            except LostRecordsError as lost:
                self._lost_records(lost)
                return False
        return True

    def _warn(self, failure: BaseException) -> None:
        """Say now and then that something is wrong; the metric of drops says how much."""
        now = time.monotonic()
        if now < self._no_warning_before:
            return
        self._no_warning_before = now + _WARN_EVERY
        # A log handler may fail in as many ways as a sink.
        try:
            _logger.warning(
                "metrics are dropped, and counted as SamplesDropped: %s in the emitter: %s",
                safe_token(type(failure).__name__),
                without_filtered_words(str(failure))[:_MAX_MESSAGE],
            )
        except BaseException:
            return
