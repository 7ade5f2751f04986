"""One alarm for a metric that nobody watches yet, with a threshold made anew every day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ecs_monitoring.words import DAY, HOUR
from replay.adaptive_threshold import AdaptiveThreshold
from replay.baseline import Baseline
from replay.bounds import Bounds, tidy
from replay.budget import allowed_firings
from replay.by_hour import rounded
from replay.choices import Wish
from replay.detectors import DetectorKind
from replay.history import Bools, Floats, Ints
from replay.hourly import HOURS, WEEK, HourlyLevels
from replay.hours import Hours, median
from replay.incidents import Incident, before, caught, inside
from replay.paging import peaks, starts

FARTHER: Final = (1.0, 1.4, 2.0, 0.7, 0.5)
"""How far from what is usual thresholds are tried, where incidents say how far is right: times the
distance that noise alone asks for. Of equals the first is taken."""

LEVEL_FARTHER: Final = 1.3
"""Times the usual distance that a fixed threshold keeps beside the alarm on the recent past: what
is sudden is the other alarm's."""

RECENT_FARTHER: Final = 1.3
"""Times the usual distance that the alarm on the recent past keeps: differences of noise with a
memory have heavier tails than their quartiles say."""

BY_HOUR_FARTHER: Final = 1.5
"""The same where the threshold follows the hours: each hour's scale is known from few values."""

WORTH_HOURS: Final = 0.75
"""Times the threshold that is the same at all hours at which the median hour's is worth it: the
simpler alarm stays where most hours gain little."""

MOST_DAILY: Final = 30
"""Firings in 30 days with which an alarm is not suggested: once a day is no news."""

_THURSDAY: Final = 3
"""The day of the week, 0 for Monday, on which 1970 began."""


@dataclass(frozen=True, eq=False, slots=True)
class DailyThreshold:
    """A day's threshold.

    Attributes:
        levels: a row for the day and for each of the six after it, a column an hour, UTC.
        usual: what is usual before the day, in the scale of each hour.
        scale: of the hours.
        differs: whether it differs from hour to hour.
    """

    levels: Floats
    usual: Baseline
    scale: Floats
    differs: bool

    @property
    def lowest(self) -> float:
        """The lowest of them."""
        return float(self.levels.min())

    def of_week(self, day: int) -> Floats:
        """The levels from Monday on.

        Args:
            day: the day that they are for, in days since 1970 UTC.
        """
        return np.roll(self.levels, (day + _THURSDAY) % WEEK, axis=0)


@dataclass(eq=False)
class _Try:
    """An alarm at one distance from what is usual.

    Attributes:
        adaptive: its threshold day by day.
        on: whether it would have been on after each evaluation.
        firings: how many there were on each day.
    """

    adaptive: AdaptiveThreshold
    on: Bools
    firings: dict[int, int] = field(default_factory=dict)


