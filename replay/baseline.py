"""What is usual of an alarm's levels: how high an hour and a day go, and by how much days differ.

The highest level of each day is what noise is judged by. Days that had an incident are among them,
and nobody says which: so their middle and spread are taken from quartiles. How those follow from
each other is said by the distribution that highest values have whatever they are the highest of
(Gumbel's; Coles, An Introduction to Statistical Modeling of Extreme Values, 2001, chapter 3).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from replay.history import Bools, Floats
from replay.hours import median, quantile

_FEWEST_DAYS: Final = 2
"""Days below which there is no threshold at all."""

_LEAST_SPREAD: Final = 0.2
"""The greatest of the least spread, as a share of the way from a usual hour's highest level to a
usual day's: the median of hourly maxima and that of daily ones are ln 24 = 3.2 spreads apart where
all hours are alike."""

_LOGISTIC_UPPER: Final = math.log(7)
"""In spreads, the upper quartile of how much two values of a Gumbel distribution differ by:
differences of two are logistic."""

_FIRST_TO_THIRD: Final = 1 + 1 / 2
_THIRD_TO_EIGHTH: Final = sum(1 / rank for rank in range(3, 8))
"""In spreads, the mean distances of the highest of many values (Rényi: the gap between the k-th
highest and the next is 1/k for exponential tails)."""

_BELIEVED: Final = 2.0
"""Times the spread of the quieter days that the spread of the louder ones may be."""

_GUMBEL_LOWER: Final = math.log(math.log(4) / math.log(2))
"""The distance from the lower quartile of a Gumbel distribution to its median, for a scale of 1."""

_GUMBEL_UPPER: Final = math.log(math.log(2) / math.log(4 / 3))
"""The distance from its median to the upper quartile; more where the tail is heavier."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual of the levels.

    Attributes:
        hour: the highest level of a usual hour.
        day: the highest level of a usual day.
        spread: by how much higher a level is reached about a third as often.
        days: that it is known from.
    """

    hour: float
    day: float
    spread: float
    days: int


@dataclass(frozen=True, eq=False, slots=True)
class PastLevels:
    """The levels of the days before a day, from which its threshold is learnt.

    Attributes:
        day: which day.
        first: the first day that it is learnt from.
        scale: what the levels of each hour are measured in.
        levels: the levels of the days from the first on, in that.
        finest: the least difference of two levels that means anything, in that.
        is_whole: of which of those days enough is known.
        again: up to where something comes again and again, for the seven days from ``day`` on.
        day_to_day: by how much the levels of an hour differ from one day to the next.
    """

    day: int
    first: int
    scale: Floats
    levels: Floats
    finest: float
    is_whole: Bools
    again: Floats
    day_to_day: float

    def baseline(self, kept: Floats) -> Baseline | None:
        """What is usual; ``None`` where too little is known.

        Args:
            kept: the levels without the hours that are left out; ``levels`` where none is.
        """
        tops = kept.max(axis=1)
        tops = np.sort(tops[self.is_whole & (tops > -np.inf)])
        if len(tops) < _FEWEST_DAYS:
            return None
        hour = median(kept)
        low, middle, high = (quantile(tops, share) for share in (0.25, 0.5, 0.75))
        # Incidents are among the higher days, whose distance is believed only so far.
        lower, upper = (middle - low) / _GUMBEL_LOWER, (high - middle) / _GUMBEL_UPPER
        differ = self.day_to_day if kept is self.levels else day_to_day(kept)
        least = max(lower, self._least_spread(differ, middle - hour))
        spread = max(least, min(upper, _BELIEVED * least))
        return Baseline(hour, middle, spread, len(tops))

    def baseline_of_third_hours(self) -> Baseline | None:
        """The same from each day's third highest hour, which says what its highest one should be.

        An incident or two a day hardly move it.
        """
        full = self.levels[self.is_whole]
        if len(full) < _FEWEST_DAYS:
            return None
        ordered = np.sort(full, axis=1)
        third = np.sort(ordered[:, -3])
        low, middle = (quantile(third, share) for share in (0.25, 0.5))
        hour = median(full)
        steps = ordered[:, -3] - ordered[:, -8]
        steps = np.sort(steps[np.isfinite(steps)])
        spread = max(
            quantile(steps, 0.5) / _THIRD_TO_EIGHTH if len(steps) else 0.0,
            2 * (middle - low),
            self._least_spread(self.day_to_day, middle - hour),
        )
        return Baseline(hour, middle + _FIRST_TO_THIRD * spread, spread, len(third))

    def _least_spread(self, differ: float, way: float) -> float:
        """By how much an hour and the same hour of the next day differ, as a spread.

        At most a share of the way from a usual hour to a usual day.
        """
        return max(min(differ / _LOGISTIC_UPPER, _LEAST_SPREAD * way), self.finest / 2)


def day_to_day(hours: Floats) -> float:
    """The upper quartile of how much an hour and the same hour of the next day differ.

    Infinity where no hour is known of two days.

    Args:
        hours: a row a day; minus infinity where nothing is known.
    """
    with np.errstate(invalid="ignore"):
        steps = np.abs(hours[1:] - hours[:-1])
    steps = steps[steps < np.inf]
    steps.sort()
    return quantile(steps, 0.75) if len(steps) else math.inf
