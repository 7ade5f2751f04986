"""What a review found out, as values; the report, the JSON and the screen show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from account.coverage.finding import Finding
from account.coverage.read import Coverage
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.words import DAY
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import Suggestion, ThresholdVerdict


@dataclass(frozen=True, kw_only=True)
class DataSummary:
    """What history an alarm's metrics have in the stretch that is reviewed.

    Attributes:
        first: time of the first record, in seconds since 1970 UTC; ``None`` without any.
        last: time of the last one.
        records: how many there are.
        resolutions: seconds that a record stands for, to how many records do.
        without_data: names of the metrics that have no record at all.
        is_approximate: whether what was recorded is coarser than what CloudWatch saw.
    """

    first: int | None
    last: int | None
    records: int
    resolutions: Mapping[int, int]
    without_data: tuple[str, ...]
    is_approximate: bool


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What an alarm watches, coarse enough to be drawn: the range of values in each stretch.

    Attributes:
        times: when each stretch begins, in seconds since 1970 UTC, ascending.
        low: the least value in it; ``None`` where there is no data.
        high: the greatest value in it.
    """

    times: tuple[int, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class CurvePoints:
    """Firings by threshold, for one choice of M and N.

    Attributes:
        datapoints_to_alarm: M.
        evaluation_periods: N.
        thresholds: ascending, in the metric's own unit.
        firings: at each threshold, over the whole stretch.
        hours: in ALARM, at each threshold.
        caught: incidents caught, at each threshold; empty without incidents.
    """

    datapoints_to_alarm: int
    evaluation_periods: int
    thresholds: tuple[float, ...]
    firings: tuple[int, ...]
    hours: tuple[float, ...]
    caught: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A definition and what it does, or would have done.

    Attributes:
        label: what it is: the one deployed, a ``--set``, the suggestion.
        definition: the alarm.
        outcome: over the stretch that is reviewed.
    """

    label: str
    definition: AlarmDefinition
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class AlarmReview:
    """One alarm.

    Attributes:
        address: as in the stack's exports.
        name: in CloudWatch.
        severity: ``critical`` or ``warning``.
        condition: in words, such as ``CPUUtilization Average >= 80 %``.
        unit: of the threshold.
        current: the definition as it is, and what it would have done; ``None`` where it cannot
            be evaluated.
        happened: what CloudWatch recorded that it did; ``None`` where nothing is recorded.
        data: what history there is.
        candidates: the others that were asked for, and the suggestion where it is another.
        curves: firings by threshold; empty where they cannot be computed.
        trace: what it watches; ``None`` without data.
        incidents: those that concern it.
        suggestion: what to do about its threshold.
        problem: why the alarm could not be replayed; empty where it could.
    """

    address: AlarmAddress
    name: str
    severity: str
    condition: str
    unit: Unit
    current: Candidate | None
    happened: Outcome | None
    data: DataSummary
    candidates: tuple[Candidate, ...]
    curves: tuple[CurvePoints, ...]
    trace: Trace | None
    incidents: tuple[Incident, ...]
    suggestion: Suggestion
    problem: str = ""

    @property
    def suggested(self) -> Candidate | None:
        """The suggestion as a candidate; ``None`` where no change is suggested."""
        wanted = self.suggestion
        if wanted.verdict is not ThresholdVerdict.CHANGE:
            return None
        for candidate in self.candidates:
            if (
                candidate.definition.threshold == wanted.threshold
                and candidate.definition.breaching_datapoints == wanted.datapoints_to_alarm
                and candidate.definition.evaluation_periods == wanted.evaluation_periods
            ):
                return candidate
        return None


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Pages on days that nothing had been learnt from.

    Attributes:
        start: of the judged time, in seconds since 1970 UTC.
        end: of it.
        paged: when it would have paged.
    """

    start: int
    end: int
    paged: tuple[int, ...]

    @property
    def months(self) -> float:
        """The judged time, in months of 30 days."""
        return (self.end - self.start) / (30 * DAY)


@dataclass(frozen=True, kw_only=True)
class IncidentReview:
    """One incident: the composite alarm that pages for a target.

    Attributes:
        address: such as ``incident.rds@main``.
        name: in CloudWatch.
        paged: when it would have paged, in seconds since 1970 UTC.
        suppressed: when it went on and would not have paged: a cause had an incident, or it was
            over before it had waited for one.
        without_incidents: how often the target's critical alarms would have paged, each for
            itself (``paging: alarm``).
        not_replayed: addresses of its alarms that count as OK, since nothing is known of them.
        paged_as_suggested: when it would have paged with every suggestion, over the history that
            the suggestions were chosen from.
        walk: when it would have paged with the suggestions of each day, on days that they had
            not seen; ``None`` where too little is known of its alarms.
    """

    address: AlarmAddress
    name: str
    paged: tuple[int, ...]
    suppressed: tuple[int, ...]
    without_incidents: int
    not_replayed: tuple[str, ...] = ()
    paged_as_suggested: tuple[int, ...] = ()
    walk: Walk | None = None


@dataclass(frozen=True, kw_only=True)
class Review:
    """A whole review.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        account: the AWS account; empty where none was asked.
        regions: that were looked at.
        made: when the review was made.
        start: of the stretch that is reviewed, in seconds since 1970 UTC.
        end: of it.
        zone: whose hours of day are meant.
        pages_per_month: the page budget of each alarm.
        alarms: by address.
        pages_by_incident: whether the stack's incidents page, and not its critical alarms.
        incidents: by address; empty where each critical alarm pages for itself, and where only
            some of the alarms are reviewed.
        coverage: what is not watched; ``None`` where no account was asked.
        notes: what could not be looked at or read, in words.
    """

    project: str
    stack: str
    account: str
    regions: tuple[str, ...]
    made: datetime
    start: int
    end: int
    zone: ZoneInfo
    pages_per_month: float
    alarms: tuple[AlarmReview, ...]
    coverage: Coverage | None
    notes: tuple[str, ...]
    incidents: tuple[IncidentReview, ...] = ()
    pages_by_incident: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is not watched; none where no account was asked."""
        return self.coverage.findings if self.coverage else ()

    @property
    def every_note(self) -> tuple[str, ...]:
        """The notes, and those of the comparison with the account."""
        return (*self.notes, *(self.coverage.notes if self.coverage else ()))
