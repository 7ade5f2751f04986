"""The two conditions on the number of tasks: which are on, and what is said of the others."""

from collections.abc import Callable

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, timeline
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import MissingData
from ecs_monitoring.rules import ECS
from ecs_monitoring.rules.plan import Plan

KEY = "ecs.tasks-low"
NOW = 1_700_000_000 // 3600 * 3600


@pytest.mark.parametrize(
    ("insights", "floor", "condition", "reduced", "omitted"),
    [
        (True, 2, "tasks missing of desired (at least 2) > 0", "", ""),
        (True, 0, "tasks missing of desired > 0", "min_running_tasks: 0", ""),
        (False, 2, "tasks missing of 2 > 0", "container_insights: false", ""),
        (False, 0, "", "", "container_insights: false"),
    ],
)
def test_what_is_watched_and_what_is_not(
    plan_of: Callable[..., Plan],
    insights: bool,
    floor: int,
    condition: str,
    reduced: str,
    omitted: str,
) -> None:
    plan = plan_of(ECS, container_insights=insights, min_running_tasks=floor)
    found = [rule.condition for rule in plan.rules if rule.key == KEY]
    assert found == ([condition] if condition else [])
    assert [reduced in one.reason for one in plan.reduced] == ([True] if reduced else [])
    left_out = [one for one in plan.omitted if one.key == KEY]
    assert [omitted in one.reason for one in left_out] == ([True] if omitted else [])


def test_a_rule_that_is_off_has_no_conditions_off(plan_of: Callable[..., Plan]) -> None:
    off = {KEY: AlarmOverride(enabled=False)}
    assert plan_of(ECS, container_insights=False, overrides=off).reduced == ()


def test_a_count_of_samples_is_never_zero(plan_of: Callable[..., Plan]) -> None:
    # Without a sample there is no datapoint: of no task, only missing data can tell.
    quiet = {KEY: AlarmOverride(treat_missing_data=MissingData.NOT_BREACHING)}
    fields = {"container_insights": False, "overrides": quiet}
    for floor in (1, 2):
        ((rule, problem),) = plan_of(ECS, min_running_tasks=floor, **fields).problems
        assert (rule.key, problem.field) == (KEY, "treat_missing_data")
        assert "could never fire while there is nothing" in problem.message


@pytest.mark.parametrize(("running", "state"), [(2, AlarmState.OK), (1, AlarmState.ALARM)])
@pytest.mark.parametrize("period", [60, 300])
def test_tasks_are_counted_whatever_the_period(
    plan_of: Callable[..., Plan], running: int, state: AlarmState, period: int
) -> None:
    changed = {KEY: AlarmOverride(period=period)}
    fields = {"container_insights": False, "min_running_tasks": 2, "overrides": changed}
    (rule,) = [r for r in plan_of(ECS, **fields).rules if r.key == KEY]
    definition = definition_of(rule)
    (metric,) = definition.metrics
    # Each task sends a sample a minute.
    samples = Series(Sample.of(t, 40, running) for t in range(NOW - 6000, NOW, 60))
    for before in (AlarmState.OK, AlarmState.ALARM):
        (evaluation,) = timeline(definition, {metric: samples}, NOW, NOW, state=before)
        assert evaluation.state is state
