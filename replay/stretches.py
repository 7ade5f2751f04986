"""The stretches of a history in which an alarm can be anything but OK.

Most alarms are OK for most of a year: where no record of the range breaches, and where there are
records at all, every evaluation decides OK, and needs no looking at. So only the stretches around
breaching records and gaps are replayed, moved together to one short history. Each has as much
before it as an evaluation looks back on, so that no evaluation that counts sees what was moved
beside it.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.evaluation import evaluation_interval
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.history import Bools, Ints, MetricHistory
from replay.states import BREACHES
from replay.statistics import RECORDED, recorded

MOST: Final = 0.2
"""The share of a history up to which its stretches are moved together: beyond that, replaying all
of it is about as fast."""

_FALLING: Final = (Comparison.BELOW, Comparison.AT_MOST)

_SLACK: Final = 1e-9
"""By how much of the threshold a record may fall short of it and still be looked at: more than
sums, shares and means of a window are ever rounded by."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of evaluations, moved together.

    Attributes:
        history: what they look at, at the times that it was moved to.
        starts: the first evaluation of each stretch, in seconds since 1970 UTC.
        moved: the same, where it was moved to.
        lengths: seconds from the first evaluation of each to its last.
        interval: seconds from one evaluation to the next.
    """

    history: MetricHistory
    starts: Ints
    moved: Ints
    lengths: Ints
    interval: int

    @property
    def start(self) -> int:
        """The first evaluation, where it was moved to."""
        return int(self.moved[0])

    @property
    def end(self) -> int:
        """The last evaluation, where it was moved to."""
        return int(self.moved[-1] + self.lengths[-1])

    @property
    def between(self) -> Bools:
        """Which evaluations from ``start`` to ``end`` belong to no stretch."""
        between = np.ones((self.end - self.start) // self.interval + 1, dtype=np.bool_)
        firsts = (self.moved - self.start) // self.interval
        between[_places(firsts, self.lengths // self.interval + 1)] = False
        return between

    def times(self, evaluations: Ints) -> Ints:
        """When some of the evaluations from ``start`` to ``end`` really were, if of a stretch."""
        moved = self.start + evaluations * self.interval
        which = np.searchsorted(self.moved, moved, side="right") - 1
        return moved + (self.starts - self.moved)[which]


def stretches_of(
    definition: AlarmDefinition, history: MetricHistory, times: range
) -> Stretches | None:
    """The stretches outside of which an alarm on one metric decides OK.

    The last evaluation of each but the last decides OK too, so that what is beside it after the
    move goes on from where it was. The first evaluation of all begins the first stretch.

    Args:
        definition: the alarm, which watches a metric's statistic.
        history: of the metric.
        times: when the evaluations are, in seconds since 1970 UTC.

    Returns:
        ``None`` where no record tells by itself that it cannot breach, or where most of the
        history would be left.
    """
    interval, lookback = evaluation_interval(definition), definition.lookback
    if not times or not len(history) or definition.wall_clock is not None:
        return None
    lead = -(-lookback // interval) * interval
    rows = slice(*np.searchsorted(history.times, (times[0] - lead, times[-1])).tolist())
    breaching = _may_breach(definition, history, rows)
    gaps = _gaps(definition, history, times)
    if breaching is None or gaps is None:
        return None
    if np.count_nonzero(breaching) > MOST * len(breaching):
        return None
    breaches = _enough(definition, history, rows.start + np.flatnonzero(breaching))
    begins = np.concatenate((times[:1], breaches[0], gaps[0]))
    ends = np.concatenate((times[:1], breaches[1], gaps[1]))
    begins = np.maximum(begins // interval * interval, times[0])
    # One more, which decides OK.
    ends = np.minimum((-(-ends // interval) + 1) * interval, times[-1])
    begins, ends = _joined(begins, ends, lead)
    lengths = ends - begins
    taken = np.cumsum(lengths + lead)
    if taken[-1] > MOST * (times[-1] - times[0]):
        return None
    moved = begins[0] + np.concatenate((np.zeros(1, dtype=np.int64), taken[:-1]))
    lows, highs = np.searchsorted(history.times, (begins - lead, ends))
    together = _moved(history, _places(lows, highs - lows), moved - begins, highs - lows)
    return Stretches(together, begins, moved, lengths, interval)


def _may_breach(definition: AlarmDefinition, history: MetricHistory, rows: slice) -> Bools | None:
    """Which records a breaching window may hold; ``None`` where none tells by itself.

    An average or extreme of a window breaches only where that of some record does.
    """
    stat, threshold = definition.signal, definition.threshold
    if not isinstance(stat, MetricStat) or stat.statistic not in RECORDED:
        return None
    if _are_made_finer(definition, history):
        return None
    if stat.statistic in ("Sum", "SampleCount"):
        at_once = -(-definition.period // history.nearest) if history.nearest else None
        if at_once is None or (
            at_once > 1 and (threshold <= 0 or definition.comparison in _FALLING)
        ):
            return None
        threshold /= at_once
    sign = -1 if definition.comparison in _FALLING else 1
    nearest = threshold - sign * _SLACK * abs(threshold)
    return BREACHES[definition.comparison](recorded(stat.statistic, history, rows), nearest)


def _enough(definition: AlarmDefinition, history: MetricHistory, rows: Ints) -> tuple[Ints, Ints]:
    """From when to when evaluations may see enough breaching records, given their rows.

    Those are M records, or all records of a range that has fewer than M datapoints: of the record
    before the oldest of those and the one after the newest, a range lies between.
    """
    needed, lookback = definition.breaching_datapoints, definition.lookback
    times = history.times[rows]
    newest = times[needed - 1 :]
    oldest = times[: len(newest)]
    is_near = newest - oldest <= lookback
    begins, ends = newest[is_near], oldest[is_near] + lookback
    decides = definition.treat_missing_data in (MissingData.MISSING, MissingData.IGNORE)
    if needed == 1 or not decides:
        return begins, ends
    few = times
    if history.nearest:
        most = (needed - 1) * -(-definition.period // history.nearest)
        after, before = rows + most, rows - 1
        inside = (after < len(history)) & (before >= 0)
        apart = history.times[after[inside]] - history.times[before[inside]]
        inside[inside] = apart <= lookback - definition.timing.delay
        few = times[~inside]
    return np.concatenate((begins, few)), np.concatenate((ends, few + lookback))


def _gaps(
    definition: AlarmDefinition, history: MetricHistory, times: range
) -> tuple[Ints, Ints] | None:
    """From when to when missing data may decide, evaluations included."""
    treatment = definition.treat_missing_data
    if treatment is MissingData.NOT_BREACHING:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    delay, lookback = definition.timing.delay, definition.lookback
    if treatment is MissingData.BREACHING:
        # Any period without a record counts, and the newest one may be short.
        longest, after, until = definition.period - delay % definition.period, 0, lookback
    else:
        # Only a range without any record.
        longest, after, until = lookback - delay, lookback, delay
    if history.coarsest > longest:
        return None
    rows = history.gaps(longest)
    begins = np.concatenate((times[:1], history.times[rows] + after, history.times[-1:] + after))
    ends = np.concatenate((history.times[:1] + until, history.times[rows + 1] + until, times[-1:]))
    counts = (begins <= times[-1]) & (ends >= times[0]) & (begins <= ends)
    return begins[counts], ends[counts]


def _are_made_finer(definition: AlarmDefinition, history: MetricHistory) -> bool:
    """Whether some records stand for longer than they may as a whole (``grid.spread``)."""
    period, delay = definition.period, definition.timing.delay
    if history.coarsest <= math.gcd(evaluation_interval(definition), period, delay):
        return False
    newest = period - delay % period
    return bool((math.gcd(period, newest) % history.resolutions).any())


def _joined(begins: Ints, ends: Ints, lead: int) -> tuple[Ints, Ints]:
    """Stretches in order, with those made one that are no farther apart than ``lead``."""
    order = np.argsort(begins, kind="stable")
    begins, ends = begins[order], np.maximum.accumulate(ends[order])
    first = np.concatenate((np.ones(1, dtype=np.bool_), begins[1:] - lead > ends[:-1]))
    return begins[first], ends[np.concatenate((first[1:], np.ones(1, dtype=np.bool_)))]


def _places(firsts: Ints, sizes: Ints) -> Ints:
    """Ranges one after another: of each so many numbers from its first on."""
    offsets = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(firsts, sizes) + np.arange(len(offsets)) - offsets


def _moved(history: MetricHistory, rows: Ints, shifts: Ints, sizes: Ints) -> MetricHistory:
    return MetricHistory(
        times=history.times[rows] + np.repeat(shifts, sizes),
        resolutions=history.resolutions[rows],
        counts=history.counts[rows],
        totals=history.totals[rows],
        minimums=history.minimums[rows],
        maximums=history.maximums[rows],
    )
