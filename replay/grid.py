"""A metric's history on an even grid of time, so that windows become ranges of an array."""

import math
from dataclasses import replace

import numpy as np

from replay.history import Bools, Floats, MetricHistory
from replay.windows import ExactNumbers


class Grid:
    """Everything recorded in each cell of an even grid.

    Args:
        history: with no record that stands for several cells (see ``spread``).
        start: when the first cell starts, in seconds since 1970 UTC; a multiple of the step.
        end: when the last cell ends; a multiple of the step.
        step: seconds that a cell lasts.
    """

    def __init__(self, history: MetricHistory, start: int, end: int, step: int) -> None:
        self.history = history.between(start, end)
        self._size = (end - start) // step
        self._cells = (self.history.times - start) // step
        repeats = self._cells[1:].compress(self._cells[1:] == self._cells[:-1])
        self._shared = np.unique(repeats)

    @property
    def is_shared(self) -> bool:
        """Whether any cell has more than one record."""
        return len(self._shared) > 0

    @property
    def filled(self) -> Bools:
        """Whether anything was recorded in each cell."""
        filled = np.zeros(self._size, dtype=np.bool_)
        filled[self._cells] = True
        return filled

    def sums(self, column: Floats) -> ExactNumbers:
        """The sum in each cell of a column of the history; 0 where nothing was recorded."""
        sums = self.placed(column, 0.0)
        if not self.is_shared:
            return ExactNumbers(sums)
        rest = np.zeros(self._size)
        firsts = np.searchsorted(self._cells, self._shared)
        lasts = np.searchsorted(self._cells, self._shared, side="right")
        for cell, first, last in zip(self._shared, firsts, lasts, strict=True):
            values = column[first:last].tolist()
            sums[cell] = math.fsum(values)
            rest[cell] = math.fsum([*values, -sums[cell]])
        return ExactNumbers(sums, rest)

    def minimums(self) -> Floats:
        """The least value in each cell; infinity where nothing was recorded."""
        minimums = self.placed(self.history.minimums, np.inf)
        if self.is_shared:
            np.minimum.at(minimums, self._cells, self.history.minimums)
        return minimums

    def maximums(self) -> Floats:
        """The greatest value in each cell; minus infinity where nothing was recorded."""
        maximums = self.placed(self.history.maximums, -np.inf)
        if self.is_shared:
            np.maximum.at(maximums, self._cells, self.history.maximums)
        return maximums

    def placed(self, column: Floats, empty: float = np.nan) -> Floats:
        """A column of the history, a value a cell; of shared cells any one of their values."""
        cells = self._cells
        if len(cells) and not self.is_shared and cells[-1] - cells[0] == len(cells) - 1:
            # Without gaps the cells are a range, which is much faster to write.
            before, after = cells[0], self._size - 1 - cells[-1]
            if not before and not after:
                return column
            edges = np.full(before, empty), np.full(after, empty)
            return np.concatenate((edges[0], column, edges[1]))
        placed = np.full(self._size, empty)
        placed[cells] = column
        return placed


def is_coarse(history: MetricHistory, start: int, end: int, step: int) -> bool:
    """Whether any record reaches over several cells of a grid, so that nobody knows its shares.

    Args:
        history: of any resolution.
        start: when the first cell starts, in seconds since 1970 UTC.
        end: when the last cell ends.
        step: seconds that a cell lasts.
    """
    if history.coarsest <= step:
        return False
    coarse = np.flatnonzero(history.resolutions > step)
    times = history.times[coarse]
    return bool(((times < end) & (times + history.resolutions[coarse] > start)).any())


def spread(history: MetricHistory, period: int, step: int) -> MetricHistory:
    """The history with each record that does not fit into a period made as many finer ones.

    What was recorded an hour at a time says nothing of the minutes in it; every minute gets its
    share of the hour's count and sum and the whole hour's extremes. So an average is smoother
    than it was, and an extreme lasts longer.

    Args:
        history: of any resolution.
        period: seconds of the alarm's period. A record that lasts a whole part of it stays whole:
            each window holds as many as it would have held at any resolution.
        step: seconds of the finer records; the resolution of those that are made finer is
            rounded down to a multiple of it.
    """
    if history.coarsest <= step:
        return history
    coarse = (history.resolutions > step) & (period % history.resolutions != 0)
    parts = np.where(coarse, np.maximum(history.resolutions // step, 1), 1)
    which = np.repeat(np.arange(len(history)), parts)
    place = np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)
    shares = parts[which]
    whole = history.rows(which)
    return replace(
        whole,
        times=whole.times + place * step,
        resolutions=np.where(coarse, step, history.resolutions)[which],
        counts=whole.counts / shares,
        totals=whole.totals / shares,
    )