class AdaptiveAlarm:
    """An alarm of one direction, day by day.

    Attributes:
        kind: what its values are held against.
        levels: by hour.
        hours: their highest.
        chosen: the threshold that was in force on each day.
        on: whether it would have been on, with what was in force.
    """

    def __init__(
        self,
        kind: DetectorKind,
        sign: int,
        levels: HourlyLevels,
        quiet: float | None,
        finest: float,
        grace: int,
        bounds: Bounds,
        wish: Wish,
        *,
        is_alone: bool,
    ) -> None:
        """Prepare an alarm.

        Args:
            kind: what its values are held against.
            sign: 1 for high values, -1 for low ones.
            levels: by hour.
            quiet: the level of hours without data; ``None`` where nothing is known of them.
            finest: the least difference of two values that means anything.
            grace: seconds after an incident's end in which a firing still belongs to it.
            bounds: the values that the metric can have.
            wish: what is asked of a choice.
            is_alone: whether it is the only alarm of its direction.
        """
        self.kind = kind
        self.levels = levels
        self.grace = grace
        self.hours = Hours.of(levels, quiet)
        self.chosen: dict[int, DailyThreshold] = {}
        self.on: Bools = np.zeros(len(levels.times), dtype=np.bool_)
        self._sign, self._bounds, self._wish = sign, bounds, wish
        farther = FARTHER if wish.incidents else FARTHER[:1]
        self._distances = len(farther)
        usual = RECENT_FARTHER
        if kind is DetectorKind.LEVEL:
            usual = 1.0 if is_alone else LEVEL_FARTHER
        ways = [(usual, False)] + [(BY_HOUR_FARTHER, True)] * levels.has_hours
        self._tries = [
            _Try(
                AdaptiveThreshold(
                    self.hours,
                    finest,
                    wish.pages_per_month,
                    distance * times,
                    by_hour=levels.has_hours,
                    follows=follows,
                ),
                np.zeros(len(levels.times), dtype=np.bool_),
            )
            for distance, follows in ways
            for times in farther
        ]

    def listen(self, opposite: "AdaptiveAlarm", echo: float) -> None:
        """Expect the echo of what comes again on the other side.

        Args:
            opposite: the same alarm for the other direction.
            echo: the share of it that shows on this side.
        """
        for own, other in zip(self._tries, opposite._tries, strict=True):
            own.adaptive.opposite, own.adaptive.echo = other.adaptive, echo

    @property
    def times(self) -> Ints:
        """When the evaluations are, in seconds since 1970 UTC."""
        return self.levels.times

    def plan(self, day: int) -> DailyThreshold | None:
        """The threshold of a day, made from what lies before it alone."""
        choice = self._choice(day, self._thresholds(day))
        return None if choice is None else choice[1]

    def judge(self, day: int) -> None:
        """See what the day's threshold does on the day, and learn from it."""
        thresholds = self._thresholds(day)
        choice = self._choice(day, thresholds)
        part = self._evaluations(day)
        incidents = before(self._wish.incidents, self.begin(day + 1))
        for attempt, threshold in zip(self._tries, thresholds, strict=True):
            highest = np.empty(0)
            if threshold is not None:
                attempt.on[part] = self._is_on(threshold, part, day)
                if attempt.on[part].any():
                    scale = np.broadcast_to(threshold.scale, (WEEK, HOURS))
                    shares = self.levels.shares(scale, part, self.begin(day))
                    highest = peaks(shares, attempt.on, part)
                attempt.firings[day] = len(highest)
            attempt.adaptive.learn(day, None if threshold is None else threshold.levels, highest)
            _leave_out(attempt.adaptive, incidents)
        if choice is not None:
            place, self.chosen[day] = choice
            self.on[part] = self._tries[place].on[part]

    def begin(self, day: int) -> int:
        """When a day begins, in seconds since 1970 UTC."""
        return self.hours.start + day * DAY

    def _is_on(self, threshold: DailyThreshold, part: slice, day: int) -> Bools:
        if threshold.differs:
            return self.levels.shares(threshold.levels, part, self.begin(day)) >= 1
        return self.levels.highest(part) >= threshold.lowest

    def _thresholds(self, day: int) -> list[DailyThreshold | None]:
        return [self._threshold(attempt.adaptive, day) for attempt in self._tries]

    def _threshold(self, adaptive: AdaptiveThreshold, day: int) -> DailyThreshold | None:
        """A try's threshold for a day; ``None`` where there is none yet, or none that the metric
        can reach.
        """
        made = adaptive.at(day)
        if made is None:
            return None
        levels, usual = made
        lowest = float(levels.min())
        differs = adaptive.by_hour and lowest > 0 and bool((levels > lowest).any())
        if differs:
            levels = rounded(levels)
            differs = bool((levels > levels.min()).any())
        else:
            whole = self._bounds.is_whole and self.kind is DetectorKind.LEVEL
            levels = np.full((WEEK, HOURS), tidy(lowest, usual.spread, whole=whole))
        if not self._bounds.allow(self.kind, self._sign, self._sign * float(levels.min())):
            return None
        return DailyThreshold(levels, usual, adaptive.scale(day), differs)

    def _choice(
        self, day: int, thresholds: Sequence[DailyThreshold | None]
    ) -> tuple[int, DailyThreshold] | None:
        """Which of the tries a day takes, and its threshold."""
        place = self._best(day, thresholds)
        threshold = thresholds[place]
        if threshold is None or self._is_noisy(self._tries[place], day):
            return None
        return place, threshold

    def _best(self, day: int, thresholds: Sequence[DailyThreshold | None]) -> int:
        """The try to take: following the hours where most gain by it, and the distance that has
        caught most of the incidents so far within the page budget.
        """
        same, following = thresholds[0], thresholds[-self._distances]
        first = 0
        if same is not None and following is not None and following is not same:
            gains = median(following.levels[0]) < WORTH_HOURS * median(same.levels[0])
            first = self._distances if gains else 0
        incidents = before(self._wish.incidents, self.begin(day))
        if not incidents:
            return first
        last = int(np.searchsorted(self.times, self.begin(day), side="right"))
        began = next((d for d in range(day) if d in self._tries[0].firings), day)
        allowed = allowed_firings(self._wish.pages_per_month, (day - began) / 30)
        judged = [i for i in incidents if i.end > self.begin(began)]
        times = self.times[:last]

        def merit(place: int) -> tuple[int, int, int]:
            on = self._tries[place].on[:last]
            needless = int(np.count_nonzero(~inside(times[starts(on)], judged, self.grace)))
            found = len(caught(times, on, judged, self.grace))
            return max(0, needless - allowed), -found, needless // max(1, allowed)

        order = list(range(first, len(thresholds))) + list(range(first))
        return min(order, key=merit)

    def _is_noisy(self, attempt: _Try, day: int) -> bool:
        return sum(attempt.firings.get(d, 0) for d in range(max(0, day - 30), day)) > MOST_DAILY

    def _evaluations(self, day: int) -> slice:
        """The evaluations of a day; that at midnight belongs to the day before."""
        begin = self.begin(day)
        first, last = np.searchsorted(self.times, (begin, begin + DAY), side="right")
        return slice(int(first), int(last))


def _leave_out(adaptive: AdaptiveThreshold, incidents: Sequence[Incident]) -> None:
    """What was wrong says nothing of what is usual."""
    flat = adaptive.left_out.reshape(-1)
    for incident in incidents:
        first = (incident.start - adaptive.hours.start) // HOUR
        last = (incident.end - adaptive.hours.start) // HOUR
        flat[max(first, 0) : max(last + 1, 0)] = True
