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

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.evaluation import evaluation_range
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.history import Floats
from replay.signal import Signal
from replay.windows import parts, sliding_count, sliding_maximum, sliding_minimum


def is_rising(comparison: Comparison) -> bool:
    """Whether an alarm watches for high values."""
    return comparison in (Comparison.AT_LEAST, Comparison.ABOVE)


def is_strict(comparison: Comparison) -> bool:
    """Whether a value that equals the threshold does not breach it."""
    return comparison in (Comparison.ABOVE, Comparison.BELOW)


@dataclass(frozen=True, eq=False)
class _Decisions:
    """What each evaluation decides, as ranges of thresholds.

    Attributes:
        on: the alarm goes on where the threshold is up to here.
        kept: the state stays as it is where the threshold is above that and up to here.
    """

    on: Floats
    kept: Floats


def levels_of(definition: AlarmDefinition, signal: Signal) -> Floats:
    """The highest threshold at which the alarm is on, after each of the signal's evaluations.

    Minus infinity where it is on at none, infinity where it is on at any. Of alarms that watch
    for low values the thresholds are negated. A threshold that equals the level itself is
    breached by comparisons that include equality, and only by them.

    Args:
        definition: the alarm; its threshold is not looked at, and it counts as not on before.
        signal: what it watches, reaching back at least as far as the alarm looks.
    """
    reach = evaluation_range(definition.evaluation_periods)
    values = signal.values[signal.first - (reach - 1) * signal.stride :]
    oriented = values if is_rising(definition.comparison) else -values
    decisions = _decisions(definition, oriented, signal.stride)
    if signal.few_samples is not None:
        few = signal.few_samples[signal.first - (reach - 1) * signal.stride :] & ~np.isnan(values)
        _keep_few(decisions, oriented, few, definition, signal.stride)
    every = slice(None, None, signal.every)
    count = len(signal.times)
    return _remembered(decisions.on[every][:count], decisions.kept[every][:count])


def _decisions(definition: AlarmDefinition, values: Floats, stride: int) -> _Decisions:
    periods = definition.evaluation_periods
    reach = evaluation_range(periods)
    real = ~np.isnan(values)
    count = len(values) - (reach - 1) * stride
    newest = values[(reach - periods) * stride :]
    on = _ranked(newest, definition.breaching_datapoints, periods, stride)
    kept = np.full(count, -np.inf)
    if not real.all():
        present = sliding_count(real, reach, stride)
        # Where nothing at all is known, the treatment alone decides.
        empty = present == 0
        is_breaching = definition.treat_missing_data == MissingData.BREACHING
        on[empty] = np.inf if is_breaching else -np.inf
        kept[empty] = np.inf if definition.treat_missing_data == MissingData.IGNORE else -np.inf
        rows = np.flatnonzero((present < reach) & ~empty)
        for chosen in parts(len(rows), reach):
            part = rows[chosen]
            on[part], kept[part] = _with_gaps(definition, _laid_out(values, part, reach, stride))
    return _Decisions(on, kept)


def _ranked(values: Floats, rank: int, width: int, stride: int) -> Floats:
    """The value of a rank, 1 for the largest, in each window of values without gaps."""
    if rank == 1:
        return np.array(sliding_maximum(values, width, stride))
    if rank == width:
        return np.array(sliding_minimum(values, width, stride))
    count = len(values) - (width - 1) * stride
    result = np.empty(count)
    for part in parts(count, width):
        rows = _laid_out(values, np.arange(part.start, part.stop), width, stride)
        result[part] = np.partition(rows, width - rank, axis=1)[:, width - rank]
    return result


def _laid_out(values: Floats, rows: NDArray[np.intp], width: int, stride: int) -> Floats:
    """Some windows under each other, a row each, oldest first."""
    places = rows[:, None] + stride * np.arange(width)
    result: Floats = values[places]
    return result


def _with_gaps(definition: AlarmDefinition, rows: Floats) -> tuple[Floats, Floats]:
    """What evaluations with missing data decide; ``cloudwatch.evaluation.decide`` has the rules."""
    needed, periods = definition.breaching_datapoints, definition.evaluation_periods
    treatment = definition.treat_missing_data
    real = ~np.isnan(rows)
    # Real datapoints from the newest on, as many as the alarm wants.
    from_newest = np.cumsum(real[:, ::-1], axis=1)[:, ::-1]
    used = real & (from_newest <= periods)
    count = used.sum(axis=1)
    filled = periods - count
    ordered = -np.sort(np.where(used, -rows, np.inf), axis=1)

    def largest(rank: NDArray[np.intp]) -> Floats:
        found = np.take_along_axis(ordered, np.clip(rank - 1, 0, None)[:, None], axis=1)[:, 0]
        return np.where(rank < 1, np.inf, np.where(rank > count, -np.inf, found))

    on = largest(np.full(len(rows), needed))
    kept = np.full(len(rows), -np.inf)
    if treatment == MissingData.BREACHING:
        return largest(needed - filled), kept
    if treatment == MissingData.NOT_BREACHING:
        return on, kept
    # Fewer than M datapoints: what matters is whether all of them breach, so the least of them.
    short = (count < needed) & (filled > 0)
    least = largest(count)
    if treatment == MissingData.IGNORE:
        return on, np.where(short, least, kept)
    oldest_age = rows.shape[1] - np.argmax(used, axis=1)
    return np.where(short & (oldest_age >= needed), least, on), kept


def _keep_few(
    decisions: _Decisions,
    values: Floats,
    few: NDArray[np.bool_],
    definition: AlarmDefinition,
    stride: int,
) -> None:
    """Where a datapoint that is looked at has too few samples, the state stays as it is."""
    reach = evaluation_range(definition.evaluation_periods)
    rows = np.flatnonzero(sliding_count(few, reach, stride))
    for chosen in parts(len(rows), reach):
        part = rows[chosen]
        places = part[:, None] + stride * np.arange(reach)
        real = ~np.isnan(values[places])
        from_newest = np.cumsum(real[:, ::-1], axis=1)[:, ::-1]
        used = real & (from_newest <= definition.evaluation_periods)
        hit = part[(few[places] & used).any(axis=1)]
        decisions.on[hit], decisions.kept[hit] = -np.inf, np.inf


def _remembered(on: Floats, kept: Floats) -> Floats:
    """The levels, from what each evaluation decides and the level before it."""
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
