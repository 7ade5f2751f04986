"""The tables of an alarm: candidates side by side, incidents, and what was weighed."""

from collections.abc import Iterator
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.units import format_quantity
from ecs_monitoring.words import duration
from replay.suggestion import Option
from review.model import AlarmReview, Review
from review.report.tally import Tally, is_caught, tally_of, tally_recorded
from review.report.wording import (
    ReaderClock,
    band,
    hours,
    number,
    schedule,
    significant,
    threshold,
)


@dataclass(frozen=True, kw_only=True)
class CandidateRow:
    """A definition's row among the candidates.

    Attributes:
        name: which one.
        is_suggested: whether it is the suggestion.
        threshold: in words; the others likewise.
        caught: empty where there are no incidents.
    """

    name: str
    is_suggested: bool
    threshold: str
    schedule: str
    firings: str
    hours: str
    flapping: str
    silence: str
    notifications: str
    caught: str


@dataclass(frozen=True)
class IncidentRow:
    """An incident, and whether the alarm would have been on in it.

    Attributes:
        number: from 1, as in the chart.
        when: it began.
        lasted: how long.
        note: what it was.
        caught: by which definitions.
    """

    number: int
    when: str
    lasted: str
    note: str
    caught: str


@dataclass(frozen=True)
class OptionRow:
    """A choice that was weighed, in words."""

    m_of_n: str
    threshold: str
    pages: str
    caught: str
    delay: str
    margin: str


def rows(alarm: AlarmReview, review: Review) -> Iterator[CandidateRow]:
    """The candidates side by side; what was recorded comes first, where anything was."""
    recorded = tally_recorded(alarm, review)
    if alarm.happened and recorded:
        since = ReaderClock(review.zone).day(alarm.happened.start)
        yield _row(f"recorded by CloudWatch since {since}", recorded, "", "")
    then = alarm.suggested
    for candidate in filter(None, (alarm.current, *alarm.candidates)):
        yield _row(
            candidate.label,
            tally_of(candidate, alarm, review),
            threshold(candidate.definition, alarm.unit),
            schedule(candidate.definition),
            is_suggested=candidate is then,
        )


def _row(
    name: str, numbers: Tally, threshold: str, schedule: str, *, is_suggested: bool = False
) -> CandidateRow:
    mark = "≈ " if numbers.is_approximate else ""
    silence = numbers.longest_silence
    return CandidateRow(
        name=name,
        is_suggested=is_suggested,
        threshold=threshold,
        schedule=schedule,
        firings=f"{mark}{numbers.firings:,}",
        hours=f"{mark}{hours(numbers.seconds)}",
        flapping=f"{numbers.flapping:,}",
        silence="" if silence is None else duration(silence),
        notifications="–" if numbers.notifications is None else f"{numbers.notifications:,}",
        caught=f"{numbers.caught} of {numbers.incidents}" if numbers.incidents else "",
    )


def incident_rows(alarm: AlarmReview, review: Review) -> list[IncidentRow]:
    """The incidents that concern an alarm; none where nothing is known of what it did."""
    clock, then = ReaderClock(review.zone), alarm.suggested
    outcomes = [
        *([("now", alarm.current.outcome)] if alarm.current else []),
        *([("suggested", then.outcome)] if then else []),
        *([("recorded", alarm.happened)] if alarm.happened else []),
    ]
    if not outcomes:
        return []
    return [
        IncidentRow(
            at,
            clock.minute(incident.start),
            duration(incident.end - incident.start),
            incident.note,
            ", ".join(name for name, outcome in outcomes if is_caught(incident, outcome))
            or "nobody",
        )
        for at, incident in enumerate(alarm.incidents, start=1)
    ]


def option_rows(alarm: AlarmReview) -> list[OptionRow]:
    """What was weighed."""
    return [_option(option, alarm) for option in alarm.suggestion.options]


def _option(option: Option, alarm: AlarmReview) -> OptionRow:
    return OptionRow(
        f"{option.datapoints_to_alarm} of {option.evaluation_periods}",
        format_quantity(significant(option.threshold), alarm.unit),
        number(option.pages_per_month),
        f"{option.caught} of {option.incidents}" if option.incidents else "",
        _noticed(option, alarm),
        number(option.margin),
    )


def _noticed(option: Option, alarm: AlarmReview) -> str:
    if option.delay is None or alarm.current is None:
        return ""
    return band(alarm.current.definition.timing.noticed(option.delay))
