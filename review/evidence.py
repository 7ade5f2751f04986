"""What a review rests on: alarms, their history, incidents, candidates; read, not yet judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

from account.alarms import LiveAlarm, chosen
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.recent import SUFFIX, key_beside
from ecs_monitoring.words import DAY
from history.archive import Archive
from history.files import SeriesError, SeriesOption
from replay.differences import expressions_of
from replay.incidents import Incident
from review.case import Case, Stretch
from review.incident_file import Incidents, read_incidents
from review.program import candidate_alarms
from review.sources import Source, Sources
from stack.config import StackConfig

DELIVERY: Final = 900
"""Seconds before now at which a review ends: the datapoints of the last minutes may be missing.

AWS names no bound. Its services publish within a few minutes; a quarter of an hour is a choice.
"""

LEAD: Final = 3 * DAY
"""Seconds before the stretch that are read too, since evaluation ranges reach back to them: N
periods are at most a day for alarms that are evaluated every minute, and two periods more."""


class EvidenceError(Exception):
    """There is nothing to review; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class ReviewRequest:
    """What a review is asked to look at.

    Attributes:
        alarms: keys, addresses or names; empty for all alarms of the stack.
        days: how many days to review.
        series: files that stand for metrics.
        incidents: the incident file; ``None`` without one.
        candidates: overrides to try; those of one tuple together.
        pages_per_month: the page budget of each alarm.
        zone: of incidents' times that name none.
    """

    alarms: tuple[str, ...] = ()
    days: int = 91
    series: tuple[SeriesOption, ...] = ()
    incidents: Path | None = None
    candidates: tuple[tuple[str, ...], ...] = ()
    pages_per_month: float = 2.0
    zone: tzinfo = UTC


def check(config: StackConfig, asked: ReviewRequest) -> None:
    """Find mistakes in what is asked before anything is fetched for it.

    Raises:
        SeriesError: a series file is not there.
        IncidentFileError: the incident file cannot be used.
        StackConfigError: a candidate names no override.
        pulumi.RunError: the settings of a candidate are wrong.
    """
    for option in asked.series:
        if not option.path.is_file():
            raise SeriesError(f"{option.path}: no such file: write ADDRESS=FILE after --series")
    if asked.incidents:
        read_incidents(asked.incidents, zone=asked.zone)
    for changes in asked.candidates:
        candidate_alarms(config.stack, changes)


