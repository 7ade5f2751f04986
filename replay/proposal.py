"""Alarms for a metric that nobody watches yet, made anew every day from what lies before it.

One function makes the whole proposal of a day (``_Side.plan``): which alarms, and the threshold of
each. The walk forward judges it by the day that follows, and the last one, made from the whole
history, is what is suggested.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import format_quantity
from ecs_monitoring.words import DAY, HOUR, iso
from replay.bar import Bar, Hours, Usual
from replay.budget import allowed_firings
from replay.chance import most_events
from replay.choices import Wish
from replay.curve import Curve, Incident
from replay.detectors import Kind, Watched
from replay.history import Bools, Floats, Ints, MetricHistory
from replay.incidents import before, inside
from replay.suggestion import FEWEST_DAYS, Option, SuggestedAlarm, Suggestion, Validation, Verdict

FARTHER: Final = (1.0, 1.4, 2.0, 0.7, 0.5)
"""How far from what is usual thresholds are tried, where incidents say how far is right: times the
distance that noise alone asks for. Of equals the first is taken."""

_SAFETY_NET: Final = 1.3
"""Times the usual distance that a fixed threshold keeps beside the alarm on the recent past."""

_MOST_DAILY: Final = 30
"""Firings in 30 days with which an alarm is not suggested: once a day is no news."""

_MONTH: Final = 30 * DAY

SIDES: Final = {"high": 1, "low": -1}
"""The directions and the sign by which levels are turned so that high ones matter."""

_COMPARISONS: Final = {1: Comparison.AT_LEAST, -1: Comparison.AT_MOST}


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The values that a metric can have.

    Attributes:
        lowest: the least one; ``None`` where there is none.
        highest: the greatest one; ``None`` where there is none.
        highest_seen: in the history.
        is_whole: whether all values are whole numbers.
    """

    lowest: float | None
    highest: float | None
    highest_seen: float
    is_whole: bool

    def allow(self, kind: Kind, sign: int, threshold: float) -> bool:
        """Whether the metric can go beyond a threshold.

        Args:
            kind: what is held against the threshold.
            sign: 1 for high values, -1 for low ones.
            threshold: in the metric's unit.
        """
        if kind is Kind.LEVEL:
            end = self.highest if sign > 0 else self.lowest
            return end is None or sign * threshold < sign * end
        top = self.highest if sign > 0 else self.highest_seen
        if top is None or self.lowest is None:
            return True
        return abs(threshold) < top - self.lowest


def propose(
    watched: Watched,
    history: MetricHistory,
    bounds: Bounds,
    wish: Wish,
    start: int,
    end: int,
) -> dict[str, Suggestion]:
    """What is suggested for both directions, walked together: neither pages for the other's echo.

    Args:
        watched: the metric.
        history: of it.
        bounds: the values that it can have.
        wish: what is asked of a choice.
        start: of the time that is looked at, in seconds since 1970 UTC.
        end: of it.

    Raises:
        CannotEvaluateError: a statistic that cannot be evaluated.
    """
    sides = {
        name: _Side.of(sign, watched, history, bounds, wish, start, end)
        for name, sign in SIDES.items()
    }
    days = min(side.days for side in sides.values())
    for day in range(1, days):
        for side in sides.values():
            side.judge(day)
    return {
        "high": sides["high"].suggestion(sides["low"].recent, history),
        "low": sides["low"].suggestion(sides["high"].recent, history),
    }


@dataclass(eq=False)
class _Try:
    """An alarm at one distance from what is usual.

    Attributes:
        bar: its threshold day by day.
        on: whether it would have been on after each evaluation.
        firings: how many there were on each day.
    """

    bar: Bar
    on: Bools
    firings: dict[int, int] = field(default_factory=dict)


@dataclass(eq=False)
class _Member:
    """One of the alarms of a direction.

    Attributes:
        kind: what its values are held against.
        curve: its levels.
        tries: at each distance.
        chosen: which of them was in force on each day, and the threshold as a level.
        on: whether it would have been on, with what was in force.
    """

    kind: Kind
    curve: Curve
    tries: tuple[_Try, ...]
    chosen: dict[int, tuple[int, float]] = field(default_factory=dict)
    on: Bools = field(init=False)

    def __post_init__(self) -> None:
        self.on = np.zeros(len(self.curve.times), dtype=np.bool_)


