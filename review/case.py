"""What the review of an alarm rests on, and what of it can be judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.evaluation import evaluation_interval
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.outcome import Outcome
from review.model import DataSummary

Histories = Mapping[MetricKey, MetricHistory]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of time: from when to when, in seconds since 1970 UTC, both ends included."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the review of one alarm rests on.

    Attributes:
        alarm: the alarm.
        histories: of its metrics; one that is absent has no data.
        stretch: the time that is reviewed.
        known_from: since when no record means that there was no data, in seconds since 1970
            UTC; ``None`` where that is so since the first record.
        known_until: up to when that is so; ``None`` where it is so to the end of the stretch.
        incidents: what was wrong in that time.
        happened: what CloudWatch recorded that the alarm did; ``None`` where nothing is known.
        candidates: other definitions of the same alarm to set beside it, with their labels.
        pages_per_month: the page budget.
        recent: the alarm on its recent past that is there already; ``None`` without one.
        base: the alarm that this one on the recent past stands beside; ``None`` for any other.
        made: when the alarm was made or last changed, in seconds since 1970 UTC; ``None`` where
            nobody knows.
    """

    alarm: LiveAlarm
    histories: Histories
    stretch: Stretch
    known_from: int | None = None
    known_until: int | None = None
    incidents: tuple[Incident, ...] = ()
    happened: Outcome | None = None
    candidates: Sequence[tuple[str, LiveAlarm]] = ()
    pages_per_month: float = 2.0
    recent: AlarmDefinition | None = None
    base: LiveAlarm | None = None
    made: int | None = None


def data_of(definition: AlarmDefinition, case: Case) -> DataSummary:
    """What is recorded of the alarm's metrics in the stretch."""
    stretch = case.stretch
    inside = {
        key: case.histories[key].between(stretch.start, stretch.end)
        for key in definition.metrics
        if key in case.histories
    }
    histories = [history for history in inside.values() if len(history)]
    periods, counts = np.unique(
        np.concatenate([h.resolutions for h in histories]) if histories else np.empty(0),
        return_counts=True,
    )
    return DataSummary(
        first=min((int(history.times[0]) for history in histories), default=None),
        last=max((int(history.times[-1]) for history in histories), default=None),
        records=sum(len(history) for history in histories),
        resolutions=dict(zip(periods.tolist(), counts.tolist(), strict=True)),
        without_data=tuple(key.name for key in definition.metrics if not len(inside.get(key, ()))),
        is_approximate=False,
    )


def judged_of(definition: AlarmDefinition, case: Case) -> Stretch | None:
    """The part of the stretch that can be replayed; ``None`` without any record.

    It begins where the alarm's whole evaluation range lies in known time, and ends with that:
    else periods that nobody asked for would count as ones without data.
    """
    first = _first_record(definition, case)
    if first is None:
        return None
    if case.known_from is not None:
        first = min(first, case.known_from)
    start = max(case.stretch.start, first + definition.lookback, created_of(definition, case) or 0)
    end = case.stretch.end if case.known_until is None else min(case.stretch.end, case.known_until)
    is_evaluated = end - start >= evaluation_interval(definition)
    return Stretch(start=start, end=end) if is_evaluated else None


def created_of(definition: AlarmDefinition, case: Case) -> int | None:
    """When an alarm with a warm-up was made, where it is as new as what it watches; else ``None``.

    Before that there was neither, and no data says nothing. One that was changed while there was
    data long before is judged as if it had always been as it is.
    """
    first = _first_record(definition, case)
    if case.made is None or definition.warm_up is None or first is None:
        return None
    is_new = first >= case.made - definition.warm_up.seconds
    return case.made if is_new else None


def learnt_from(definition: AlarmDefinition, case: Case, judged: Stretch) -> int:
    """Since when values say what is usual, in seconds since 1970 UTC: not while an alarm waits."""
    warm_up, created = definition.warm_up, created_of(definition, case)
    if warm_up is None or created is None:
        return judged.start
    last = judged.end - evaluation_interval(definition)
    return max(judged.start, min(created + warm_up.seconds, last))


def _first_record(definition: AlarmDefinition, case: Case) -> int | None:
    histories = (case.histories.get(key, MetricHistory.empty()) for key in definition.metrics)
    return min((int(history.times[0]) for history in histories if len(history)), default=None)
