"""What every threshold of an alarm would have done: firings, incidents caught, time in ALARM."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.evaluation import evaluation_interval
from ecs_monitoring.cloudwatch.rule import MissingData
from ecs_monitoring.words import DAY
from replay.history import Floats, Ints, MetricHistory
from replay.incidents import Incident
from replay.levels import is_rising, is_strict, levels_of
from replay.metric_math import NeedsWholeRangeError
from replay.paging import starts
from replay.ranges import Ranges, ranges_of
from replay.signal import SlidingSignal, signal_of

_MONTH: Final = 30 * DAY

Thresholds = Sequence[float] | Floats


@dataclass(frozen=True, eq=False)
class Curve:
    """An alarm's levels over a stretch of time, and what follows from them.

    Attributes:
        times: when the evaluations are, in seconds since 1970 UTC.
        levels: the highest threshold at which the alarm is on after each (see ``levels_of``).
        sign: 1 for alarms that watch for high values, -1 for the others, whose levels are
            negated.
        is_strict: whether a value that equals the threshold does not breach it.
        interval: seconds from one evaluation to the next.
        is_quiet_without_data: whether no data means that nothing is wrong, as with counts of
            errors.
    """

    times: Ints
    levels: Floats
    sign: int
    is_strict: bool
    interval: int
    is_quiet_without_data: bool = False

    @classmethod
    def of(cls, definition: AlarmDefinition, signal: SlidingSignal) -> "Curve":
        """The curve of an alarm over what it watches; its own threshold is not looked at."""
        return cls._of_levels(definition, signal.times, levels_of(definition, signal))

    @classmethod
    def of_alarm(
        cls,
        definition: AlarmDefinition,
        histories: Mapping[MetricKey, MetricHistory],
        start: int,
        end: int,
    ) -> "Curve":
        """The curve of an alarm on anything that can be computed for many evaluations at once.

        Args:
            definition: the alarm; its threshold is not looked at.
            histories: each metric's history; a metric that is absent has no data.
            start: seconds since 1970 UTC.
            end: seconds since 1970 UTC, included.

        Raises:
            CannotEvaluateError: a statistic or expression that cannot be evaluated.
            NeedsWholeRangeError: an expression whose type depends on the data.
        """
        try:
            return cls.of(definition, signal_of(definition, histories, start, end))
        except NeedsWholeRangeError:
            return cls.of_ranges(definition, ranges_of(definition, histories, start, end))

    @classmethod
    def of_ranges(cls, definition: AlarmDefinition, ranges: Ranges) -> "Curve":
        """The curve of an alarm over its evaluation ranges."""
        return cls._of_levels(definition, ranges.frame.times, ranges.levels())

    @classmethod
    def _of_levels(cls, definition: AlarmDefinition, times: range, levels: Floats) -> "Curve":
        return cls(
            times=np.arange(times.start, times.stop, times.step),
            levels=levels,
            sign=1 if is_rising(definition.comparison) else -1,
            is_strict=is_strict(definition.comparison),
            interval=evaluation_interval(definition),
            is_quiet_without_data=definition.treat_missing_data is MissingData.NOT_BREACHING,
        )

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """Whether anything is known of each evaluation's time: that nothing was wrong, at least."""
        if self.is_quiet_without_data:
            return np.ones(len(self.levels), dtype=np.bool_)
        is_known: NDArray[np.bool_] = self.levels > -np.inf
        return is_known

    @cached_property
    def observed(self) -> int:
        """Seconds of which anything is known."""
        return self.interval * int(np.count_nonzero(self.is_known))

    @property
    def months(self) -> float:
        """The time of which anything is known, in months of 30 days."""
        return self.observed / _MONTH

    def between(self, start: int, end: int) -> "Curve":
        """The curve of the evaluations from ``start`` on and before ``end``."""
        first, last = np.searchsorted(self.times, (start, end))
        return replace(self, times=self.times[first:last], levels=self.levels[first:last])

    def firings(self, thresholds: Thresholds) -> NDArray[np.intp]:
        """How often the alarm would have fired at each threshold.

        Each evaluation whose level is above the one before it fires at all thresholds between
        the two; so the firings are those that start no higher, less those that end below.
        """
        rises = self._rises()
        return self._reaching(self.levels[rises], thresholds) - self._reaching(
            self._before()[rises], thresholds
        )

    def firing_times(self, threshold: float) -> Ints:
        """When the alarm would have fired at a threshold, in seconds since 1970 UTC."""
        return self.times[starts(self.is_on(threshold))]

    def is_on(self, threshold: float) -> NDArray[np.bool_]:
        """Whether the alarm would have been on after each evaluation, at a threshold."""
        compare = np.greater if self.is_strict else np.greater_equal
        result: NDArray[np.bool_] = compare(self.levels, self.sign * threshold)
        return result

    def seconds(self, thresholds: Thresholds) -> NDArray[np.intp]:
        """How long the alarm would have been on at each threshold."""
        return self.interval * self._reaching(self.levels, thresholds)

    def caught(self, incidents: Sequence[Incident], thresholds: Thresholds) -> NDArray[np.intp]:
        """How many of the incidents the alarm would have been on in, at each threshold."""
        return self._reaching(np.array([self.peak(incident) for incident in incidents]), thresholds)

    def peak(self, incident: Incident) -> float:
        """The highest level during an incident; minus infinity where nothing was evaluated."""
        inside = self.between(incident.start, incident.end + 1)
        return float(np.max(inside.levels, initial=-np.inf))

    def delay(self, incident: Incident, threshold: float) -> int | None:
        """Seconds from an incident's start until the alarm is on; ``None`` where it never is."""
        inside = self.between(incident.start, incident.end + 1)
        on = np.flatnonzero(inside.is_on(threshold))
        return int(inside.times[on[0]]) - incident.start if len(on) else None

    def changes_at(self) -> Floats:
        """The thresholds at which anything changes, ascending."""
        finite = self.levels[np.isfinite(self.levels)]
        return np.unique(self.sign * finite)

    def _before(self) -> Floats:
        return np.concatenate((np.array([-np.inf]), self.levels[:-1]))

    def _rises(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.levels > self._before())

    def _reaching(self, levels: Floats, thresholds: Thresholds) -> NDArray[np.intp]:
        """How many levels reach each threshold."""
        wanted = self.sign * np.asarray(thresholds, dtype=np.float64)
        side = "right" if self.is_strict else "left"
        return len(levels) - np.searchsorted(np.sort(levels), wanted, side=side)  # type: ignore[call-overload,no-any-return]
