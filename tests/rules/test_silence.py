"""What the alarms make of things that are stopped, broken, idle by design or just created."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ecs_monitoring.catalog.metrics import SHEETS, MetricSheet
from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.evaluation.series import Sample
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import ECS, KINDS, RDS
from ecs_monitoring.rules.plan import Plan
from sandbox.deployed import Deployed, DeployedAlarm
from sandbox.scenario_files import load_scenarios, usual_traffic
from sandbox.simulate import simulate

SENTINELS = [(sheet, value) for sheet in SHEETS.values() for value in sheet.sentinels]


def on_from_the_first_minute(rule: AlarmRule, value: float) -> bool:
    """Whether the alarm is on at the end of an hour in which its metrics have one value."""
    samples = [Sample.of(minute * 60, value) for minute in range(60)]
    definition = definition_of(rule)
    series = {metric: Series(samples) for metric in definition.metrics}
    return list(timeline(definition, series, 0, 3600))[-1].state == "ALARM"


def fired(plan: Plan, scenario: str) -> dict[str, int]:
    """The alarms of a plan that fire in a scenario, by key, with the first minute."""
    deployed = Deployed(
        alarms={
            rule.address: DeployedAlarm(
                address=rule.address,
                severity=rule.severity.value,
                region="ap-northeast-1",
                definition=definition_of(rule),
                updated=datetime(2026, 1, 1, tzinfo=UTC),
            )
            for rule in plan.rules
        },
        filters=(),
    )
    changes = simulate(deployed, load_scenarios([scenario])[scenario], usual_traffic()).changes
    found: dict[str, int] = {}
    for change in changes:
        if change.evaluation.state == "ALARM":
            found.setdefault(change.alarm.address.key, change.minute)
    return found


@pytest.mark.parametrize(("sheet", "value"), SENTINELS, ids=lambda x: getattr(x, "name", str(x)))
def test_a_value_that_stands_for_broken_sets_off_an_alarm(
    plan_of: Callable[..., Plan], sheet: MetricSheet, value: float
) -> None:
    readers = [
        rule
        for kind in KINDS
        for rule in plan_of(kind).rules
        if any(metric.name == sheet.name for metric in rule.metrics)
    ]
    assert any(on_from_the_first_minute(rule, value) for rule in readers)


def test_a_replica_that_stops_replicating(plan_of: Callable[..., Plan]) -> None:
    # Ten minutes in a row from minute 20 on: the tenth is minute 29, over at minute 30.
    assert fired(plan_of(RDS, read_replica=True), "replication-stops") == {"rds.replica-lag": 30}


@pytest.mark.parametrize("threshold", [0, 60, 86_400])
def test_stopped_replication_is_beyond_every_threshold(
    rule_of: Callable[..., AlarmRule], threshold: float
) -> None:
    changed = {"rds.replica-lag": AlarmOverride(threshold=threshold)}
    lag = rule_of("rds.replica-lag", overrides=changed)
    assert on_from_the_first_minute(lag, -1)
    assert not on_from_the_first_minute(lag, threshold)


def test_a_database_that_is_gone(plan_of: Callable[..., Plan]) -> None:
    ((alarm, minute),) = fired(plan_of(RDS), "database-renamed").items()
    assert alarm == "rds.no-data"
    assert 35 <= minute <= 45


@pytest.mark.parametrize(
    ("first_data", "fires"),
    [
        # Route 53's first datapoints come a few minutes after the health check is made.
        (4, None),
        (10, None),
        # The endpoint is never reached: told once the fifteen minutes are over.
        (None, 15),
    ],
)
def test_an_outside_check_is_quiet_at_its_first_deployment(
    rule_of: Callable[..., AlarmRule], first_data: int | None, fires: int | None
) -> None:
    definition = definition_of(rule_of("health.endpoint-down"))
    (metric,) = definition.metrics
    data = range(first_data, 60) if first_data is not None else range(0)
    series = {metric: Series([Sample.of(minute * 60, 1) for minute in data])}
    found = timeline(definition, series, 0, 3600, created=0)
    alarms = [one.time // 60 for one in found if one.changed and one.state == "ALARM"]
    assert len(alarms) == (fires is not None)
    assert all(fires is not None and fires <= minute <= fires + 3 for minute in alarms)


@pytest.mark.parametrize(
    ("floor", "threshold", "refused"),
    [(2, 0, False), (2, 1, False), (2, 1.5, False), (2, 2, True), (2, 3, True), (1, 1, True)],
)
def test_missing_tasks_are_never_tolerated_down_to_none(
    plan_of: Callable[..., Plan], floor: int, threshold: float, refused: bool
) -> None:
    # With a floor of two and none running, two are missing: "> 2" would be false.
    options: Mapping[str, Any] = {
        "container_insights": True,
        "min_running_tasks": floor,
        "overrides": {"ecs.tasks-low": AlarmOverride(threshold=threshold)},
    }
    problems = [problem for _, problem in plan_of(ECS, **options).problems]
    assert [problem.field for problem in problems] == (["threshold"] if refused else [])
    assert all(f"write less than {floor}" in problem.message for problem in problems)
    assert all("min_running_tasks" in problem.message for problem in problems)


@pytest.mark.slow
def test_a_deployment_may_halve_the_tasks(plan_of: Callable[..., Plan]) -> None:
    # Ten tasks, five while they are replaced: that is no outage. Five for half an hour is told.
    halved = plan_of(ECS, name="halving", minimum_healthy_percent=50, min_running_tasks=1)
    assert fired(halved, "rolling-deployment") == {"ecs.tasks-below-desired": 120}
    # Without that fact of the target, both deployments wake somebody.
    assert set(fired(plan_of(ECS, name="halving"), "rolling-deployment")) == {"ecs.tasks-low"}


@pytest.mark.parametrize(
    ("desired", "percent", "running", "on"),
    [
        # What is left running is rounded up: half of three is two.
        (3, 50, 2, False),
        (3, 50, 1, True),
        (2, 50, 1, False),
        (2, 50, 0, True),
        (10, 75, 8, False),
        (10, 75, 7, True),
    ],
)
def test_fewer_than_a_deployment_leaves_is_an_outage(
    rule_of: Callable[..., AlarmRule], desired: int, percent: int, running: int, on: bool
) -> None:
    rule = rule_of("ecs.tasks-low", minimum_healthy_percent=percent, min_running_tasks=1)
    definition = definition_of(rule)
    values = {"DesiredTaskCount": desired, "RunningTaskCount": running}
    series = {
        metric: Series([Sample.of(minute * 60, values[metric.name]) for minute in range(30)])
        for metric in definition.metrics
    }
    assert (list(timeline(definition, series, 0, 1800))[-1].state == "ALARM") == on


def test_no_floor_and_a_deployment_that_may_stop_all_leave_nothing_to_fall_below(
    plan_of: Callable[..., Plan],
) -> None:
    plan = plan_of(ECS, minimum_healthy_percent=0, min_running_tasks=0)
    reasons = {omission.key: omission.reason for omission in plan.omitted}
    assert "may stop every task (minimum_healthy_percent: 0)" in reasons["ecs.tasks-low"]
    # What is missing for longer than a deployment takes is told all the same.
    assert "ecs.tasks-below-desired" in {rule.key for rule in plan.rules}
