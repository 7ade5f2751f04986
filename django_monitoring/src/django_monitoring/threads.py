"""Starts a thread that no signal reaches, as the others of its process expect."""

import signal
from threading import Thread
from typing import Final

_FAULTS: Final = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP")
"""Signals about what a thread itself does: ``faulthandler`` tells of them where it happened."""


def start_without_signals(thread: Thread) -> None:
    """Start a thread in which all signals are blocked but those about its own faults.

    The kernel gives a process's signal to any thread that does not block it. Whoever blocks one in
    the main thread, so as not to be ended in the middle of something, counts on there being no
    other: billiard does so while a pool process of Celery's says that it ends, with the lock of
    its pool's results in its hands. Ended there, it leaves them locked, and its worker runs no
    further task.
    https://github.com/celery/billiard/blob/main/billiard/pool.py (``Worker._do_exit``)
    https://man7.org/linux/man-pages/man7/signal.7.html (``Signal mask and pending signals``)

    A thread inherits what is blocked where it is started. What comes meanwhile waits.

    Raises:
        RuntimeError: the process can start no thread.
    """
    if not hasattr(signal, "pthread_sigmask"):
        thread.start()
        return
    faults = {getattr(signal, name) for name in _FAULTS}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - faults)
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
