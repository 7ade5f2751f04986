"""What is suggested for an alarm, with the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ecs_monitoring.cloudwatch.by_hour import Table
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.words import DAY
from replay.chance import most_events

FEWEST_DAYS: Final = 14
"""Days of history below which nothing is suggested: every day of the week, twice."""


class ThresholdVerdict(StrEnum):
    """What the evidence says of an alarm's threshold."""

    CHANGE = "change"
    """Another threshold, or another M of N, serves better."""

    KEEP = "keep"
    """Nothing that was tried serves clearly better."""

    NOT_ENOUGH_HISTORY = "not enough history"
    """There is too little history to say anything."""

    NO_DATA = "no data"
    """There is no history at all."""

    NONE_FITS = "none fits"
    """No threshold keeps to the page budget, or the metric cannot go beyond any that does."""

    NOT_SUGGESTED = "not suggested"
    """The alarm is of a sort for which thresholds are not learnt from history."""


UNJUDGED: Final = (ThresholdVerdict.NO_DATA, ThresholdVerdict.NOT_ENOUGH_HISTORY)
"""Verdicts on alarms of which too little is known to say how often they fire."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of M, N and threshold, and what it would have done over the whole history.

    Attributes:
        datapoints_to_alarm: M.
        evaluation_periods: N.
        threshold: in the metric's own unit.
        pages_per_month: firings in 30 days.
        caught: how many of the incidents it would have been on in.
        incidents: how many there were.
        delay: seconds from an incident's start to the firing, the median of those caught.
        margin: how far the threshold is from the noise, in units of the noise's own spread.
        share_on: the share of the time outside incidents in which it would have been on.
    """

    datapoints_to_alarm: int
    evaluation_periods: int
    threshold: float
    pages_per_month: float
    caught: int
    incidents: int
    delay: float | None
    margin: float
    share_on: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Validation:
    """What daily suggestions would have done on the days after them, which they had not seen.

    Attributes:
        start: when the first judged day begins, in seconds since 1970 UTC.
        end: when the last judged day ends.
        thresholds: when each suggestion came into force, and its threshold; ``None`` where
            there was none yet.
        firings: when the alarm would have fired.
        true_firings: how many of the firings were in an incident.
        caught: how many of the incidents in the judged days the alarm was on in.
        incidents: how many incidents there were in the judged days.
        observed: seconds of the judged days of which anything is known; ``None`` for all.
        others: the thresholds of the other alarms, where several were suggested together.
        bands: from when to when the alarm would have been on; empty where several were suggested
            together.
    """

    start: int
    end: int
    thresholds: tuple[tuple[int, float | None], ...]
    firings: tuple[int, ...]
    true_firings: int
    caught: int
    incidents: int
    observed: int | None = None
    others: Mapping[str, tuple[tuple[int, float | None], ...]] = field(default_factory=dict)
    bands: tuple[tuple[int, int], ...] = ()

    @property
    def months(self) -> float:
        """The judged time of which anything is known, in months of 30 days."""
        seconds = self.end - self.start if self.observed is None else self.observed
        return seconds / (30 * DAY)

    @property
    def pages_per_month(self) -> float:
        """Firings in 30 days."""
        return len(self.firings) / self.months if self.months else 0.0

    @property
    def most_pages_per_month(self) -> float | None:
        """The most that are compatible with those, at 95 %; ``None`` where no time was judged."""
        return most_events(len(self.firings)) / self.months if self.months else None


@dataclass(frozen=True, kw_only=True)
class SuggestedAlarm:
    """One of several alarms that are suggested together.

    Attributes:
        kind: what it holds the value against: ``level`` or ``recent``.
        definition: the alarm, with its threshold.
        why: what it fires for, in a sentence.
        table: of ``recent`` the distance at each hour of the week; ``None`` where it is the same.
    """

    kind: str
    definition: AlarmDefinition
    why: str
    table: Table | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What is suggested for an alarm.

    Attributes:
        verdict: in one word.
        threshold: the suggested one; the alarm's own where nothing is to be changed.
        datapoints_to_alarm: M; likewise.
        evaluation_periods: N; likewise.
        reasons: why, in sentences, the weightiest first.
        options: what was weighed: the Pareto front where there are incidents, else the best
            threshold of each M and N.
        validation: what the same way of choosing would have done day by day.
        most_pages_per_month: the most pages a month that are compatible with what was seen,
            at 95 %; ``None`` without a validation.
        alarms: the alarms that are suggested together, for a metric that nobody watches yet.
    """

    verdict: ThresholdVerdict
    threshold: float
    datapoints_to_alarm: int
    evaluation_periods: int
    reasons: tuple[str, ...]
    options: tuple[Option, ...] = ()
    validation: Validation | None = None
    most_pages_per_month: float | None = None
    alarms: tuple[SuggestedAlarm, ...] = ()
