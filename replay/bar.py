"""How far an alarm's levels usually go, and the threshold beyond that, anew every day.

The highest level of each day is what noise is judged by. Days that had an incident are among them,
and nobody says which: so their middle and spread are taken from quartiles, and the hours in which
the alarm was on are left out from then on. How far beyond the middle a threshold has to be follows
from the distribution that highest values have whatever they are the highest of (Gumbel's; Coles,
An Introduction to Statistical Modeling of Extreme Values, 2001, chapter 3), and is more where few
days were seen. What comes again at the same time of day or week is usual, however high it is.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from replay.curve import Curve
from replay.history import Bools, Floats, Ints

DAY: Final = 86_400
_HOUR: Final = 3600
_HOURS: Final = 24

REMEMBERED: Final = 28
"""Days that a threshold is learnt from: four weeks, so that a service may change."""

FEWEST_DAYS: Final = 2
"""Days below which there is no threshold at all."""

_KNOWN_HOURS: Final = 12
"""Hours that must have been seen of a day for its highest level to count."""

_NOISE_SHARE: Final = 0.25
"""The share of the page budget that noise may use up; the rest is for what is wrong."""

_FEW: Final = 3.0
"""How much farther a threshold is for few days: by this share of the way, divided by the days.

The quartiles of n days scatter by about 1.4 spreads over the root of n; a choice that makes the
first week's thresholds as rarely wrong as later ones on generated histories.
"""

_LEAST_SPREAD: Final = 0.25
"""The least spread, as a share of the way from a usual hour's highest level to a usual day's.

From the middle of hourly maxima to that of daily ones is ln 24 = 3.2 spreads where all hours are
alike, which makes a spread 0.31 of the way; where some hours are louder than others it is less.
"""

_LONGEST: Final = 6
"""Hours of a day in which an alarm may have been on and they are left out as what was wrong.

What lasts longer may be how it is from now on; then it must be learnt.
"""

_AGAIN: Final = 0.6
"""How much of the usual distance a threshold keeps from what comes again and again."""

_ALIKE: Final = 0.25
"""By how much more than the least of them, as a share of its height, others are still alike."""

_STANDS_OUT: Final = 1.5
"""Times the distance from a usual hour to the threshold at which a firing is no noise's.

