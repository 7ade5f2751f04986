"""Long histories are worked through in parts, and nothing shows where one ends."""

from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from replay.levels import levels_of
from replay.signal import signal_of
from tests.replay.alarms import history_of
from tests.replay.test_same_as_evaluator import (
    KEYS,
    START,
    STATISTICS,
    assert_same_states,
    conditions,
    samples,
)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_states_are_the_evaluators_however_small_the_parts(data: st.DataObject) -> None:
    fields = data.draw(conditions((60, 120, 300), 5))
    stat = MetricStat(metric=KEYS["orders"], statistic=data.draw(st.sampled_from(STATISTICS)))
    definition = AlarmDefinition(queries=(Query(id="m1", source=stat),), watched="m1", **fields)
    published = data.draw(samples(60, 60 * data.draw(st.integers(1, 30))))
    # Long after the last sample there are parts without any.
    end = START + 60 * data.draw(st.integers(30, 120))
    before = data.draw(st.sampled_from(list(AlarmState)))
    with (
        patch("replay.states._PART", data.draw(st.integers(1, 9))),
        patch("replay.windows._PART", data.draw(st.integers(1, 9))),
        patch("replay.history._PART", data.draw(st.integers(1, 9))),
        patch("replay.breaching._PART", data.draw(st.integers(1, 9))),
        patch("replay.tails._PART", data.draw(st.integers(1, 9))),
        patch("replay.tails._SAMPLE", data.draw(st.integers(1, 20))),
    ):
        assert_same_states(definition, {KEYS["orders"]: published}, START, end, before)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_levels_are_the_same_however_small_the_parts(data: st.DataObject) -> None:
    fields = data.draw(conditions((60, 120), 5))
    stat = MetricStat(metric=KEYS["orders"], statistic=data.draw(st.sampled_from(STATISTICS)))
    definition = AlarmDefinition(queries=(Query(id="m1", source=stat),), watched="m1", **fields)
    published = data.draw(samples(60, 60 * data.draw(st.integers(1, 30))))
    history = history_of(published, resolution=1)
    end = START + 60 * data.draw(st.integers(30, 60))
    signal = signal_of(definition, {KEYS["orders"]: history}, START, end)
    whole = levels_of(definition, signal)
    with patch("replay.windows._LAID_OUT", data.draw(st.integers(1, 20))):
        assert np.array_equal(levels_of(definition, signal), whole)
