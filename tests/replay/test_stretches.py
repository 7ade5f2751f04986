"""What lies far from every breach and gap is left out of a replay, and nobody can tell."""

import random
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.history import MetricHistory
from replay.outcome import replay
from replay.signal import evaluation_times
from replay.stretches import Stretches, stretches_of
from tests.replay.test_same_as_evaluator import KEYS, START, conditions

ORDERS = KEYS["orders"]
STATISTICS = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")
HALF_A_DAY = 720


def alarm(**fields: object) -> AlarmDefinition:
    plain = AlarmDefinition(
        name="orders",
        queries=(Query(id="m1", source=MetricStat(metric=ORDERS, statistic="Average")),),
        watched="m1",
        period=60,
        comparison=Comparison.ABOVE,
        threshold=10.0,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        treat_missing_data=MissingData.MISSING,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def minutes(values: dict[int, float], *, but: range = range(0)) -> MetricHistory:
    """Half a day of ones, but for some minutes of other values and some without any."""
    known = [minute for minute in range(HALF_A_DAY) if minute not in but]
    return MetricHistory.of_values(
        [START + 60 * minute for minute in known], [values.get(minute, 1.0) for minute in known]
    )


def stretches(definition: AlarmDefinition, history: MetricHistory) -> Stretches | None:
    times = evaluation_times(definition, START, START + 60 * HALF_A_DAY)
    return stretches_of(definition, history, times)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_replay_is_the_same_with_and_without_what_is_left_out(data: st.DataObject) -> None:
    fields = data.draw(conditions((60, 120, 300), 4))
    statistic = data.draw(st.sampled_from(STATISTICS))
    definition = alarm(
        queries=(Query(id="m1", source=MetricStat(metric=ORDERS, statistic=statistic)),),
        **{key: value for key, value in fields.items() if key != "name"},
    )
    randomly = random.Random(data.draw(st.integers(0, 10**6)))
    often = data.draw(st.sampled_from([0.0, 0.01, 0.1, 0.4]))
    usual = data.draw(st.sampled_from([0.0, 0.1, 1.0, 2.0]))
    gone = data.draw(st.sampled_from([0.0, 0.002, 0.02, 0.2]))
    resolution = data.draw(st.sampled_from([60, 300]))
    values, times, time = [], [], 0
    while time < 60 * HALF_A_DAY:
        if randomly.random() < gone:
            time += resolution * randomly.randrange(1, 30)
        times.append(START + time)
        values.append(randomly.choice([0.0, 1.0, 3.0, 1e9]) if randomly.random() < often else usual)
        time += resolution
    history = MetricHistory.of_values(times, values, resolution=resolution)
    start, end = START + data.draw(st.integers(0, 3600)), START + 60 * HALF_A_DAY + 1800
    before = data.draw(st.sampled_from(list(AlarmState)))

    def replayed(most: float) -> object:
        with patch("replay.stretches.MOST", most):
            # As newly read, so that nothing is known of it.
            read = {ORDERS: history.between(0, end)}
            return replay(definition, read, start, end, before=before)

    with (
        patch("replay.tails._SAMPLE", data.draw(st.sampled_from([1, 50, 4096]))),
        patch("replay.tails._PART", data.draw(st.sampled_from([1, 7, 100, 65_536]))),
        patch("replay.history._PART", data.draw(st.sampled_from([1, 7, 100, 65_536]))),
    ):
        assert replayed(1e9) == replayed(-1.0)


def test_around_breaches_lies_what_may_see_enough_of_them() -> None:
    # 2 of 3 minutes must breach, and 5 are looked at: those that end at most five minutes after
    # the first breach began and not before the second; one more decides OK. At the first
    # evaluation of all nothing has been recorded.
    found = stretches(alarm(), minutes({300: 11.0, 302: 11.0}))
    assert found is not None
    assert (found.starts - START).tolist() == [0, 60 * 302]
    assert found.lengths.tolist() == [60, 60 * 4]
    # The second follows the first with the five minutes before it that it looks back on.
    assert (found.moved - START).tolist() == [0, 60 + 300]


def test_fewer_breaches_than_needed_are_none() -> None:
    history = minutes({300: 11.0, 302: 11.0})
    for needed, expected in ((1, 2), (2, 2), (3, 1), (5, 1)):
        found = stretches(alarm(evaluation_periods=5, datapoints_to_alarm=needed), history)
        assert found is not None
        assert len(found.starts) == expected, needed


def test_one_breach_is_enough_where_the_range_holds_no_other_datapoint() -> None:
    for but, expected in ((range(0), 1), (range(301, 304), 1), (range(301, 305), 2)):
        found = stretches(alarm(), minutes({300: 11.0}, but=but))
        assert found is not None
        assert len(found.starts) == expected, but


def test_few_datapoints_count_only_where_all_that_the_range_may_hold_breach() -> None:
    # 3 of 5 minutes must breach, and 7 are looked at: two that breach are all there is where the
    # next minute that is recorded is the eighth after the last one before them, 299.
    definition = alarm(evaluation_periods=5, datapoints_to_alarm=3)
    for breaching, but, expected in (
        ((300, 301), range(302, 306), 1),
        ((300, 301), range(302, 307), 2),
        # Minute 301 does not breach, and is in sight with 302 wherever no more than 308 is.
        ((300, 302), range(303, 308), 1),
        ((300, 302), range(303, 309), 2),
    ):
        found = stretches(definition, minutes(dict.fromkeys(breaching, 11.0), but=but))
        assert found is not None
        assert len(found.starts) == expected, (breaching, but)


def test_the_only_window_of_a_range_may_begin_with_a_record_that_does_not_breach() -> None:
    # Of the minutes from 100 to 129 only two are recorded: 116 with 1 and 120 with 30. Minute 99
    # is out of sight from minute 125 on and minute 130 is seen from 131 on. In between both lie in
    # one window of five minutes at minute 126 alone: the only datapoint, 15.5, the second newest of
    # five, breaches, and so all there are do. At any other minute each has a window of its own.
    definition = alarm(period=300)
    known = [*range(100), 116, 120, *range(130, HALF_A_DAY)]
    values = [30.0 if minute == 120 else 1.0 for minute in known]
    times = [START + 60 * minute for minute in known]
    history = MetricHistory.of_values(times, values)
    found = replay(definition, {ORDERS: history}, START, START + 3 * 3600)
    with patch("replay.stretches.MOST", -1.0):
        whole = replay(definition, {ORDERS: history}, START, START + 3 * 3600)
    assert found == whole
    assert [(band[0] - START, band[1] - START) for band in found.bands] == [(60 * 126, 60 * 127)]


def test_a_gap_counts_from_when_nothing_is_left_to_look_at() -> None:
    # Nothing from minute 100 to 119: from minute 105 on five minutes hold nothing, until what
    # began in minute 120 is there.
    found = stretches(alarm(), minutes({}, but=range(100, 120)))
    assert found is not None
    assert (found.starts - START).tolist() == [0, 60 * 104]
    assert found.starts[1] + found.lengths[1] == START + 60 * 121


def test_short_gaps_count_where_missing_data_breaches() -> None:
    history = minutes({}, but=range(100, 101))
    for treatment, expected in (
        (MissingData.MISSING, 1),
        (MissingData.IGNORE, 1),
        (MissingData.NOT_BREACHING, 0),
        # The gap, and what follows the last record.
        (MissingData.BREACHING, 3),
    ):
        found = stretches(alarm(treat_missing_data=treatment), history)
        assert found is not None
        assert len(found.starts) == expected, treatment


@pytest.mark.parametrize(
    ("statistic", "threshold", "comparison"),
    [("p99", 10.0, Comparison.ABOVE), ("Sum", 10.0, Comparison.BELOW)],
)
def test_where_records_do_not_tell_by_themselves_all_is_replayed(
    statistic: str, threshold: float, comparison: Comparison
) -> None:
    stat = MetricStat(metric=ORDERS, statistic=statistic)
    definition = alarm(
        queries=(Query(id="m1", source=stat),), period=300, threshold=threshold,
        comparison=comparison,
    )  # fmt: skip
    assert stretches(definition, minutes({})) is None


def test_an_alarm_that_is_often_on_is_replayed_as_a_whole() -> None:
    assert (
        stretches(
            alarm(),
            minutes(
                dict.fromkeys(range(0, HALF_A_DAY, 10), 11.0)
                | dict.fromkeys(range(1, HALF_A_DAY, 10), 11.0)
            ),
        )
        is None
    )


def test_a_sum_over_several_records_may_breach_where_one_has_its_share() -> None:
    stat = MetricStat(metric=ORDERS, statistic="Sum")
    definition = alarm(queries=(Query(id="m1", source=stat),), period=300, threshold=10.0)
    # Five minutes of 2.1 are more than 10; five of 1.9 are not.
    for each, is_on in ((2.1, True), (1.9, False)):
        history = minutes(dict.fromkeys(range(300, 310), each))
        found = stretches(definition, history)
        assert found is not None
        assert (len(found.starts) == 2) is is_on
    assert found is not None
    assert np.array_equal(found.starts, [START])
