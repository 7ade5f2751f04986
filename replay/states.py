"""The state after every evaluation, from whether each period breaches.

The rules are those of ``cloudwatch.evaluation.decide``, which has their sources; here they are
written for all evaluations at once.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cloudwatch.definition import AlarmDefinition
from cloudwatch.evaluation import AlarmState, evaluation_range
from cloudwatch.rule import Comparison, MissingData
from replay.history import Bools
from replay.signal import Signal
from replay.windows import Counts, sliding_count

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

_BREACHES: Final = {
    Comparison.AT_LEAST: np.greater_equal,
    Comparison.ABOVE: np.greater,
    Comparison.BELOW: np.less,
    Comparison.AT_MOST: np.less_equal,
}


def states_of(
    definition: AlarmDefinition,
    signal: Signal,
    *,
    before: AlarmState = AlarmState.INSUFFICIENT_DATA,
) -> States:
    """The state after each of the signal's evaluations.

    Args:
        definition: the alarm.
        signal: what it watches, reaching back far enough.
        before: the state before the first evaluation.
    """
    reach = evaluation_range(definition.evaluation_periods)
    beginning = signal.first - (reach - 1) * signal.stride
    values = signal.values[beginning:]
    real = ~np.isnan(values)
    # Comparisons with nan are false.
    breaching = _BREACHES[definition.comparison](values, definition.threshold)
    look = _Look(real, breaching, definition.evaluation_periods, signal.stride)
    decided = _decided(look, definition)
    if signal.few_samples is not None:
        few = signal.few_samples[beginning:] & real
        decided[look.used_of(few) > 0] = _KEPT
    return _settled(decided[:: signal.every][: len(signal.times)], CODES[before])


class _Look:
    """What each evaluation looks at: the newest N datapoints among the last N + 2 periods."""

    def __init__(self, real: Bools, breaching: Bools, periods: int, stride: int) -> None:
        self.real = real
        self.periods = periods
        self.stride = stride
        self.reach = evaluation_range(periods)
        self.is_complete = bool(real.all())
        self.count = len(real) - (self.reach - 1) * stride
        self.present: Counts | int = (
            self.reach if self.is_complete else sliding_count(real, self.reach, stride)
        )
        self.used: Counts | int = periods if self.is_complete else np.minimum(self.present, periods)
        self.breaching = self.used_of(breaching)

    def used_of(self, flags: Bools) -> Counts:
        """How many of the datapoints that are looked at have a flag; flags are of real ones."""
        extra = self.reach - self.periods
        newest = sliding_count(flags, self.periods, self.stride)[extra * self.stride :]
        if self.is_complete:
            return newest
        # Where gaps leave more than N datapoints in the range, the oldest ones are not looked
        # at; where they leave no more, all are.
        result = sliding_count(flags, self.reach, self.stride)
        result = np.where(self.present == self.reach, newest, result)
        rows = np.flatnonzero((self.present > self.periods) & (self.present < self.reach))
        surplus = np.asarray(self.present)[rows].astype(np.int32) - self.periods
        for age in range(self.reach, self.periods, -1):
            places = self._places(rows, age)
            skipped = self.real[places] & (surplus > 0)
            result[rows] -= flags[places] & skipped
            surplus -= skipped
        return result

    def _places(self, rows: NDArray[np.intp], age: int) -> NDArray[np.intp]:
        """Where some evaluations find the datapoint of an age, in periods; the newest is 1."""
        return rows + (self.reach - age) * self.stride

    def oldest_age(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """The age, in periods, of the oldest real datapoint of some evaluations; newest is 1."""
        ages = np.zeros(len(rows), dtype=np.intp)
        for age in range(1, self.reach + 1):
            ages[self.real[self._places(rows, age)]] = age
        return ages


def _decided(look: _Look, definition: AlarmDefinition) -> States:
    """What each evaluation decides; ``_KEPT`` where the state so far stays."""
    needed = definition.breaching_datapoints
    treatment = definition.treat_missing_data
    decided: States = (look.breaching >= needed).astype(np.uint8)
    if look.is_complete:
        return decided
    filled = look.periods - np.asarray(look.used, dtype=np.int32)
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


def _settled(decided: States, before: int) -> States:
    """The states, with the one before wherever an evaluation decides nothing."""
    open_ = decided == _KEPT
    if not open_.any():
        return decided
    last = np.where(open_, -1, np.arange(len(decided)))
    last = np.maximum.accumulate(last)
    return np.where(last < 0, before, decided[last]).astype(np.uint8)
