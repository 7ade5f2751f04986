"""The stretches of a history in which an alarm can be anything but OK.

Most alarms are OK for most of a year: where no record of the range breaches, and where there are
records at all, every evaluation decides OK, and needs no looking at. So only the stretches around
breaching records and gaps are replayed, moved together to one short history. Each has as much
before it as an evaluation looks back on, so that no evaluation that counts sees what was moved
beside it.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.evaluation import evaluation_interval
from ecs_monitoring.cloudwatch.rule import MissingData
from replay.breaching import enough, may_breach
from replay.history import Bools, Ints, MetricHistory

MOST: Final = 0.2
"""The share of a history up to which its stretches are moved together: beyond that, replaying all
of it is about as fast."""


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

    def __len__(self) -> int:
        return len(self.starts)

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
    move goes on from where it was.

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
    first, last = np.searchsorted(history.times, (times[0] - lead, times[-1])).tolist()
    if _are_made_finer(definition, history):
        return None
    breaching = may_breach(definition, history, slice(first, last), MOST * (last - first))
    gaps = None if breaching is None else _gaps(definition, history, times)
    if breaching is None or gaps is None:
        return None
    breaches = enough(definition, history, breaching)
    begins, ends = (np.concatenate(both) for both in zip(breaches, gaps, strict=True))
    if not len(begins):
        return Stretches(history, begins, begins, begins, interval)
    begins = np.maximum(begins // interval * interval, times[0])
    # One more, which decides OK.
    ends = np.minimum((-(-ends // interval) + 1) * interval, times[-1])
    begins, ends = _joined(begins, ends, lead)
    lengths = ends - begins
    taken = np.cumsum(lengths + lead)
    if taken[-1] > MOST * (times[-1] - times[0]):
        return None
    moved = begins[:1] + taken - (lengths + lead)
    lows, highs = np.searchsorted(history.times, (begins - lead, ends))
    # No percentiles: of those no record tells by itself.
    together = replace(history, percentiles={}).rows(_places(lows, highs - lows))
    together = replace(together, times=together.times + np.repeat(moved - begins, highs - lows))
    return Stretches(together, begins, moved, lengths, interval)


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
    first, last = times[0], times[-1]
    begins, ends = np.empty((2, len(rows) + 2), dtype=np.int64)
    begins[0], begins[1:-1], begins[-1] = first, history.times[rows], history.times[-1]
    ends[0], ends[1:-1], ends[-1] = history.times[0], history.times[rows + 1], last
    begins[1:] += after
    ends[:-1] += until
    counts = (begins <= np.minimum(ends, last)) & (ends >= first)
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
    first, last = np.ones((2, len(order)), dtype=np.bool_)
    first[1:] = last[:-1] = begins[1:] - lead > ends[:-1]
    return begins[first], ends[last]


def _places(firsts: Ints, sizes: Ints) -> Ints:
    """Ranges one after another: of each so many numbers from its first on."""
    offsets = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(firsts, sizes) + np.arange(len(offsets)) - offsets
