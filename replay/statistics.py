"""Statistics of every sliding window of a metric's history."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ecs_monitoring.cloudwatch.definition import MetricStat
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation.statistics import (
    has_few_samples,
    needs_exact_values,
    percentile_of,
    statistic,
)
from replay.grid import Grid, is_coarse, spread
from replay.history import Bools, Floats, MetricHistory
from replay.windows import (
    ExactNumbers,
    parts,
    sliding_count,
    sliding_maximum,
    sliding_minimum,
)


@dataclass(frozen=True, kw_only=True)
class Window:
    """The windows in which a metric is looked at.

    Attributes:
        first: when the first window ends, in seconds since 1970 UTC.
        last: when the last window ends.
        period: seconds that a window lasts.
        step: seconds from one window to the next; divides the period and both ends.
    """

    first: int
    last: int
    period: int
    step: int

    def __len__(self) -> int:
        return (self.last - self.first) // self.step + 1

    @property
    def cells(self) -> int:
        """How many steps a window lasts."""
        return self.period // self.step


@dataclass(frozen=True, eq=False)
class Statistics:
    """A statistic in each window.

    Attributes:
        values: nan where there is no data.
        few_samples: whether a percentile of the window has too few samples to mean something;
            ``None`` where nobody asked.
        approximate: whether a value may differ from CloudWatch's, since what was recorded is
            coarser than the windows or cannot be joined.
    """

    values: Floats
    few_samples: Bools | None
    approximate: bool


def window_statistics(
    stat: MetricStat, history: MetricHistory, window: Window, *, with_few: bool = False
) -> Statistics:
    """A statistic in each window.

    Args:
        stat: which one.
        history: of the metric.
        window: where.
        with_few: tell also where a percentile has too few samples.

    Raises:
        CannotEvaluateError: a statistic that cannot be evaluated.
    """
    # Raises for what the evaluator cannot do either.
    statistic(stat.statistic)
    needs_each = needs_exact_values(stat.statistic)
    if needs_each and (history.minimums != history.maximums).any():
        raise CannotEvaluateError(
            f"statistic {stat.statistic}: it needs each value, and the history has records of "
            "several different ones, with their sum and extremes"
        )
    approximate = is_coarse(history, window.first - window.period, window.last, window.step)
    history = spread(history, window.period, window.step)
    share = percentile_of(stat.statistic)
    column = history.percentiles.get(stat.statistic)
    if share is not None and column is not None:
        # One percentile of each record; joined over several records it is no longer exact. Each
        # record is taken as if it had been published as often as it has samples.
        approximate |= bool((history.resolutions < window.period).any())
        history = replace(history, minimums=column, maximums=column, percentiles={})
        history = history.rows(~np.isnan(column))
    if needs_each:
        return Statistics(_of_samples(stat.statistic, window, history), None, approximate)
    grid = Grid(history, window.first - window.period, window.last, window.step)
    if share is None and window.cells == 1 and not grid.is_shared:
        # One record a window: its statistic is the window's.
        return Statistics(grid.placed(grid.history.recorded(stat.statistic)), None, approximate)
    counts = _counts(grid, window, history)
    few = None
    if share is None:
        values = _simple(stat.statistic, grid, counts, window)
    else:
        values = _percentiles(share, grid, counts, window, stat.statistic)
        if with_few:
            few = _few(share, counts)
    return Statistics(values, few, approximate)


def _counts(grid: Grid, window: Window, history: MetricHistory) -> Floats:
    """How many samples each window has."""
    if grid.is_shared or not grid.history.has_single_samples:
        return _sums(grid.sums(grid.history.counts), window, history, "counts")
    return sliding_count(grid.filled, window.cells).astype(np.float64)


def _simple(name: str, grid: Grid, counts: Floats, window: Window) -> Floats:
    if name == "Average":
        totals = _sums(grid.sums(grid.history.totals), window, grid.history, "totals")
        # Nothing by nothing is nan, which is what no data is.
        with np.errstate(invalid="ignore"):
            return totals / counts
    if name == "SampleCount":
        values = counts
    elif name == "Minimum":
        values = sliding_minimum(grid.minimums(), window.cells)
    elif name == "Maximum":
        values = sliding_maximum(grid.maximums(), window.cells)
    else:
        values = _sums(grid.sums(grid.history.totals), window, grid.history, "totals")
    return np.where(counts == 0, np.nan, values)


def _sums(numbers: ExactNumbers, window: Window, history: MetricHistory, column: str) -> Floats:
    sums, uncertain = numbers.sliding_sum(window.cells)
    for index in uncertain.tolist():
        end = window.first + index * window.step
        sums[index] = math.fsum(getattr(history.between(end - window.period, end), column))
    return sums


def _few(share: Fraction, counts: Floats) -> Bools:
    distinct, where = np.unique(counts, return_inverse=True)
    few = [count > 0 and has_few_samples(share, count) for count in distinct.tolist()]
    return np.array(few, dtype=np.bool_)[where]


def _percentiles(share: Fraction, grid: Grid, totals: Floats, window: Window, name: str) -> Floats:
    """The nearest-rank percentile of each window."""
    if grid.is_shared:
        return _of_samples(name, window, grid.history)
    counts = grid.sums(grid.history.counts).rounded
    minimums = grid.minimums()
    # Extremes that differ, or a negative value, leave the whole window without a percentile.
    unusable = (counts > 0) & ((minimums != grid.maximums()) | (minimums < 0))
    values = np.where(counts > 0, minimums, np.inf)
    if window.cells == 1:
        return np.where((counts > 0) & ~unusable, values, np.nan)
    result = np.empty(len(counts) - window.cells + 1)
    for rows in parts(len(result), window.cells):
        part = slice(rows.start, rows.stop + window.cells - 1)
        value_rows = sliding_window_view(values[part], window.cells)
        count_rows = sliding_window_view(counts[part], window.cells)
        bad_rows = sliding_window_view(unusable[part], window.cells)
        ranked = _ranked(share, value_rows, count_rows, totals[rows])
        result[rows] = np.where(bad_rows.any(axis=1), np.nan, ranked)
    return result


def _ranked(share: Fraction, values: Floats, counts: Floats, totals: Floats) -> Floats:
    """The least value of each row that so many of its samples do not exceed; nan without any."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    weights = np.take_along_axis(counts, order, axis=1)
    reached = np.cumsum(weights * share.denominator, axis=1)
    # Cells without samples have no rank, and the last sample has all that is left.
    enough = (reached >= (share.numerator * totals)[:, None]) & (weights > 0)
    rows = np.arange(len(values))
    last = np.maximum(np.count_nonzero(weights > 0, axis=1) - 1, 0)
    enough[rows, last] = True
    of_rank = ordered[rows, np.argmax(enough, axis=1)]
    return np.where(totals > 0, of_rank, np.nan)


def _of_samples(name: str, window: Window, history: MetricHistory) -> Floats:
    """A statistic as the evaluator computes it, one window after another."""
    compute = statistic(name)
    samples = history.samples()
    firsts = np.searchsorted(
        history.times, window.first - window.period + np.arange(len(window)) * window.step
    )
    lasts = np.searchsorted(history.times, window.first + np.arange(len(window)) * window.step)
    result = np.full(len(window), np.nan)
    for index in np.flatnonzero(lasts > firsts).tolist():
        value = compute(samples[firsts[index] : lasts[index]])
        result[index] = np.nan if value is None else value
    return result
