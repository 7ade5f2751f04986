"""The highest threshold at which an alarm is on, after every evaluation.

For given M and N an alarm that watches for high values is on exactly when the M-th largest of
the last N values is beyond the threshold; so one pass over the history tells for every threshold
at once what the alarm would have done. Missing data and the alarm's memory of its own state bend
that rule and do not break it: whatever the treatment, an alarm that is on at some threshold is on
at every lower one too.

For alarms that watch for low values everything is the other way round; their values are negated
here, so that a level is always the highest threshold.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.history import Bools, Floats
from replay.signal import SlidingSignal
from replay.windows import (
    largest_of_newest,
    parts,
    sliding_count,
    sliding_rank,
)

B = TypeVar("B", bound=np.generic)
C = TypeVar("C", bound=np.generic)


def is_rising(comparison: Comparison) -> bool:
    """Whether an alarm watches for high values."""
    return comparison in (Comparison.AT_LEAST, Comparison.ABOVE)


def is_strict(comparison: Comparison) -> bool:
    """Whether a value that equals the threshold does not breach it."""
    return comparison in (Comparison.ABOVE, Comparison.BELOW)


@dataclass(frozen=True, eq=False)
class Decisions:
    """What each evaluation decides, as ranges of thresholds.

    Attributes:
        on: the alarm goes on where the threshold is up to here.
        kept: the state stays as it is where the threshold is above that and up to here.
    """

    on: Floats
    kept: Floats


def levels_of(definition: AlarmDefinition, signal: SlidingSignal) -> Floats:
    """The highest threshold at which the alarm is on, after each of the signal's evaluations.

    Minus infinity where it is on at none, infinity where it is on at any. Of alarms that watch
    for low values the thresholds are negated. A threshold that equals the level itself is
    breached by comparisons that include equality, and only by them.

    Args:
        definition: the alarm; its threshold is not looked at, and it counts as not on before.
        signal: what it watches, reaching back at least as far as the alarm looks.
    """
    decisions = decisions_of(definition, signal)
    every = slice(None, None, signal.every)
    count = len(signal.times)
    return remembered(Decisions(decisions.on[every][:count], decisions.kept[every][:count]))


def decisions_of(definition: AlarmDefinition, signal: SlidingSignal) -> Decisions:
    """What an evaluation at each step of a signal decides, whatever the state before it."""
    beginning = signal.first - (definition.evaluation_range - 1) * signal.stride
    view = _View.of(definition, signal, beginning)
    decisions = _decisions(definition, view)
    if signal.few_samples is not None:
        few = signal.few_samples[beginning:]
        newest = None if signal.newest_few is None else signal.newest_few[signal.first :]
        _keep_few(decisions, view, view.like(few, newest), definition)
    return decisions


@dataclass(frozen=True, eq=False)
class _View(Generic[B]):
    """What evaluations look at.

    Attributes:
        values: at the step ``i`` the values at ``i``, ``i - stride``, …
        newest: the value of each evaluation's newest period instead, where not all of it has
            arrived.
        reach: how many periods each evaluation looks at.
        stride: from one period to the next, in steps.
    """

    values: NDArray[B]
    newest: NDArray[B] | None
    reach: int
    stride: int

    @classmethod
    def of(
        cls, definition: AlarmDefinition, signal: SlidingSignal, beginning: int
    ) -> "_View[np.float64]":
        """The values from some step on, oriented so that an alarm watches for high ones."""
        values = signal.values[beginning:]
        newest = None if signal.newest is None else signal.newest[signal.first :]
        if not is_rising(definition.comparison):
            values = -values
            newest = None if newest is None else -newest
        return _View(values, newest, definition.evaluation_range, signal.stride)

    def __len__(self) -> int:
        return len(self.values) - (self.reach - 1) * self.stride

    def like(self, values: NDArray[C], newest: NDArray[C] | None) -> "_View[C]":
        """Something else of the same periods."""
        return _View(values, newest, self.reach, self.stride)

    def laid_out(self, rows: NDArray[np.intp]) -> NDArray[B]:
        """The periods of some evaluations under each other, a row each, oldest first."""
        laid_out: NDArray[B] = self.values[rows[:, None] + self.stride * np.arange(self.reach)]
        if self.newest is not None:
            laid_out[:, -1] = self.newest[rows]
        return laid_out


def _decisions(definition: AlarmDefinition, view: "_View[np.float64]") -> Decisions:
    count, reach = len(view), view.reach
    on = _ranked(view, definition.breaching_datapoints, definition.evaluation_periods)
    kept = np.full(count, -np.inf)
    newest = None if view.newest is None else ~np.isnan(view.newest)
    present = sliding_count(~np.isnan(view.values), reach, view.stride, newest)
    if (present < reach).any():
        # Where nothing at all is known, the treatment alone decides.
        empty = present == 0
        is_breaching = definition.treat_missing_data == MissingData.BREACHING
        on[empty] = np.inf if is_breaching else -np.inf
        kept[empty] = np.inf if definition.treat_missing_data == MissingData.IGNORE else -np.inf
        rows = np.flatnonzero((present < reach) & ~empty)
        if (
            definition.breaching_datapoints == 1
            and not is_breaching
            and view.newest is None
            and len(rows)
        ):
            # A single datapoint is enough, so that missing ones decide nothing.
            best = largest_of_newest(view.values, definition.evaluation_periods, reach, view.stride)
            on[rows] = best[rows]
            return Decisions(on, kept)
        for chosen in parts(len(rows), reach):
            part = rows[chosen]
            on[part], kept[part] = _with_gaps(definition, view.laid_out(part))
    return Decisions(on, kept)


def _ranked(view: "_View[np.float64]", rank: int, periods: int) -> Floats:
    """The value of a rank, 1 for the largest, in the newest periods, where there are no gaps."""
    values = view.values[(view.reach - periods) * view.stride :]
    if view.newest is None:
        return np.array(sliding_rank(values, rank, periods, view.stride))
    ranked, older = np.array(view.newest), values[: -view.stride]
    # Of that rank is the greater of two: the older one of it, and the lesser of the newest one and
    # the older one of the rank before.
    if rank > 1:
        ranked = np.minimum(ranked, sliding_rank(older, rank - 1, periods - 1, view.stride))
    if rank < periods:
        ranked = np.maximum(ranked, sliding_rank(older, rank, periods - 1, view.stride))
    return ranked


def _used(rows: Floats, periods: int) -> Bools:
    """Which datapoints are looked at: from the newest on, as many as the alarm wants."""
    real = ~np.isnan(rows)
    used: Bools = real & (np.cumsum(real[:, ::-1], axis=1)[:, ::-1] <= periods)
    return used


def _with_gaps(definition: AlarmDefinition, rows: Floats) -> tuple[Floats, Floats]:
    """What evaluations with missing data decide; ``cloudwatch.evaluation.decide`` has the rules."""
    needed, periods = definition.breaching_datapoints, definition.evaluation_periods
    treatment = definition.treat_missing_data
    used = _used(rows, periods)
    count = used.sum(axis=1)
    ordered = -np.sort(np.where(used, -rows, np.inf), axis=1)

    def largest(rank: NDArray[np.intp]) -> Floats:
        of_rank = np.take_along_axis(ordered, np.clip(rank - 1, 0, None)[:, None], axis=1)[:, 0]
        return np.where(rank < 1, np.inf, np.where(rank > count, -np.inf, of_rank))

    on = largest(np.full(len(rows), needed))
    kept = np.full(len(rows), -np.inf)
    if treatment == MissingData.BREACHING:
        return largest(needed + count - periods), kept
    if treatment == MissingData.NOT_BREACHING:
        return on, kept
    # Fewer than M datapoints: what matters is whether all of them breach, so the least of them.
    short = count < needed
    least = largest(count)
    if treatment == MissingData.IGNORE:
        return on, np.where(short, least, kept)
    oldest_age = rows.shape[1] - np.argmax(used, axis=1)
    return np.where(short & (oldest_age >= needed), least, on), kept


def _keep_few(
    decisions: Decisions,
    values: "_View[np.float64]",
    few: "_View[np.bool_]",
    definition: AlarmDefinition,
) -> None:
    """Where a datapoint that is looked at has too few samples, the state stays as it is."""
    any_few = np.flatnonzero(sliding_count(few.values, few.reach, few.stride, few.newest))
    for part in parts(len(any_few), values.reach):
        rows = any_few[part]
        used = _used(values.laid_out(rows), definition.evaluation_periods)
        hit = rows[(few.laid_out(rows) & used).any(axis=1)]
        decisions.on[hit], decisions.kept[hit] = -np.inf, np.inf


def remembered(decisions: Decisions) -> Floats:
    """The levels, from what each evaluation decides and the level before it."""
    on, kept = decisions.on, decisions.kept
    levels = np.array(on)
    before = -np.inf
    rows = np.flatnonzero(kept > on)
    starts = levels[np.maximum(rows - 1, 0)]
    last = -2
    for row, beside, stay, go in zip(
        rows.tolist(), starts.tolist(), kept[rows].tolist(), on[rows].tolist(), strict=True
    ):
        before = before if row == last + 1 else (beside if row else -np.inf)
        before = max(go, min(stay, before))
        levels[row] = before
        last = row
    return levels
