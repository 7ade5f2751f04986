"""The stack's alarms together: what the stretch was like, and what the changes would make of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from ecs_monitoring.cloudwatch.rule import Severity
from replay.incidents import Incident
from replay.suggestion import ThresholdVerdict
from review.model import AlarmReview, Candidate, Review
from review.report.pages import StackPages, pages_of
from review.report.tally import NO_PAGES, Tally, is_caught, tally_now, tally_then, together

NIGHT = (*range(22, 24), *range(7))
"""The hours of day in which a page wakes somebody; a choice."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The stack's alarms together.

    Attributes:
        now: what the definitions as they are would have done.
        then: the same with every suggestion.
        pages: what wakes somebody; ``None`` where that is not known.
        told: notifications of ALARM by the severity of the topic that gets them and by hour of
            day, with the definitions as they are; 24 numbers each. Those of a severity that is
            critical are the pages.
        incidents: how many incidents there were.
        caught: in how many of them any alarm would have been on, with the definitions as they are.
        caught_then: the same with every suggestion.
        replayed: how many alarms were replayed.
        changing: how many of them have a suggestion.
        never_fired: addresses of those that would not have fired once.
        coarse: addresses of those whose history is coarser than what CloudWatch saw.
        without_data: addresses of alarms without history.
        unreplayed: addresses of alarms that could not be replayed.
    """

    now: Tally
    then: Tally
    pages: StackPages | None
    told: Mapping[str, tuple[int, ...]]
    incidents: int
    caught: int
    caught_then: int
    replayed: int
    changing: int
    never_fired: tuple[str, ...]
    coarse: tuple[str, ...]
    without_data: tuple[str, ...]
    unreplayed: tuple[str, ...]

    @property
    def night_pages(self) -> int:
        """Pages in the night, with the definitions as they are."""
        return sum(self.told[Severity.CRITICAL][hour] for hour in NIGHT)


def totals(review: Review) -> Totals:
    """Sum the alarms up."""
    tallies = [(alarm, now) for alarm in review.alarms if (now := tally_now(alarm, review))]
    replayed = [alarm for alarm, _ in tallies]
    pages = pages_of(review)
    return Totals(
        now=together(now for _, now in tallies),
        then=together(tally_then(alarm, review) or now for alarm, now in tallies),
        pages=pages,
        told=_told(tallies, review, pages),
        incidents=len({incident for alarm in replayed for incident in alarm.incidents}),
        caught=len(_caught((alarm, alarm.current) for alarm in replayed)),
        caught_then=len(_caught((alarm, alarm.suggested or alarm.current) for alarm in replayed)),
        replayed=len(replayed),
        changing=sum(alarm.suggestion.verdict is ThresholdVerdict.CHANGE for alarm in replayed),
        never_fired=tuple(alarm.address for alarm, now in tallies if not now.firings),
        coarse=tuple(alarm.address for alarm in review.alarms if is_coarse(alarm)),
        without_data=tuple(
            alarm.address
            for alarm in review.alarms
            if alarm.suggestion.verdict is ThresholdVerdict.NO_DATA
        ),
        unreplayed=tuple(alarm.address for alarm in review.alarms if alarm.problem),
    )


def is_coarse(alarm: AlarmReview) -> bool:
    """Whether an alarm's history is coarser than what CloudWatch saw."""
    return alarm.data.is_approximate or bool(alarm.current and alarm.current.outcome.approximate)


def _caught(candidates: Iterable[tuple[AlarmReview, Candidate | None]]) -> set[Incident]:
    """The incidents in which any of the definitions would have been on."""
    return {
        incident
        for alarm, candidate in candidates
        if candidate is not None
        for incident in alarm.incidents
        if is_caught(incident, candidate.outcome)
    }


def _told(
    tallies: Sequence[tuple[AlarmReview, Tally]], review: Review, pages: StackPages | None
) -> dict[str, tuple[int, ...]]:
    """By severity, the gravest first; those of no known severity last.

    Where incidents page, their alarms tell the warning topic, the critical ones too.
    """
    order = [severity.value for severity in Severity]
    order += sorted({alarm.severity for alarm, _ in tallies} - set(order))
    told = {
        severity: together(now for alarm, now in tallies if alarm.severity == severity).pages
        for severity in order
    }
    if not review.pages_by_incident:
        return told
    trail = (told[severity] for severity in (Severity.CRITICAL, Severity.WARNING))
    return {
        **told,
        Severity.CRITICAL: _by_hour(pages.now if pages else (), review.zone),
        Severity.WARNING: tuple(map(sum, zip(*trail, strict=True))),
    }


def _by_hour(times: Iterable[int], zone: tzinfo) -> tuple[int, ...]:
    """How many of the times are in each hour of day."""
    counts = list(NO_PAGES)
    for time in times:
        counts[datetime.fromtimestamp(time, zone).hour] += 1
    return tuple(counts)
