"""All checks of a process: when they begin, and what they say together."""

from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Final

from .checks import Check, check_of
from .conf import HealthSettings
from .watch import CheckStatus, CheckWatch

# Seconds from loading the application to the first check. A server that loads it before it
# forks its workers (gunicorn --preload, uWSGI) has forked by then.
_HEAD_START: Final = 0.5

# Seconds that a fork waits for a check under way.
_FORK_PATIENCE: Final = 0.2


@dataclass(frozen=True)
class Report:
    """The state of everything that is checked.

    Attributes:
        healthy: whether every check said yes.
        words: each check's name with its word.
    """

    healthy: bool
    words: dict[str, str]


class Monitor:
    """The checks of one process.

    They begin shortly after the application is loaded, or at the first request if that comes
    earlier. If they began with the first probe, each worker's first answer would be
    "unhealthy", and a few workers make enough of those for a load balancer to give a task up.

    A process that forks before its first request is a master that will never answer one: it
    rests, and its children begin. The children of a process that does answer requests are no
    servers; should a request come after all, they begin with it.
    """

    def __init__(self, settings: HealthSettings) -> None:
        self.settings = settings
        self._starts = False
        self._serves = False
        self._renew()

    def _renew(self) -> None:
        self._lock = Lock()
        self._watches = tuple(CheckWatch(check_of(check)) for check in self.settings.probed)

    def start(self) -> None:
        """Begin shortly."""
        self._starts = True
        self._start_watches(_HEAD_START)

    def serve(self) -> None:
        """Take note that a request has come: begin now. Meant to be called with each one."""
        if self._serves:
            return
        self._serves = True
        self._start_watches(0)
        for watch in self._watches:
            watch.wake()

    def report(self) -> Report:
        """What is known now; never waits for a check."""
        if not all(watch.alive for watch in self._watches):
            self._start_watches(0)
        statuses = [(watch.check, watch.status) for watch in self._watches]
        return Report(
            healthy=all(status is CheckStatus.GOOD for _, status in statuses),
            words={check.name: _word(check, status) for check, status in statuses},
        )

    def stop(self) -> None:
        """Check no more until the next report is asked for."""
        for watch in self._watches:
            watch.stop(timeout=0)

    def before_fork(self) -> None:
        """Rest, in a process that has answered no request yet."""
        if not self._serves:
            for watch in self._watches:
                watch.stop(timeout=_FORK_PATIENCE)

    def after_fork_in_child(self) -> None:
        """Take up in a child, where the threads are gone and locks may be held for ever."""
        self._starts = self._starts and not self._serves
        self._serves = False
        self._renew()
        if self._starts:
            self.start()

    def _start_watches(self, delay: float) -> None:
        # Where a process may have no more threads, it must go on without these.
        with self._lock, suppress(RuntimeError):
            for watch in self._watches:
                watch.start(delay)


def _word(check: Check, status: CheckStatus) -> str:
    match status:
        case CheckStatus.GOOD:
            return check.good
        case CheckStatus.BAD:
            return check.bad
        case CheckStatus.UNKNOWN:
            return "unknown"
