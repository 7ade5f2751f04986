"""What an alarm watches, as datapoints: the periods up to a moment, computed from samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.evaluation.series import Series
from ecs_monitoring.cloudwatch.evaluation.statistics import sample_count, statistic
from ecs_monitoring.cloudwatch.metric_math import Frame, MathProgram


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


class Signal(Protocol):
    """Gives the datapoints of an alarm."""

    def datapoints(self, end: int, count: int) -> tuple[Datapoint | None, ...]:
        """The last ``count`` periods up to ``end`` (seconds since 1970 UTC), oldest first.

        ``None`` stands for a period without data.
        """
        ...


def signal_of(definition: AlarmDefinition, series: Mapping[MetricKey, Series]) -> Signal:
    """What an alarm watches, over the samples of its metrics.

    Args:
        definition: the alarm.
        series: each metric's samples; a metric that is absent has no data.

    Raises:
        CannotEvaluateError: a statistic or expression that cannot be evaluated.
    """
    metrics = {
        query.id: _MetricSignal(query.source, definition.period, series)
        for query in definition.queries
        if isinstance(query.source, MetricStat)
    }
    if isinstance(definition.signal, MetricStat):
        return metrics[definition.watched]
    return _MathSignal(definition, metrics)


class _MetricSignal:
    def __init__(self, stat: MetricStat, period: int, series: Mapping[MetricKey, Series]) -> None:
        self._series = series.get(stat.metric, Series())
        self._compute = statistic(stat.statistic)
        self._period = period
        # A window slides by less than a period, so that each datapoint is asked for again and
        # again while it moves through the evaluation range.
        self._known: dict[int, Datapoint | None] = {}

    def datapoints(self, end: int, count: int) -> tuple[Datapoint | None, ...]:
        oldest = end - count * self._period
        found = tuple(self._datapoint(start) for start in range(oldest, end, self._period))
        self._known.pop(oldest, None)
        return found

    def _datapoint(self, start: int) -> Datapoint | None:
        if start not in self._known:
            self._known[start] = self._computed(start)
        return self._known[start]

    def _computed(self, start: int) -> Datapoint | None:
        samples = self._series.between(start, start + self._period)
        value = self._compute(samples) if samples else None
        return None if value is None else Datapoint(start, float(value), sample_count(samples))


class _MathSignal:
    def __init__(self, definition: AlarmDefinition, metrics: Mapping[str, _MetricSignal]) -> None:
        self._period = definition.period
        self._metrics = metrics
        self._program = MathProgram(
            tuple(metrics),
            {q.id: q.source for q in definition.queries if isinstance(q.source, str)},
            definition.watched,
        )

    def datapoints(self, end: int, count: int) -> tuple[Datapoint | None, ...]:
        # CloudWatch evaluates expressions over the whole evaluation range: "this function acts
        # differently when extra data is requested", as it says of SUM, AVG and the like.
        starts = tuple(range(end - count * self._period, end, self._period))
        values = {
            id_: [None if d is None else d.value for d in metric.datapoints(end, count)]
            for id_, metric in self._metrics.items()
        }
        result = self._program.evaluate(Frame(starts, self._period), values)
        return tuple(
            None if value is None else Datapoint(start, value)
            for start, value in zip(starts, result, strict=True)
        )
