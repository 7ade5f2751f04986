"""What an alarm did, or would have done, over a stretch of time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.evaluation import (
    Series,
    evaluation_interval,
    timeline,
)
from replay.changes import Change, Changes
from replay.grid import is_coarse, spread
from replay.history import Ints, MetricHistory
from replay.metric_math import NeedsWholeRangeError
from replay.ranges import ranges_of
from replay.signal import evaluation_times, signal_of
from replay.states import ALARM, CODES, OK, States, decided_by, settled, states_of
from replay.stretches import Stretches, stretches_of

FLAPPING_SECONDS: Final = 3600
"""A firing counts as flapping where the alarm was on within this time before it.

An hour is a choice: whoever was told of the last firing is most likely still looking at it, and
learns nothing from the next one.
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An alarm's changes of state over a stretch of time.

    Attributes:
        start: of the stretch, in seconds since 1970 UTC.
        end: of the stretch.
        changes: in the order of time.
        state: the state before the first change.
        interval: seconds that the state after an evaluation stands for; 1 where the changes
            were recorded by CloudWatch itself.
        evaluations: how many there were; 0 where the changes were recorded.
        approximate: whether any value may differ from what CloudWatch saw.
    """

    start: int
    end: int
    changes: Sequence[Change]
    state: AlarmState
    interval: int = 1
    evaluations: int = 0
    approximate: bool = False

    @property
    def is_recorded(self) -> bool:
        """Whether CloudWatch itself recorded it."""
        return self.evaluations == 0

    @property
    def firings(self) -> tuple[int, ...]:
        """When the state changed to ALARM, in seconds since 1970 UTC."""
        changes = Changes.of(self.changes)
        return tuple(changes.times[changes.states == ALARM].tolist())

    @property
    def bands(self) -> tuple[tuple[int, int], ...]:
        """From when to when the alarm was on, within the stretch."""
        changes = Changes.of(self.changes)
        last = self.end // self.interval * self.interval + self.interval
        since = np.concatenate(([self.start], changes.times))
        until = np.concatenate((changes.times, [last]))
        is_on = np.concatenate(([CODES[self.state]], changes.states)) == ALARM
        is_off_next = np.concatenate((changes.states, [OK])) != ALARM
        chosen = is_on & is_off_next
        return tuple(zip(since[chosen].tolist(), until[chosen].tolist(), strict=True))

    @property
    def seconds_in_alarm(self) -> int:
        """How long the alarm was on."""
        return sum(end - start for start, end in self.bands)

    @property
    def flapping(self) -> int:
        """Firings within ``FLAPPING_SECONDS`` of the end of an earlier one."""
        ends = [end for _, end in self.bands]
        starts = [start for start, _ in self.bands]
        gaps = (start - end for start, end in zip(starts[1:], ends, strict=False))
        return sum(gap < FLAPPING_SECONDS for gap in gaps)

    @property
    def longest_silence(self) -> int:
        """The longest time without a firing, in seconds."""
        marks = (self.start, *self.firings, self.end)
        return max(after - before for before, after in pairwise(marks))

    def by_hour(self, definition: AlarmDefinition, zone: tzinfo) -> dict[AlarmState, list[int]]:
        """Notifications by the state that they tell of and by hour of day, 24 numbers each.

        Args:
            definition: the alarm: only states with actions are told of, and only while actions
                are enabled.
            zone: whose hours.
        """
        states = (AlarmState.ALARM, AlarmState.OK, AlarmState.INSUFFICIENT_DATA)
        hours = {state: [0] * 24 for state in states}
        for change in self.changes:
            if definition.actions(change.state):
                hours[change.state][datetime.fromtimestamp(change.time, zone).hour] += 1
        return hours


def replay(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
    *,
    before: AlarmState = AlarmState.INSUFFICIENT_DATA,
    created: int | None = None,
) -> Outcome:
    """What an alarm does over its metrics' histories; the same as ``timeline``, state for state.

    Args:
        definition: the alarm.
        histories: each metric's history; a metric that is absent has no data. Records before
            ``start`` are looked at where evaluations reach back to them.
        start: seconds since 1970 UTC.
        end: seconds since 1970 UTC, included.
        before: the state before the first evaluation.
        created: when the alarm was made, for its warm-up; ``None`` where that was long ago.

    Raises:
        CannotEvaluateError: a statistic or expression that cannot be evaluated.
    """
    warm_until = 0
    if created is not None and definition.warm_up is not None:
        warm_until = created + definition.warm_up.seconds
    if warm_until > start:
        # A few hours at most, once.
        warming = _replayed_singly(
            definition, histories, start, min(warm_until, end), before, created
        )
        if warm_until >= end:
            return warming
        state = warming.changes[-1].state if warming.changes else before
        return _joined(warming, replay(definition, histories, warm_until + 1, end, before=state))
    if (outcome := _replayed_in_stretches(definition, histories, start, end, before)) is not None:
        return outcome
    try:
        signal = signal_of(definition, histories, start, end)
        states, approximate = states_of(definition, signal, before=before), signal.approximate
    except NeedsWholeRangeError:
        try:
            ranges = ranges_of(definition, histories, start, end)
            signal, states = ranges.frame, ranges.states(before)
            approximate = ranges.approximate
        except NeedsWholeRangeError:
            return _replayed_singly(definition, histories, start, end, before)
    at, changed_to = _changes(states, before)
    return Outcome(
        start=start,
        end=end,
        changes=Changes(signal.times.start + at * signal.times.step, changed_to, before),
        state=before,
        interval=evaluation_interval(definition),
        evaluations=len(states),
        approximate=approximate,
    )


def _joined(first: Outcome, second: Outcome) -> Outcome:
    """Two outcomes of an alarm, one after the other."""
    return replace(
        first,
        end=second.end,
        changes=(*first.changes, *second.changes),
        evaluations=first.evaluations + second.evaluations,
        approximate=first.approximate or second.approximate,
    )


def _replayed_in_stretches(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
    before: AlarmState,
) -> Outcome | None:
    """The same where the alarm is OK outside of a few stretches; ``None`` elsewhere."""
    stat = definition.signal
    history = histories.get(stat.metric) if isinstance(stat, MetricStat) else None
    if history is None:
        return None
    times = evaluation_times(definition, start, end)
    stretches = stretches_of(definition, history, times)
    if stretches is None:
        return None
    evaluated, decided = np.array(times[:1]), np.array([OK], dtype=np.uint8)
    if len(stretches):
        inside, decided_inside = _in_stretches(definition, stretches)
        # Before any stretch the alarm is OK.
        is_ok_before = int(stretches.starts[0] > times[0])
        evaluated = np.concatenate((evaluated[:is_ok_before], inside))
        decided = np.concatenate((decided[:is_ok_before], decided_inside))
    at, changed_to = _changes(settled(decided, before), before)
    step = math.gcd(times.step, definition.period, definition.timing.delay)
    return Outcome(
        start=start,
        end=end,
        changes=Changes(evaluated[at], changed_to, before),
        state=before,
        interval=times.step,
        evaluations=len(times),
        approximate=history.coarsest > step
        and is_coarse(history, start - definition.lookback, end, step),
    )


def _in_stretches(definition: AlarmDefinition, stretches: Stretches) -> tuple[Ints, States]:
    """When the evaluations of some stretches are, and what they decide."""
    moved = dict.fromkeys(definition.metrics, stretches.history)
    signal = signal_of(definition, moved, stretches.start, stretches.end)
    decided = decided_by(definition, signal)
    inside = np.flatnonzero(~stretches.between)
    return stretches.times(inside), decided[inside]


def _changes(states: States, before: AlarmState) -> tuple[Ints, States]:
    """At which evaluations the state changed, and to which."""
    previous = np.concatenate((np.array([CODES[before]], dtype=np.uint8), states[:-1]))
    at = np.flatnonzero(states != previous)
    return at, states[at]


def _replayed_singly(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
    before: AlarmState,
    created: int | None = None,
) -> Outcome:
    """The same by the evaluator itself: while an alarm is new, and for expressions whose type
    depends on the range.
    """
    interval = evaluation_interval(definition)
    step = math.gcd(interval, definition.period, definition.timing.delay)
    earliest = start - definition.lookback
    read = {key: histories[key] for key in definition.metrics if key in histories}
    series = {
        key: Series(spread(history, definition.period, step).samples())
        for key, history in read.items()
    }
    evaluations = 0
    changes = []
    for evaluation in timeline(definition, series, start, end, state=before, created=created):
        evaluations += 1
        if evaluation.changed:
            changes.append(Change(evaluation.time, evaluation.state, evaluation.previous))
    return Outcome(
        start=start,
        end=end,
        changes=tuple(changes),
        state=before,
        interval=interval,
        evaluations=evaluations,
        approximate=any(is_coarse(history, earliest, end, step) for history in read.values()),
    )
