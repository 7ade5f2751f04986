"""The alarms with which there is nothing to do, by why that is."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from account.coverage.finding import Finding
from replay.suggestion import ThresholdVerdict
from review.model import AlarmReview, Review
from review.report.evidence import reasons, verdict_words
from review.report.tally import tally_now
from review.report.todo import condition_now
from review.report.totals import is_coarse
from review.report.wording import hours


@dataclass(frozen=True)
class RestRow:
    """An alarm, in words.

    Attributes:
        address: of it.
        condition: when it is on.
        firings: empty where it was not replayed; the other likewise.
        hours: in ALARM.
    """

    address: str
    condition: str
    firings: str
    hours: str


@dataclass(frozen=True)
class RestGroup:
    """Alarms of one verdict, for one reason.

    Attributes:
        verdict: in a few words.
        reason: as a sentence; empty where each has its own.
        rows: the alarms, by address.
    """

    verdict: str
    reason: str
    rows: list[RestRow]


# What was judged comes last: it needs looking at least.
_ORDER: Final = [
    ThresholdVerdict.NO_DATA,
    ThresholdVerdict.NOT_ENOUGH_HISTORY,
    ThresholdVerdict.NOT_SUGGESTED,
    ThresholdVerdict.NONE_FITS,
    ThresholdVerdict.CHANGE,
    ThresholdVerdict.KEEP,
]


def rest(review: Review, changing: Collection[str]) -> list[RestGroup]:
    """The alarms that are not among those to change."""
    left = [alarm for alarm in review.alarms if alarm.address not in changing]
    return [
        RestGroup(verdict, reason, [_row(alarm, review) for alarm in alarms])
        for (_, verdict, reason), alarms in groupby(sorted(left, key=_group), key=_group)
    ]


def other_findings(review: Review) -> list[Finding]:
    """What the account brought up with which there is nothing to do, but for the alarms' own."""
    reviewed = {alarm.address for alarm in review.alarms}
    return [
        finding
        for finding in review.findings
        if not finding.is_actionable and not reviewed.issuperset(finding.alarms or ("",))
    ]


def _group(alarm: AlarmReview) -> tuple[int, str, str]:
    own = alarm.suggestion.verdict is ThresholdVerdict.KEEP and not alarm.problem
    rank = -1 if alarm.problem else _ORDER.index(alarm.suggestion.verdict)
    return rank, verdict_words(alarm), "" if own else " ".join(reasons(alarm)[:1])


def _row(alarm: AlarmReview, review: Review) -> RestRow:
    now = tally_now(alarm, review)
    mark = "≈ " if is_coarse(alarm) else ""
    return RestRow(
        address=alarm.address,
        condition=condition_now(alarm),
        firings=f"{mark}{now.firings:,}" if now else "",
        hours=f"{mark}{hours(now.seconds)}" if now else "",
    )
