"""What every threshold would have done, counted by hand and held against replays."""

from dataclasses import replace
from math import inf
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.choices import M_OF_N, Wish, curves_of
from replay.curve import Curve
from replay.incidents import Incident
from replay.outcome import replay
from replay.signal import signal_of
from tests.evaluation.alarms import KEY, OK, START, alarm
from tests.replay.alarms import curve, histories, history_of
from tests.replay.test_same_as_evaluator import STATISTICS, conditions, samples
from tests.replay.test_whole_range import watching

# After the minutes 1 to 8; without data the alarm was off in minute 6 and on in minute 7.
LEVELS: Final = [1.0, 5.0, 5.0, 2.0, 6.0, -inf, inf, 3.0]
RISING: Final = curve(LEVELS)
RISING_STRICT: Final = curve(LEVELS, is_strict=True)
FALLING: Final = curve([-level for level in (1, 5, 5, 2, 6)], sign=-1)


def after(minute: int) -> int:
    return START + 60 * minute


@pytest.mark.parametrize(
    ("threshold", "on_in", "fires_in"),
    [
        # Minutes in which the level reaches the threshold.
        (0.0, [1, 2, 3, 4, 5, 7, 8], [1, 7]),
        (1.0, [1, 2, 3, 4, 5, 7, 8], [1, 7]),
        (2.0, [2, 3, 4, 5, 7, 8], [2, 7]),
        (2.5, [2, 3, 5, 7, 8], [2, 5, 7]),
        (5.0, [2, 3, 5, 7], [2, 5, 7]),
        (5.5, [5, 7], [5, 7]),
        (6.0, [5, 7], [5, 7]),
        (7.0, [7], [7]),
    ],
)
def test_every_threshold_by_hand(threshold: float, on_in: list[int], fires_in: list[int]) -> None:
    assert (np.flatnonzero(RISING.is_on(threshold)) + 1).tolist() == on_in
    assert RISING.firing_times(threshold).tolist() == [after(minute) for minute in fires_in]
    assert RISING.firings([threshold]).tolist() == [len(fires_in)]
    assert RISING.seconds([threshold]).tolist() == [60 * len(on_in)]


@pytest.mark.parametrize(
    ("threshold", "on_in"),
    [
        (1.0, [2, 3, 4, 5, 7, 8]),
        (2.0, [2, 3, 5, 7, 8]),
        (5.0, [5, 7]),
        (6.0, [7]),
        (4.0, [2, 3, 5, 7]),
    ],
)
def test_what_equals_a_strict_threshold_is_not_beyond_it(
    threshold: float, on_in: list[int]
) -> None:
    assert (np.flatnonzero(RISING_STRICT.is_on(threshold)) + 1).tolist() == on_in
    assert RISING_STRICT.seconds([threshold]).tolist() == [60 * len(on_in)]


def test_falling_alarms_by_hand() -> None:
    # Values 1 5 5 2 6 and "at most": on in minute 1 and 4 at a threshold of 2.
    assert FALLING.firing_times(2.0).tolist() == [after(1), after(4)]
    assert FALLING.firings([0.5, 1, 2, 5, 6]).tolist() == [0, 1, 2, 1, 1]
    assert FALLING.seconds([0.5, 1, 2, 5, 6]).tolist() == [0, 60, 120, 240, 300]
    assert FALLING.changes_at().tolist() == [1, 2, 5, 6]


def test_thresholds_come_in_any_order_and_number() -> None:
    assert RISING.firings([7.0, 0.0, 5.0]).tolist() == [1, 2, 3]
    assert RISING.firings([]).tolist() == []


def test_the_thresholds_at_which_anything_changes() -> None:
    assert RISING.changes_at().tolist() == [1, 2, 3, 5, 6]


FIRST: Final = Incident(after(2), after(3))
LAST: Final = Incident(after(8), after(9))
SILENT: Final = Incident(after(6) - 30, after(6))
OUTSIDE: Final = Incident(after(20), after(30))
BLIND: Final = Incident(after(6) - 30, after(7))


