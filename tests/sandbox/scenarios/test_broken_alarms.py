"""Each shipped scenario notices an alarm that is broken: late, silent, or upside down."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.log_pattern import parse_pattern
from ecs_monitoring.cloudwatch.rule import Comparison
from sandbox.deployed import Deployed, DeployedAlarm, DeployedFilter
from sandbox.scenario import Expectation, Scenario, load_scenarios, usual_traffic
from sandbox.simulate import simulate
from sandbox.verdict import judge
from stack.alarm_api import put_metric_alarm_request
from stack.program import ProgramRun, Registration
from tests.components.registered import ALARM, LOG_FILTER
from tests.conftest import RunSettings
from tests.sandbox.scenarios.test_verdict import heard_of

USUAL: Final = usual_traffic()
SCENARIOS: Final = load_scenarios()


NIGHT: Final = '{stop: "cron(0 20 ? * MON-FRI *)", start: "cron(0 7 ? * MON-FRI *)"}'
TARGETS: Final = (
    "ecs.halving={cluster: c, service: s, container_insights: true, minimum_healthy_percent: 50}",
    f"ecs.resting={{cluster: c, service: r, off_hours: {NIGHT}}}",
    f"alb.resting={{load_balancer: app/r/1, target_groups: {{web: targetgroup/r/1}}, "
    f"off_hours: {NIGHT}}}",
    "rds.main.read_replica=true",
    "rds.main.storage_type=gp2",
    "rds.aurora={instance: a, engine: aurora-postgresql, instance_class: db.r6g.large}",
    "rds.serverless={instance: s, engine: aurora-postgresql, instance_class: db.serverless,"
    " min_acu: 1, max_acu: 16}",
)


def deployed_alarm(registration: Registration) -> DeployedAlarm:
    tags = registration.inputs["tags"]
    raw = {**put_metric_alarm_request(registration.inputs), "AlarmArn": registration.arn}
    return DeployedAlarm(
        address=AlarmAddress.from_tags(tags),
        severity=tags["Severity"],
        region="ap-northeast-1",
        definition=definition_from_described(raw),
        updated=datetime(2026, 1, 1, tzinfo=UTC),
    )


def deployed_filter(inputs: Mapping[str, Any]) -> DeployedFilter:
    fed = inputs["metricTransformation"]
    default = fed.get("defaultValue")
    return DeployedFilter(
        group=inputs["logGroupName"],
        text=inputs["pattern"],
        pattern=parse_pattern(inputs["pattern"]),
        metric=MetricKey(namespace=fed["namespace"], name=fed["name"]),
        value=float(fed["value"]),
        default=None if default is None else float(default),
    )


def played(
    scenario: Scenario, alarm: DeployedAlarm, run: ProgramRun
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Which keys fire, and the faults, in a stack that has this alarm alone."""
    filters = tuple(deployed_filter(found.inputs) for found in run.of_type(LOG_FILTER))
    judging = frozenset({alarm.definition.name})
    stack = Deployed(alarms={alarm.address: alarm}, filters=filters, deployment_alarms=judging)
    simulation = simulate(stack, scenario, USUAL)
    verdict = judge(stack, scenario, simulation, heard_of(simulation.changes))
    return verdict.fired, verdict.faults


def late(definition: AlarmDefinition, expectation: Expectation) -> AlarmDefinition:
    """Wants so many more datapoints that it fires after the last minute in which it may."""
    first, last = expectation.between
    more = (last - first) * 60 // definition.period + 1
    return replace(
        definition,
        evaluation_periods=definition.evaluation_periods + more,
        datapoints_to_alarm=definition.breaching_datapoints + more,
    )


def silent(definition: AlarmDefinition, _: Expectation) -> AlarmDefinition:
    return replace(definition, alarm_actions=())


OPPOSITES: Final = {
    Comparison.AT_LEAST: Comparison.BELOW,
    Comparison.BELOW: Comparison.AT_LEAST,
    Comparison.ABOVE: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.ABOVE,
}


def upside_down(definition: AlarmDefinition, _: Expectation | None = None) -> AlarmDefinition:
    return replace(definition, comparison=OPPOSITES[definition.comparison])


_RUNS: Final[dict[str | None, ProgramRun]] = {}


def _production(run_with: RunSettings, log_format: str | None) -> ProgramRun:
    """Production with targets of every sort, its log group in a format."""
    if log_format not in _RUNS:
        changes = [f"logs.app.format={log_format}"] if log_format else []
        # One alarm alone has no composite alarm over it.
        _RUNS[log_format] = run_with(*TARGETS, "alerts.paging=alarm", *changes)
    return _RUNS[log_format]


FIRING: Final = [
    pytest.param(scenario, expectation, id=f"{name}-{expectation.alarm}-{expectation.between[0]}")
    for name, scenario in SCENARIOS.items()
    for expectation in scenario.expect
    if expectation.to == "ALARM"
]


# Its level jumps past the alarm's own threshold, to whichever side the alarm looks: slow-database
# has the alarm upside down noticed, by when it fires.
FITS_EITHER_SIDE: Final = {"cause-after-its-symptom-rds.connections-high-15"}
BROKEN: Final = [
    pytest.param(*firing.values, broken, id=f"{firing.id}-{broken.__name__}")
    for firing in FIRING
    for broken in (late, silent, upside_down)
    if broken is not upside_down or firing.id not in FITS_EITHER_SIDE
]


@pytest.mark.parametrize(("scenario", "expectation", "broken"), BROKEN)
def test_a_scenario_in_which_an_alarm_fires_notices_a_broken_one(
    run_with: RunSettings,
    scenario: Scenario,
    expectation: Expectation,
    broken: Callable[[AlarmDefinition, Expectation], AlarmDefinition],
) -> None:
    run = _production(run_with, expectation.log_format)
    alarms = [deployed_alarm(found) for found in run.of_type(ALARM)]
    named = [a for a in alarms if expectation.alarm in (a.address, a.address.key)]
    # Some expectations are of stacks with other treatments of missing data, or other logs.
    firing = [
        alarm
        for alarm in named
        if played(scenario, alarm, run) == (frozenset({alarm.address.key}), ())
    ]
    assert firing
    for alarm in firing:
        wrong = replace(alarm, definition=broken(alarm.definition, expectation))
        _, faults = played(scenario, wrong, run)
        assert any(alarm.address in fault for fault in faults)


@pytest.mark.parametrize(
    "name", [name for name, scenario in SCENARIOS.items() if not scenario.proves]
)
def test_a_scenario_in_which_nothing_fires_notices_an_alarm_that_does(
    prod: ProgramRun, name: str
) -> None:
    (cpu,) = (
        alarm
        for alarm in map(deployed_alarm, prod.of_type(ALARM))
        if alarm.address == "ecs.cpu-high@web"
    )
    assert played(SCENARIOS[name], cpu, prod) == (frozenset(), ())
    wrong = replace(cpu, definition=upside_down(cpu.definition))
    _, faults = played(SCENARIOS[name], wrong, prod)
    assert faults
