"""The stack's alarms together: what the stretch was like, and what the changes would make of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.rule import Severity
from ops.review.model import AlarmReview, Candidate, Review
from ops.review.report.tally import Tally, is_caught, suggested, tally_now, tally_then, together
from replay.curve import Incident
from replay.suggestion import Verdict

NIGHT = (*range(22, 24), *range(7))
"""The hours of day in which a page wakes somebody; a choice."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The stack's alarms together.

    Attributes:
        now: what the definitions as they are would have done.
        then: the same with every suggestion.
        pages: notifications of ALARM by severity and hour of day, with the definitions as they
            are; 24 numbers each.
        incidents: how many incidents there were.
        caught: in how many of them any alarm would have been on, with the definitions as they are.
        caught_then: the same with every suggestion.
        replayed: how many alarms were replayed.
        changing: how many of them have a suggestion.
        never_fired: addresses of those that would not have fired once.
        coarse: addresses of those whose history is coarser than what CloudWatch saw.
        without_data: addresses of alarms without history.
        unreplayed: addresses of alarms that could not be replayed.
        expected: pages a month of the alarms that have a suggestion, on days that it had not
            seen; ``None`` where that is not known of all of them.
        most: the most pages a month that are compatible with that, at 95 % for each.
    """

    now: Tally
    then: Tally
    pages: Mapping[str, tuple[int, ...]]
    incidents: int
    caught: int
    caught_then: int
    replayed: int
    changing: int
    never_fired: tuple[str, ...]
    coarse: tuple[str, ...]
    without_data: tuple[str, ...]
    unreplayed: tuple[str, ...]
    expected: float | None = None
    most: float | None = None

    @property
    def night_pages(self) -> int:
        """Notifications of ALARM in the night, with the definitions as they are."""
        return sum(by_hour[hour] for by_hour in self.pages.values() for hour in NIGHT)

    @property
    def all_pages(self) -> int:
        """Notifications of ALARM, with the definitions as they are."""
        return sum(map(sum, self.pages.values()))


def totals(review: Review) -> Totals:
    """Sum the alarms up."""
    known = [(alarm, now) for alarm in review.alarms if (now := tally_now(alarm, review))]
    changes = [alarm.suggestion for alarm in review.alarms if _is_change(alarm)]
    walks = [change.validation for change in changes if change.validation]
    bounds = [change.most_pages_per_month for change in changes]
    is_known = bool(changes) and len(walks) == len(changes) and None not in bounds
    return Totals(
        now=together(now for _, now in known),
        then=together(tally_then(alarm, review) or now for alarm, now in known),
        pages=_pages(known),
        incidents=len({one for alarm, _ in known for one in alarm.incidents}),
        caught=len({one for alarm, _ in known for one in _caught(alarm, alarm.current)}),
        caught_then=len(
            {one for alarm, _ in known for one in _caught(alarm, suggested(alarm) or alarm.current)}
        ),
        replayed=len(known),
        changing=sum(_is_change(alarm) for alarm, _ in known),
        expected=sum(walk.pages_per_month for walk in walks) if is_known else None,
        most=sum(filter(None, bounds)) if is_known else None,
        never_fired=tuple(alarm.address for alarm, now in known if not now.firings),
        coarse=tuple(alarm.address for alarm in review.alarms if is_coarse(alarm)),
        without_data=tuple(
            alarm.address for alarm in review.alarms if alarm.suggestion.verdict is Verdict.NO_DATA
        ),
        unreplayed=tuple(alarm.address for alarm in review.alarms if alarm.problem),
    )


def is_coarse(alarm: AlarmReview) -> bool:
    """Whether an alarm's history is coarser than what CloudWatch saw."""
    return alarm.data.is_approximate or bool(alarm.current and alarm.current.outcome.approximate)


def _is_change(alarm: AlarmReview) -> bool:
    return alarm.suggestion.verdict is Verdict.CHANGE


def _caught(alarm: AlarmReview, candidate: Candidate | None) -> list[Incident]:
    if candidate is None:
        return []
    return [one for one in alarm.incidents if is_caught(one, candidate.outcome)]


def _pages(known: list[tuple[AlarmReview, Tally]]) -> dict[str, tuple[int, ...]]:
    """By severity, the gravest first; those of no known severity last."""
    order = [severity.value for severity in Severity]
    order += sorted({alarm.severity for alarm, _ in known} - set(order))
    return {
        severity: together(now for alarm, now in known if alarm.severity == severity).pages
        for severity in order
    }
