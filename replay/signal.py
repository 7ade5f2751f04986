"""What an alarm watches, in every period that any of its evaluations looks at."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.evaluation import MathProgram, evaluation_interval
from ecs_monitoring.cloudwatch.rule import LowSamples
from replay.history import Bools, Floats, MetricHistory
from replay.metric_math import NeedsWholeRangeError, evaluate
from replay.statistics import Statistics, Window, window_statistics


@dataclass(frozen=True, eq=False)
class SlidingSignal:
    """The value of every period, at every step of a sliding window.

    Attributes:
        values: nan where there is no data; the evaluation at the step ``i`` looks at the
            values at ``i``, ``i - stride``, …
        stride: from one period to the next, in steps.
        every: from one evaluation to the next, in steps.
        first: the index of the first evaluation's newest period.
        times: when the evaluations are, in seconds since 1970 UTC, as a range.
        few_samples: where a percentile has too few samples to change the state; ``None`` where
            the alarm takes no notice.
        newest: what has arrived of each evaluation's newest period, to be looked at instead of
            the value at ``i``; ``None`` where all of it has.
        newest_few: the same of ``few_samples``.
        approximate: whether any value may differ from CloudWatch's.
    """

    values: Floats
    stride: int
    every: int
    first: int
    times: range
    few_samples: Bools | None = None
    newest: Floats | None = None
    newest_few: Bools | None = None
    approximate: bool = False


def signal_of(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
    *,
    periods: int | None = None,
) -> SlidingSignal:
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
        NeedsWholeRangeError: an expression that has no value of its own for each period, or
            periods by the clock on the wall.
    """
    if definition.wall_clock is not None:
        raise NeedsWholeRangeError("periods by the clock on the wall are not evenly apart")
    interval, delay = evaluation_interval(definition), definition.timing.delay
    step = math.gcd(interval, definition.period, delay)
    times = evaluation_times(definition, start, end)
    reach = periods or definition.evaluation_range
    lead = (reach - 1) * definition.period
    # Periods of which nothing can have arrived are passed over.
    missed = delay % definition.period
    shift = delay - missed
    window = Window(
        first=times.start - shift - lead,
        last=max(times[-1] if times else times.start, times.start) - shift,
        period=definition.period,
        step=step,
    )
    watched = _watched(definition, histories, window)
    newest = None
    if missed:
        arrived = replace(
            window,
            first=window.first - missed,
            last=window.last - missed,
            period=definition.period - missed,
        )
        newest = _watched(definition, histories, arrived)
    return SlidingSignal(
        values=watched.values,
        few_samples=watched.few_samples,
        newest=newest.values if newest else None,
        newest_few=newest.few_samples if newest else None,
        stride=definition.period // step,
        every=interval // step,
        first=lead // step,
        times=times,
        approximate=watched.approximate,
    )


def evaluation_times(definition: AlarmDefinition, start: int, end: int) -> range:
    """When an alarm is evaluated from ``start`` to ``end``, both included, in seconds UTC."""
    interval = evaluation_interval(definition)
    return range(-(-start // interval) * interval, end + 1, interval)


def _watched(
    definition: AlarmDefinition, histories: Mapping[MetricKey, MetricHistory], window: Window
) -> Statistics:
    by_id = {
        query.id: window_statistics(
            query.source,
            histories.get(query.source.metric, MetricHistory.empty()),
            window,
            with_few=definition.low_samples is LowSamples.IGNORE,
        )
        for query in definition.queries
        if isinstance(query.source, MetricStat)
    }
    if isinstance(definition.signal, MetricStat):
        return by_id[definition.watched]
    return _computed(definition, by_id, window)


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