def test_incidents_by_hand() -> None:
    incidents = [FIRST, LAST, SILENT, OUTSIDE, BLIND]
    assert [RISING.peak(incident) for incident in incidents] == [5.0, 3.0, -inf, -inf, inf]
    assert RISING.caught(incidents, [0, 3, 4, 5, 5.5]).tolist() == [3, 3, 2, 2, 1]
    assert RISING_STRICT.caught(incidents, [3, 5]).tolist() == [2, 1]
    assert RISING.caught([], [0, 3]).tolist() == [0, 0]
    assert FALLING.caught([Incident(after(3), after(4))], [1, 2, 5]).tolist() == [0, 1, 1]


def test_the_delay_is_counted_from_the_incidents_start() -> None:
    incident = Incident(after(3) + 10, after(5))
    assert RISING.delay(incident, 2.0) == 50
    assert RISING.delay(incident, 5.5) == 110
    assert RISING.delay(incident, 6.5) is None
    assert RISING.delay(OUTSIDE, 0.0) is None


def test_a_part_of_a_curve() -> None:
    part = RISING.between(after(3), after(6))
    assert part.times.tolist() == [after(3), after(4), after(5)]
    assert part.levels.tolist() == [5, 2, 6]
    # It counts as not on before.
    assert part.firing_times(5.0).tolist() == [after(3), after(5)]


def test_a_curve_without_evaluations() -> None:
    nothing = curve([])
    assert nothing.firings([1.0]).tolist() == [0]
    assert nothing.firing_times(1.0).tolist() == []
    assert nothing.peak(FIRST) == -inf
    assert nothing.changes_at().tolist() == []


@pytest.mark.parametrize(
    ("comparison", "sign", "is_strict"),
    [
        (Comparison.AT_LEAST, 1, False),
        (Comparison.ABOVE, 1, True),
        (Comparison.AT_MOST, -1, False),
        (Comparison.BELOW, -1, True),
    ],
)
@pytest.mark.parametrize(
    ("treatment", "is_quiet"),
    [(MissingData.MISSING, False), (MissingData.NOT_BREACHING, True), (MissingData.IGNORE, False)],
)
def test_the_curve_of_an_alarm(
    comparison: Comparison, sign: int, is_strict: bool, treatment: MissingData, is_quiet: bool
) -> None:
    metric = alarm(comparison=comparison, treat_missing_data=treatment)
    # Less the mean of the one minute and the two before it: 0, then 2, then 0.
    whole_range = watching(
        "m1 - AVG(m1)", comparison=comparison, treat_missing_data=treatment, threshold=1.0
    )
    for definition, expected in ((metric, [3.0, 7.0, 5.0]), (whole_range, [0.0, 2.0, 0.0])):
        of = histories([3.0, 7.0, 5.0])
        found = Curve.of_alarm(definition, of, after(1), after(3))
        assert found.times.tolist() == [after(1), after(2), after(3)]
        assert found.levels.tolist() == [sign * level for level in expected]
        assert (found.sign, found.is_strict, found.interval) == (sign, is_strict, 60)
        assert found.is_quiet_without_data is is_quiet


def test_alarms_over_more_than_a_day_are_evaluated_once_an_hour() -> None:
    definition = alarm(period=3600, evaluation_periods=25, comparison=Comparison.AT_LEAST)
    found = Curve.of_alarm(definition, histories([1.0]), START, START + 7200)
    assert (found.interval, found.times.tolist()) == (3600, [START, START + 3600, START + 7200])


@pytest.mark.parametrize(
    ("is_quiet", "known"), [(False, [1, 2, 3, 4, 5, 7, 8]), (True, [1, 2, 3, 4, 5, 6, 7, 8])]
)
def test_the_time_of_which_anything_is_known(is_quiet: bool, known: list[int]) -> None:
    one = replace(RISING, is_quiet_without_data=is_quiet)
    assert (np.flatnonzero(one.is_known) + 1).tolist() == known
    assert one.observed == 60 * len(known)
    # Of 30 days, which have 43,200 minutes.
    assert one.months == len(known) / 43_200