class Evidence:
    """Everything that a review rests on.

    Args:
        config: the stack's settings.
        archive: what was fetched; empty without any.
        asked: what to look at.
        until: up to when, in seconds since 1970 UTC; by default as far as the history is known.

    Raises:
        NoSuchAlarmError: an alarm that the stack does not have.
        EvidenceError: there is no history to review.
        SeriesError: a series file cannot be used.
        IncidentFileError: the incident file cannot be used.
        StackConfigError: a candidate names no override.
        BadFileError: the archive's list of alarms is damaged.
        pulumi.RunError: the settings, or those of a candidate, are wrong.
    """

    def __init__(
        self,
        config: StackConfig,
        archive: Archive,
        asked: ReviewRequest,
        *,
        until: int | None,
    ) -> None:
        self._asked = asked
        self.sources = Sources(config, archive, asked.series)
        self.chosen = _chosen(self._with_history(), asked.alarms)
        forms = {form for source in self.sources.all for form in source.alarm.address.forms}
        self.incidents = (
            read_incidents(asked.incidents, frozenset(forms), zone=asked.zone)
            if asked.incidents
            else Incidents()
        )
        self._candidates = [
            (
                " ".join(changes),
                {
                    address: self.sources.calibrated(alarm)
                    for address, alarm in candidate_alarms(config.stack, changes).items()
                },
            )
            for changes in asked.candidates
        ]
        end = until if until is not None else self.sources.known_until()
        if end is None:
            raise EvidenceError(
                "there is no history to review: fetch it with `python -m ops history fetch "
                f"{config.stack}`, or give files with --series"
            )
        self.stretch = Stretch(start=end - asked.days * DAY, end=end)
        self.notes: list[str] = []
        if self.incidents.unanswered:
            self.notes.append(
                f"{asked.incidents}: {self.incidents.unanswered} firings have neither yes nor no "
                "under real, and do not count"
            )

        self.notes += [
            f"--set {label}: changes none of the alarms that are reviewed"
            for label, alarms in self._candidates
            if not any(_changed(alarms, source.alarm) for source in self.chosen)
        ]

    def _with_history(self) -> tuple[Source, ...]:
        """All alarms; without an account or archive those alone that files were given for."""
        if self.sources.is_deployed:
            return self.sources.all
        return tuple(source for source in self.sources.all if source.files)

    def cases(self) -> Iterator[Case]:
        """Each alarm with all that its review rests on, those that read the same metrics one after
        another: what is found out about a metric is found once.
        """
        for source in sorted(self.chosen, key=_metrics_of):
            history = self.sources.history(source, self.stretch.start - LEAD, self.stretch.end)
            happened, unread_past = self.sources.happened(source, self.stretch)
            unread = (*history.unread, *unread_past)
            self.notes += [note for note in unread if note not in self.notes]
            yield Case(
                alarm=source.alarm,
                histories=history.histories,
                stretch=self.stretch,
                known_from=history.since,
                known_until=history.until,
                incidents=self._incidents_of(source),
                happened=happened,
                candidates=self._candidates_of(source.alarm),
                pages_per_month=self._asked.pages_per_month,
                recent=self._recent_of(source.alarm.address),
                base=self._base_of(source.alarm.address),
                made=_made(source),
            )

    def _recent_of(self, address: AlarmAddress) -> AlarmDefinition | None:
        """The alarm on the recent past that stands beside another one."""
        beside = self._alarm(f"{address.key}{SUFFIX}", address)
        return beside.definition if beside else None

    def _base_of(self, address: AlarmAddress) -> LiveAlarm | None:
        """The alarm that one on the recent past stands beside."""
        key = key_beside(address.key)
        return self._alarm(key, address) if key else None

    def _alarm(self, key: str, beside: AlarmAddress) -> LiveAlarm | None:
        """The alarm of a key, of the same target and part as another one."""
        wanted = AlarmAddress.of(key, beside.target, beside.part)
        alarms = (source.alarm for source in self.sources.all)
        return next((alarm for alarm in alarms if alarm.address == wanted), None)

    def _incidents_of(self, source: Source) -> tuple[Incident, ...]:
        incidents = self.incidents.of(source.alarm.address)
        return tuple(
            incident
            for incident in incidents
            if incident.end >= self.stretch.start and incident.start <= self.stretch.end
        )

    def _candidates_of(self, alarm: LiveAlarm) -> list[tuple[str, LiveAlarm]]:
        """The candidates that change this alarm."""
        return [
            (label, tried)
            for label, alarms in self._candidates
            if (tried := _changed(alarms, alarm)) is not None
        ]


def _metrics_of(source: Source) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What tells an alarm's metrics from others, to sort by; none where it cannot be evaluated."""
    definition = source.alarm.definition
    keys = definition.metrics if definition else ()
    return [(key.namespace, key.name, sorted(key.dimensions)) for key in keys]


def _made(source: Source) -> int | None:
    """When an alarm was made or last changed, as AWS has it, in seconds since 1970 UTC."""
    moment = source.alarm.raw.get("AlarmConfigurationUpdatedTimestamp")
    return int(moment.timestamp()) if moment is not None else None


def _changed(alarms: Mapping[AlarmAddress, LiveAlarm], alarm: LiveAlarm) -> LiveAlarm | None:
    """The alarm as a candidate has it; ``None`` where that is the same, or there is none."""
    tried = alarms.get(alarm.address)
    return tried if tried is not None and differs(tried, alarm) else None


def differs(tried: LiveAlarm, alarm: LiveAlarm) -> bool:
    """Whether a candidate would behave in another way; its metrics are taken to be the same."""
    new, old = tried.definition, alarm.definition
    if new is None or old is None:
        return False
    fields = (
        "threshold",
        "comparison",
        "period",
        "evaluation_periods",
        "breaching_datapoints",
        "treat_missing_data",
        "low_samples",
    )
    has_other_math = expressions_of(new) != expressions_of(old)
    return has_other_math or any(getattr(new, name) != getattr(old, name) for name in fields)


def _chosen(sources: Sequence[Source], wanted: Sequence[str]) -> tuple[Source, ...]:
    if not wanted:
        return tuple(sources)
    addresses = {alarm.address for alarm in chosen([s.alarm for s in sources], wanted, None)}
    return tuple(source for source in sources if source.alarm.address in addresses)
