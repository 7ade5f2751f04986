"""An alarm with a threshold of every day: how far it is, and which of several is taken."""

from typing import Any

import numpy as np
import pytest

from replay.adaptive_alarm import AdaptiveAlarm, DailyThreshold
from replay.bounds import Bounds
from replay.choices import Wish
from replay.detectors import DetectorKind
from replay.history import Floats
from replay.hourly import HOURS, WEEK, HourlyLevels
from replay.incidents import Incident
from tests.replay.alarms import DAY, HOUR, MONDAY, hourly, noise

ENDLESS = Bounds(lowest=None, highest=None, highest_seen=100.0, is_whole=False)


def alarm_of(
    maxima: Floats, kind: DetectorKind = DetectorKind.LEVEL, **fields: Any
) -> AdaptiveAlarm:
    """An alarm of which each hour has one level, and which has judged all days after the first."""
    given: dict[str, Any] = {
        "sign": 1,
        "levels": HourlyLevels.of_curve(hourly(maxima.ravel(), start=MONDAY)),
        "quiet": None,
        "finest": 0.1,
        "grace": 0,
        "bounds": ENDLESS,
        "wish": Wish(),
        "is_alone": True,
    }
    alarm = AdaptiveAlarm(kind, **(given | fields))
    for day in range(1, len(maxima)):
        alarm.judge(day)
    return alarm


def by_hour(maxima: Floats) -> HourlyLevels:
    """Levels that are told apart by hour."""
    levels = HourlyLevels.of_curve(hourly(maxima.ravel(), start=MONDAY))
    return HourlyLevels(levels.times, levels.starts, levels.newest, levels.older, HOUR)


def planned(alarm: AdaptiveAlarm, day: int) -> DailyThreshold:
    plan = alarm.plan(day)
    assert plan is not None
    return plan


def spreads(threshold: DailyThreshold) -> float:
    """How far it is beyond a usual day."""
    return (threshold.lowest - threshold.usual.day) / threshold.usual.spread


# After ten days and for a budget of two firings a month, 2.698 * 1.5 = 4.047 spreads, as in
# test_adaptive_threshold.py.
@pytest.mark.parametrize(
    ("kind", "is_alone", "times"),
    [
        (DetectorKind.LEVEL, True, 1.0),
        (DetectorKind.LEVEL, False, 1.3),
        (DetectorKind.RECENT, False, 1.3),
        (DetectorKind.RECENT, True, 1.3),
    ],
)
def test_how_far_beyond_a_usual_day_by_hand(
    kind: DetectorKind, is_alone: bool, times: float
) -> None:
    threshold = planned(alarm_of(noise(10), kind, is_alone=is_alone), 10)
    # Rounded up, by less than a tenth of a spread.
    assert 0 <= spreads(threshold) - 4.047 * times < 0.1
    assert not threshold.differs
    assert threshold.levels.shape == (WEEK, HOURS)


def test_a_threshold_follows_the_hours_where_most_gain_by_it() -> None:
    # Ten times as high from nine to twelve as at other hours.
    maxima = noise(10)
    maxima[:, 9:12] *= 10
    alarm = alarm_of(maxima, DetectorKind.RECENT, levels=by_hour(maxima))
    threshold = planned(alarm, 10)
    assert threshold.differs
    assert threshold.levels[0, 10] > 3 * threshold.levels[0, 0]
    # Half as far again as usual, in the scale of each hour; rounded up by up to a fourth.
    least = threshold.usual.day + 4.047 * 1.5 * threshold.usual.spread
    quiet = threshold.levels[0, 0] / threshold.scale[0]
    assert least <= quiet < 1.25 * least


def test_a_threshold_is_the_same_at_all_hours_where_few_gain_by_another() -> None:
    threshold = planned(alarm_of(noise(10), DetectorKind.RECENT, levels=by_hour(noise(10))), 10)
    assert threshold.scale.tolist() == [1] * HOURS
    # As a number, it is rounded as that of an alarm which knows no hours.
    assert not threshold.differs
    assert threshold.lowest == planned(alarm_of(noise(10), DetectorKind.RECENT), 10).lowest


