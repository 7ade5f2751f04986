"""One check, again and again: verdicts, hangs, and what is logged."""

import logging
import threading
import time
from collections.abc import Iterator

import pytest

from django_monitoring.health.checks import Check
from django_monitoring.health.watch import CheckProgress, CheckStatus, CheckWatch
from tests.waiting import until

INTERVAL = 0.1
DEADLINE = 0.05


@pytest.mark.parametrize(
    ("progress", "status"),
    [
        (CheckProgress(), CheckStatus.UNKNOWN),
        (CheckProgress(running_since=99.5), CheckStatus.UNKNOWN),
        (CheckProgress(running_since=97.9), CheckStatus.BAD),
        (CheckProgress(ended=95, good=True), CheckStatus.GOOD),
        (CheckProgress(ended=95, good=False), CheckStatus.BAD),
        (CheckProgress(ended=95, good=True, running_since=99.5), CheckStatus.GOOD),
        (CheckProgress(ended=95, good=True, running_since=97.9), CheckStatus.BAD),
        (CheckProgress(ended=95, good=False, running_since=99.5), CheckStatus.BAD),
        (CheckProgress(ended=87.9, good=True), CheckStatus.BAD),
        (CheckProgress(ended=87.9, good=True, running_since=99.5), CheckStatus.GOOD),
    ],
    ids=lambda value: str(value) if isinstance(value, CheckProgress) else "",
)
def test_what_a_state_says(progress: CheckProgress, status: CheckStatus) -> None:
    assert progress.status(100, interval=10, deadline=2) is status


class Subject:
    """Something to check that works, fails or hangs as it is told."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.working = threading.Event()
        self.working.set()
        self.asked = 0
        self.asking = 0
        self.most_at_once = 0

    def ask(self) -> None:
        self.asked += 1
        self.asking += 1
        self.most_at_once = max(self.most_at_once, self.asking)
        self.working.wait(10)
        self.asking -= 1
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def subject() -> Subject:
    return Subject()


@pytest.fixture
def watch(subject: Subject) -> Iterator[CheckWatch]:
    watch = CheckWatch(Check("search", subject.ask, DEADLINE, INTERVAL))
    yield watch
    subject.working.set()
    watch.stop(1)
    assert not watch.alive


def test_unknown_until_the_first_attempt_has_ended(watch: CheckWatch) -> None:
    assert watch.status is CheckStatus.UNKNOWN
    watch.start(30)
    assert watch.status is CheckStatus.UNKNOWN
    watch.wake()
    until(lambda: watch.status is CheckStatus.GOOD, 0.5)


def test_asked_every_interval(watch: CheckWatch, subject: Subject) -> None:
    began = time.monotonic()
    watch.start(0)
    until(lambda: subject.asked == 6)
    assert time.monotonic() - began >= 5 * INTERVAL


@pytest.mark.parametrize("failure", [OSError("gone"), SystemExit(1), KeyboardInterrupt()])
def test_a_failure_and_a_recovery(
    watch: CheckWatch, subject: Subject, failure: BaseException
) -> None:
    subject.failure = failure
    watch.start(0)
    until(lambda: watch.status is CheckStatus.BAD)
    subject.failure = None
    until(lambda: watch.status is CheckStatus.GOOD)


def test_a_hang_counts_as_a_failure_and_is_never_joined_by_a_second(
    watch: CheckWatch, subject: Subject
) -> None:
    watch.start(0)
    until(lambda: watch.status is CheckStatus.GOOD)
    subject.working.clear()
    until(lambda: watch.status is CheckStatus.BAD, INTERVAL + DEADLINE + 0.5)
    time.sleep(5 * INTERVAL)
    assert watch.status is CheckStatus.BAD
    assert (subject.asking, subject.most_at_once) == (1, 1)
    subject.working.set()
    until(lambda: watch.status is CheckStatus.GOOD, 2 * INTERVAL + 0.5)


def test_an_answer_after_the_deadline_is_none(subject: Subject) -> None:
    watch = CheckWatch(Check("search", subject.ask, DEADLINE, interval=5))
    subject.working.clear()
    watch.start(0)
    until(lambda: watch.status is CheckStatus.BAD)
    subject.working.set()
    until(lambda: subject.asking == 0)
    time.sleep(DEADLINE)
    assert (watch.status, subject.asked) == (CheckStatus.BAD, 1)
    watch.wake()
    until(lambda: watch.status is CheckStatus.GOOD)
    watch.stop(1)


def test_a_hanging_check_does_not_hold_up_another(watch: CheckWatch, subject: Subject) -> None:
    other = Subject()
    neighbour = CheckWatch(Check("cache", other.ask, DEADLINE, INTERVAL))
    subject.working.clear()
    watch.start(0)
    neighbour.start(0)
    until(lambda: other.asked >= 5, 5 * INTERVAL + 1)
    neighbour.stop(1)
    assert (watch.status, subject.asked) == (CheckStatus.BAD, 1)


def test_a_result_that_nobody_renews_does_not_stand(watch: CheckWatch) -> None:
    watch.start(0)
    until(lambda: watch.status is CheckStatus.GOOD)
    watch.stop(1)
    until(lambda: watch.status is CheckStatus.BAD, INTERVAL + DEADLINE + 0.5)


def test_it_can_be_begun_again(watch: CheckWatch, subject: Subject) -> None:
    watch.start(0)
    until(lambda: subject.asked == 1)
    watch.stop(1)
    assert not watch.alive
    watch.start(0)
    until(lambda: watch.status is CheckStatus.GOOD)


def test_only_changes_are_logged(
    watch: CheckWatch, subject: Subject, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "django_monitoring.health")
    watch.start(0)
    until(lambda: subject.asked == 3)
    assert caplog.records == []

    subject.failure = OSError("gone")
    asked = subject.asked
    until(lambda: subject.asked == asked + 4)
    subject.failure = None
    until(lambda: watch.status is CheckStatus.GOOD)
    subject.working.clear()
    until(lambda: watch.status is CheckStatus.BAD)
    subject.working.set()
    until(lambda: watch.status is CheckStatus.GOOD)
    until(lambda: len(caplog.records) == 4)

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "Health check search: failed"),
        ("INFO", "Health check search: ok again"),
        ("WARNING", "Health check search: no answer in 0.05 s"),
        ("INFO", "Health check search: ok again"),
    ]
    assert [bool(record.exc_info) for record in caplog.records] == [True, False, False, False]


def test_a_first_failure_is_logged(
    watch: CheckWatch, subject: Subject, caplog: pytest.LogCaptureFixture
) -> None:
    subject.failure = OSError("never there")
    watch.start(0)
    until(lambda: subject.asked == 3)
    assert [record.getMessage() for record in caplog.records] == ["Health check search: failed"]
