"""The alarm on a value's own recent past, beside one with a fixed threshold."""

import math
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.recent import recent_problems, recent_rule
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.rule_problems import rule_problems
from tests.cloudwatch.test_override import RULE

START = 1_732_442_400
"""2024-11-24 10:00:00 UTC."""

CPU = replace(RULE, name="cpu", period=60, highest=100.0, lowest=0.0, graph="CPU")


def beside(**fields: Any) -> AlarmRule:
    found = recent_rule(replace(CPU, **fields))
    assert found is not None
    return found


def firings(rule: AlarmRule, values: list[float | None]) -> list[int]:
    """In which minutes an alarm goes on."""
    definition = definition_of(rule)
    (key,) = definition.metrics
    series = {key: Series.of((START + 60 * m, v) for m, v in enumerate(values) if v is not None)}
    end = START + 60 * len(values)
    changes = timeline(definition, series, START + 3720, end)
    return [(e.time - START) // 60 for e in changes if e.changed and e.state == "ALARM"]


def test_three_minutes_far_from_the_mean_of_the_hour_are_sudden() -> None:
    # 20 more for three of 62 minutes lift the mean by up to 1: 19 above it, in the third minute.
    values: list[float | None] = [30.0] * 120
    values[80:83] = [50.0] * 3
    assert firings(beside(recent=18.0), values) == [83]
    assert firings(beside(recent=20.0), values) == []
    # Two minutes are not enough.
    assert firings(beside(recent=18.0), [*values[:82], *[30.0] * 38]) == []


def test_it_looks_in_the_direction_of_the_alarm_beside_it() -> None:
    values: list[float | None] = [50.0] * 120
    values[80:90] = [30.0] * 10
    low = beside(recent=15.0, comparison=Comparison.BELOW)
    assert (low.comparison, low.threshold) == (Comparison.AT_MOST, -15.0)
    assert firings(low, values) == [83]
    assert firings(beside(recent=15.0), values) == []


def test_a_count_that_is_published_where_there_is_any_is_zero_elsewhere() -> None:
    errors = Metric(namespace="AWS/ApplicationELB", name="Errors", statistic="Sum")
    values: list[float | None] = [None] * 120
    values[80:83] = [40.0] * 3
    counted = beside(recent=30.0, signal=errors, treat_missing_data=MissingData.NOT_BREACHING)
    assert firings(counted, values) == [83]
    # What has no value is not zero: only 40 is known, and no 40 is far from it.
    gaps = beside(recent=30.0, signal=errors, treat_missing_data=MissingData.MISSING)
    assert firings(gaps, values) == []


def test_metric_math_is_held_against_its_own_mean() -> None:
    signal = MetricMath(
        queries=(
            MetricQuery(id="cpu", source=CPU.signal),  # type: ignore[arg-type]
            MetricQuery(id="twice", source="2 * cpu", label="Twice"),
        ),
        returned="twice",
    )
    found = beside(recent=30.0, signal=signal)
    values: list[float | None] = [30.0] * 120
    values[80:83] = [50.0] * 3
    assert firings(found, values) == [83]
    assert found.condition == "Twice less its mean of the last hour >= 30 %"


def test_it_is_an_alarm_of_its_own_that_tells_whom_the_other_tells() -> None:
    found = beside(recent=15.0, severity=Severity.CRITICAL, runbook="docs/x.md#y")
    assert found.address == "ecs.cpu-high-recent@web"
    assert (found.severity, found.runbook) == (Severity.CRITICAL, "docs/x.md#y")
    assert found.schedule == "3 of 60 x 60 s"
    assert found.graph == ""
    assert found.meaning.startswith("It is 15 % or more above its mean of the last hour. ")
    assert not list(rule_problems(found))


def test_without_a_distance_there_is_none() -> None:
    assert recent_rule(CPU) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"recent": 0.0}, "more than 0"),
        ({"recent": -5.0}, "more than 0"),
        ({"recent": math.inf}, "more than 0"),
        ({"recent": math.nan}, "more than 0"),
        # Three minutes of sixty at 100, the others at 0: a mean of 5, and 95 from it.
        ({"recent": 95.1}, "write at most 95 %"),
        ({"recent": 1.0, "lowest": 100.0}, "always the same: leave recent out"),
        ({"recent": 15.0, "period": 21_600}, "leave recent out"),
    ],
)
def test_what_cannot_be_is_told_with_what_to_write(fields: dict[str, Any], told: str) -> None:
    rule = replace(CPU, **fields)
    (problem,) = recent_problems(rule)
    assert problem.field == "recent"
    assert told in problem.message
    assert recent_rule(rule) is None


def test_what_can_be_is_no_problem() -> None:
    assert not list(recent_problems(replace(CPU, recent=95.0)))
    assert not list(recent_problems(replace(CPU, recent=1e9, highest=math.inf)))
    # Of a day, ten periods of two hours and a bit are the longest.
    assert not list(recent_problems(replace(CPU, recent=15.0, period=8_640)))