# The fifth day's threshold is 2.698 * (1 + 5 / 5) = 5.396 spreads beyond the usual day.
@pytest.mark.parametrize(
    ("height", "times"),
    # Nearer where the incident was nearer, else as it was.
    [(1.2, 1.0), (0.85, 0.7), (0.6, 0.5), (0.3, 1.0)],
)
def test_the_distance_that_catches_an_incident_is_taken(height: float, times: float) -> None:
    maxima = noise(9)
    usual = planned(alarm_of(maxima[:5]), 5).usual
    maxima[5, 14] = usual.day + height * 5.396 * usual.spread
    incident = Incident(MONDAY + 5 * DAY + 14 * HOUR, MONDAY + 5 * DAY + 15 * HOUR)
    alarm = alarm_of(maxima, wish=Wish(incidents=(incident,)))
    # Until it is over nobody knows of it.
    assert 0 <= spreads(alarm.chosen[5]) - 5.396 < 0.1
    threshold = planned(alarm, 9)
    distance = 2.698 * (1 + 5 / threshold.usual.days) * times
    assert 0 <= spreads(threshold) - distance < 0.1


def test_a_distance_that_fires_for_nothing_is_not_taken_where_another_does_not() -> None:
    maxima = noise(8)
    quiet = alarm_of(maxima)
    # An incident far beyond, and before it what goes a tenth farther than the noise of its day.
    for day, hour in ((4, 3), (6, 17)):
        usual = quiet.chosen[day].usual
        maxima[day, hour] = usual.day + 1.1 * 2.698 * (1 + 5 / day) * usual.spread
    maxima[7, 14] = 10.0
    wish = Wish(incidents=(Incident(MONDAY + 7 * DAY + 14 * HOUR, MONDAY + 7 * DAY + 15 * HOUR),))
    # Of eight days 2.698 * (1 + 5 / 8) spreads, and 1.4 times that. A budget of two a month is one
    # in six days.
    assert spreads(planned(alarm_of(maxima), 8)) == pytest.approx(4.384, abs=0.1)
    assert spreads(planned(alarm_of(maxima, wish=wish), 8)) == pytest.approx(6.138, abs=0.1)


# Of a budget of ten a month, noise reaches ln(4.286) + ln(ln 2) = 1.089 spreads above a usual day's
# highest level once in 30 / 7 days; a threshold of day d is 1 + 5 / d times as far.
@pytest.mark.parametrize(
    ("days", "grace", "times"),
    [
        # There are thresholds from the third day on, so that six days have been judged on the
        # ninth, in which the budget allows two: with three, that which catches nothing is taken.
        ((4, 6), 0, 1.0),
        ((4, 5, 6), 0, 1.4),
        # What fires two hours after the incident is one more, or still belongs to it.
        ((4, 6, 7), 3600, 1.4),
        ((4, 6, 7), 2 * 3600, 1.0),
    ],
)
def test_a_distance_may_fire_as_often_as_the_budget_allows(
    days: tuple[int, ...], grace: int, times: float
) -> None:
    # All days are alike, so that the spread is half of the finest difference, 0.1.
    maxima = np.tile(np.linspace(1, 2, 12), (8, 2))
    for day, hour in [*((day, 20) for day in days), (7, 18)]:
        maxima[day, hour] = 2 + 1.15 * 1.089 * (1 + 5 / day) * 0.05
    # Evaluated at 19:00; the others at 21:00.
    outage = Incident(MONDAY + 7 * DAY + 18 * HOUR, MONDAY + 7 * DAY + 19 * HOUR)
    wish = Wish(pages_per_month=10, incidents=(outage,))
    threshold = planned(alarm_of(maxima, wish=wish, grace=grace), 8)
    assert threshold.usual.days == 8
    assert 0 <= spreads(threshold) - 1.089 * (1 + 5 / 8) * times < 0.1


def test_what_is_known_to_have_been_wrong_is_not_usual() -> None:
    maxima = noise(8)
    without = planned(alarm_of(maxima), 8)
    # Half of the days, longer than what is taken for an incident by itself.
    wrong = (2, 3, 5, 6)
    maxima[wrong, 8:18] = 20.0
    incidents = tuple(
        Incident(MONDAY + day * DAY + 8 * HOUR, MONDAY + day * DAY + 18 * HOUR - 1) for day in wrong
    )
    told, untold = (alarm_of(maxima, wish=Wish(incidents=of)) for of in (incidents, ()))
    assert planned(told, 8).usual.day == pytest.approx(without.usual.day, rel=0.05)
    assert planned(untold, 8).usual.day > 2 * without.usual.day


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        # What was wrong all day long is known when the day is over.
        (7 * 24, 8 * 24, 7),
        (7 * 24, 8 * 24 - 1, 8),
        # It may have begun before the history, or be over by then.
        (-2, 24, 7),
        (-12, -2, 8),
    ],
)
def test_a_day_that_was_wrong_is_no_day(first: int, last: int, days: int) -> None:
    incident = Incident(MONDAY + first * HOUR, MONDAY + last * HOUR - 1)
    maxima = noise(8)
    maxima.reshape(-1)[max(first, 0) : max(last, 0)] = 20.0
    threshold = planned(alarm_of(maxima, wish=Wish(incidents=(incident,))), 8)
    assert threshold.usual.days == days


