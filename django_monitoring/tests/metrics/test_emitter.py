"""The thread: when it publishes, what it does when the sink is slow, stuck or broken."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from django_monitoring import contract, emitter
from django_monitoring.aggregate import Aggregate
from django_monitoring.emf import encode_line
from django_monitoring.emitter import Emitter
from django_monitoring.events import CountEvent
from django_monitoring.records import Record
from django_monitoring.sinks import AnySink
from tests.metrics.emf_lines import checked_line
from tests.metrics.keeping import KeepingSink, samples, total
from tests.waiting import until

REQUEST = ("GET", "a/", 200, 0.1)

Make = Callable[..., Emitter]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes started emitters, and stops them."""
    made = []

    def make_emitter(
        make_sink: Callable[[], AnySink], interval: float = 60.0, **bounds: int
    ) -> Emitter:
        found = Emitter(Aggregate("shop", 500, **bounds), make_sink, interval)
        made.append(found)
        found.start()
        return found

    yield make_emitter
    for one in made:
        one.stop(0.5)


def documents(sink: KeepingSink) -> list[Any]:
    return [checked_line(encode_line(record)) for record in sink.records]


def test_an_interval_ends_at_a_multiple_of_its_length_and_bears_its_time(make: Make) -> None:
    sink = KeepingSink()
    running = make(lambda: sink, interval=0.5)
    running.add(REQUEST)
    until(lambda: sink.records)
    now = time.time()
    stamp = sink.records[0].timestamp
    assert stamp % 500 == 499
    assert 0 <= now * 1000 - stamp < 5000


def test_nothing_recorded_nothing_published(make: Make) -> None:
    sink = KeepingSink()
    running = make(lambda: sink, interval=0.1)
    time.sleep(0.35)
    assert running.flush(1)
    assert sink.records == []


def test_a_flush_publishes_everything_at_once(make: Make) -> None:
    sink = KeepingSink()
    running = make(lambda: sink)
    for _ in range(1234):
        running.add(REQUEST)
    assert running.flush(5)
    assert total(documents(sink), contract.REQUESTS) == 1234
    assert abs(sink.records[0].timestamp - time.time() * 1000) < 5000


