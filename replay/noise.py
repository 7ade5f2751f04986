"""How high an alarm's levels go while nothing is wrong, and what lies beyond that.

The threshold that is wanted is one that noise will hardly ever reach. The highest level so far is
not it: of any d days one has the highest level, so that tomorrow beats them all with a chance of
one in d + 1. How far beyond it a threshold has to be follows from how fast the highest levels
thin out (the peaks-over-threshold method of extreme value statistics: excesses over a high level
follow a generalized Pareto distribution; Coles, An Introduction to Statistical Modeling of
Extreme Values, 2001, chapter 4).

The history holds incidents too, and nobody says which. So everything is estimated from quantiles,
which a few odd values do not move, and the few highest peaks are left out where they stand so far
above the rest that a threshold made without them would have been beaten by each of them.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ecs_monitoring.words import HOUR
from replay.budget import allowed_firings
from replay.curve import Curve
from replay.history import Bools, Floats
from replay.hours import quantile

APART: Final = 20
"""Hours within which two high levels count as one peak, so that a day has about one."""

FEWEST_DAYS: Final = 2
"""Days of history below which nothing is said: each hour of the day must have been seen twice."""

NOISE_SHARE: Final = 0.25
"""The share of the page budget that noise may use up; the rest is for what is wrong."""


_FEWEST_HOURS: Final = 10
"""How many hours, those with the highest levels, the tail is estimated from at least.

With more than ten days it is one hour a day: what is high once a day, such as a nightly batch
job, is the noise that counts, and the other hours say nothing of it.
"""

_PRIOR_SHAPE: Final = 0.1
_PRIOR_HOURS: Final = 20
"""The shape of the tail before anything is seen, and how many hours of evidence that is worth.

A shape of 0 is an exponential tail, that of most well-behaved noise; network and disk traffic
have heavier ones. The estimate from a few dozen hours scatters by about one half, so that it has
to be held on to something.
"""

_ROUNDING: Final = 1e-12
"""Levels that differ by less than this share of them are the same number, rounded differently.

