"""A threshold beyond what is usual of an alarm's levels, made anew every day.

How far beyond a usual day's highest level it has to be follows from the distribution of highest
values (Gumbel's, as in ``replay.baseline``), and is more where few days were seen. Hours in which
the alarm was on are left out from then on, as what was wrong. What comes again at the same time of
day or week is usual, however high it is.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from replay.baseline import Baseline, PastLevels, day_to_day
from replay.history import Bools, Floats
from replay.hourly import HOURS, WEEK
from replay.hours import ALIKE, Hours, column_medians, median, of_three, quantile

REMEMBERED: Final = 28
"""Days that a threshold is learnt from: four weeks, so that a service may change."""

_KNOWN_HOURS: Final = 12
"""Hours that must have been seen of a day for its highest level to count."""

_NOISE_SHARE: Final = 0.7
"""The share of the page budget that the noise of one alarm may use up."""

_FEW: Final = 5.0
"""How much farther a threshold is for few days: by this share of the way, divided by the days.

The quartiles of n days scatter by about 1.4 spreads over the root of n; a choice that makes the
first week's thresholds as rarely wrong as later ones on generated histories.
"""

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

_GUMBEL_MIDDLE: Final = -math.log(math.log(2))
"""The median of a Gumbel distribution for a scale of 1."""


@dataclass(eq=False)
class AdaptiveThreshold:
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
    opposite: "AdaptiveThreshold | None" = None
    echo: float = 0.0
    left_out: Bools = field(init=False)
    near: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left_out = np.zeros(self.hours.maxima.shape, dtype=np.bool_)
        self._since = 0
        self._past: PastLevels | None = None
        self._settled: tuple[int, tuple[Baseline, float] | None] | None = None
        self._made: tuple[int, tuple[Floats, Baseline] | None] | None = None

    def scale(self, day: int) -> Floats:
        """What the levels of each hour are measured in on a day; 1 where no hour is followed."""
        return self._before(day).scale

    def _before(self, day: int) -> PastLevels:
        """What a day's threshold is learnt from; made once a day."""
        if self._past is None or self._past.day != day:
            first = self._first(day)
            scale = self._scale(day) if self.follows else np.ones(HOURS)
            levels = self.hours.rows(first, day) / scale
            middle = median(self._kept(first, day, levels))
            again = np.full((WEEK, HOURS), -np.inf)
            differ = day_to_day(levels)
            if math.isfinite(middle):
                noise = scale * (differ if math.isfinite(differ) else 0.0)
                again = self._again(day, scale, middle, noise)
            self._past = PastLevels(
                day=day,
                first=first,
                scale=scale,
                levels=levels,
                finest=self.finest / median(scale),
                is_whole=(levels > -np.inf).sum(axis=1) >= _KNOWN_HOURS,
                again=again,
                day_to_day=differ,
            )
        return self._past

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

    def at(self, day: int) -> tuple[Floats, Baseline] | None:
        """The level that is beyond what is usual; ``None`` where too little is known.

        Returns:
            A row for the day and each of the six after it, a column an hour.
        """
        if self._made is None or self._made[0] != day:
            made = None
            if (beyond := self._beyond_usual(day)) is not None:
                usual, least = beyond
                past = self._before(day)
                again = past.again + _AGAIN * (least - usual.day)
                levels = np.maximum(least, again) * past.scale
                if self.opposite is not None:
                    echo = self.echo * self.opposite.expected(day)
                    levels = np.maximum(levels, least * past.scale + echo)
                made = levels, usual
            self._made = day, made
        return self._made[1]

    def expected(self, day: int) -> Floats:
        """How high what comes again stands out in the hours of a week, or beside them.

        In rows like those of ``at``; minus infinity where nothing does.
        """
        beyond, past = self._beyond_usual(day), self._before(day)
        stands_out = past.again > (math.inf if beyond is None else beyond[1])
        heights = np.where(stands_out, past.again * past.scale, -np.inf)
        if not stands_out.any():
            return heights
        beside = np.pad(heights.ravel(), 1, constant_values=-np.inf)
        return of_three(beside).reshape(WEEK, HOURS)

    def _beyond_usual(self, day: int) -> tuple[Baseline, float] | None:
        """What is usual, and the level beyond it, whatever comes again; made once a day."""
        if self._settled is None or self._settled[0] != day:
            past = self._before(day)
            self._leave_out_what_stands_out(past)
            usual = past.baseline(self._kept(past.first, day, past.levels))
            beyond = None if usual is None else (usual, usual.day + self._distance(day, usual))
            self._settled = day, beyond
        return self._settled[1]

    def _leave_out_what_stands_out(self, past: PastLevels) -> None:
        """Leave out the hours that stand out of their days, as what nobody said was wrong.

        What stands out at much the same height again and again is no incident, and what lasts
        longer may be how it is from now on.
        """
        usual = past.baseline_of_third_hours()
        if usual is None:
            return
        levels, days = past.levels, slice(past.first, past.day)
        # What comes again and again is usual, also where it was not known to.
        again = past.again[np.arange(past.first - past.day, 0) % WEEK]
        self.left_out[days] &= levels > again
        distance = self._distance(past.day, usual)
        out = levels > np.maximum(usual.day + distance, again + _AGAIN * distance)
        if not out.any():
            return
        out &= (np.count_nonzero(out, axis=1) <= _LONGEST)[:, None]
        heights = np.sort(np.where(out, levels, -np.inf).max(axis=1) - usual.hour)
        heights = heights[heights > -np.inf]
        is_alike = len(heights) >= _OFTEN and quantile(heights, 0.75) < (
            (1 + ALIKE) * quantile(heights, 0.25)
        )
        if not is_alike and np.count_nonzero(out) <= _CLEANED * np.count_nonzero(levels > -np.inf):
            self.left_out[days] |= out

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
        # Without a level there were no thresholds.
        assert made is not None
        out = self.hours.rows(day, day + 1)[0] >= levels[0]
        if np.count_nonzero(out) <= _LONGEST:
            self.left_out[day] = out
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

    def _distance(self, day: int, usual: Baseline) -> float:
        """How far a threshold is beyond the highest level of a usual day."""
        needless = sum(day - _WINDOW <= near_day for near_day in self.near) - self.budget
        return self._beyond(usual) * min(1 + _STEP * max(0.0, needless), _MOST_STEPS)

    def _beyond(self, usual: Baseline) -> float:
        """The same, whatever fired so far."""
        quiet_days = 30 / (_NOISE_SHARE * self.budget)
        beyond = (math.log(quiet_days) - _GUMBEL_MIDDLE) * (1 + _FEW / usual.days)
        return self.farther * beyond * usual.spread