@pytest.mark.parametrize("hour", [7, 18])
def test_only_the_hours_that_were_wrong_are_left_out(hour: int) -> None:
    maxima = np.ones((3, HOURS))
    # Too long to be taken for what was wrong. The last day was so from eight to five.
    maxima[0, :8], maxima[1, :8], maxima[2, 8:18] = 2.0, 5.0, 20.0
    maxima[2, hour] = 3.0
    wrong = Incident(MONDAY + 2 * DAY + 8 * HOUR, MONDAY + 2 * DAY + 17 * HOUR)
    threshold = planned(alarm_of(maxima, wish=Wish(incidents=(wrong,))), 3)
    # Of 2, 5 and 3.
    assert (threshold.usual.day, threshold.usual.days) == (3.0, 3)


# With a budget of 1,000 the threshold is within what is usual, and is known from the third day on:
# every other hour is high, so that it fires twelve times a day.
@pytest.mark.parametrize(
    ("high", "day", "is_planned"),
    [
        # 24 firings before, and six more or seven.
        (4 * HOURS + 12, 5, True),
        (4 * HOURS + 14, 5, False),
        # Those of the third day count for 30 days.
        (5 * HOURS, 32, False),
        (5 * HOURS, 33, True),
    ],
)
def test_an_alarm_that_fires_every_day_is_not_suggested(
    high: int, day: int, is_planned: bool
) -> None:
    maxima = np.ones((day + 1, HOURS))
    maxima.reshape(-1)[1:high:2] = 2.0
    wish = Wish(pages_per_month=1000)
    assert (alarm_of(maxima[:day], wish=wish).plan(day) is not None) == is_planned
    assert (day in alarm_of(maxima, wish=wish).chosen) == is_planned


def test_what_was_on_is_what_the_thresholds_in_force_reach() -> None:
    maxima = noise(6)
    # The first two days have no threshold. An evaluation at midnight belongs to the day before.
    maxima[0, 5], maxima[1, 23], maxima[4, 23], maxima[5, 0] = 9.0, 9.0, 9.0, 0.5
    alarm = alarm_of(maxima)
    assert list(alarm.chosen) == [2, 3, 4, 5]
    assert alarm.times[alarm.on].tolist() == [MONDAY + 5 * DAY]
    assert alarm.begin(3) == MONDAY + 3 * DAY


@pytest.mark.parametrize(("highest", "is_planned"), [(None, True), (100.0, True), (2.0, False)])
def test_there_is_no_threshold_that_the_metric_cannot_reach(
    highest: float | None, is_planned: bool
) -> None:
    bounds = Bounds(lowest=0.0, highest=highest, highest_seen=2.0, is_whole=False)
    assert (alarm_of(noise(8), bounds=bounds).plan(8) is not None) == is_planned


@pytest.mark.parametrize(("kind", "is_whole"), [("level", True), ("recent", False)])
def test_only_values_themselves_are_whole_numbers(kind: str, is_whole: bool) -> None:
    bounds = Bounds(lowest=None, highest=None, highest_seen=2.0, is_whole=True)
    alarm = alarm_of(noise(8), DetectorKind(kind), bounds=bounds)
    assert planned(alarm, 8).lowest.is_integer() == is_whole


def test_the_week_of_a_threshold_begins_on_monday() -> None:
    levels = np.arange(WEEK)[:, None] * np.ones(HOURS)
    alarm = alarm_of(noise(3))
    threshold = DailyThreshold(levels, planned(alarm, 3).usual, np.ones(HOURS), differs=True)
    # 2024-11-20 was a Wednesday: its row is the third one, and Monday's the last but one.
    wednesday = MONDAY // DAY + 2
    assert threshold.of_week(wednesday)[:, 0].tolist() == [5, 6, 0, 1, 2, 3, 4]
    assert threshold.lowest == 0
