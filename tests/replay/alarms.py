"""Short ways to write histories, and levels of alarms."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.evaluation import Sample
from replay.curve import Curve
from replay.history import FINEST, Floats, MetricHistory
from replay.hourly import HOURS
from tests.evaluation.alarms import KEY, START

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86_400

MONDAY: Final = 1_731_888_000
"""2024-11-18 00:00:00 UTC."""


def history(
    values: Iterable[float | None], *, start: int = START, step: int = MINUTE
) -> MetricHistory:
    """A value every ``step`` seconds; ``None`` where nothing was recorded."""
    known = [(start + step * at, v) for at, v in enumerate(values) if v is not None]
    return MetricHistory.of_values([t for t, _ in known], [v for _, v in known], resolution=step)


def histories(
    values: Iterable[float | None], *, start: int = START, step: int = MINUTE
) -> dict[MetricKey, MetricHistory]:
    """The same, of the metric that ``tests.evaluation.alarms.alarm`` watches."""
    return {KEY: history(values, start=start, step=step)}


def history_of(samples: Iterable[Sample], *, resolution: int = FINEST) -> MetricHistory:
    """The history that some samples make, in any order."""
    ordered = sorted(samples, key=lambda sample: sample.time)
    return MetricHistory(
        times=np.array([sample.time for sample in ordered], dtype=np.int64),
        resolutions=np.full(len(ordered), resolution, dtype=np.int64),
        counts=np.array([sample.count for sample in ordered], dtype=np.float64),
        totals=np.array([sample.total for sample in ordered], dtype=np.float64),
        minimums=np.array([sample.minimum for sample in ordered], dtype=np.float64),
        maximums=np.array([sample.maximum for sample in ordered], dtype=np.float64),
    )


def statistic_sets(
    rows: Iterable[tuple[int, float, float, float, float]], *, resolution: int = MINUTE
) -> MetricHistory:
    """Records: seconds after ``START``, count, total, minimum and maximum."""
    times, counts, totals, minimums, maximums = zip(*rows, strict=True)
    return MetricHistory(
        times=START + np.array(times, dtype=np.int64),
        resolutions=np.full(len(times), resolution, dtype=np.int64),
        counts=np.array(counts, dtype=np.float64),
        totals=np.array(totals, dtype=np.float64),
        minimums=np.array(minimums, dtype=np.float64),
        maximums=np.array(maximums, dtype=np.float64),
    )


def curve(
    levels: Iterable[float],
    *,
    start: int = START,
    interval: int = MINUTE,
    sign: int = 1,
    is_strict: bool = False,
) -> Curve:
    """A curve whose first evaluation is one interval after ``start``."""
    column = np.array(list(levels), dtype=np.float64)
    times = start + interval * np.arange(1, len(column) + 1, dtype=np.int64)
    return Curve(times, column, sign, is_strict, interval)


def hourly(levels: Iterable[float], *, start: int = START) -> Curve:
    """A curve with an evaluation an hour."""
    return curve(levels, start=start, interval=HOUR)


def noise(days: int) -> Floats:
    """The highest level of each hour, a row a day, of days on which nothing happens."""
    return np.random.default_rng(5).uniform(1, 2, (days, HOURS))
