"""One check, asked again and again in a thread of its own."""

import logging
import time
from dataclasses import dataclass, replace
from enum import Enum, auto
from threading import Event, Thread

from .checks import Check

logger = logging.getLogger("django_monitoring.health")


class CheckStatus(Enum):
    """What is known of a check's subject."""

    GOOD = auto()
    BAD = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class CheckProgress:
    """How far a check has come; times in seconds of the monotonic clock.

    Attributes:
        running_since: when the attempt under way began, if there is one.
        ended: when the last attempt ended, if one has.
        good: whether that one was a yes, and in time.
    """

    running_since: float | None = None
    ended: float | None = None
    good: bool = False

    def status(self, now: float, *, interval: float, deadline: float) -> CheckStatus:
        """What this says at a moment.

        An attempt beyond its deadline is a no although it is still under way: so nobody has to
        interrupt it. An old yes with nothing under way is a no as well: it must not stand
        where the thread that would renew it cannot run.
        """
        if self.running_since is not None and now - self.running_since > deadline:
            return CheckStatus.BAD
        if self.ended is None:
            return CheckStatus.UNKNOWN
        if self.running_since is None and now - self.ended > interval + deadline:
            return CheckStatus.BAD
        return CheckStatus.GOOD if self.good else CheckStatus.BAD


class CheckWatch:
    """Asks one check every interval of its own, in a daemon thread.

    A check that hangs holds up this thread alone, and never more than one: the next attempt
    begins when it has ended.
    """

    def __init__(self, check: Check) -> None:
        self.check = check
        self._progress = CheckProgress()
        self._alarm_clock = Event()
        self._stopping = False
        self._thread: Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def status(self) -> CheckStatus:
        """What is known now; never waits."""
        return self._progress.status(
            time.monotonic(), interval=self.check.interval, deadline=self.check.deadline
        )

    def start(self, delay: float) -> None:
        """Begin where it does not run: first attempt after ``delay`` seconds, or when woken."""
        self._stopping = False
        if not self.alive:
            name = f"health-{self.check.name}"
            thread = Thread(target=self._run, args=(delay,), name=name, daemon=True)
            thread.start()
            self._thread = thread

    def wake(self) -> None:
        """Make the next attempt now."""
        self._alarm_clock.set()

    def stop(self, timeout: float) -> None:
        """Ask no more; wait up to ``timeout`` seconds for the attempt under way."""
        self._stopping = True
        self._alarm_clock.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, delay: float) -> None:
        self._sleep(delay)
        while not self._stopping:
            began = time.monotonic()
            self._attempt(began)
            self._sleep(began + self.check.interval - time.monotonic())

    def _sleep(self, seconds: float) -> None:
        self._alarm_clock.wait(max(0.0, seconds))
        self._alarm_clock.clear()

    def _attempt(self, began: float) -> None:
        before = self._progress
        self._progress = replace(before, running_since=began)
        failure: BaseException | None = None
        try:
            self.check.run()
        except BaseException as error:
            # SystemExit, too: a check may be anybody's code, and the thread must live on.
            failure = error
        ended = time.monotonic()
        late = ended - began > self.check.deadline
        self._progress = CheckProgress(ended=ended, good=failure is None and not late)
        # Only after the result is out: the log may block.
        self._tell(before, failure, late=late)

    def _tell(self, before: CheckProgress, failure: BaseException | None, *, late: bool) -> None:
        """Log a change for the worse or the better; a state that lasts is not worth an event."""
        was_good = before.good or before.ended is None
        if self._progress.good == was_good:
            return
        name = self.check.name
        if self._progress.good:
            logger.info("Health check %s: %s again", name, self.check.good)
        elif late:
            logger.warning("Health check %s: no answer in %g s", name, self.check.deadline)
        else:
            logger.warning("Health check %s: %s", name, self.check.bad, exc_info=failure)