class _Side:
    """The alarms of one direction, day by day."""

    def __init__(self, sign: int, watched: Watched, bounds: Bounds, wish: Wish) -> None:
        self._sign = sign
        self._watched = watched
        self._bounds = bounds
        self._wish = wish
        self.members: list[_Member] = []

    @classmethod
    def of(
        cls,
        sign: int,
        watched: Watched,
        history: MetricHistory,
        bounds: Bounds,
        wish: Wish,
        start: int,
        end: int,
    ) -> "_Side":
        side = cls(sign, watched, bounds, wish)
        for kind in watched.kinds:
            definition = watched.definition(kind, _COMPARISONS[sign], 0.0)
            curve = Curve.of_alarm(definition, {watched.metric: history}, start, end)
            side.members.append(side._member(kind, curve, history))
        return side

    def _member(self, kind: Kind, curve: Curve, history: MetricHistory) -> _Member:
        quiet = 0.0 if self._watched.is_sparse and kind is Kind.LEVEL else None
        hours = Hours.of(curve, quiet)
        finest = _finest(history)
        farther = FARTHER if self._wish.incidents else FARTHER[:1]
        # What is sudden is the other alarm's; the level is left what goes far beyond.
        net = _SAFETY_NET if kind is Kind.LEVEL and Kind.RECENT in self._watched.kinds else 1.0
        return _Member(
            kind,
            curve,
            tuple(
                _Try(
                    Bar(hours, finest, self._wish.pages_per_month, net * times),
                    np.zeros(len(curve.times), dtype=np.bool_),
                )
                for times in farther
            ),
        )

    @property
    def days(self) -> int:
        """How many days have begun."""
        return len(self.members[0].tries[0].bar.hours)

    @property
    def recent(self) -> Bools | None:
        """Where the alarm on the recent past is on, whose echoes the other side need not page."""
        return next((m.on for m in self.members if m.kind is Kind.RECENT), None)

    def plan(self, day: int) -> dict[Kind, tuple[int, float]]:
        """The alarms of a day, each with its distance and its threshold as a level.

        Made from what lies before the day alone.
        """
        found = {}
        for member in self.members:
            levels = [self._threshold(member.kind, one.bar, day) for one in member.tries]
            place = self._best(member, day)
            level = levels[place]
            if level is not None and not self._is_noisy(member.tries[place], day):
                found[member.kind] = place, level
        return found

    def judge(self, day: int) -> None:
        """See what the day's alarms do on the day, and learn from it."""
        plan = self.plan(day)
        for member in self.members:
            part = self._evaluations(member, day)
            known = before(self._wish.incidents, self._begin(member, day + 1))
            for one in member.tries:
                level = self._threshold(member.kind, one.bar, day)
                peaks = np.empty(0)
                if level is not None:
                    one.on[part] = member.curve.levels[part] >= level
                    peaks = _peaks(member.curve.levels, one.on, part)
                    one.firings[day] = len(peaks)
                one.bar.learn(day, level, peaks)
                _leave_out(one.bar, known)
            if member.kind in plan:
                place, level = plan[member.kind]
                member.chosen[day] = place, level
                member.on[part] = member.tries[place].on[part]

    def suggestion(self, echo: Bools | None, history: MetricHistory) -> Suggestion:
        """What the last plan is, and what came of all of them.

        Args:
            echo: where the other direction's alarm on the recent past is on.
            history: of the metric.
        """
        plan = self.plan(self.days)
        members = [member for member in self.members if member.kind in plan]
        alarms = tuple(self._alarm(member, plan) for member in members)
        walk = self._validation(echo)
        verdict, why = self._verdict(alarms, history)
        main = alarms[0].definition if alarms else self._definition(Kind.LEVEL, 0.0)
        reasons = why + tuple(alarm.why for alarm in alarms) + self._expected(walk)
        return Suggestion(
            verdict=verdict,
            threshold=main.threshold,
            datapoints_to_alarm=main.breaching_datapoints,
            evaluation_periods=main.evaluation_periods,
            reasons=reasons,
            options=tuple(self._option(member, plan) for member in members),
            validation=walk,
            most_pages_per_month=most_events(len(walk.firings)) / walk.months
            if walk and walk.months
            else None,
            alarms=alarms,
        )

    def _verdict(
        self, alarms: Sequence[SuggestedAlarm], history: MetricHistory
    ) -> tuple[Verdict, tuple[str, ...]]:
        days = self._observed(np.ones(len(self.members[0].on), dtype=np.bool_)) / DAY
        if why := _says_nothing(history):
            return Verdict.NOT_ENOUGH_HISTORY, (why,)
        if round(days) < FEWEST_DAYS:
            so_far = ": what follows is what there is so far" if alarms else ""
            why = (
                f"{days:.1f} days of history, and a suggestion needs {FEWEST_DAYS}, so that every "
                f"day of the week has been seen twice{so_far}"
            )
            return Verdict.NOT_ENOUGH_HISTORY, (why,)
        if not alarms:
            return Verdict.NONE_FITS, (self._why_none(),)
        return Verdict.CHANGE, ()

    def _why_none(self) -> str:
        end = self._bounds.highest if self._sign > 0 else self._bounds.lowest
        limit = (
            ""
            if end is None
            else (
                f" {'below' if self._sign > 0 else 'above'} "
                f"{format_quantity(end, self._wish.unit)}, the end of what it can be,"
            )
        )
        return f"no threshold{limit} is beyond what is usual and pages less than once a day"

    def _expected(self, walk: Validation | None) -> tuple[str, ...]:
        """What to expect, by the walk forward."""
        if walk is None or not walk.months:
            return ()
        most = most_events(len(walk.firings)) / walk.months
        text = (
            f"what to expect, from {walk.months * 30:.0f} days that the thresholds had not seen: "
            f"{len(walk.firings) / walk.months:.1f} pages a month, at most {most:.1f} at 95 %"
        )
        if walk.incidents:
            text += f"; {walk.caught} of {walk.incidents} incidents caught"
        return (text,)

    def _definition(self, kind: Kind, threshold: float) -> AlarmDefinition:
        return self._watched.definition(kind, _COMPARISONS[self._sign], threshold)

    def _alarm(self, member: _Member, plan: Mapping[Kind, tuple[int, float]]) -> SuggestedAlarm:
        place, level = plan[member.kind]
        definition = self._definition(member.kind, self._sign * level)
        usual = member.tries[place].bar.usual(self.days)
        assert usual is not None
        return SuggestedAlarm(
            kind=member.kind.value,
            definition=definition,
            why=self._why(member.kind, definition, usual),
        )

    def _why(self, kind: Kind, definition: AlarmDefinition, usual: Usual) -> str:
        def quantity(value: float) -> str:
            return format_quantity(float(f"{value:.4g}"), self._wish.unit)

        farthest = "highest" if self._sign > 0 else "lowest"
        held = definition.evaluation_periods * definition.period // 60
        if kind is Kind.LEVEL:
            return (
                f"{definition.comparison.sign} {quantity(definition.threshold)}, held for "
                f"{held} minutes: the {farthest} value of a usual day is "
                f"{quantity(self._sign * usual.day)}"
            )
        minutes = definition.evaluation_range * definition.period // 60
        side = "above" if self._sign > 0 else "below"
        return (
            f"{quantity(abs(definition.threshold))} or more {side} the mean of its own last "
            f"{minutes} minutes, held for {held}: the farthest of a usual day is "
            f"{quantity(usual.day)}"
        )

    def _threshold(self, kind: Kind, bar: Bar, day: int) -> float | None:
        """A try's threshold for a day, as a level; ``None`` where there is none yet, or none that
        the metric can reach.
        """
        made = bar.at(day)
        if made is None:
            return None
        level, usual = made
        level = _tidy(level, usual.spread, whole=self._bounds.is_whole and kind is Kind.LEVEL)
        return level if self._bounds.allow(kind, self._sign, self._sign * level) else None

    def _best(self, member: _Member, day: int) -> int:
        """The distance that has caught most of the incidents so far within the page budget."""
        known = before(self._wish.incidents, self._begin(member, day))
        if not known:
            return 0
        grace = self._grace(member)
        times = member.curve.times
        last = int(np.searchsorted(times, self._begin(member, day), side="right"))
        first = next((d for d in range(day) if d in member.tries[0].firings), day)
        months = (day - first) / 30
        allowed = allowed_firings(self._wish.pages_per_month, months)
        judged = [i for i in known if i.end > self._begin(member, first)]

        def merit(place: int) -> tuple[int, int, int]:
            on = member.tries[place].on[:last]
            starts = times[:last][on & ~np.concatenate((np.zeros(1, dtype=np.bool_), on[:-1]))]
            caught = sum(bool(on[inside(times[:last], [i], grace)].any()) for i in judged)
            needless = int(np.count_nonzero(~inside(starts, judged, grace)))
            return max(0, needless - allowed), -caught, needless // max(1, allowed)

        return min(range(len(member.tries)), key=merit)

    def _is_noisy(self, one: _Try, day: int) -> bool:
        return sum(one.firings.get(d, 0) for d in range(max(0, day - 30), day)) > _MOST_DAILY

    def _grace(self, member: _Member) -> int:
        kind, period = member.kind, self._watched.period
        return self._definition(kind, 0.0).evaluation_periods * period

    def _begin(self, member: _Member, day: int) -> int:
        return member.tries[0].bar.hours.start + day * DAY

    def _evaluations(self, member: _Member, day: int) -> slice:
        """The evaluations of a day; that at midnight belongs to the day before."""
        begin = self._begin(member, day)
        first, last = np.searchsorted(member.curve.times, (begin, begin + DAY), side="right")
        return slice(int(first), int(last))

    def _option(self, member: _Member, plan: Mapping[Kind, tuple[int, float]]) -> Option:
        """What one of the alarms would have done by itself, day by day."""
        place, level = plan[member.kind]
        times, on = member.curve.times, member.on
        usual = member.tries[place].bar.usual(self.days)
        assert usual is not None
        definition = self._alarm(member, plan).definition
        began = self._begin(member, min(member.chosen, default=self.days))
        judged = times > began
        incidents = [i for i in self._wish.incidents if i.end > began]
        grace = self._grace(member)
        caught = [i for i in incidents if on[inside(times, [i], grace)].any()]
        delays = [max(0, int(times[inside(times, [i], grace) & on][0]) - i.start) for i in caught]
        months = self._observed(judged) / _MONTH
        quiet = judged & ~inside(times, incidents, grace)
        return Option(
            datapoints_to_alarm=definition.breaching_datapoints,
            evaluation_periods=definition.evaluation_periods,
            threshold=definition.threshold,
            pages_per_month=len(_starts(on)) / months if months else 0.0,
            caught=len(caught),
            incidents=len(incidents),
            delay=float(np.median(delays)) if delays else None,
            margin=(level - usual.day) / usual.spread,
            share_on=float(np.mean(on[quiet])) if quiet.any() else 0.0,
        )

    def _observed(self, judged: Bools) -> int:
        """Seconds of the judged time of which anything is known."""
        level = self.members[0].curve
        known = judged if self._watched.is_sparse else judged & (level.levels > -np.inf)
        return int(np.count_nonzero(known)) * level.interval

    def _validation(self, echo: Bools | None) -> Validation | None:
        main = self.members[0]
        began = [min(member.chosen) for member in self.members if member.chosen]
        if not began:
            return None
        start = self._begin(main, min(began))
        times = main.curve.times
        on = np.logical_or.reduce([member.on for member in self.members])
        paged = times[_pages(on, echo, self._watched.echo // main.curve.interval)]
        end = int(times[-1])
        grace = max(self._grace(member) for member in self.members)
        within = [i for i in self._wish.incidents if i.end > start and i.start <= end]
        caught = [i for i in within if on[inside(times, [i], grace)].any()]
        days = range(min(began), self.days)
        return Validation(
            start=start,
            end=end,
            observed=self._observed(times > start),
            thresholds=_thresholds(main, days, self._sign),
            others={
                member.kind.value: _thresholds(member, days, self._sign)
                for member in self.members[1:]
            },
            firings=tuple(paged.tolist()),
            true_firings=int(np.count_nonzero(inside(paged, within, grace))),
            caught=len(caught),
            incidents=len(within),
        )


def _says_nothing(history: MetricHistory) -> str:
    """What a history is that hardly varies; empty where it does."""
    values = history.totals / history.counts
    distinct, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    most = int(np.argmax(counts))
    usual = f"{distinct[most]:g}"
    if len(distinct) == 1:
        return f"all {len(values):,} values are {usual}: they do not say how far it usually varies"
    other = np.flatnonzero(where != most)
    if other[-1] - other[0] < len(values) / 100 and len(other) < len(values) / 100:
        at = iso(int(history.times[other[0]]))
        return (
            f"all values are {usual} but for {len(other):,} from {at} on: one excursion does not "
            "say how far it usually varies"
        )
    return ""


def _thresholds(
    member: _Member, days: Iterable[int], sign: int
) -> tuple[tuple[int, float | None], ...]:
    begin = member.tries[0].bar.hours.start
    chosen = ((day, member.chosen.get(day)) for day in days)
    return tuple((begin + day * DAY, one and sign * one[1]) for day, one in chosen)


def _starts(on: Bools) -> Ints:
    """Where an alarm goes on."""
    return np.flatnonzero(on & ~np.concatenate((np.zeros(1, dtype=np.bool_), on[:-1])))


def _ends(on: Bools) -> Ints:
    """Where an alarm goes off again."""
    return np.flatnonzero(on[:-1] & ~on[1:]) + 1


def _peaks(levels: Floats, on: Bools, part: slice) -> Floats:
    """How high each firing goes that begins in a part, as far as the part reaches."""
    begun = on[part].copy()
    if part.start and on[part.start - 1] and len(begun):
        # What goes on from before is no new firing.
        begun[: int(np.argmin(begun)) if not begun.all() else len(begun)] = False
    starts = _starts(begun)
    if not len(starts):
        return np.empty(0)
    inside_levels = np.where(begun, levels[part], -np.inf)
    return np.maximum.reduceat(inside_levels, starts)


def _pages(on: Bools, echo: Bools | None, after: int) -> Ints:
    """Where a composite alarm carries out its actions that another alarm may hold back.

    Args:
        on: where the composite alarm is on.
        echo: where its suppressor is on; ``None`` without one.
        after: evaluations for which the suppressor counts after it (its extension period).
    """
    starts = _starts(on)
    if echo is None or not len(starts):
        return starts
    # Whoever fires first holds back the other: what begins in the same minute does not.
    held = np.zeros(len(on) + 1, dtype=np.int64)
    np.add.at(held, np.minimum(_starts(echo) + 1, len(on)), 1)
    np.add.at(held, np.minimum(_ends(echo) + after, len(on)), -1)
    is_held = np.cumsum(held)[: len(on)] > 0
    free = np.where(is_held, len(on), np.arange(len(on)))
    free = np.minimum.accumulate(free[::-1])[::-1]
    ends = _ends(on)
    if len(ends) < len(starts):
        ends = np.append(ends, len(on))
    acts = free[starts]
    return acts[acts < ends]


def _leave_out(bar: Bar, incidents: Sequence[Incident]) -> None:
    """What was wrong says nothing of what is usual."""
    flat = bar.left_out.reshape(-1)
    for incident in incidents:
        first = (incident.start - bar.hours.start) // HOUR
        last = (incident.end - bar.hours.start) // HOUR
        flat[max(first, 0) : max(last + 1, 0)] = True


def _tidy(level: float, spread: float, *, whole: bool) -> float:
    """A level of few digits, no lower and less than a tenth of a spread higher."""
    step = 10.0 ** math.floor(math.log10(spread / 10))
    if whole:
        step = max(step, 1.0)
    return float(f"{math.ceil(round(level / step, 6)) * step:.12g}")


def _finest(history: MetricHistory) -> float:
    """The least difference of two values: what varies less is not known to vary less."""
    distinct = np.unique(history.totals / history.counts)
    level = float(np.max(np.abs(distinct)))
    steps = np.diff(distinct)
    # What differs by less than this share is the same number, rounded differently.
    steps = steps[steps > 1e-12 * level]
    if len(steps):
        return float(np.min(steps))
    return max(1.0, 0.1 * level) if level.is_integer() else 0.1 * level
