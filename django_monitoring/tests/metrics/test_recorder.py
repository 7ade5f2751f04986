"""The process's recorder: forked processes, and processes that can start no thread."""

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from django_monitoring import contract
from django_monitoring import recorder as module
from django_monitoring.emitter import Emitter
from django_monitoring.recorder import Recorder, recorder
from django_monitoring.sinks import StdoutSink
from tests.metrics.emf_lines import metric_documents
from tests.metrics.keeping import KeepingSink, config_with, total

REQUEST = ("GET", "a/", 200, 0.1)


def in_child(work: Callable[[], object]) -> int:
    """Fork, work there, and return the exit status."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_process_publishes_its_own_events_by_its_own_thread() -> None:
    reading, writing = os.pipe()
    recorder.activate(config_with(lambda: StdoutSink(writing)))
    for _ in range(10):
        recorder.add(REQUEST)

    def work() -> None:
        for _ in range(7):
            recorder.add(REQUEST)
        assert recorder.flush()

    assert in_child(work) == 0
    assert in_child(work) == 0
    assert recorder.deactivate()
    os.close(writing)
    documents = metric_documents(os.read(reading, 65536))
    os.close(reading)
    assert sorted(d["Requests"] for d in documents if "Requests" in d) == [7, 7, 10]


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_fork_while_another_thread_holds_the_lock_hangs_nothing() -> None:
    recorder.activate(config_with(KeepingSink))
    recorder.deactivate()
    recorder.activate(config_with(KeepingSink))
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with recorder._lock:
            held.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)

    def work() -> None:
        recorder.add(REQUEST)
        assert recorder.flush(5)

    assert in_child(work) == 0
    release.set()
    holder.join()
    recorder.deactivate()


def test_a_process_that_can_start_no_thread_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = KeepingSink()
    own = Recorder()
    own.activate(config_with(lambda: sink))
    attempts = []

    def fail(_: threading.Thread) -> None:
        attempts.append(1)
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", fail)
        for _ in range(5):
            own.add(REQUEST)
    assert len(attempts) == 1
    assert own.flush()
    monkeypatch.setattr(module, "_RETRY", 0.0)
    own._retry_at = 0.0
    own.add(REQUEST)
    assert own.deactivate()
    documents = [*map(_document, sink.records)]
    assert total(documents, contract.REQUESTS) == 1
    assert total(documents, contract.SAMPLES_DROPPED) == 5


def _document(record: Any) -> Any:
    return {metric.name: metric.value for metric in record.metrics}


def test_recording_while_the_emitter_is_being_started_starts_no_second_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink = KeepingSink()
    own = Recorder()
    own.activate(config_with(lambda: sink))
    start = Emitter.start
    started = []

    def start_and_record(emitter: Emitter) -> None:
        # As a finalizer would, run by the garbage collection.
        own.add(REQUEST)
        started.append(emitter)
        start(emitter)

    monkeypatch.setattr(Emitter, "start", start_and_record)
    own.add(REQUEST)
    assert own.deactivate()
    documents = [*map(_document, sink.records)]
    assert len(started) == 1
    assert total(documents, contract.REQUESTS) == 1
    assert total(documents, contract.SAMPLES_DROPPED) == 1


def test_recording_from_a_finalizer_inside_recording_hangs_nothing() -> None:
    own = Recorder()
    own.activate(config_with(KeepingSink))
    with own._lock:
        own.add(REQUEST)
    emitter = own._emitter
    assert emitter is not None
    with emitter._lock:
        emitter.lose(1)
    assert own.deactivate()


@pytest.mark.parametrize("broken", ["_start", "_emitter"])
def test_a_broken_recorder_raises_nothing(broken: str) -> None:
    class Broken:
        def add(self, event: object) -> None:
            raise OSError

    own = Recorder()
    setattr(own, broken, Broken())
    own.add(REQUEST)
