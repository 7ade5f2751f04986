"""The alarm on a value's own recent past, beside one with a fixed threshold."""

import math
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.recent import recent_problems, recent_rule
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.rule_problems import rule_problems
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules import ALL_KINDS
from ecs_monitoring.rules.row import Scope
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


@pytest.mark.parametrize(
    ("recent", "spans", "expected"),
    [
        (18.0, {}, [83, 203]),
        (18.0, {"13-14": 25.0}, [83]),
        pytest.param(18.0, {"Sun 11-12": 25.0, "13-14": 40.0}, [], marks=pytest.mark.slow),
        pytest.param(18.0, {"Mon-Sat 11-14": 25.0}, [83, 203], marks=pytest.mark.slow),
        (25.0, {"11-12": 18.0}, [83]),
    ],
)
def test_hours_of_the_week_have_distances_of_their_own(
    recent: float, spans: dict[str, float], expected: list[int]
) -> None:
    # From Sunday 10:00 on: 19 from the mean at 11:20 and at 13:20.
    values: list[float | None] = [30.0] * 240
    values[80:83] = values[200:203] = [50.0] * 3
    assert firings(beside(recent=recent, recent_by_hour=spans), values) == expected


def test_an_alarm_by_hour_counts_in_distances() -> None:
    found = beside(recent=8.0, recent_by_hour={"07-19": 25.0})
    assert (found.threshold, found.unit, found.highest) == (1.0, Unit.COUNT, 12.5)
    assert found.meaning.startswith(
        "It is 8 % (at 00:00 UTC) to 25 % (at 07:00) or more above its mean of the last hour. "
    )
    assert found.condition == (
        "CPUUtilization Average less its mean of the last hour, in distances of 8 % "
        "(UTC 07-19: 25 %) >= 1"
    )
    low = beside(recent=8.0, recent_by_hour={"07-19": 25.0}, comparison=Comparison.BELOW)
    assert (low.comparison, low.threshold) == (Comparison.AT_MOST, -1.0)
    assert not [*rule_problems(found), *rule_problems(low)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"recent_by_hour": {"06-09": 5.0}}, "write recent too"),
        ({"recent": 5.0, "recent_by_hour": {"06-09": 0.0}}, "more than 0"),
        ({"recent": 5.0, "recent_by_hour": {"06-09": 95.1}}, "write at most 95 %"),
        ({"recent": 5.0, "recent_by_hour": {"morning": 9.0}}, "such as 06-18"),
        ({"recent": 5.0, "recent_by_hour": {"06-09": 9.0, "08-10": 8.0}}, "overlaps with 06-09"),
        # Periods of two hours begin at even ones.
        ({"recent": 5.0, "recent_by_hour": {"07-08": 9.0}, "period": 7200}, "no period of 7200 s"),
        (
            {
                "recent": 5.0,
                "recent_by_hour": {
                    f"{h:02}-{h + 1:02}": (8.123456789012 + h / 1e12) / 1e9 for h in range(24)
                },
            },
            "write fewer",
        ),
    ],
)
def test_hours_that_cannot_be_are_told_with_what_to_write(
    fields: dict[str, Any], told: str
) -> None:
    rule = replace(CPU, **fields)
    (problem,) = recent_problems(rule)
    assert problem.field == "recent_by_hour"
    assert told in problem.message
    assert recent_rule(rule) is None


def test_hours_in_which_a_period_begins_are_no_problem() -> None:
    spans = {"06-08": 9.0, "Sun 02-05": 20.0}
    assert not list(recent_problems(replace(CPU, recent=5.0, recent_by_hour=spans, period=7200)))
    # Of seventy minutes, one begins in every hour of some day.
    assert not list(recent_problems(replace(CPU, recent=5.0, recent_by_hour=spans, period=4200)))


def test_no_alarm_of_the_program_has_an_id_that_the_hours_need() -> None:
    for kind in ALL_KINDS:
        spans = {"06-09": 1e-6, "Sun 02-05": 2e-6}
        overrides = {
            key: AlarmOverride(recent=1e-7, recent_by_hour=spans, enabled=True) for key in kind.keys
        }
        plan = kind.plan(
            Scope(project="p", stack="s", component=kind.key),
            "example",
            kind.target.example(),
            overrides,
        )
        for rule, problem in plan.problems:
            assert "metric math" not in problem.message, rule.key
        assert any(rule.key.endswith("-recent") for rule in plan.rules)


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
