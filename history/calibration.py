"""The archive's calibration: range and delay as estimated from the alarms' own past."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.timing import Timing
from ecs_monitoring.words import MINUTE
from history.archive import Archive, account_of
from history.atomic import write_atomically
from history.day import BadFileError
from history.metric import ArchivedMetric
from history.past import StateChange
from replay.calibrate import (
    DELAYS,
    EXTRA_PERIODS,
    Belief,
    Estimate,
    Recorded,
    Transition,
    Tried,
    estimate,
)
from replay.outcome import replay

FILE: Final = "calibration.json"

_FORMAT: Final = 1

_SETTLING: Final = 900
"""Seconds at the end of what was fetched that are not looked at: some of it may be missing."""

_WIDEST: Final = Timing(
    extra_periods=max(EXTRA_PERIODS),
    delay=max(DELAYS),
    longest_delay=max(DELAYS),
    source="the widest that is tried",
)

Group = tuple[str, int]
"""A namespace and a period in seconds: what is taken to share range and delay."""


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """An estimate for a namespace and period.

    Attributes:
        namespace: such as ``AWS/ApplicationELB``.
        period: seconds.
        estimate: what was found; ``None`` where there was too little to say anything.
        transitions: how many there were to look at.
    """

    namespace: str
    period: int
    estimate: Estimate | None
    transitions: int

    @property
    def is_sure(self) -> bool:
        """Whether the range or the delay is known."""
        estimate = self.estimate
        return estimate is not None and (estimate.extra_periods.is_sure or estimate.delay.is_sure)

    def timing(self, default: Timing) -> Timing:
        """What is known now: the estimate where it is sure, the default elsewhere."""
        estimate = self.estimate
        if estimate is None or not self.is_sure:
            return default
        extra = (
            estimate.extra_periods.value
            if estimate.extra_periods.is_sure
            else default.extra_periods
        )
        delay = estimate.delay.value if estimate.delay.is_sure else default.delay
        longest = estimate.longest_delay if estimate.delay.is_sure else default.longest_delay
        return Timing(
            extra_periods=extra,
            delay=delay,
            longest_delay=max(delay, longest),
            source=f"{estimate.transitions} recorded transitions of {estimate.alarms} alarms",
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, for the file and for scripts; times in seconds."""
        return {
            "namespace": self.namespace,
            "period": self.period,
            "transitions": self.transitions,
            "estimate": None if self.estimate is None else asdict(self.estimate),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The same back from ``as_json``."""
        given = fields["estimate"]
        return cls(
            namespace=fields["namespace"],
            period=fields["period"],
            transitions=fields["transitions"],
            estimate=None
            if given is None
            else Estimate(
                **given
                | {
                    "extra_periods": Belief(**given["extra_periods"]),
                    "delay": Belief(**given["delay"]),
                }
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """All estimates of an archive.

    Attributes:
        made: when; ``None`` where there was none yet.
        groups: one a namespace and period.
    """

    made: datetime | None = None
    groups: tuple[Calibrated, ...] = ()

    def applied(self, definition: AlarmDefinition) -> AlarmDefinition:
        """An alarm with the timing that is known of its namespace and period."""
        group = group_of(definition)
        for calibrated in self.groups:
            if group == (calibrated.namespace, calibrated.period):
                timing = calibrated.timing(definition.timing)
                if timing is not definition.timing:
                    return replace(definition, known_timing=timing)
        return definition


def group_of(definition: AlarmDefinition) -> Group | None:
    """Which alarms share range and delay with one; ``None`` where it reads several namespaces."""
    namespaces = {metric.namespace for metric in definition.metrics}
    return (namespaces.pop(), definition.period) if len(namespaces) == 1 else None


def read_calibration(root: Path) -> Calibration:
    """The calibration that is kept with an archive, or an empty one.

    Raises:
        BadFileError: the file is damaged.
    """
    path = root / FILE
    try:
        fields = json.loads(path.read_bytes())
        if fields["format"] != _FORMAT:
            raise ValueError(f"its format is {fields['format']}, not {_FORMAT}")
        return Calibration(
            made=datetime.fromisoformat(fields["made"]),
            groups=tuple(map(Calibrated.from_json, fields["groups"])),
        )
    except FileNotFoundError:
        return Calibration()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFileError(path, f"not a calibration: {error!r}") from None


def write_calibration(root: Path, calibration: Calibration) -> None:
    """Keep a calibration with an archive.

    Raises:
        OSError: the file cannot be written.
    """
    made = calibration.made or datetime.now(UTC)
    document = {
        "format": _FORMAT,
        "made": made.isoformat(),
        "groups": [group.as_json() for group in calibration.groups],
    }
    text = json.dumps(document, indent=1)
    write_atomically(root / FILE, text.encode())


def recorded_alarms(archive: Archive, alarms: Iterable[LiveAlarm]) -> dict[Group, list[Recorded]]:
    """What is recorded of each metric alarm whose metrics are known in full, by group."""
    groups: dict[Group, list[Recorded]] = defaultdict(list)
    for alarm in alarms:
        definition = alarm.definition
        if definition is None:
            continue
        group = group_of(definition)
        if group is not None and (recorded := _recorded(archive, alarm, definition)) is not None:
            groups[group].append(recorded)
    return dict(groups)


def calibrated(group: Group, alarms: Sequence[Tried]) -> Calibrated:
    """Estimate range and delay of a group, whose alarms were replayed."""
    return Calibrated(
        namespace=group[0],
        period=group[1],
        estimate=estimate(alarms),
        transitions=sum(len(alarm.recorded.transitions) for alarm in alarms),
    )


def _recorded(archive: Archive, alarm: LiveAlarm, definition: AlarmDefinition) -> Recorded | None:
    """What is known of an alarm; ``None`` without transitions or without its metrics."""
    changes, _ = archive.alarm_history(alarm)
    changed = alarm.raw.get("AlarmConfigurationUpdatedTimestamp")
    since = int(changed.timestamp()) if changed is not None else 0
    changes = tuple(change for change in changes if change.time >= since)
    if not changes:
        return None
    metrics = [
        ArchivedMetric(account=account_of(alarm), region=alarm.region, key=key)
        for key in definition.metrics
    ]
    firsts = [archive.first_day(metric) for metric in metrics]
    lasts = [archive.known_until(metric) for metric in metrics]
    if None in firsts or None in lasts:
        return None
    reach = replace(definition, known_timing=_WIDEST).lookback
    first, last = max(time or 0 for time in firsts), min(time or 0 for time in lasts)
    # Before the first change that is kept, nobody knows whether there were others.
    start = max(first + reach, since, changes[0].time - MINUTE)
    end = last - _SETTLING
    histories = {metric.key: archive.read(metric, start - reach, end)[0] for metric in metrics}
    inside = [change for change in changes if start <= change.time <= end]
    if not inside:
        return None
    if replay(definition, histories, start, end).approximate:
        return None
    return Recorded(
        definition=definition,
        histories=histories,
        start=start,
        end=end,
        before=inside[0].previous,
        transitions=tuple(_transition(change, definition) for change in inside),
        left_out=tuple(_set_by_hand(inside)),
    )


def _set_by_hand(changes: list[StateChange]) -> Iterable[tuple[int, int]]:
    """From each state that somebody set to the change that ended it."""
    for change, after in zip(changes, [*changes[1:], changes[-1]], strict=True):
        if not change.reason_data:
            yield change.time - MINUTE, max(after.time, change.time) + MINUTE


def _transition(change: StateChange, definition: AlarmDefinition) -> Transition:
    points = change.reason_data.get("evaluatedDatapoints") or ()
    ends = []
    for point in points:
        try:
            start = datetime.strptime(point["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")
        except (KeyError, TypeError, ValueError):
            continue
        if point.get("value") is not None:
            ends.append(int(start.timestamp()) + definition.period)
    return Transition(time=change.time, state=change.state, decided_on=max(ends, default=None))
