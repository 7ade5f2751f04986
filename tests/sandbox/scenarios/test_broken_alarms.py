"""Each shipped scenario notices an alarm that is broken: late, silent, or upside down."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison
from sandbox.deployed import Deployed, DeployedAlarm
from sandbox.planned import planned
from sandbox.scenario import Expectation, Scenario
from sandbox.scenario_files import load_scenarios, usual_traffic
from sandbox.simulate import simulate
from sandbox.verdict import judge
from tests.conftest import RunSettings
from tests.sandbox.scenarios.test_verdict import heard_of

USUAL: Final = usual_traffic()
SCENARIOS: Final = load_scenarios()
REGION: Final = "ap-northeast-1"

NIGHT: Final = '{stop: "cron(0 20 ? * MON-FRI *)", start: "cron(0 7 ? * MON-FRI *)"}'
TARGETS: Final = (
    "ecs.halving={cluster: c, service: s, container_insights: true, minimum_healthy_percent: 50}",
    f"ecs.resting={{cluster: c, service: r, off_hours: {NIGHT}}}",
    f"alb.resting={{load_balancer: app/r/1, target_groups: {{web: targetgroup/r/1}}, "
    f"off_hours: {NIGHT}}}",
    "rds.main.read_replica=true",
    "rds.main.storage_type=gp2",
    "rds.provisioned={instance: p, engine: postgres, instance_class: db.m6g.large,"
    " allocated_storage_gib: 100, storage_type: gp3}",
    "rds.aurora={instance: a, engine: aurora-postgresql, instance_class: db.r6g.large}",
    "rds.serverless={instance: s, engine: aurora-postgresql, instance_class: db.serverless,"
    " min_acu: 1, max_acu: 16}",
)


def played(
    scenario: Scenario, alarm: DeployedAlarm, whole: Deployed
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Which keys fire, and the faults, in a stack that has this alarm of the whole one alone."""
    judging = frozenset({alarm.definition.name})
    stack = Deployed(
        alarms={alarm.address: alarm}, filters=whole.filters, deployment_alarms=judging
    )
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


_STACKS: Final[dict[tuple[str, ...], Deployed]] = {}


def _production(run_with: RunSettings, scenario: Scenario, log_format: str | None) -> Deployed:
    """Production with a scenario's settings and targets of every sort, its log in a format."""
    changes = (*scenario.settings, *([f"logs.app.format={log_format}"] if log_format else ()))
    if changes not in _STACKS:
        # One alarm alone has no composite alarm over it.
        run = run_with(*changes, *TARGETS, "alerts.paging=alarm")
        _STACKS[changes] = planned(run, REGION)
    return _STACKS[changes]


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


_SOUND: Final[dict[tuple[str, Expectation], list[DeployedAlarm]]] = {}


def _firing(whole: Deployed, scenario: Scenario, expectation: Expectation) -> list[DeployedAlarm]:
    """The alarms that an expectation is about, and that do as it says; found once."""
    key = (scenario.title, expectation)
    if key not in _SOUND:
        # Some expectations are of stacks with other treatments of missing data, or other logs.
        _SOUND[key] = [
            alarm
            for alarm in whole.alarms.values()
            if expectation.alarm in alarm.address.forms
            and played(scenario, alarm, whole) == (frozenset({alarm.address.key}), ())
        ]
    return _SOUND[key]


@pytest.mark.parametrize(("scenario", "expectation", "broken"), BROKEN)
def test_a_scenario_in_which_an_alarm_fires_notices_a_broken_one(
    run_with: RunSettings,
    scenario: Scenario,
    expectation: Expectation,
    broken: Callable[[AlarmDefinition, Expectation], AlarmDefinition],
) -> None:
    whole = _production(run_with, scenario, expectation.log_format)
    firing = _firing(whole, scenario, expectation)
    assert firing
    for alarm in firing:
        wrong = replace(alarm, definition=broken(alarm.definition, expectation))
        _, faults = played(scenario, wrong, whole)
        assert any(alarm.address in fault for fault in faults)


# An alarm that the scenario is about, where it is about some alone.
WATCHED: Final = {"blue-green-deployment": "alb.no-healthy-hosts@paired/web"}


@pytest.mark.parametrize(
    "name", [name for name, scenario in SCENARIOS.items() if not scenario.proves]
)
def test_a_scenario_in_which_nothing_fires_notices_an_alarm_that_does(
    run_with: RunSettings, name: str
) -> None:
    whole = _production(run_with, SCENARIOS[name], None)
    alarm = whole.alarms[WATCHED.get(name, "ecs.cpu-high@web")]
    assert played(SCENARIOS[name], alarm, whole) == (frozenset(), ())
    wrong = replace(alarm, definition=upside_down(alarm.definition))
    _, faults = played(SCENARIOS[name], wrong, whole)
    assert faults
