"""Alarms for a metric that nobody watches yet, made anew every day from what lies before it.

One function makes the whole proposal of a day (``Side.plan``): which alarms, and the threshold of
each. The walk forward judges it by the day that follows, and the last one, made from the whole
history, is what is suggested.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.by_hour import Table
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.words import DAY
from replay.adaptive_alarm import AdaptiveAlarm, DailyThreshold
from replay.bounds import Bounds, Distinct
from replay.by_hour import table_of
from replay.choices import Wish
from replay.curve import Curve
from replay.detectors import DetectorKind, WatchedMetric
from replay.explaining import expected, too_short, why, why_none
from replay.history import Bools, MetricHistory
from replay.hourly import HourlyLevels
from replay.incidents import caught, during, inside
from replay.paging import bands, pages, starts
from replay.suggestion import (
    FEWEST_DAYS,
    Option,
    SuggestedAlarm,
    Suggestion,
    ThresholdVerdict,
    Validation,
)

_COMPARISONS: Final = {1: Comparison.AT_LEAST, -1: Comparison.AT_MOST}
_MONTH: Final = 30 * DAY

Plan = dict[DetectorKind, DailyThreshold]
"""The alarms of a day, each with its threshold."""


def propose(
    watched: WatchedMetric,
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
    distinct = Distinct.of(history)
    # Levels are turned so that high ones matter.
    high, low = (
        Side(sign, watched, history, distinct, bounds, wish, start, end) for sign in (1, -1)
    )
    for alarm, opposite in zip(high.alarms, low.alarms, strict=True):
        if alarm.levels.has_hours:
            alarm.listen(opposite, watched.newest_share)
            opposite.listen(alarm, watched.newest_share)
    for day in range(1, high.days):
        for side in (high, low):
            side.judge(day)
    return {"high": high.suggestion(low.recent), "low": low.suggestion(high.recent)}


class Side:
    """The alarms of one direction, day by day."""

    def __init__(
        self,
        sign: int,
        watched: WatchedMetric,
        history: MetricHistory,
        distinct: Distinct,
        bounds: Bounds,
        wish: Wish,
        start: int,
        end: int,
    ) -> None:
        """Prepare the alarms of a direction.

        Args:
            sign: 1 for high values, -1 for low ones.
            watched: the metric.
            history: of it.
            distinct: the values that it has.
            bounds: the values that it can have.
            wish: what is asked of a choice.
            start: of the time that is looked at, in seconds since 1970 UTC.
            end: of it.

        Raises:
            CannotEvaluateError: a statistic that cannot be evaluated.
        """
        self._sign, self._watched, self._distinct = sign, watched, distinct
        self._bounds, self._wish = bounds, wish
        histories = {watched.metric: history}
        self.alarms: list[AdaptiveAlarm] = []
        for kind in watched.kinds:
            definition = self._definition(kind)
            if kind is DetectorKind.LEVEL:
                curve = Curve.of_alarm(definition, histories, start, end)
                levels = HourlyLevels.of_curve(curve)
            else:
                levels = HourlyLevels.of_alarm(definition, histories, start, end)
            alarm = AdaptiveAlarm(
                kind,
                sign,
                levels,
                0.0 if watched.is_sparse and kind is DetectorKind.LEVEL else None,
                distinct.finest,
                definition.evaluation_periods * watched.period,
                bounds,
                wish,
                is_alone=len(watched.kinds) == 1,
            )
            self.alarms.append(alarm)

    @property
    def days(self) -> int:
        """How many days have begun."""
        return min(len(alarm.hours) for alarm in self.alarms)

    @property
    def recent(self) -> Bools | None:
        """Where the alarm on the recent past is on, whose echoes the other side need not page."""
        return next((m.on for m in self.alarms if m.kind is DetectorKind.RECENT), None)

    def plan(self, day: int) -> Plan:
        """The alarms of a day, made from what lies before it alone."""
        plans = {alarm.kind: alarm.plan(day) for alarm in self.alarms}
        return {kind: threshold for kind, threshold in plans.items() if threshold is not None}

    def judge(self, day: int) -> None:
        """See what the day's alarms do on the day, and learn from it."""
        for alarm in self.alarms:
            alarm.judge(day)

    def suggestion(self, echo: Bools | None) -> Suggestion:
        """What the last plan is, and what came of all of them.

        Args:
            echo: where the other direction's alarm on the recent past is on.
        """
        plan = self.plan(self.days)
        planned = [alarm for alarm in self.alarms if alarm.kind in plan]
        suggested = tuple(self._suggested(alarm.kind, plan[alarm.kind]) for alarm in planned)
        walk = self._validation(echo)
        verdict, reasons = self._verdict(bool(planned))
        main = suggested[0].definition if suggested else self._definition(self.alarms[0].kind)
        return Suggestion(
            verdict=verdict,
            threshold=main.threshold,
            datapoints_to_alarm=main.breaching_datapoints,
            evaluation_periods=main.evaluation_periods,
            reasons=reasons + tuple(alarm.why for alarm in suggested) + expected(walk),
            options=tuple(self._option(alarm, plan[alarm.kind]) for alarm in planned),
            validation=walk,
            most_pages_per_month=walk.most_pages_per_month if walk else None,
            alarms=suggested,
        )

    def _verdict(self, has_alarms: bool) -> tuple[ThresholdVerdict, tuple[str, ...]]:
        days = self._observed(np.ones(len(self.alarms[0].on), dtype=np.bool_)) / DAY
        if self._distinct.says_nothing:
            return ThresholdVerdict.NOT_ENOUGH_HISTORY, (self._distinct.says_nothing,)
        if round(days) < FEWEST_DAYS:
            so_far = ": what follows is what there is so far" if has_alarms else ""
            return ThresholdVerdict.NOT_ENOUGH_HISTORY, (too_short(days) + so_far,)
        if not has_alarms:
            end = self._bounds.highest if self._sign > 0 else self._bounds.lowest
            return ThresholdVerdict.NONE_FITS, (why_none(end, self._sign, self._wish.unit),)
        return ThresholdVerdict.CHANGE, ()

    def _definition(
        self, kind: DetectorKind, threshold: DailyThreshold | None = None
    ) -> AlarmDefinition:
        comparison = _COMPARISONS[self._sign]
        if threshold is None:
            return self._watched.definition(kind, comparison, 0.0)
        table = self._table(threshold)
        distance = 0.0 if table else self._sign * threshold.lowest
        return self._watched.definition(kind, comparison, distance, table)

    def _table(self, threshold: DailyThreshold) -> Table | None:
        """The thresholds of a week from Monday on; ``None`` where they are all the same."""
        if not threshold.differs:
            return None
        return table_of(threshold.of_week(self.alarms[0].begin(self.days) // DAY))

    def _suggested(self, kind: DetectorKind, threshold: DailyThreshold) -> SuggestedAlarm:
        definition = self._definition(kind, threshold)
        sentence = why(kind, definition, threshold, self._sign, self._wish.unit)
        table = self._table(threshold)
        return SuggestedAlarm(kind=kind.value, definition=definition, why=sentence, table=table)

    def _option(self, alarm: AdaptiveAlarm, threshold: DailyThreshold) -> Option:
        """What one of the alarms would have done by itself, day by day."""
        times, on, usual = alarm.times, alarm.on, threshold.usual
        definition = self._definition(alarm.kind, threshold)
        began = alarm.begin(min(alarm.chosen, default=self.days))
        judged = times > began
        incidents = [i for i in self._wish.incidents if i.end > began]
        delays = [
            max(0, int(times[inside(times, [i], alarm.grace) & on][0]) - i.start)
            for i in caught(times, on, incidents, alarm.grace)
        ]
        months = self._observed(judged) / _MONTH
        quiet = judged & ~inside(times, incidents, alarm.grace)
        distance = float(np.median(threshold.levels / threshold.scale)) - usual.day
        return Option(
            datapoints_to_alarm=definition.breaching_datapoints,
            evaluation_periods=definition.evaluation_periods,
            threshold=self._sign * threshold.lowest,
            pages_per_month=len(starts(on)) / months if months else 0.0,
            caught=len(delays),
            incidents=len(incidents),
            delay=float(np.median(delays)) if delays else None,
            margin=distance / usual.spread,
            share_on=float(np.mean(on[quiet])) if quiet.any() else 0.0,
        )

    def _observed(self, judged: Bools) -> int:
        """Seconds of the judged time of which anything is known."""
        levels = self.alarms[0].levels
        observed = judged if self._watched.is_sparse else judged & (levels.newest[0] > -np.inf)
        return int(np.count_nonzero(observed)) * levels.interval

    def _validation(self, echo: Bools | None) -> Validation | None:
        main = self.alarms[0]
        began = [min(alarm.chosen) for alarm in self.alarms if alarm.chosen]
        if not began:
            return None
        start, times = main.begin(min(began)), main.times
        on = np.logical_or.reduce([alarm.on for alarm in self.alarms])
        paged = times[pages(on, echo, self._watched.echo // main.levels.interval)]
        end = int(times[-1])
        grace = max(alarm.grace for alarm in self.alarms)
        within = during(self._wish.incidents, start, end)
        days = range(min(began), self.days)
        return Validation(
            start=start,
            end=end,
            observed=self._observed(times > start),
            thresholds=_thresholds(main, days, self._sign),
            others={
                alarm.kind.value: _thresholds(alarm, days, self._sign) for alarm in self.alarms[1:]
            },
            firings=tuple(paged.tolist()),
            true_firings=int(np.count_nonzero(inside(paged, within, grace))),
            caught=len(caught(times, on, within, grace)),
            incidents=len(within),
            bands=bands(times, on, end + main.levels.interval) if len(self.alarms) == 1 else (),
        )


def _thresholds(
    alarm: AdaptiveAlarm, days: Iterable[int], sign: int
) -> tuple[tuple[int, float | None], ...]:
    """When each day began, and its threshold; the lowest one where it differs by hour."""
    chosen = ((day, alarm.chosen.get(day)) for day in days)
    return tuple(
        (alarm.begin(day), None if threshold is None else sign * threshold.lowest)
        for day, threshold in chosen
    )
