"""An alarm's levels by the hour of day of the datapoints that make them.

An alarm whose threshold differs from hour to hour holds each datapoint against the threshold of its
own hour. What one evaluation looks at lies in two hours at most, so that the highest levels of the
hour that the newest datapoint is in, and those of the hour before, say for every choice of
thresholds what the alarm does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.words import HOUR
from replay.curve import Curve
from replay.history import Bools, Floats, Ints, MetricHistory
from replay.levels import is_rising
from replay.ranges import Ranges, ranges_of
from replay.windows import sliding_largest

HOURS: Final = 24
WEEK: Final = 7


@dataclass(frozen=True, eq=False)
class HourlyLevels:
    """The levels of an alarm with M of N, by hour.

    Attributes:
        times: when the evaluations are, in seconds since 1970 UTC.
        starts: when the newest period of each begins.
        newest: the M highest levels of the datapoints in that period's hour, the highest first;
            minus infinity without.
        older: those in the hour before it.
        interval: seconds from one evaluation to the next.
        has_hours: whether the hours are told apart; otherwise all levels are ``newest``.
    """

    times: Ints
    starts: Ints
    newest: tuple[Floats, ...]
    older: tuple[Floats, ...]
    interval: int
    has_hours: bool = True

    @classmethod
    def of_curve(cls, curve: Curve) -> "HourlyLevels":
        """The levels of an alarm whose threshold is the same at all hours."""
        nothing = np.full(len(curve.levels), -np.inf)
        starts = curve.times - curve.interval
        return cls(curve.times, starts, (curve.levels,), (nothing,), curve.interval, False)

    @classmethod
    def of_alarm(
        cls,
        definition: AlarmDefinition,
        histories: Mapping[MetricKey, MetricHistory],
        start: int,
        end: int,
    ) -> "HourlyLevels":
        """The levels of an alarm on the newest values against its evaluation range.

        By hour where the newest periods that count begin within an hour and all their data has
        arrived.

        Args:
            definition: the alarm, with missing data that breach nothing; its threshold is not
                looked at.
            histories: each metric's history.
            start: seconds since 1970 UTC.
            end: seconds since 1970 UTC, included.

        Raises:
            CannotEvaluateError: a statistic or expression that cannot be evaluated.
        """
        ranges = ranges_of(definition, histories, start, end)
        newest = None if ranges.plain is None else ranges.plain.newest
        if newest is None or newest * definition.period > HOUR:
            return cls.of_curve(Curve.of_ranges(definition, ranges))
        return cls._of_ranges(definition, ranges, newest)

    @classmethod
    def _of_ranges(cls, definition: AlarmDefinition, ranges: Ranges, width: int) -> "HourlyLevels":
        frame, plain = ranges.frame, ranges.plain
        assert plain is not None
        sign = 1 if is_rising(definition.comparison) else -1
        first = frame.first - (width - 1) * frame.stride
        values, less = sign * plain.series[first:], sign * plain.less
        step = definition.period // frame.stride
        latest = frame.times.start - definition.timing.delay - definition.period
        begins = latest + (np.arange(len(values)) - (width - 1) * frame.stride) * step
        is_even = begins // HOUR % 2 == 0

        def of(kept: Bools) -> tuple[Floats, ...]:
            there = np.where(kept & ~np.isnan(values), values, -np.inf)
            rank = definition.breaching_datapoints
            highest = sliding_largest(there, min(rank, width), width, frame.stride)
            levels = []
            for values_of_rank in highest:
                level = values_of_rank[:: frame.every][: len(less)] - less
                levels.append(np.where(np.isfinite(level), level, -np.inf))
            return tuple(levels)

        times = np.arange(frame.times.start, frame.times.stop, frame.times.step)
        starts = times - definition.timing.delay - definition.period
        even, odd = of(is_even), of(~is_even)
        in_even = starts // HOUR % 2 == 0

        def taken(from_even: Bools) -> tuple[Floats, ...]:
            return tuple(np.where(from_even, *of_rank) for of_rank in zip(even, odd, strict=True))

        return cls(times, starts, taken(in_even), taken(~in_even), frame.times.step)

    def shares(self, thresholds: Floats, part: slice, first: int) -> Floats:
        """How many times its threshold the M-th highest level reaches: the alarm is on from 1 on.

        Args:
            thresholds: as levels: a row for the day that begins at ``first`` and for each of the
                six days after it, then the same again; a column for each hour, UTC. Above 0.
            part: which evaluations.
            first: seconds since 1970 UTC.
        """
        places = (self.starts[part] - first) // HOUR % thresholds.size
        of_newest = thresholds.take(places)
        of_older = thresholds.take(places - 1, mode="wrap")
        # A quotient is at least 1 exactly where the level is at least the threshold.
        return _of_last_rank(
            [levels[part] / of_newest for levels in self.newest],
            [levels[part] / of_older for levels in self.older],
        )

    def highest(self, part: slice) -> Floats:
        """The M-th highest level: the alarm is on from the threshold on that all hours have.

        Args:
            part: which evaluations.
        """
        return _of_last_rank(
            [levels[part] for levels in self.newest], [levels[part] for levels in self.older]
        )


def _of_last_rank(newest: Sequence[Floats], older: Sequence[Floats]) -> Floats:
    """The M-th highest of two times M values, the highest of each first."""
    last = len(newest) - 1
    result = np.maximum(newest[last], older[last])
    for rank in range(last):
        np.maximum(result, np.minimum(newest[rank], older[last - 1 - rank]), out=result)
    return result
