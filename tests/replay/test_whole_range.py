"""Expressions that look at their whole range are replayed as the evaluator has it."""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.timing import Timing
from replay.changes import Change
from replay.curve import Curve
from replay.metric_math import NeedsWholeRangeError
from replay.outcome import replay
from replay.signal import signal_of
from tests.evaluation.alarms import ALARM, KEY, OK, START
from tests.replay.alarms import HOUR, histories, history, statistic_sets

EXPRESSIONS: Final = (
    "RUNNING_SUM(m1)",
    "SUM(m1) + m1",
    "RATE(m1) * PERIOD(m1)",
    "DIFF(m1)",
    "FILL(m1, REPEAT)",
    "FILL(m1, LINEAR)",
    "m1 - AVG(m1)",
    "IF(DATAPOINT_COUNT(m1) > 2, m1)",
    "m1 - SUM(m1) / DATAPOINT_COUNT(m1)",
    "m1 - (2 * AVG(m1) - MIN(m1))",
    "AVG(m1) - m1",
    "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 120)",
    "(m1 - MIN(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 90)",
    "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 240)",
    "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 120) / MAX([2 + HOUR(m1), 3 * (DAY(m1)==1)])",
    "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 120) / e2",
    "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 180) / e2",
    "(m1 - AVG(m1)) / e2",
    "m1 / MAX(m1)",
    "MAX(DIFF(m1)) * TIME_SERIES(AVG(m1)) + DIFF_TIME(m1)",
    "FILL(m1, AVG(m1)) - -SUM(m1)",
    "IF(m1 > AVG(m1), m1, TIME_SERIES(MIN(m1)))",
    "SUM([RUNNING_SUM(m1), RATE(m1), m1])",
    "HOUR(m1) * MINUTE(m1) - AVG(m1)",
)

DIFFERENT_TYPES: Final = ("SUM(REMOVE_EMPTY(METRICS()))", "IF(SUM(m1) > 2, m1, 0) + m1")
"""What these are depends on the data, so that the evaluator itself has to be asked."""


def watching(expression: str, **fields: Any) -> AlarmDefinition:
    """An alarm on an expression of the sum ``m1``: at least 3 in 1 of 1 minutes."""
    given: dict[str, Any] = {
        "name": "orders",
        "period": 60,
        "comparison": Comparison.AT_LEAST,
        "threshold": 3.0,
        "evaluation_periods": 1,
    }
    queries = (
        Query(id="m1", source=MetricStat(metric=KEY, statistic="Sum")),
        Query(id="e1", source=expression),
        # A threshold of each minute's own.
        Query(id="e2", source="0.3*(MINUTE(m1)<10) + 2*(MINUTE(m1)>=10)"),
    )
    return AlarmDefinition(queries=queries, watched="e1", **(given | fields))


@pytest.mark.parametrize("expression", [*EXPRESSIONS, *DIFFERENT_TYPES])
def test_they_have_no_value_of_their_own_for_each_period(expression: str) -> None:
    with pytest.raises(NeedsWholeRangeError):
        signal_of(watching(expression), histories([1.0]), START, START + 600)


def test_a_running_sum_by_hand() -> None:
    # One period is evaluated, and three are looked at: the sum runs over the last three minutes.
    values = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    found = replay(watching("RUNNING_SUM(m1)"), histories(values), START + 60, START + 420)
    assert [(change.time - START, change.state) for change in found.changes] == [
        (60, OK),
        (180, ALARM),
        (240, OK),
        (420, ALARM),
    ]
    assert (found.evaluations, found.approximate) == (7, False)


VALUES: Final = (
    st.none()
    | st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7, 1.0, 1e16])
    | (st.integers(0, 4).map(float))
)


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None)
@given(data=st.data())
def test_they_are_replayed_as_the_evaluator_has_it(data: st.DataObject) -> None:
    expression = data.draw(st.sampled_from([*EXPRESSIONS, *DIFFERENT_TYPES]))
    # Half of the histories have no gaps.
    values = data.draw(st.lists(data.draw(st.sampled_from([VALUES, WHOLE])), max_size=25))
    definition = drawn(data, expression)
    found = replay(definition, histories(values), START, START + 1800)
    series = {KEY: Series(history(values).samples())}
    evaluations = list(timeline(definition, series, START, START + 1800))
    assert list(found.changes) == [
        Change(e.time, e.state, e.previous) for e in evaluations if e.changed
    ]
    assert found.evaluations == len(evaluations)


WHOLE: Final = st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7, 3.0])


def drawn(data: st.DataObject, expression: str) -> AlarmDefinition:
    n = data.draw(st.integers(1, 6))
    delay = data.draw(st.sampled_from([0, 0, 60, 120, 180]))
    timing = Timing(
        extra_periods=data.draw(st.integers(0, 3)), delay=delay, longest_delay=delay, source=""
    )
    return watching(
        expression,
        period=data.draw(st.sampled_from([60, 120, 300])),
        comparison=data.draw(st.sampled_from(list(Comparison))),
        threshold=data.draw(st.sampled_from([-0.1, 0.0, 0.1, 0.3, 1.0, 3.0])),
        evaluation_periods=n,
        datapoints_to_alarm=data.draw(st.integers(1, n)),
        treat_missing_data=data.draw(st.sampled_from(list(MissingData))),
        known_timing=timing,
    )


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_their_levels_say_at_which_thresholds_they_are_on(data: st.DataObject) -> None:
    values = data.draw(st.lists(data.draw(st.sampled_from([VALUES, WHOLE])), max_size=25))
    definition = drawn(data, data.draw(st.sampled_from(EXPRESSIONS)))
    of = histories(values)
    curve = Curve.of_alarm(definition, of, START, START + 1800)
    found = replay(definition, of, START, START + 1800, before=OK)
    bands = found.bands
    on = [any(first <= at < last for first, last in bands) for at in curve.times.tolist()]
    assert curve.is_on(definition.threshold).tolist() == on


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_no_evaluation_is_made_one_by_one(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replay.outcome.timeline", None)
    replay(watching(expression), histories([1.0, None, 3.0]), START, START + 600)


def test_coarse_records_are_spread_and_said_to_be_so() -> None:
    # One event a minute, recorded an hour at a time.
    coarse = {KEY: statistic_sets([(0, 60, 60, 1, 1)], resolution=HOUR)}
    found = replay(watching("RUNNING_SUM(m1)"), coarse, START + 60, START + HOUR)
    assert found.approximate
    assert found.bands == ((START + 180, START + HOUR + 60),)


def test_metrics_that_the_alarm_does_not_read_change_nothing() -> None:
    other = {MetricKey(namespace="Shop", name="Other"): statistic_sets([(0, 1, 1, 1, 1)])}
    found = replay(watching("RUNNING_SUM(m1)"), other, START, START + 600)
    assert (found.changes, found.approximate) == ((), False)


def test_an_expression_of_a_wrong_type() -> None:
    with pytest.raises(CannotEvaluateError):
        replay(watching("TIME_SERIES(m1)"), histories([1.0]), START, START + 600)
