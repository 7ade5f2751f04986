"""What a healthy new stack does in its first hours: nothing, by its warm-ups."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.rules import KINDS
from sandbox.deployed import Deployed
from sandbox.planned import planned
from sandbox.scenario import Scenario
from sandbox.scenario_files import load_scenarios, usual_traffic
from sandbox.simulate import simulate
from sandbox.simulation import Simulation
from tests.conftest import RunSettings
from tests.sandbox.scenarios.test_broken_alarms import TARGETS

REGION: Final = "ap-northeast-1"
SCENARIO: Final = load_scenarios(["first-deployment"])["first-deployment"]
USUAL: Final = usual_traffic()
EVERYTHING: Final = (
    *TARGETS,
    "health.web.url=https://www.example.com/readyz",
    "ecs.uncounted={cluster: c, service: u, min_running_tasks: 2}",
    "alb.paired={load_balancer: app/p/1, target_groups: {web: targetgroup/b/1}, "
    "alternate_target_groups: {web: targetgroup/g/1}, load_balancer_alarms: false}",
)


def on(simulation: Simulation) -> set[str]:
    """Keys of the alarms that are on at any time."""
    later = {c.alarm.address.key for c in simulation.changes if c.evaluation.state == "ALARM"}
    first = {
        address.partition("@")[0]
        for address, state in simulation.before.items()
        if state is AlarmState.ALARM
    }
    return first | later


def without_warm_up(deployed: Deployed) -> Deployed:
    alarms = {
        address: replace(alarm, definition=replace(alarm.definition, warm_up=None))
        for address, alarm in deployed.alarms.items()
    }
    return replace(deployed, alarms=alarms)


@pytest.mark.parametrize("paging", ["alarm", "incident"])
def test_nothing_goes_off_because_it_is_new(run_with: RunSettings, paging: str) -> None:
    deployed = planned(run_with(*EVERYTHING, f"alerts.paging={paging}"), REGION)
    assert {alarm.address.kind for alarm in deployed.alarms.values()} >= {k.key for k in KINDS}
    simulation = simulate(deployed, SCENARIO, USUAL)
    assert on(simulation) == set()
    assert not any(event.actions for event in simulation.incidents)
    # Everything has data in the end: what is quiet is not so for having none.
    states: dict[str, Any] = dict(simulation.before)
    states |= {c.alarm.address: c.evaluation.state for c in simulation.changes}
    unseen = {a.address.key for a in deployed.alarms.values() if states[a.address] != "OK"}
    assert unseen == {"rds.cpu-credits"}


def test_what_would_go_off_without_a_warm_up(run_with: RunSettings) -> None:
    deployed = planned(run_with(*EVERYTHING), REGION)
    assert on(simulate(without_warm_up(deployed), SCENARIO, USUAL)) == {
        "alb.no-healthy-hosts",
        "ecs.tasks-low",
        "health.endpoint-down",
        "rds.cpu-credits",
        "rds.no-data",
    }


@pytest.mark.parametrize(
    ("key", "first"),
    [
        # The warm-up is over in minute 15, and nothing was there by then.
        ("alb.no-healthy-hosts@main/web", 15),
        ("ecs.tasks-low@web", 15),
        ("rds.no-data@main", 60),
    ],
)
def test_what_never_comes_is_told_when_the_warm_up_is_over(
    run_with: RunSettings, key: str, first: int
) -> None:
    deployed = planned(run_with("alerts.paging=alarm"), REGION)
    never = Scenario.model_validate({**_plain(SCENARIO), "series": {}, "first_data": 170})
    changes = simulate(deployed, never, USUAL).changes
    told = [c.minute for c in changes if c.alarm.address == key and c.evaluation.state == "ALARM"]
    assert told == [first]


def _plain(scenario: Scenario) -> dict[str, Any]:
    return {name: getattr(scenario, name) for name in ("title", "story", "minutes")}