The average of three times 0.1 is no more than 0.1 and yet another float.
"""

_SHAPES: Final = (0.0, 0.5)
"""The least and greatest shape: from an exponential tail to one whose variance is infinite."""


@dataclass(frozen=True, eq=False)
class HourlyMaxima:
    """The highest level in each hour of some history.

    Attributes:
        maxima: an hour each, in order; minus infinity where there was no data.
        is_quiet_without_data: whether hours without data are known to have been quiet.
    """

    maxima: Floats
    is_quiet_without_data: bool = False

    @classmethod
    def of(cls, curve: Curve, without: Bools | None = None) -> "HourlyMaxima":
        """The hours of a curve.

        Args:
            curve: the alarm's levels.
            without: evaluations that are left out, such as those in incidents.
        """
        if not len(curve.times):
            return cls(np.empty(0))
        first, last = (int(curve.times[end] - 1) // HOUR for end in (0, -1))
        # An evaluation on the hour tells of the hour before it.
        begins = np.searchsorted(curve.times, HOUR * np.arange(first, last + 2), side="right")
        levels = curve.levels
        if without is not None:
            levels = np.where(without, -np.inf, levels)
        if np.max(levels) == np.inf:
            levels = np.where(np.isposinf(levels), -np.inf, levels)
        maxima = np.full(last + 1 - first, -np.inf)
        seen = np.flatnonzero(np.diff(begins))
        maxima[seen] = np.maximum.reduceat(levels, begins[seen])
        return cls(maxima, curve.is_quiet_without_data)

    @property
    def days(self) -> float:
        """How many days are known."""
        if self.is_quiet_without_data:
            return len(self.maxima) / 24
        return int(np.count_nonzero(np.isfinite(self.maxima))) / 24

    def peaks(self) -> Floats:
        """The highest levels that are at least ``APART`` hours apart, highest first."""
        left = [True] * (len(self.maxima) + 2 * APART)
        peaks = []
        for at in np.argsort(-self.maxima, kind="stable").tolist():
            if left[at + APART]:
                peaks.append(at)
                left[at + 1 : at + 2 * APART] = [False] * (2 * APART - 1)
        highest = self.maxima[peaks]
        return highest[highest > -np.inf]


@dataclass(frozen=True, slots=True)
class Noise:
    """What is known of an alarm's noise.

    Attributes:
        top: the highest level that is taken for noise: peaks far beyond it are left out.
        spread: by how much higher a level is reached about a third as often (the scale of the
            tail's excesses), in the metric's unit; above 0.
        shape: of the tail; 0 where it is exponential.
        days: of history behind it.
    """

    top: float
    spread: float
    shape: float
    days: float

    def beyond(self, pages_per_month: float) -> float:
        """The level that noise will reach no more often than its share of a page budget.

        Args:
            pages_per_month: the budget: firings in 30 days.
        """
        wanted = 30 / (NOISE_SHARE * pages_per_month)
        return self.top + self.spread * _excess(1 + wanted / self.days, self.shape)

    def margin(self, level: float) -> float:
        """How many spreads a level is beyond the noise."""
        return (level - self.top) / self.spread


def quiet_threshold(curve: Curve, noise: Noise, pages_per_month: float) -> float:
    """The lowest threshold beyond the noise at which the alarm would have kept to a page budget.

    Beyond the noise it would have fired for the odd peaks alone, and the budget allows one firing
    for each of them; but a jagged peak can fire it many times.

    Args:
        curve: the alarm's levels over the history that the noise is known from.
        noise: of that history.
        pages_per_month: the budget.
    """
    level = noise.beyond(pages_per_month)
    allowed = allowed_firings(pages_per_month, curve.months)
    if len(curve.firing_times(curve.sign * level)) <= allowed:
        return curve.sign * level
    above = np.unique(curve.levels[np.isfinite(curve.levels) & (curve.levels > level)])
    edges = np.concatenate((np.array([level]), above))
    # Between two levels that are next to each other all thresholds do the same.
    tried = np.concatenate((edges[:-1] + np.diff(edges) / 2, edges[-1:] + noise.spread))
    enough = curve.firings(curve.sign * tried) <= allowed
    return curve.sign * float(tried[np.argmax(enough) if enough.any() else -1])


def noise_of(hours: HourlyMaxima, pages_per_month: float) -> Noise | None:
    """What the history says of the noise; ``None`` where it is too short.

    Args:
        hours: the highest level of each hour.
        pages_per_month: the page budget. Peaks that stand out are left out only as far as the
            budget would have paid for them.
    """
    ordered = np.sort(hours.maxima[np.isfinite(hours.maxima)])
    if hours.days < FEWEST_DAYS or len(ordered) <= _FEWEST_HOURS:
        return None
    peaks = hours.peaks()
    affordable = min(allowed_firings(pages_per_month, hours.days / 30), len(peaks) - 1)
    for odd in range(affordable, -1, -1):
        top = float(peaks[odd])
        # What belongs to the odd peaks says nothing of the noise either.
        tail = ordered[ordered <= top] if odd else ordered
        spread, shape = _tail(tail, peaks[odd:])
        noise = Noise(top, spread, shape, hours.days)
        if not odd or float(peaks[odd - 1]) > noise.beyond(pages_per_month):
            return noise
    raise AssertionError("without odd peaks there is always an answer")


def _tail(ordered: Floats, peaks: Floats) -> tuple[float, float]:
    """Spread and shape of the tail of the hourly maxima, given in ascending order."""
    count = min(max(_FEWEST_HOURS, len(ordered) // 24), len(ordered) - 1)
    excesses = ordered[-count:] - ordered[-count - 1]
    middle, upper = quantile(excesses, 0.5), quantile(excesses, 0.75)
    measured = math.log2(upper / middle - 1) if upper > middle > 0 else 0.0
    weight = count / (count + _PRIOR_HOURS)
    shape = float(np.clip(weight * measured + (1 - weight) * _PRIOR_SHAPE, *_SHAPES))
    spread = middle / _excess(2, shape)
    # Hours of one day are alike: where days differ by more than hours, that counts.
    between_days = (quantile(peaks[::-1], 0.75) - quantile(peaks[::-1], 0.25)) / _GUMBEL_QUARTILES
    return max(spread, between_days, finest_step(ordered)), shape


_GUMBEL_QUARTILES: Final = math.log(math.log(4) / math.log(4 / 3))
"""The distance of the quartiles of a Gumbel distribution, that of maxima, for a scale of 1."""


def _excess(times: float, shape: float) -> float:
    """How many spreads higher a level has to be to be reached so many times more rarely."""
    return math.log(times) if shape < 1e-6 else (times**shape - 1) / shape


def finest_step(ordered: Floats) -> float:
    """The least difference between two values: what varies less is not known to vary less.

    Counts that were 0 all the time can be 1 without anything being odd about it.
    """
    level = float(np.max(np.abs(ordered)))
    steps = np.diff(ordered)
    steps = steps[steps > _ROUNDING * level]
    if len(steps):
        return float(np.min(steps))
    return max(1.0, 0.1 * level) if level.is_integer() else 0.1 * level