Noise that reaches a threshold hardly passes it: half as far again is e^-2 to e^-4 as likely.
"""

_WINDOW: Final = 30
_STEP: Final = 0.25
"""How much farther a threshold is for every firing of noise beyond the budget in 30 days."""

_CLEANED: Final = 0.05
"""The share of hours that may be left out before there is any threshold."""

_GUMBEL_QUARTILES: Final = math.log(math.log(4) / math.log(4 / 3))
"""The distance of the quartiles of a Gumbel distribution for a scale of 1."""

_GUMBEL_UPPER: Final = math.log(math.log(2) / math.log(4 / 3))
"""The distance from its median to the upper quartile; more where the tail is heavier."""

_GUMBEL_MIDDLE: Final = -math.log(math.log(2))
"""The median of a Gumbel distribution for a scale of 1."""


@dataclass(frozen=True, eq=False)
class Hours:
    """The highest level in each hour of some whole days, UTC.

    Attributes:
        start: when the first day begins, in seconds since 1970 UTC.
        maxima: a row a day of 24 hours; minus infinity where nothing is known.
    """

    start: int
    maxima: Floats

    @classmethod
    def of(cls, curve: Curve, quiet: float | None = None) -> "Hours":
        """The hours of a curve; an evaluation at midnight belongs to the day before.

        Args:
            curve: the alarm's levels.
            quiet: the level of hours without data; ``None`` where nothing is known of them.
        """
        first = int(curve.times[0] - 1) // DAY * DAY
        hours: Ints = (curve.times - 1 - first) // _HOUR
        days = int(hours[-1]) // _HOURS + 1
        maxima = np.full(days * _HOURS, -np.inf)
        starts = np.flatnonzero(np.diff(hours, prepend=-1))
        known = np.where(np.isposinf(curve.levels), -np.inf, curve.levels)
        found = np.maximum.reduceat(known, starts)
        maxima[hours[starts]] = found if quiet is None else np.maximum(found, quiet)
        return cls(first, maxima.reshape(days, _HOURS))

    def __len__(self) -> int:
        return len(self.maxima)

    @property
    def again(self) -> tuple[Floats, Floats]:
        """For each day the level that comes at some time of day again and again: least, greatest.

        On three days in a row, or on the same day of three weeks (of two, while only two are
        known); within an hour of the same time. The values for a day look at days before it.
        """
        days = len(self)
        padded = np.pad(self.maxima, ((0, 0), (1, 1)), constant_values=-np.inf)
        near = np.maximum(np.maximum(padded[:, :-2], padded[:, 2:]), self.maxima)
        least, greatest = np.full((2, days + 1), -np.inf)
        for day in range(3, days + 1):
            alike = [[day - 3, day - 2, day - 1]]
            alike += [
                [one for one in (last, last - 7, last - 14) if one >= 0]
                for last in range(max(7, day - 7), day)
            ]
            for same in alike:
                together = near[same]
                lows = together.min(axis=0)
                hour = int(np.argmax(lows))
                if lows[hour] > least[day]:
                    least[day], greatest[day] = lows[hour], together[:, hour].max()
        return least, greatest


@dataclass(frozen=True, slots=True)
class Usual:
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


@dataclass(eq=False)
class Bar:
    """An alarm's threshold, day by day; each follows from the days before it alone.

    Attributes:
        hours: the alarm's levels.
        finest: the least difference of two levels that means anything.
        budget: firings in 30 days that noise and all else may cause.
        farther: times the usual distance that the threshold keeps.
        left_out: hours that are taken for what was wrong.
        near: for each firing so far its day, where it hardly passed the threshold.
    """

    hours: Hours
    finest: float
    budget: float
    farther: float = 1.0
    left_out: Bools = field(init=False)
    near: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left_out = np.zeros(self.hours.maxima.shape, dtype=np.bool_)
        self._least, self._greatest = self.hours.again
        self._is_begun = False

    def usual(self, day: int) -> Usual | None:
        """What is usual before a day; ``None`` where too little is known."""
        first = max(0, day - REMEMBERED)
        known = self.hours.maxima[first:day]
        is_known = known > -np.inf
        kept = np.where(self.left_out[first:day], -np.inf, known)
        tops = kept[np.count_nonzero(is_known, axis=1) >= _KNOWN_HOURS].max(axis=1, initial=-np.inf)
        tops = np.sort(tops[tops > -np.inf])
        if len(tops) < FEWEST_DAYS:
            return None
        hour = float(np.median(kept[kept > -np.inf]))
        low, middle, high = (_quantile(tops, share) for share in (0.25, 0.5, 0.75))
        spread = max(
            (high - low) / _GUMBEL_QUARTILES,
            (high - middle) / _GUMBEL_UPPER,
            _LEAST_SPREAD * (middle - hour),
            self.finest / 2,
        )
        return Usual(hour, middle, spread, len(tops))

    def level(self, day: int) -> float | None:
        """The level that is beyond what is usual, for a day; ``None`` where too little is known."""
        found = self._level(day)
        if self._is_begun or found is None:
            return found
        # Nobody was on watch in the first days: what stands out of them is left out at once.
        self._is_begun = True
        for _ in range(3):
            out = self.hours.maxima[:day] > found
            if np.mean(out) > _CLEANED or np.array_equal(out, self.left_out[:day]):
                break
            self.left_out[:day] = out
            cleaner = self._level(day)
            if cleaner is None:
                break
            found = cleaner
        return found

    def learn(self, day: int, level: float | None, peaks: Floats) -> None:
        """Take notice of a day that is over.

        Args:
            day: which one.
            level: the threshold that it had, as a level.
            peaks: how high each firing of the day went.
        """
        if level is None:
            return
        out = self.hours.maxima[day] >= level
        if np.count_nonzero(out) <= _LONGEST:
            self.left_out[day] = out
        if len(peaks):
            usual = self.usual(day)
            hour = usual.hour if usual else level
            near = peaks - hour < _STANDS_OUT * (level - hour)
            self.near += [day] * int(np.count_nonzero(near))

    def _level(self, day: int) -> float | None:
        usual = self.usual(day)
        if usual is None:
            return None
        quiet_days = 30 / (_NOISE_SHARE * self.budget)
        beyond = (math.log(quiet_days) - _GUMBEL_MIDDLE) * (1 + _FEW / usual.days)
        needless = sum(day - _WINDOW <= one for one in self.near) - self.budget
        distance = self.farther * beyond * (1 + _STEP * max(0.0, needless)) * usual.spread
        least = float(self._least[day])
        if least == -math.inf:
            return usual.day + distance
        # How much higher it may be than the least of it, before it is no longer the same.
        most = least + _ALIKE * max(0.0, least - usual.hour)
        again = min(float(self._greatest[day]), most)
        return max(usual.day + distance, again + _AGAIN * distance)


def _quantile(ordered: Floats, share: float) -> float:
    """A quantile of ascending values, between two of them where it lies there."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
