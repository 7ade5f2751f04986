"""Each check once, all at the same time, each within its deadline."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from .checks import Check


@dataclass(frozen=True)
class CheckResult:
    """What one attempt of a check has come to.

    Attributes:
        name: the check's.
        healthy: whether the answer was a yes, and in time.
        word: the check's word for that.
        seconds: until the answer, or until nobody waited any longer.
        reason: what was wrong; empty where nothing was.
    """

    name: str
    healthy: bool
    word: str
    seconds: float
    reason: str = ""


def run_once(checks: Iterable[Check]) -> list[CheckResult]:
    """Run checks at the same time, and wait for none of them beyond its deadline.

    One that hangs is left behind in its daemon thread.
    """
    began = time.monotonic()
    started = [(check, _started(check)) for check in checks]
    return [_outcome(check, began, answers) for check, answers in started]


Answer = tuple[float, BaseException | None]
"""The moment of an answer, and what was raised."""


def _started(check: Check) -> "SimpleQueue[Answer]":
    answers: SimpleQueue[Answer] = SimpleQueue()

    def run() -> None:
        failure: BaseException | None = None
        try:
            check.run()
        except BaseException as error:
            # SystemExit, too: a check may be anybody's code.
            failure = error
        answers.put((time.monotonic(), failure))

    Thread(target=run, name=f"health-{check.name}", daemon=True).start()
    return answers


def _outcome(check: Check, began: float, answers: "SimpleQueue[Answer]") -> CheckResult:
    left = began + check.deadline - time.monotonic()
    try:
        at, failure = answers.get(timeout=max(0.0, left))
    except Empty:
        at, failure = time.monotonic(), None
        late = True
    else:
        late = at - began > check.deadline
    seconds = at - began
    if late:
        return CheckResult(
            check.name, False, check.bad, seconds, f"no answer in {check.deadline:g} s"
        )
    if failure is not None:
        reason = f"{type(failure).__name__}: {failure}".strip()
        return CheckResult(check.name, False, check.bad, seconds, reason)
    return CheckResult(check.name, True, check.good, seconds)
