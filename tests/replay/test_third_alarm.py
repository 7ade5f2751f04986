"""What a third alarm would see beside the two that are suggested: why there is none.

The same walk as that of the suggestion: a threshold made anew every day from what lies before it,
by the same rules, judged by the day that follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.units import Unit
from replay.adaptive_alarm import AdaptiveAlarm
from replay.bounds import Bounds, Distinct
from replay.choices import Wish
from replay.curve import Curve
from replay.detectors import HELD, DetectorKind
from replay.history import Bools, Ints
from replay.hourly import HourlyLevels
from replay.hours import column_medians
from replay.incidents import inside
from replay.paging import starts
from replay.windows import sliding_largest
from tests.evaluation.alarms import KEY
from tests.replay.generated import DAY, START, Labelled
from tests.replay.test_promise import ALL, ROOT, firings

SEED: Final = 900
"""Other histories than those of the promise, and than those that any number was chosen with."""

HOUR: Final = 3600
LEARNT: Final = 28
"""Days that the usual value of an hour is learnt from."""

FEWEST: Final = 14

Levels = Callable[[Labelled, int], HourlyLevels]
"""From a history and a direction, 1 or -1, to the levels of an alarm."""


def of_alarm(period: int, expression: str = "") -> Levels:
    """The levels of an alarm on averages, or on an expression of them.

    Args:
        period: seconds; 0 for the history's own.
        expression: over ``m1``; empty for none.
    """

    def levels(one: Labelled, sign: int) -> HourlyLevels:
        seconds = period or one.step
        queries = [Query(id="m1", source=MetricStat(metric=KEY, statistic="Average"))]
        if expression:
            queries.append(Query(id="e1", source=expression))
        definition = AlarmDefinition(
            name="third",
            queries=tuple(queries),
            watched=queries[-1].id,
            period=seconds,
            comparison=Comparison.AT_LEAST if sign > 0 else Comparison.AT_MOST,
            threshold=0.0,
            evaluation_periods=max(1, HELD // seconds),
            datapoints_to_alarm=1,
            treat_missing_data=MissingData.NOT_BREACHING,
        )
        start = int(one.history.times[0]) + definition.lookback
        return HourlyLevels.of_curve(Curve.of_alarm(definition, {KEY: one.history}, start, one.end))

    return levels


def of_hour(one: Labelled, sign: int) -> HourlyLevels:
    """How far a value is from the median of its hour of the day, in that hour's robust spreads."""
    a_day = DAY // one.step
    days = one.values[: len(one.values) // a_day * a_day].reshape(-1, 24, a_day // 24)
    far = np.full(days.shape, np.nan)
    finest = Distinct.of(one.history).finest
    for day in range(FEWEST, len(days)):
        past = np.moveaxis(days[max(0, day - LEARNT) : day], 1, 0).reshape(24, -1).T
        is_known = ~np.isnan(past)
        middle = column_medians(np.where(is_known, past, -np.inf))
        off = np.abs(np.nan_to_num(past) - np.where(np.isfinite(middle), middle, 0.0))
        spread = 1.4826 * column_medians(np.where(is_known, off, -np.inf))
        least = np.maximum(spread, finest)[:, None]
        far[day] = sign * (days[day] - np.where(np.isfinite(middle), middle, np.nan)[:, None])
        far[day] /= np.where(np.isfinite(least), least, 1.0)
    held = max(1, HELD // one.step)
    judged = far[FEWEST:]
    values = np.where(np.isnan(judged), -np.inf, judged).ravel()
    highest = sliding_largest(values, 1, held, 1)[-1]
    begin = START + FEWEST * DAY
    times = begin + one.step * np.arange(held, len(values) + 1, dtype=np.int64)
    nothing = np.full(len(highest), -np.inf)
    return HourlyLevels(times, times - one.step, (highest,), (nothing,), one.step, False)


THIRD: Final[dict[str, Levels]] = {
    "the average of an hour beyond a fixed threshold": of_alarm(HOUR),
    "the average of six hours": of_alarm(6 * HOUR),
    "the average of twelve hours": of_alarm(12 * HOUR),
    "the rate of change, the value less the one before it": of_alarm(0, "DIFF(m1)"),
    "the value beyond the median of its hour of the day, in robust spreads": of_hour,
}


def fired(one: Labelled, levels_of: Levels, sign: int) -> Ints:
    """When an alarm of one direction would have gone on, day by day."""
    levels = levels_of(one, sign)
    alarm = AdaptiveAlarm(
        DetectorKind.RECENT,
        sign,
        levels,
        None,
        Distinct.of(one.history).finest,
        HOUR,
        Bounds.of(one.history, "Average", Unit.COUNT),
        Wish(unit=Unit.COUNT),
        is_alone=False,
    )
    for day in range(1, len(alarm.hours)):
        alarm.judge(day)
    return alarm.times[starts(alarm.on)]


@dataclass
class Added:
    """What a third alarm does beside the two."""

    found: int = 0
    alone: int = 0
    needless: int = 0
    months: float = 0.0


@cache
def measured() -> tuple[dict[str, Added], int, int]:
    """Each third alarm, the incidents that the two find, and all of them."""
    added = {name: Added() for name in THIRD}
    by_two, incidents = 0, 0
    for make in ALL.values():
        one = make(SEED)
        times, since, months = firings(one.history)
        within = [incident for incident in one.incidents if incident.end > since]
        found = _found(np.array(times, dtype=np.int64), one, since)
        by_two, incidents = by_two + int(found.sum()), incidents + len(within)
        for name, levels_of in THIRD.items():
            judged = months
            if levels_of is of_hour:
                # It has two weeks to learn from before the first threshold.
                judged = min(months, (one.end - START - (FEWEST + 2) * DAY) / (30 * DAY))
            if judged <= 0:
                continue
            more = np.concatenate([fired(one, levels_of, sign) for sign in (1, -1)])
            more = np.sort(more[more > since])
            own, of = _found(more, one, since), added[name]
            of.found += int(own.sum())
            of.alone += int((own & ~found).sum())
            of.needless += int(np.count_nonzero(~inside(more, within)))
            of.months += judged
    return added, by_two, incidents


def _found(times: Ints, one: Labelled, since: int) -> Bools:
    within = [incident for incident in one.incidents if incident.end > since]
    return np.array([inside(times, [incident]).any() for incident in within], dtype=np.bool_)


@pytest.mark.slow
@pytest.mark.parametrize("name", THIRD)
def test_a_third_alarm_finds_little_that_two_do_not(name: str) -> None:
    added, _, incidents = measured()
    assert added[name].found > 0
    assert added[name].alone <= 0.03 * incidents


@pytest.mark.slow
def test_the_documentation_has_these_figures() -> None:
    added, by_two, incidents = measured()
    expected = [
        f"| {name} | {of.found} | {of.alone} | {of.needless / of.months:.1f} |"
        for name, of in added.items()
    ]
    text = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    assert [line for line in expected if line not in text.splitlines()] == []
    assert f"of {incidents} incidents the two alarms find {by_two}" in text.replace("\n", " ")
