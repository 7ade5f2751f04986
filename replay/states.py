"""The state after every evaluation, from whether each period breaches.

The rules are those of ``cloudwatch.evaluation.decide``, which has their sources; here they are
written for all evaluations at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import MissingData
from replay.history import Bools, Floats
from replay.signal import SlidingSignal
from replay.tails import BREACHES
from replay.windows import Counts, sliding_count

B = TypeVar("B", bound=np.generic)

States = NDArray[np.uint8]
"""A state an evaluation, as one of the codes below."""

OK: Final = 0
ALARM: Final = 1
INSUFFICIENT: Final = 2
_KEPT: Final = 3

CODES: Final[Mapping[AlarmState, int]] = {
    AlarmState.OK: OK,
    AlarmState.ALARM: ALARM,
    AlarmState.INSUFFICIENT_DATA: INSUFFICIENT,
}
"""The code of each state."""

_PART: Final = 131_072
"""How many evaluations are decided at a time."""


def states_of(
    definition: AlarmDefinition,
    signal: SlidingSignal,
    *,
    before: AlarmState = AlarmState.INSUFFICIENT_DATA,
) -> States:
    """The state after each of the signal's evaluations.

    Args:
        definition: the alarm.
        signal: what it watches, reaching back far enough.
        before: the state before the first evaluation.
    """
    return settled(decided_by(definition, signal), before)


def decided_by(definition: AlarmDefinition, signal: SlidingSignal) -> States:
    """What each of the signal's evaluations decides, as ``settled`` takes it."""
    lead = (definition.evaluation_range - 1) * signal.stride
    beginning = signal.first - lead
    decided = np.empty(max(len(signal.values) - signal.first, 0), dtype=np.uint8)
    # By parts that stay in the processor's cache, temporary results included.
    for first in range(0, len(decided), _PART):
        last = min(first + _PART, len(decided))
        part = slice(beginning + first, beginning + last + lead)
        decided[first:last] = _decided(definition, _part(signal, part), lead)
    return decided[:: signal.every][: len(signal.times)]


def _part(signal: SlidingSignal, part: slice) -> SlidingSignal:
    """Some steps of a signal."""

    def of(column: NDArray[B] | None) -> NDArray[B] | None:
        return None if column is None else column[part]

    return replace(
        signal,
        values=signal.values[part],
        few_samples=of(signal.few_samples),
        newest=of(signal.newest),
        newest_few=of(signal.newest_few),
    )


@dataclass(frozen=True, eq=False)
class _Flags:
    """Flags of periods.

    Attributes:
        whole: a flag a step.
        newest: those of each evaluation's newest period instead, where not all of it has arrived.
    """

    whole: Bools
    newest: Bools | None

    def __and__(self, other: "_Flags") -> "_Flags":
        if self.newest is None or other.newest is None:
            return _Flags(self.whole & other.whole, None)
        return _Flags(self.whole & other.whole, self.newest & other.newest)


class _Look:
    """What each evaluation looks at: the newest N datapoints of its evaluation range."""

    def __init__(
        self, real: _Flags, breaching: _Flags, periods: int, reach: int, stride: int
    ) -> None:
        self.real = real
        self.periods = periods
        self.stride = stride
        self.reach = reach
        self.is_complete = bool(real.whole.all()) and (real.newest is None or real.newest.all())
        self._count = len(real.whole) - (reach - 1) * stride
        self.present: Counts = self._within(real, reach)
        self.used: Counts = np.minimum(self.present, periods)
        self.breaching = self.used_of(breaching)

    def used_of(self, flags: _Flags) -> Counts:
        """How many of the datapoints that are looked at have a flag; flags are of real ones."""
        if self.is_complete:
            return self._within(flags, self.periods)
        # Where the range has more than N datapoints, the oldest ones are not looked at.
        result = self._within(flags, self.reach)
        surplus = self.present - self.used
        for age in range(self.reach, self.periods, -1):
            is_over = surplus > 0
            result -= self._aged(flags, age) & is_over
            if age > self.periods + 1:
                surplus -= self._aged(self.real, age) & is_over
        return result

    def _within(self, flags: _Flags, periods: int) -> Counts:
        """How many of the newest periods of each evaluation have a flag."""
        whole = flags.whole[(self.reach - periods) * self.stride :]
        newest = None if flags.newest is None else self._aged(flags, 1)
        return sliding_count(whole, periods, self.stride, newest)

    def _aged(self, flags: _Flags, age: int) -> Bools:
        """The flags of the datapoints of an age, in periods, of all evaluations; newest is 1."""
        first = (self.reach - age) * self.stride
        column = flags.newest if age == 1 and flags.newest is not None else flags.whole
        return column[first : first + self._count]

    def oldest_age(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """The age, in periods, of the oldest real datapoint of some evaluations; newest is 1."""
        ages = np.zeros(len(rows), dtype=np.intp)
        for age in range(1, self.reach + 1):
            ages[self._aged(self.real, age)[rows]] = age
        return ages


def _decided(definition: AlarmDefinition, signal: SlidingSignal, lead: int) -> States:
    """What each evaluation decides; ``_KEPT`` where the state so far stays."""

    def flags(of: Callable[[Floats], Bools]) -> _Flags:
        if signal.newest is None:
            return _Flags(of(signal.values), None)
        # Those of the first steps are of no evaluation.
        newest = of(signal.newest)
        newest[:lead] = True
        return _Flags(of(signal.values), newest)

    real = flags(lambda values: ~np.isnan(values))
    # Comparisons with nan are false.
    breaches = BREACHES[definition.comparison]
    breaching = flags(lambda values: breaches(values, definition.threshold))
    reach = definition.evaluation_range
    look = _Look(real, breaching, definition.evaluation_periods, reach, signal.stride)
    decided = _without_few(look, definition)
    if signal.few_samples is not None:
        few = _Flags(signal.few_samples, signal.newest_few)
        decided[look.used_of(few & real) > 0] = _KEPT
    return decided


def _without_few(look: _Look, definition: AlarmDefinition) -> States:
    """The same, whatever the number of samples behind a percentile."""
    needed = definition.breaching_datapoints
    treatment = definition.treat_missing_data
    decided: States = (look.breaching >= needed).astype(np.uint8)
    if look.is_complete:
        return decided
    filled = look.periods - look.used
    lacking = (filled > 0) & (decided == OK)
    if treatment == MissingData.BREACHING:
        decided[lacking & (look.breaching + filled >= needed)] = ALARM
    if treatment in (MissingData.BREACHING, MissingData.NOT_BREACHING):
        return decided
    keeps = treatment == MissingData.IGNORE
    decided[lacking & (look.used == 0)] = _KEPT if keeps else INSUFFICIENT
    rows = np.flatnonzero(lacking & (look.used > 0) & (look.breaching == look.used))
    if keeps:
        decided[rows] = _KEPT
    else:
        decided[rows[look.oldest_age(rows) >= needed]] = ALARM
    return decided


def settled(decided: States, before: AlarmState) -> States:
    """The states, with the one before wherever an evaluation decides nothing."""
    open_ = decided == _KEPT
    if not open_.any():
        return decided
    last = np.where(open_, -1, np.arange(len(decided)))
    last = np.maximum.accumulate(last)
    return np.where(last < 0, CODES[before], decided[last]).astype(np.uint8)