def test_events_of_many_threads_are_all_counted(make: Make) -> None:
    sink = KeepingSink()
    running = make(lambda: sink, interval=0.05)

    def record() -> None:
        for _ in range(5000):
            running.add(REQUEST)

    threads = [threading.Thread(target=record) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert running.flush(5)
    assert total(documents(sink), contract.REQUESTS) == 40_000
    assert total(documents(sink), contract.SAMPLES_DROPPED) == 0


class FullSink(KeepingSink):
    """Takes nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = False

    def send(self, record: Record, timeout: float) -> bool:
        if not self.is_open:
            time.sleep(min(timeout, 0.05))
            return False
        return super().send(record, timeout)


def test_while_the_sink_is_full_sums_go_on_and_times_are_bounded(make: Make) -> None:
    sink = FullSink()
    running = make(lambda: sink, interval=0.1, max_samples=1000)
    for _ in range(30):
        for _ in range(200):
            running.add(REQUEST)
        time.sleep(0.01)
    assert not running.flush(0.2)
    sink.is_open = True
    assert running.flush(5)
    running.add(REQUEST)
    assert running.flush(5)
    found = documents(sink)
    assert total(found, contract.REQUESTS) == 6001
    assert total(found, "StatusCode_2xx") == 6001
    kept = len(samples(found, contract.RESPONSE_TIME))
    assert 1000 < kept <= 3001
    assert total(found, contract.SAMPLES_DROPPED) == 6001 - kept


class StuckSink(KeepingSink):
    """Never comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()
        self.is_stuck = threading.Event()

    def send(self, record: Record, timeout: float) -> bool:
        self.is_stuck.set()
        self.release.wait()
        return super().send(record, timeout)


def test_a_stuck_sink_delays_nobody_and_drops_are_counted(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emitter, "MAX_EVENTS", 5000)
    sink = StuckSink()
    running = make(lambda: sink, interval=0.05)
    running.add(REQUEST)
    assert sink.is_stuck.wait(30)
    longest = 0.0
    for _ in range(20_000):
        started = time.perf_counter()
        running.add(REQUEST)
        longest = max(longest, time.perf_counter() - started)
    # The machine may be busy; a stuck sink is stuck for good.
    assert longest < 10
    started = time.monotonic()
    assert not running.flush(0.3)
    assert time.monotonic() - started < 10
    sink.release.set()
    assert running.flush(5)
    found = documents(sink)
    assert total(found, contract.REQUESTS) == 5001
    assert total(found, contract.SAMPLES_DROPPED) == 15_000


FAILURES = [
    OSError(32, "Broken pipe"),
    ValueError("no"),
    MemoryError(),
    RecursionError(),
    SystemExit(1),
    KeyboardInterrupt(),
    GeneratorExit(),
    StopIteration(),
]


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_a_failing_sink_loses_what_it_got_and_no_more(
    make: Make, failure: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    sink = KeepingSink()
    failing = True

    class Failing:
        def send(self, record: Record, timeout: float) -> bool:
            if failing:
                raise failure
            return sink.send(record, timeout)

    running = make(Failing)
    for _ in range(150):
        running.add(REQUEST)
    running.add(CountEvent(contract.CACHE, "default", contract.CACHE_HITS, 7))
    assert running.flush(5)
    failing = False
    running.add(REQUEST)
    assert running.flush(5)
    found = documents(sink)
    assert total(found, contract.REQUESTS) == 1
    assert total(found, contract.SAMPLES_DROPPED) == 157
    assert len(caplog.records) == 1
    assert not any(word in caplog.text for word in ("Error", "Exception"))


def test_a_sink_that_cannot_be_made_is_tried_again(make: Make) -> None:
    sink = KeepingSink()
    attempts = iter([OSError("no stdout"), SystemExit()])

    def make_sink() -> KeepingSink:
        for failure in attempts:
            raise failure
        return sink

    running = make(make_sink)
    for _ in range(3):
        running.add(REQUEST)
        assert running.flush(5)
    found = documents(sink)
    # The first flush tries twice: for the requests, and for the line of status classes.
    assert total(found, contract.REQUESTS) == 2
    assert total(found, contract.SAMPLES_DROPPED) == 1


def test_a_sink_that_says_nothing_has_taken_the_record(make: Make) -> None:
    sink = KeepingSink()

    class Silent:
        def send(self, record: Record, timeout: float) -> None:
            sink.send(record, timeout)

    running = make(Silent)
    running.add(REQUEST)
    assert running.flush(5)
    assert total(documents(sink), contract.REQUESTS) == 1


class Batching:
    """Sends ten records at a time, and what is left at the end of each interval."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.is_closed = False

    def send_all(self, records: Sequence[Record], timeout: float) -> int:
        self.batches += [len(records[start : start + 10]) for start in range(0, len(records), 10)]
        return len(records)

    def close(self) -> None:
        self.is_closed = True


def test_a_sink_that_sends_in_batches_loses_nothing(make: Make) -> None:
    sink = Batching()
    running = make(lambda: sink)
    for number in range(12):
        running.add(("GET", f"page-{number}/", 200, 0.1))
    # Twelve routes, and the line of status classes.
    assert running.flush(5, close=True)
    assert sink.batches == [10, 3]
    assert sink.is_closed


def test_what_a_sink_has_not_taken_comes_again(make: Make) -> None:
    taken: list[str] = []

    class Slow:
        def send_all(self, records: Sequence[Record], timeout: float) -> int:
            taken.append(records[0].dimensions.get("Route", "total"))
            return 1

    running = make(Slow)
    for number in range(3):
        running.add(("GET", f"page-{number}/", 200, 0.1))
    assert running.flush(5)
    assert taken == ["page-0/", "page-1/", "page-2/", "total"]


def test_events_that_are_none_are_dropped_and_counted(make: Make) -> None:
    sink = KeepingSink()
    running = make(lambda: sink)
    events: list[Any] = [REQUEST, ("GET", "a/", "two hundred", 0.1), None, REQUEST]
    for event in events:
        running.add(event)
    assert running.flush(5)
    running.add(REQUEST)
    assert running.flush(5)
    assert total(documents(sink), contract.REQUESTS) == 3
    assert total(documents(sink), contract.SAMPLES_DROPPED) == 2


def test_a_failing_aggregate_does_not_end_the_thread(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = KeepingSink()
    running = make(lambda: sink)
    with monkeypatch.context() as patched:
        patched.setattr(Aggregate, "take", lambda *_: 1 / 0)
        running.add(REQUEST)
        assert not running.flush(5)
    assert running.flush(5)
    assert total(documents(sink), contract.REQUESTS) == 1


def test_a_failing_log_handler_does_not_end_the_thread(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr("django_monitoring.emitter._logger.warning", fail)
    sink = KeepingSink()
    running = make(lambda: sink)
    odd: Any = None
    running.add(odd)
    running.add(REQUEST)
    assert running.flush(5)
    assert total(documents(sink), contract.REQUESTS) == 1


def test_a_clock_that_is_set_back_delays_nothing_for_long(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = KeepingSink()
    running = make(lambda: sink, interval=1.0)
    real = time.time
    monkeypatch.setattr("django_monitoring.emitter.time.time", lambda: real() - 3600)
    running.add(REQUEST)
    until(lambda: sink.records)
    assert abs(sink.records[0].timestamp / 1000 - (real() - 3600)) < 5


@pytest.mark.parametrize("end", [Emitter.flush, Emitter.stop])
def test_the_sink_has_as_long_as_whoever_waits(
    make: Make, end: Callable[[Emitter, float], bool]
) -> None:
    timeouts = []

    class TimedSink(KeepingSink):
        def send(self, record: Record, timeout: float) -> bool:
            timeouts.append(timeout)
            return super().send(record, timeout)

    running = make(TimedSink)
    running.add(REQUEST)
    assert end(running, 600)
    # Far more than a tick, which is what the sink has otherwise.
    assert timeouts
    assert all(300 < seconds <= 600 for seconds in timeouts)


def test_stopping_publishes_and_ends_the_thread() -> None:
    sink = KeepingSink()
    running = Emitter(Aggregate("shop", 500), lambda: sink, 60.0)
    running.start()
    running.add(REQUEST)
    assert running.stop(5)
    assert total(documents(sink), contract.REQUESTS) == 1
    assert not [
        thread for thread in threading.enumerate() if thread.name == "django-monitoring-emitter"
    ]
