"""Expressions that look at their whole range are replayed by the evaluator itself."""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.metric_math import NeedsWholeRangeError
from replay.outcome import Change, replay
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
    "SUM(REMOVE_EMPTY(METRICS()))",
)


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
    )
    return AlarmDefinition(queries=queries, watched="e1", **(given | fields))


@pytest.mark.parametrize("expression", EXPRESSIONS)
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


@settings(max_examples=100, deadline=None)
@given(
    expression=st.sampled_from(EXPRESSIONS),
    values=st.lists(st.none() | st.integers(0, 4).map(float), min_size=1, max_size=25),
    n=st.integers(1, 3),
    treatment=st.sampled_from(list(MissingData)),
)
def test_they_are_replayed_as_the_evaluator_has_it(
    expression: str, values: list[float | None], n: int, treatment: MissingData
) -> None:
    definition = watching(expression, evaluation_periods=n, treat_missing_data=treatment)
    found = replay(definition, histories(values), START, START + 1800)
    series = {KEY: Series(history(values).samples())}
    evaluations = list(timeline(definition, series, START, START + 1800))
    assert list(found.changes) == [
        Change(e.time, e.state, e.previous) for e in evaluations if e.changed
    ]
    assert found.evaluations == len(evaluations)


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
