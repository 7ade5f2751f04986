"""The highest level of an alarm in each hour of some days, and what of it comes again and again."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ecs_monitoring.words import DAY, HOUR
from replay.history import Floats, Ints
from replay.hourly import HOURS, WEEK, HourlyLevels

_IN_A_ROW: Final = 3
"""Days in a row on which something has to come for it to be usual."""

ALIKE: Final = 0.25
"""By how much more than the least of them, as a share of its height, others are still alike."""


@dataclass(frozen=True, eq=False)
class Hours:
    """The highest level in each hour of some whole days, UTC.

    Attributes:
        start: when the first day begins, in seconds since 1970 UTC.
        maxima: a row a day of 24 hours; minus infinity where nothing is known.
        at_midnight: the last hour of each day as it was known when the day was over: an alarm
            looks at a datapoint for a while, which goes on in the next day.
    """

    start: int
    maxima: Floats
    at_midnight: Floats

    @classmethod
    def of(cls, levels: HourlyLevels, quiet: float | None = None) -> "Hours":
        """The hours of an alarm's levels; an evaluation at midnight belongs to the day before.

        Args:
            levels: by hour.
            quiet: the level of hours without data; ``None`` where nothing is known of them.
        """
        first = int(levels.times[0] - 1) // DAY * DAY
        days = (levels.times - 1 - first) // DAY
        hours = (levels.starts - first) // HOUR
        maxima, seen = np.full((2, (int(days[-1]) + 1) * HOURS), -np.inf)
        levels_of = [(hours, levels.newest[-1])]
        if levels.has_hours:
            levels_of.append((hours - 1, levels.older[-1]))
        for place, highest in levels_of:
            finite = np.where(np.isposinf(highest), -np.inf, highest)
            is_last = place == days * HOURS + HOURS - 1
            for into, which in ((maxima, place >= 0), (seen, is_last)):
                _raise_to(into, place[which], finite[which])
        if quiet is not None:
            maxima, seen = np.maximum(maxima, quiet), np.maximum(seen, quiet)
        return cls(first, maxima.reshape(-1, HOURS), seen.reshape(-1, HOURS)[:, -1])

    def __len__(self) -> int:
        return len(self.maxima)

    def rows(self, first: int, day: int) -> Floats:
        """The highest levels from some day on, as they were known when ``day`` began."""
        rows = self.maxima[first:day].copy()
        if len(rows):
            rows[-1] = self._ended[day - 1]
        return rows

    def near(self, first: int, day: int) -> Floats:
        """The highest level within an hour of each of ``rows``."""
        rows = self._near[first:day].copy()
        if len(rows):
            rows[-1] = self._near_last[day - 1]
        return rows

    @cached_property
    def middles(self) -> Floats:
        """The median of each day's hours as the day ended; infinity where nothing is known."""
        return np.array([median(row) for row in self._ended])

    def again(self, day: int, usual: Floats, noise: Floats, weeks: int) -> Floats:
        """Up to which level something at some hour comes again and again, for seven days.

        On three days in a row, or on the same day of some weeks; within an hour of the same time.
        A row for ``day`` and for each of the six after it, from what lies before ``day``; minus
        infinity where nothing does.

        Args:
            day: which day.
            usual: the level of a usual hour, for each hour: how high something is above that says
                what is alike.
            noise: by how much the same thing differs from day to day, for each hour.
            weeks: in how many weeks it must have come; in one fewer, while no more are known.
        """
        highs = np.full((WEEK, HOURS), -np.inf)
        if day >= _IN_A_ROW:
            near = self.near(day - _IN_A_ROW, day)
            highs[:] = _if_alike(near.min(axis=0), near.max(axis=0), usual, noise)
        days = min(WEEK, max(0, day - WEEK * (weeks - 2)))
        if not days:
            return highs
        of_week = self.near(day - days, day)
        lows, weekly = of_week.copy(), of_week
        for back in range(WEEK, WEEK * weeks, WEEK):
            # In the first weeks, only the last of the days have one before.
            before = self._near[max(day - days - back, 0) : max(day - back, 0)]
            if len(before):
                np.minimum(lows[-len(before) :], before, out=lows[-len(before) :])
                np.maximum(weekly[-len(before) :], before, out=weekly[-len(before) :])
        rows = slice(WEEK - days, None)
        highs[rows] = np.maximum(highs[rows], _if_alike(lows, weekly, usual, noise))
        return highs

    @cached_property
    def _ended(self) -> Floats:
        """Each day as it was known when it was over."""
        rows = self.maxima.copy()
        rows[:, -1] = self.at_midnight
        return rows

    @cached_property
    def _near(self) -> Floats:
        flat = np.pad(self.maxima.ravel(), 1, constant_values=-np.inf)
        return of_three(flat).reshape(-1, HOURS)

    @cached_property
    def _near_last(self) -> Floats:
        """The same for each day, as it was known when the day was over."""
        before = np.concatenate((np.array([-np.inf]), self.maxima[:-1, -1]))
        after = np.full(len(before), -np.inf)
        return of_three(np.column_stack((before, self._ended, after)))


def of_three(padded: Floats) -> Floats:
    """The highest of each value and those beside it, of rows with one more at both ends."""
    highest: Floats = np.maximum(np.maximum(padded[..., :-2], padded[..., 2:]), padded[..., 1:-1])
    return highest


def _raise_to(into: Floats, places: Ints, levels: Floats) -> None:
    """Raise each place to the highest of what is found there; places ascend."""
    if len(places):
        starts = np.flatnonzero(np.diff(places, prepend=places[0] - 1))
        at = places[starts]
        into[at] = np.maximum(into[at], np.maximum.reduceat(levels, starts))


def _if_alike(lows: Floats, highs: Floats, usual: Floats, noise: Floats) -> Floats:
    """The higher of two heights of the same thing; minus infinity of different things."""
    with np.errstate(invalid="ignore"):
        is_alike = highs - usual <= (1 + ALIKE) * (lows - usual) + noise
    return np.where(is_alike & (lows >= usual), highs, -np.inf)


def median(values: Floats) -> float:
    """The median of what is known; infinity without anything."""
    recorded = values[values > -np.inf]
    recorded.sort()
    return quantile(recorded, 0.5) if len(recorded) else math.inf


def column_medians(rows: Floats) -> Floats:
    """The median of what is known of each column; infinity without anything."""
    ordered = np.sort(rows, axis=0)
    counts = np.count_nonzero(rows > -np.inf, axis=0)
    places = len(rows) - counts + 0.5 * (counts - 1)
    columns = np.arange(rows.shape[1])
    lows = np.minimum(places.astype(np.int64), len(rows) - 1)
    highs = np.minimum(lows + 1, len(rows) - 1)
    low, high = ordered[lows, columns], ordered[highs, columns]
    with np.errstate(invalid="ignore"):
        medians = low + (places - lows) * (high - low)
    return np.where(counts > 0, medians, np.inf)


def quantile(ordered: Floats, share: float) -> float:
    """A quantile of ascending values, between two of them where it lies there."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
