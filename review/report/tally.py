"""What a definition did or would have done, in numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from statistics import median
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import ThresholdVerdict
from review.model import AlarmReview, Candidate, Review

NO_PAGES: Final = (0,) * 24
"""By hour of day."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """An outcome in numbers.

    Attributes:
        firings: changes to ALARM.
        seconds: in ALARM.
        flapping: firings soon after the end of an earlier one.
        longest_silence: seconds without a firing; ``None`` for several alarms together.
        pages: notifications of ALARM, by hour of day.
        notifications: of any state; ``None`` where it is not known who is told of what.
        caught: incidents in which the alarm was on.
        incidents: how many there were.
        noticed: seconds from the beginning of a caught incident until the alarm was on, the
            median: from when to when, since nobody knows how late the data arrives; ``None``
            where none was caught, and for several alarms together.
        is_approximate: whether any value may differ from what CloudWatch saw.
    """

    firings: int
    seconds: int
    flapping: int
    longest_silence: int | None
    pages: tuple[int, ...]
    notifications: int | None
    caught: int
    incidents: int
    noticed: tuple[float, float] | None
    is_approximate: bool


def tally(
    definition: AlarmDefinition | None,
    outcome: Outcome,
    incidents: Sequence[Incident],
    zone: tzinfo,
) -> Tally:
    """Count what an outcome holds; only a definition says who is told."""
    told = outcome.by_hour(definition, zone) if definition else {}
    delays = [delay for incident in incidents if (delay := _delay(incident, outcome)) is not None]
    return Tally(
        firings=len(outcome.firings),
        seconds=outcome.seconds_in_alarm,
        flapping=outcome.flapping,
        longest_silence=outcome.longest_silence,
        pages=tuple(told.get(AlarmState.ALARM, NO_PAGES)),
        notifications=sum(map(sum, told.values())) if definition else None,
        caught=len(delays),
        incidents=len(incidents),
        noticed=_noticed(definition, outcome, median(delays)) if delays else None,
        is_approximate=outcome.approximate,
    )


def _noticed(
    definition: AlarmDefinition | None, outcome: Outcome, delay: float
) -> tuple[float, float]:
    """From when to when, in seconds after an incident's beginning."""
    if definition is None or outcome.is_recorded:
        return delay, delay
    earliest, latest = definition.timing.noticed(delay)
    return max(earliest, 0), latest


def tally_of(candidate: Candidate, alarm: AlarmReview, review: Review) -> Tally:
    """What one of an alarm's candidates would have done."""
    return tally(candidate.definition, candidate.outcome, alarm.incidents, review.zone)


def tally_now(alarm: AlarmReview, review: Review) -> Tally | None:
    """What an alarm's definition as it is would have done; ``None`` where that is not known."""
    if alarm.current is None or alarm.suggestion.verdict is ThresholdVerdict.NO_DATA:
        return None
    return tally_of(alarm.current, alarm, review)


def tally_recorded(alarm: AlarmReview, review: Review) -> Tally | None:
    """What CloudWatch recorded that an alarm did; ``None`` where nothing is recorded.

    Of incidents from before its record begins, it says nothing.
    """
    recorded = alarm.happened
    if recorded is None:
        return None
    since = [incident for incident in alarm.incidents if incident.end >= recorded.start]
    definition = alarm.current.definition if alarm.current else None
    return tally(definition, recorded, since, review.zone)


def tally_then(alarm: AlarmReview, review: Review) -> Tally | None:
    """The same with the suggestion, where there is one."""
    candidate = alarm.suggested
    return tally_of(candidate, alarm, review) if candidate else tally_now(alarm, review)


def together(tallies: Iterable[Tally]) -> Tally:
    """Several alarms' numbers together."""
    all_ = tuple(tallies)
    by_hour = zip(*(each.pages for each in all_), strict=True)
    return Tally(
        firings=sum(each.firings for each in all_),
        seconds=sum(each.seconds for each in all_),
        flapping=sum(each.flapping for each in all_),
        longest_silence=None,
        pages=tuple(map(sum, by_hour)) or NO_PAGES,
        notifications=sum(each.notifications or 0 for each in all_),
        caught=sum(each.caught for each in all_),
        incidents=sum(each.incidents for each in all_),
        noticed=None,
        is_approximate=any(each.is_approximate for each in all_),
    )


def is_caught(incident: Incident, outcome: Outcome) -> bool:
    """Whether the alarm was on at any time of an incident."""
    return _delay(incident, outcome) is not None


def _delay(incident: Incident, outcome: Outcome) -> int | None:
    """Seconds from an incident's beginning until the alarm was on; ``None`` where it never was."""
    inside = (
        max(began - incident.start, 0)
        for began, ended in outcome.bands
        if began <= incident.end and ended > incident.start
    )
    return min(inside, default=None)
