"""At any threshold whatever, an alarm is on exactly where its level says so."""

from typing import Any, Final

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.curve import Curve
from replay.history import MetricHistory
from replay.levels import is_rising, is_strict, levels_of
from replay.signal import signal_of
from replay.states import ALARM, states_of
from tests.replay.alarms import history_of
from tests.replay.test_same_as_evaluator import (
    CASES,
    KEYS,
    START,
    STATISTICS,
    conditions,
    samples,
)


def single(statistic: str, **fields: Any) -> AlarmDefinition:
    stat = MetricStat(metric=KEYS["orders"], statistic=statistic)
    given: dict[str, Any] = {"name": "orders", "period": 60, "comparison": Comparison.AT_LEAST}
    queries = (Query(id="m1", source=stat),)
    return AlarmDefinition(queries=queries, watched="m1", **(given | fields))


@settings(max_examples=CASES, deadline=None)
@given(data=st.data())
def test_levels_give_the_states_at_every_threshold(data: st.DataObject) -> None:
    fields = data.draw(conditions((60, 180), 6))
    definition = single(data.draw(st.sampled_from(STATISTICS)), **fields)
    length = 60 * data.draw(st.integers(1, 40))
    published = data.draw(samples(60, length))
    histories = {KEYS["orders"]: history_of(published, resolution=1)}
    signal = signal_of(definition, histories, START, START + length + 300)
    levels = levels_of(definition, signal)
    on = states_of(definition, signal, before=AlarmState.OK) == ALARM
    sign = 1 if is_rising(definition.comparison) else -1
    compare = np.greater if is_strict(definition.comparison) else np.greater_equal
    assert compare(levels, sign * definition.threshold).tolist() == on.tolist()

    curve = Curve.of(definition, signal)
    firings = np.count_nonzero(on & ~np.concatenate(([False], on[:-1])))
    assert curve.firings([definition.threshold]).tolist() == [firings]
    assert curve.seconds([definition.threshold]).tolist() == [60 * np.count_nonzero(on)]


HOUR: Final = [3.0, 9.0, 9.0, 2.0, 7.0, 7.0, 1.0, 8.0, 2.0, 2.0]


def test_the_second_largest_of_three_by_hand() -> None:
    # Windows of three from minute 3 on: (3 9 9), (9 9 2), (9 2 7), (2 7 7), (7 7 1), (7 1 8),
    # (1 8 2), (8 2 2), whose second largest values are these:
    expected = [9.0, 9.0, 7.0, 7.0, 7.0, 7.0, 2.0, 2.0]
    definition = single(
        "Average",
        threshold=0.0,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    history = MetricHistory.of_values([START + 60 * at for at in range(10)], HOUR)
    signal = signal_of(definition, {KEYS["orders"]: history}, START + 180, START + 600)
    assert levels_of(definition, signal).tolist() == expected
    curve = Curve.of(definition, signal)
    # One firing at 9 and below (the first evaluation), none above; minutes at or above each.
    assert curve.firings([9.5, 9, 7, 2]).tolist() == [0, 1, 1, 1]
    assert curve.seconds([9.5, 9, 7, 2]).tolist() == [0, 120, 360, 480]


def test_a_falling_alarm_counts_downward_crossings() -> None:
    definition = single(
        "Minimum",
        threshold=0.0,
        evaluation_periods=1,
        comparison=Comparison.BELOW,
    )
    history = MetricHistory.of_values([START + 60 * at for at in range(10)], HOUR)
    signal = signal_of(definition, {KEYS["orders"]: history}, START + 60, START + 600)
    curve = Curve.of(definition, signal)
    # Below 3: minutes 4, 7, and 9 to 10. Below 2: minute 7 alone. Below 1: none.
    assert curve.firings([3, 2, 1]).tolist() == [3, 1, 0]
    assert curve.seconds([3, 2, 1]).tolist() == [240, 60, 0]
