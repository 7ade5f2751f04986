"""What an alarm watches, in every period that any of its evaluations looks at."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.evaluation import MathProgram, evaluation_interval, evaluation_range
from ecs_monitoring.cloudwatch.rule import LowSamples
from replay.history import Bools, Floats, MetricHistory
from replay.metric_math import evaluate
from replay.statistics import Statistics, Window, window_statistics


@dataclass(frozen=True, eq=False)
class Signal:
    """The value of every period, at every step of a sliding window.

    Attributes:
        values: nan where there is no data; the evaluation at the step ``i`` looks at the
            values at ``i``, ``i - stride``, …
        few_samples: where a percentile has too few samples to change the state; ``None`` where
            the alarm takes no notice.
        stride: from one period to the next, in steps.
        every: from one evaluation to the next, in steps.
        first: the index of the first evaluation's newest period.
        times: when the evaluations are, in seconds since 1970 UTC, as a range.
        approximate: whether any value may differ from CloudWatch's.
    """

    values: Floats
    few_samples: Bools | None
    stride: int
    every: int
    first: int
    times: range
    approximate: bool


def signal_of(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
    *,
    periods: int | None = None,
) -> Signal:
    """What an alarm watches, for its evaluations from ``start`` to ``end``, both included.

    Args:
        definition: the alarm.
        histories: each metric's history; a metric that is absent has no data.
        start: seconds since 1970 UTC.
        end: seconds since 1970 UTC.
        periods: how many periods before each evaluation are wanted; by default those that the
            alarm itself looks at.

    Raises:
        CannotEvaluateError: a statistic or expression that cannot be evaluated.
        NeedsWholeRangeError: an expression that has no value of its own for each period.
    """
    interval = evaluation_interval(definition)
    step = math.gcd(interval, definition.period)
    times = range(-(-start // interval) * interval, end + 1, interval)
    reach = periods or evaluation_range(definition.evaluation_periods)
    lead = (reach - 1) * definition.period
    window = Window(
        first=times.start - lead,
        last=max(times[-1] if times else times.start, times.start),
        period=definition.period,
        step=step,
    )
    found = {
        query.id: window_statistics(
            query.source,
            histories.get(query.source.metric, MetricHistory.of_samples(())),
            window,
            with_few=definition.low_samples is LowSamples.IGNORE,
        )
        for query in definition.queries
        if isinstance(query.source, MetricStat)
    }
    watched = (
        found[definition.watched]
        if isinstance(definition.signal, MetricStat)
        else _computed(definition, found, window)
    )
    return Signal(
        values=watched.values,
        few_samples=watched.few_samples,
        stride=definition.period // step,
        every=interval // step,
        first=lead // step,
        times=times,
        approximate=watched.approximate,
    )


def _computed(
    definition: AlarmDefinition, metrics: Mapping[str, Statistics], window: Window
) -> Statistics:
    expressions = {q.id: q.source for q in definition.queries if isinstance(q.source, str)}
    # Raises for expressions that are no metric math.
    MathProgram(tuple(metrics), expressions, definition.watched)
    starts = window.first - window.period + np.arange(len(window), dtype=np.int64) * window.step
    values = evaluate(
        expressions,
        {id_: metric.values for id_, metric in metrics.items()},
        definition.watched,
        starts,
        definition.period,
    )
    return Statistics(values, None, any(metric.approximate for metric in metrics.values()))
