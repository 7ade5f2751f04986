"""The one monitor of a process, across handlers and forks."""

import os
from threading import Lock

from .conf import HealthSettings
from .monitor import Monitor

_lock = Lock()
_monitor: Monitor | None = None


def process_monitor(settings: HealthSettings) -> Monitor:
    """The process's monitor, made and begun with the first call.

    Every handler has its own instance of each middleware (a test client makes one, too), but
    they share the checks. Other settings stop the former monitor.
    """
    global _monitor
    with _lock:
        if _monitor is None or _monitor.settings != settings:
            if _monitor is not None:
                _monitor.stop()
            _monitor = Monitor(settings)
            _monitor.start()
        return _monitor


def _before_fork() -> None:
    if _monitor is not None:
        _monitor.before_fork()


def _after_fork_in_child() -> None:
    global _lock
    _lock = Lock()
    if _monitor is not None:
        _monitor.after_fork_in_child()


os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)
