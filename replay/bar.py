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

from replay.history import Bools, Floats
from replay.hourly import HOURS, WEEK
from replay.hours import ALIKE, Hours, column_medians, median, of_three, quantile

REMEMBERED: Final = 28
"""Days that a threshold is learnt from: four weeks, so that a service may change."""

FEWEST_DAYS: Final = 2
"""Days below which there is no threshold at all."""

_KNOWN_HOURS: Final = 12
"""Hours that must have been seen of a day for its highest level to count."""

_NOISE_SHARE: Final = 0.7
"""The share of the page budget that the noise of one alarm may use up."""

_FEW: Final = 5.0
"""How much farther a threshold is for few days: by this share of the way, divided by the days.

The quartiles of n days scatter by about 1.4 spreads over the root of n; a choice that makes the
first week's thresholds as rarely wrong as later ones on generated histories.
"""

_LEAST_SPREAD: Final = 0.2
"""The greatest of the least spread, as a share of the way from a usual hour's highest level to a
usual day's: the median of hourly maxima and that of daily ones are ln 24 = 3.2 spreads apart where
all hours are alike."""

_LOGISTIC_UPPER: Final = math.log(7)
"""In spreads, the upper quartile of how much two values of a Gumbel distribution differ by:
differences of two are logistic."""

_NEW_LEVEL: Final = 3
"""Days that are all higher, or all lower, than all before them: how it is from now on."""

_LONGEST: Final = 6
"""Hours of a day in which an alarm may have been on and they are left out as what was wrong.

What lasts longer may be how it is from now on; then it must be learnt.
"""

_AGAIN: Final = 0.6
"""How much of the usual distance a threshold keeps from what comes again and again."""

_WEEKS: Final = 3
_WEEKS_OF_HOUR: Final = 2
"""In how many weeks something has to come for it to raise the threshold of all hours, or of its own
hour."""

_STANDS_OUT: Final = 1.5
"""Times the distance from a usual hour to the threshold at which a firing is no noise's.

Noise that reaches a threshold hardly passes it: half as far again is e^-2 to e^-4 as likely.
"""

_WINDOW: Final = 30
_STEP: Final = 0.25
_MOST_STEPS: Final = 2.0
"""How much farther a threshold is for every firing of noise beyond the budget in 30 days, and at
most."""

_CLEANED: Final = 0.25
"""The share of hours that may stand out: six a day, two or three incidents."""

_LEAST_SCALE: Final = 0.1
"""The least that an hour's scale may be, as a share of the median hour's."""

_POOLED: Final = 3.0
"""Days of its own after which an hour's scale is half its own and half that of all hours."""

_OFTEN: Final = 3
"""Days on which something has to stand out for its heights to be compared."""

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

_GUMBEL_MIDDLE: Final = -math.log(math.log(2))
"""The median of a Gumbel distribution for a scale of 1."""


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


@dataclass(frozen=True, eq=False, slots=True)
class _Measured:
    """What a day's threshold is learnt from.

    Attributes:
        day: which day.
        first: the first day that it is learnt from.
        scale: what the levels of each hour are measured in.
        levels: the levels of the days from the first on, in that.
        is_whole: of which of those days enough is known.
        again: up to where something comes again and again, for the seven days from ``day`` on.
        day_to_day: by how much the levels of an hour differ from one day to the next.
    """

    day: int
    first: int
    scale: Floats
    levels: Floats
    is_whole: Bools
    again: Floats
    day_to_day: float


