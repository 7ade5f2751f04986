"""The emitter's thread and the signals of its process."""

import signal
import subprocess
import sys
import threading

import pytest

from django_monitoring.aggregate import Aggregate
from django_monitoring.emitter import Emitter
from django_monitoring.threads import start_without_signals
from tests.metrics.keeping import KeepingSink
from tests.metrics.servers import PYTHONPATH

_IN_THE_MIDDLE = """
import os, signal, threading
from django_monitoring.aggregate import Aggregate
from django_monitoring.emitter import Emitter
from tests.metrics.keeping import KeepingSink

emitter = Emitter(Aggregate("shop", 500), KeepingSink, 60.0)
emitter.start()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
os.kill(os.getpid(), signal.SIGTERM)
emitter.flush(5)
os.write(1, b"whole")
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
"""


def test_what_the_main_thread_may_not_be_ended_in_is_not_ended_by_the_emitters() -> None:
    """As billiard does it where a pool process of Celery's ends; the emitter turns meanwhile."""
    done = subprocess.run(
        [sys.executable, "-c", _IN_THE_MIDDLE],
        env={"PYTHONPATH": PYTHONPATH},
        stdout=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == (b"whole", -signal.SIGTERM)


def test_signals_reach_the_thread_that_starts_the_emitter_as_before() -> None:
    blocked: list[set[int]] = []

    def make_sink() -> KeepingSink:
        blocked.append(_blocked())
        return KeepingSink()

    before = _blocked()
    emitter = Emitter(Aggregate("shop", 500), make_sink, 60.0)
    emitter.start()
    emitter.add(("GET", "a/", 200, 0.1))
    emitter.stop(5)
    assert _blocked() == before
    assert {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1} <= blocked[0]
    # faulthandler tells of these in the thread that caused them.
    assert not {signal.SIGSEGV, signal.SIGFPE, signal.SIGABRT, signal.SIGBUS} & blocked[0]


def test_signals_are_as_before_where_no_thread_can_be_had() -> None:
    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    before = _blocked()
    with pytest.raises(RuntimeError, match="can't start"):
        start_without_signals(NoThread())
    assert _blocked() == before


def _blocked() -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
