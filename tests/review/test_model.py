"""What follows from a review's values."""

from dataclasses import replace
from typing import Final

import pytest

from replay.suggestion import ThresholdVerdict
from review.model import Candidate, Walk
from tests.review.reviews import COVERAGE, review
from tests.review.values import DAY, alarm_review, definition, keeps, outcome

NOW: Final = Candidate(
    label="current", definition=definition("CPUUtilization", 80, 1, 1), outcome=outcome(())
)


def candidate(threshold: float, m: int, n: int) -> Candidate:
    """One to set beside the current one."""
    return Candidate(
        label=f"{threshold} {m} of {n}",
        definition=definition("CPUUtilization", threshold, m, n),
        outcome=outcome(()),
    )


WANTED: Final = candidate(92, 3, 5)
OTHERS: Final = (candidate(91, 3, 5), candidate(92, 2, 5), candidate(92, 3, 4))


@pytest.mark.parametrize(
    ("verdict", "candidates", "expected"),
    [
        (ThresholdVerdict.CHANGE, (*OTHERS, WANTED), WANTED),
        (ThresholdVerdict.CHANGE, OTHERS, None),
        (ThresholdVerdict.KEEP, (WANTED,), None),
    ],
)
def test_the_suggestion_is_the_candidate_with_its_threshold_and_its_m_of_n(
    verdict: ThresholdVerdict, candidates: tuple[Candidate, ...], expected: Candidate | None
) -> None:
    suggestion = replace(keeps(WANTED.definition), verdict=verdict)
    reviewed = alarm_review("ecs.cpu-high@web", NOW, candidates=candidates, suggestion=suggestion)
    assert reviewed.suggested is expected


def test_a_walk_lasts_so_many_months_of_30_days() -> None:
    assert Walk(start=10 * DAY, end=55 * DAY, paged=()).months == 1.5


def test_what_is_not_watched_is_known_of_an_account_alone() -> None:
    looked = review(coverage=COVERAGE, notes=("a day was corrupt",))
    assert looked.findings == COVERAGE.findings
    assert looked.every_note == (
        "a day was corrupt",
        "log groups could not be looked at: AccessDenied",
    )
    unasked = review(notes=("a day was corrupt",))
    assert unasked.findings == ()
    assert unasked.every_note == ("a day was corrupt",)
