"""What an alarm watches, as datapoints: the periods up to a moment, computed from samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.evaluation.series import Series
from ecs_monitoring.cloudwatch.evaluation.statistics import sample_count, statistic
from ecs_monitoring.cloudwatch.metric_math import Frame, MathProgram

# Datapoints of a metric that are kept: of the longest range, a day of ten seconds and more, all.
_KEPT: Final = 16_384


@dataclass(frozen=True, slots=True)
class Datapoint:
    """The value of one period.

    Attributes:
        start: when the period starts, in seconds since 1970 UTC; CloudWatch's timestamp.
        value: the statistic, or the expression's value.
        samples: how many values it was computed from; ``None`` for metric math.
    """

    start: int
    value: float
    samples: float | None = None


Stretch = tuple[int, int]
"""From when to when samples count for a period, in seconds since 1970 UTC; it may end before the
period does, where the rest has not arrived."""


class Signal(Protocol):
    """Gives the datapoints of an alarm."""

    def datapoints(self, periods: Sequence[Stretch]) -> tuple[Datapoint | None, ...]:
        """The datapoint of each period, oldest first; ``None`` for one without data."""
        ...


def periods_of(definition: AlarmDefinition, time: int) -> tuple[Stretch, ...]:
    """The periods that an alarm looks at, oldest first: its evaluation range.

    Those of which nothing can have arrived are passed over, and the newest of the others ends
    where what has arrived does.

    Args:
        definition: the alarm.
        time: of the evaluation, in seconds since 1970 UTC.
    """
    count, period, delay = definition.evaluation_range, definition.period, definition.timing.delay
    arrived = time - delay
    if definition.wall_clock is None:
        end = time - delay // period * period
        starts = range(end - count * period, end, period)
        return tuple((start, min(start + period, arrived)) for start in starts)
    stretches: list[Stretch] = []
    end = definition.wall_clock.begun(period, time)
    while len(stretches) < count:
        start = definition.wall_clock.begun(period, end - 1)
        if start < arrived:
            stretches.append((start, min(end, arrived)))
        end = start
    return tuple(reversed(stretches))


def signal_of(definition: AlarmDefinition, series: Mapping[MetricKey, Series]) -> Signal:
    """What an alarm watches, over the samples of its metrics.

    Args:
        definition: the alarm.
        series: each metric's samples; a metric that is absent has no data.

    Raises:
        CannotEvaluateError: a statistic or expression that cannot be evaluated.
    """
    metrics = {
        query.id: _MetricSignal(query.source, series)
        for query in definition.queries
        if isinstance(query.source, MetricStat)
    }
    if isinstance(definition.signal, MetricStat):
        return metrics[definition.watched]
    return _MathSignal(definition, metrics)


class _MetricSignal:
    def __init__(self, stat: MetricStat, series: Mapping[MetricKey, Series]) -> None:
        samples_of = series.get(stat.metric, Series()).between
        compute = statistic(stat.statistic)

        # A window slides by less than a period, so that each datapoint is asked for again and
        # again while it moves through the evaluation range.
        @lru_cache(_KEPT)
        def datapoint(start: int, end: int) -> Datapoint | None:
            samples = samples_of(start, end)
            value = compute(samples) if samples else None
            return None if value is None else Datapoint(start, float(value), sample_count(samples))

        self._datapoint = datapoint

    def datapoints(self, periods: Sequence[Stretch]) -> tuple[Datapoint | None, ...]:
        return tuple(self._datapoint(*period) for period in periods)


class _MathSignal:
    def __init__(self, definition: AlarmDefinition, metrics: Mapping[str, _MetricSignal]) -> None:
        self._period = definition.period
        self._metrics = metrics
        self._program = MathProgram(
            tuple(metrics),
            {q.id: q.source for q in definition.queries if isinstance(q.source, str)},
            definition.watched,
        )

    def datapoints(self, periods: Sequence[Stretch]) -> tuple[Datapoint | None, ...]:
        # CloudWatch evaluates expressions over the whole evaluation range: "this function acts
        # differently when extra data is requested", as it says of SUM, AVG and the like.
        starts = tuple(start for start, _ in periods)
        values = {
            id_: [None if d is None else d.value for d in metric.datapoints(periods)]
            for id_, metric in self._metrics.items()
        }
        result = self._program.evaluate(Frame(starts, self._period), values)
        return tuple(
            None if value is None else Datapoint(start, value)
            for start, value in zip(starts, result, strict=True)
        )