@dataclass(eq=False)
class Bar:
    """An alarm's threshold, day by day; each follows from the days before it alone.

    Attributes:
        hours: the alarm's levels.
        finest: the least difference of two levels that means anything.
        budget: firings in 30 days that noise and all else may cause.
        farther: times the usual distance that the threshold keeps.
        by_hour: whether the threshold may be higher at hours when something comes again and again.
        follows: whether it follows how far each hour of the day usually goes.
        opposite: that of the same alarm on the other side; ``None`` where it has none.
        echo: the share of what is expected on the other side that shows on this one.
        left_out: hours that are taken for what was wrong.
        near: for each firing so far its day, where it hardly passed the threshold.
    """

    hours: Hours
    finest: float
    budget: float
    farther: float = 1.0
    by_hour: bool = False
    follows: bool = False
    opposite: "Bar | None" = None
    echo: float = 0.0
    left_out: Bools = field(init=False)
    near: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left_out = np.zeros(self.hours.maxima.shape, dtype=np.bool_)
        self._since = 0
        self._measured: _Measured | None = None
        self._settled: tuple[int, tuple[Usual, float] | None] | None = None
        self._made: dict[int, tuple[Floats, Usual] | None] = {}

    def scale(self, day: int) -> Floats:
        """What the levels of each hour are measured in on a day; 1 where no hour is followed."""
        return self._measure(day).scale

    def _measure(self, day: int) -> "_Measured":
        if self._measured is None or self._measured.day != day:
            first = self._first(day)
            scale = self._scale(day) if self.follows else np.ones(HOURS)
            levels = self.hours.rows(first, day) / scale
            is_whole = (levels > -np.inf).sum(axis=1) >= _KNOWN_HOURS
            middle = median(self._kept(first, day, levels))
            again = np.full((WEEK, HOURS), -np.inf)
            day_to_day = _day_to_day(levels)
            if math.isfinite(middle):
                noise = scale * (day_to_day if math.isfinite(day_to_day) else 0.0)
                again = self._again(day, scale, middle, noise)
            self._measured = _Measured(day, first, scale, levels, is_whole, again, day_to_day)
        return self._measured

    def _kept(self, first: int, day: int, levels: Floats) -> Floats:
        """The levels of some days without the hours that are left out; the same where none is."""
        left_out = self.left_out[first:day]
        return np.where(left_out, -np.inf, levels) if left_out.any() else levels

    def _scale(self, day: int) -> Floats:
        """How high each hour of the day goes on a usual day, and the hours beside it.

        Of few days, hours are taken to be more alike than they seem.
        """
        first = max(0, day - REMEMBERED)
        kept = self._kept(first, day, self.hours.near(first, day))
        own = column_medians(kept)
        seen = own[np.isfinite(own)]
        if not len(seen):
            return np.ones(HOURS)
        pooled = max(float(np.median(seen)), self.finest)
        own = np.where(np.isfinite(own), own, pooled)
        own = np.maximum(own, max(self.finest, _LEAST_SCALE * pooled))
        weight = (day - first) / (day - first + _POOLED)
        scale: Floats = own**weight * pooled ** (1 - weight)
        return scale

    def _again(self, day: int, scale: Floats, middle: float, noise: Floats) -> Floats:
        """How high what is usual comes at some time of the week, in the scale of each hour."""
        usual = middle * scale
        if not self.by_hour:
            # At all hours, so that it has to be certain.
            highs = self.hours.again(day, usual, noise, _WEEKS)
            return np.full((WEEK, HOURS), highs.max())
        highs = self.hours.again(day, usual, noise, _WEEKS_OF_HOUR)
        expected: Floats = (usual + (1 + ALIKE) * (highs - usual)) / scale
        return expected

    def usual(self, day: int) -> Usual | None:
        """What is usual before a day; ``None`` where too little is known."""
        measured = self._measure(day)
        kept = self._kept(measured.first, day, measured.levels)
        tops = kept.max(axis=1, initial=-np.inf)
        tops = np.sort(tops[measured.is_whole & (tops > -np.inf)])
        if len(tops) < FEWEST_DAYS:
            return None
        hour = median(kept)
        low, middle, high = (quantile(tops, share) for share in (0.25, 0.5, 0.75))
        # Incidents are among the higher days, whose distance is believed only so far.
        lower, upper = (middle - low) / _GUMBEL_LOWER, (high - middle) / _GUMBEL_UPPER
        is_all = kept is measured.levels
        day_to_day = measured.day_to_day if is_all else _day_to_day(kept)
        least = max(lower, self._least_spread(day_to_day, middle - hour))
        spread = max(least, min(upper, _BELIEVED * least))
        return Usual(hour, middle, spread, len(tops))

    def at(self, day: int) -> tuple[Floats, Usual] | None:
        """The level that is beyond what is usual; ``None`` where too little is known.

        Returns:
            A row for the day and each of the six after it, a column an hour.
        """
        if day not in self._made:
            beyond = self._beyond_usual(day)
            if beyond is None:
                self._made = {day: None}
            else:
                usual, least = beyond
                measured = self._measure(day)
                again = measured.again + _AGAIN * (least - usual.day)
                levels = np.maximum(least, again) * measured.scale
                if self.opposite is not None:
                    echo = self.echo * self.opposite.expected(day)
                    levels = np.maximum(levels, least * measured.scale + echo)
                self._made = {day: (levels, usual)}
        return self._made[day]

    def expected(self, day: int) -> Floats:
        """How high what comes again stands out in the hours of a week, or beside them.

        In rows like those of ``at``; minus infinity where nothing does.
        """
        beyond, measured = self._beyond_usual(day), self._measure(day)
        stands_out = measured.again > (math.inf if beyond is None else beyond[1])
        heights = np.where(stands_out, measured.again * measured.scale, -np.inf)
        if not stands_out.any():
            return heights
        beside = np.pad(heights.ravel(), 1, constant_values=-np.inf)
        return of_three(beside).reshape(WEEK, HOURS)

    def _beyond_usual(self, day: int) -> tuple[Usual, float] | None:
        """What is usual, and the level beyond it, whatever comes again; made once a day."""
        if self._settled is None or self._settled[0] != day:
            self._leave_out_what_stands_out(day)
            usual = self.usual(day)
            beyond = None if usual is None else (usual, usual.day + self._distance(day, usual))
            self._settled = day, beyond
        return self._settled[1]

    def _leave_out_what_stands_out(self, day: int) -> None:
        """Leave out the hours that stand out of their days, as what nobody said was wrong.

        Each day's third highest hour says what its highest one should be, and an incident or two a
        day hardly move it. What stands out at much the same height again and again is no
        incident, and what lasts longer may be how it is from now on.
        """
        measured = self._measure(day)
        first, levels = measured.first, measured.levels
        full = levels[measured.is_whole]
        if len(full) < FEWEST_DAYS:
            return
        ordered = np.sort(full, axis=1)
        third = np.sort(ordered[:, -3])
        low, middle = (quantile(third, share) for share in (0.25, 0.5))
        hour = median(full)
        steps = ordered[:, -3] - ordered[:, -8]
        steps = np.sort(steps[np.isfinite(steps)])
        spread = max(
            quantile(steps, 0.5) / _THIRD_TO_EIGHTH if len(steps) else 0.0,
            2 * (middle - low),
            self._least_spread(measured.day_to_day, middle - hour),
        )
        usual = Usual(hour, middle + _FIRST_TO_THIRD * spread, spread, len(third))
        # What comes again and again is usual, also where it was not known to.
        again = measured.again[(np.arange(first, day) - day) % WEEK]
        self.left_out[first:day] &= levels > again
        distance = self._distance(day, usual)
        out = levels > np.maximum(usual.day + distance, again + _AGAIN * distance)
        if not out.any():
            return
        out &= (np.count_nonzero(out, axis=1) <= _LONGEST)[:, None]
        heights = np.sort(np.where(out, levels, -np.inf).max(axis=1) - hour)
        heights = heights[heights > -np.inf]
        is_alike = len(heights) >= _OFTEN and quantile(heights, 0.75) < (
            (1 + ALIKE) * quantile(heights, 0.25)
        )
        if not is_alike and np.count_nonzero(out) <= _CLEANED * np.count_nonzero(levels > -np.inf):
            self.left_out[first:day] |= out

    def learn(self, day: int, levels: Floats | None, peaks: Floats) -> None:
        """Take notice of a day that is over.

        Args:
            day: which one.
            levels: the thresholds that it had, as ``at`` gives them.
            peaks: how high each firing of the day went, in the scale of its hour.
        """
        if levels is None:
            return
        made = self.at(day)
        out = self.hours.rows(day, day + 1)[0] >= levels[0]
        if np.count_nonzero(out) <= _LONGEST:
            self.left_out[day] = out
        if len(peaks) and made is not None:
            _, usual = made
            least = usual.day + self._beyond(usual)
            near = peaks - usual.hour < _STANDS_OUT * (least - usual.hour)
            self.near += [day] * int(np.count_nonzero(near))

    def _first(self, day: int) -> int:
        """The first day that a threshold is learnt from: of four weeks, or since a new level."""
        first = max(self._since, day - REMEMBERED)
        if day - first >= 2 * _NEW_LEVEL + 1:
            middles = self.hours.middles[first:day]
            new, old = middles[-_NEW_LEVEL:], middles[:-_NEW_LEVEL]
            is_apart = new.min() > old.max() or new.max() < old.min()
            if is_apart and np.isfinite(middles).all():
                step = quantile(np.sort(np.abs(np.diff(old))), 0.5)
                if new.min() > old.max() + step or new.max() < old.min() - step:
                    self._since = first = day - _NEW_LEVEL
        return first

    def _least_spread(self, day_to_day: float, way: float) -> float:
        """By how much an hour and the same hour of the next day differ, as a spread.

        At most a share of the way from a usual hour to a usual day.
        """
        assert self._measured is not None
        finest = self.finest / (median(self._measured.scale) if self.follows else 1.0)
        return max(min(day_to_day / _LOGISTIC_UPPER, _LEAST_SPREAD * way), finest / 2)

    def _distance(self, day: int, usual: Usual) -> float:
        """How far a threshold is beyond the highest level of a usual day."""
        needless = sum(day - _WINDOW <= near_day for near_day in self.near) - self.budget
        return self._beyond(usual) * min(1 + _STEP * max(0.0, needless), _MOST_STEPS)

    def _beyond(self, usual: Usual) -> float:
        """The same, whatever fired so far."""
        quiet_days = 30 / (_NOISE_SHARE * self.budget)
        beyond = (math.log(quiet_days) - _GUMBEL_MIDDLE) * (1 + _FEW / usual.days)
        return self.farther * beyond * usual.spread


def _day_to_day(hours: Floats) -> float:
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
