"""Alarms on expressions that look at each evaluation's range as a whole: levels and states.

Of each evaluation the whole range is laid out as a row, and the expression computed for all rows
at once; but for expressions that are a series less one number, which need no laying out where the
range has no gaps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.evaluation import MathProgram
from replay.differences import Difference, difference_of, expressions_of
from replay.history import Bools, Floats, MetricHistory
from replay.levels import Decisions, decisions_of, is_rising, is_strict, remembered
from replay.metric_math import NeedsWholeRangeError, evaluate
from replay.signal import SlidingSignal, signal_of
from replay.states import States, decided_by, settled
from replay.windows import parts


@dataclass(frozen=True, eq=False)
class Ranges:
    """What an alarm's evaluations look at.

    Attributes:
        definition: the alarm.
        metrics: by query id, what each metric was in every period.
        frame: any of those, for what they have in common.
        plain: the expression, where it is a series less a number; ``None`` where it is another,
            or where not all data has arrived.
    """

    definition: AlarmDefinition
    metrics: Mapping[str, SlidingSignal]
    frame: SlidingSignal
    plain: Difference | None

    def __len__(self) -> int:
        return len(self.frame.times)

    def levels(self) -> Floats:
        """The highest threshold at which the alarm is on, after each evaluation (``levels_of``)."""
        on, holds = self.ranked()
        kept = np.full(len(self), -np.inf)
        for chosen, signal in self._rest(holds):
            decisions = decisions_of(self.definition, signal)
            on[chosen], kept[chosen] = decisions.on, decisions.kept
        return remembered(Decisions(on, kept))

    def states(self, before: AlarmState) -> States:
        """The state after each evaluation (``states_of``)."""
        level, holds = self.ranked()
        sign = 1 if is_rising(self.definition.comparison) else -1
        compare = np.greater if is_strict(self.definition.comparison) else np.greater_equal
        decided: States = compare(level, sign * self.definition.threshold).astype(np.uint8)
        for chosen, signal in self._rest(holds):
            decided[chosen] = decided_by(self.definition, signal)
        return settled(decided, before)

    def _rest(self, holds: Bools) -> Iterator[tuple[NDArray[np.intp], SlidingSignal]]:
        """The evaluations for which the ranked values do not hold, with what they look at."""
        rest = np.flatnonzero(~holds)
        for part in parts(len(rest), self.definition.evaluation_range):
            yield rest[part], _as_signal(self.rows(rest[part]))

    @property
    def approximate(self) -> bool:
        """Whether any value may differ from CloudWatch's."""
        return any(signal.approximate for signal in self.metrics.values())

    def rows(self, chosen: NDArray[np.intp]) -> Floats:
        """The watched value in each period of some evaluations' ranges, a row each, oldest first.

        Raises:
            NeedsWholeRangeError: the type of a value differs from evaluation to evaluation.
            CannotEvaluateError: the result is no single series.
        """
        definition, frame = self.definition, self.frame
        ages = np.arange(definition.evaluation_range - 1, -1, -1)
        newest = frame.first + chosen * frame.every
        places = newest[:, None] - ages * frame.stride
        metrics = {}
        for id_, signal in self.metrics.items():
            metrics[id_] = signal.values[places]
            if signal.newest is not None:
                metrics[id_][:, -1] = signal.newest[newest]
        times = frame.times.start + chosen * frame.times.step
        late = definition.timing.delay // definition.period
        starts = times[:, None] - (ages + 1 + late) * definition.period
        expressions = expressions_of(definition)
        return evaluate(expressions, metrics, definition.watched, starts, definition.period)

    def ranked(self) -> tuple[Floats, Bools]:
        """The highest threshold at which M of the newest N breach, where that is known at once.

        Returns:
            The thresholds, negated for a falling alarm, and where they hold: nowhere, if the
            expression is no difference.
        """
        if self.plain is None:
            return np.full(len(self), np.nan), np.zeros(len(self), dtype=np.bool_)
        return self.plain.ranked(self.definition, self.frame)


def ranges_of(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
) -> Ranges:
    """What an alarm's evaluations from ``start`` to ``end``, both included, look at.

    Args:
        definition: the alarm, which watches an expression.
        histories: each metric's history; a metric that is absent has no data.
        start: seconds since 1970 UTC.
        end: seconds since 1970 UTC.

    Raises:
        CannotEvaluateError: a statistic or expression that cannot be evaluated.
        NeedsWholeRangeError: the alarm reads no metric.
    """
    expressions = expressions_of(definition)
    ids = [q.id for q in definition.queries if isinstance(q.source, MetricStat)]
    # Raises for expressions that are no metric math.
    MathProgram(tuple(ids), expressions, definition.watched)
    metrics = {
        id_: signal_of(replace(definition, watched=id_), histories, start, end) for id_ in ids
    }
    if not metrics:
        raise NeedsWholeRangeError
    frame = next(iter(metrics.values()))
    plain = None if frame.newest is not None else difference_of(definition, metrics, frame)
    return Ranges(definition, metrics, frame, plain)


def _as_signal(rows: Floats) -> SlidingSignal:
    """One or several rows as a signal of their own, whose evaluations look at a row each."""
    count, reach = rows.shape
    return SlidingSignal(
        # Under each other, so that the periods of a row are as many steps apart as there are rows.
        values=rows.T.ravel(),
        stride=count,
        every=1,
        first=(reach - 1) * count,
        times=range(count),
    )