FEW: Final = st.sampled_from([-inf, inf, -1.0, 0.0, 0.5, 1.0, 2.0, 1e9])


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    levels=st.lists(FEW, max_size=30),
    thresholds=st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.25, 0.5, 1.0, 2.0]), max_size=5),
    sign=st.sampled_from([1, -1]),
    is_strict=st.booleans(),
)
def test_all_counts_follow_from_when_it_is_on(
    levels: list[float], thresholds: list[float], sign: int, is_strict: bool
) -> None:
    one = curve(levels, sign=sign, is_strict=is_strict)
    for threshold, firings, seconds in zip(
        thresholds, one.firings(thresholds), one.seconds(thresholds), strict=True
    ):
        # The level is the threshold, with its sign, up to which the alarm is on.
        wanted = sign * threshold
        on = [level > wanted or (level == wanted and not is_strict) for level in levels]
        starts = [at for at, now in enumerate(on) if now and not (at and on[at - 1])]
        assert one.is_on(threshold).tolist() == on
        assert one.firing_times(threshold).tolist() == [after(at + 1) for at in starts]
        assert (firings, seconds) == (len(starts), 60 * sum(on))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_firings_are_those_of_replays(data: st.DataObject) -> None:
    fields = data.draw(conditions((60, 180), 6))
    published = data.draw(samples(60, 60 * data.draw(st.integers(1, 30))))
    thresholds = data.draw(st.lists(st.sampled_from([0.0, 0.1, 0.3, 1.0, 2.5, 3.0]), max_size=4))
    definition = alarm(data.draw(st.sampled_from(STATISTICS)), **fields)
    of = {KEY: history_of(published, resolution=1)}
    end = START + 3600
    one = Curve.of(definition, signal_of(definition, of, START, end))
    for threshold in thresholds:
        at_it = alarm(
            definition.queries[0].source.statistic,  # type: ignore[union-attr]
            **(fields | {"threshold": threshold}),
        )
        found = replay(at_it, of, START, end, before=OK)
        assert one.firing_times(threshold).tolist() == list(found.firings)
        assert one.firings([threshold]).tolist() == [len(found.firings)]
        assert one.seconds([threshold]).tolist() == [found.seconds_in_alarm]


def test_a_choice_of_m_and_n_comes_with_its_curve() -> None:
    definition = alarm(evaluation_periods=4, datapoints_to_alarm=2, threshold=0.0)
    values = [3.0, 9.0, 4.0, 8.0, 1.0, 7.0]
    found = curves_of(definition, histories(values), START + 240, START + 360)
    assert list(found) == [(2, 4), *M_OF_N]
    # The last four are (3 9 4 8), (9 4 8 1) and (4 8 1 7); then pairs, and the newest alone.
    assert found[2, 4].levels.tolist() == [8, 8, 7]
    assert found[2, 2].levels.tolist() == [4, 1, 1]
    assert found[1, 1].levels.tolist() == [8, 1, 7]
    assert found[2, 3].levels.tolist() == [8, 4, 7]


def test_choices_that_are_evaluated_at_other_times_are_left_out() -> None:
    # 1,441 minutes are more than a day: evaluated once an hour, not once a minute.
    definition = alarm(period=60, evaluation_periods=1441, comparison=Comparison.AT_LEAST)
    found = curves_of(definition, histories([1.0]), START, START + 7200)
    assert list(found) == [(1441, 1441)]


def test_choices_that_take_longer_than_half_an_hour_are_left_out() -> None:
    # Of periods of five minutes, six are half an hour.
    definition = alarm(period=300, evaluation_periods=7, comparison=Comparison.AT_LEAST)
    found = curves_of(definition, histories([1.0]), START, START + 7200)
    assert list(found) == [(7, 7), (1, 1), (2, 2), (2, 3), (3, 3), (3, 5), (5, 5)]


@pytest.mark.parametrize("pages", [0.0, -1.0, inf, float("nan")])
def test_a_page_budget_is_above_zero(pages: float) -> None:
    with pytest.raises(ValueError, match="write a number above 0"):
        Wish(pages_per_month=pages)
