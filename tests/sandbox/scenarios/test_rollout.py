"""The sandbox plays ECS: an alarm that judges deployments takes the traffic back."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.deployed import Deployed
from sandbox.scenario_steps import OrdinaryMetric
from sandbox.simulate import simulate
from sandbox.simulation import Simulation
from sandbox.verdict import judge
from tests.sandbox.scenarios.small import alarm, deployed, scenario

USUAL = {"AWS/ECS CPUUtilization": OrdinaryMetric(level=40)}
# A new version from minute 10 on, whose CPU would stay at 90 for the whole half hour.
BAD: dict[str, Any] = {
    "series": {"AWS/ECS CPUUtilization": [{"at": 10, "to": 90}]},
    "rollout": {"at": 10, "bake": 5, "rolled_back": (11, 12)},
}


def judging(*names: str) -> Deployed:
    return replace(deployed(), deployment_alarms=frozenset(names))


def played(stack: Deployed, **fields: Any) -> Simulation:
    return simulate(stack, scenario(**{**BAD, **fields}), USUAL)


def states(simulation: Simulation) -> list[tuple[int, str]]:
    return [(change.minute, change.evaluation.state) for change in simulation.changes]


def faults(stack: Deployed, **fields: Any) -> tuple[str, ...]:
    told = scenario(**{**BAD, **fields})
    return judge(stack, told, simulate(stack, told, USUAL), ()).faults


def test_traffic_is_as_usual_from_the_minute_after_the_rollback() -> None:
    # Minute 10 breaches, and is over at 11; ECS gives the traffic back, and minute 12 is usual.
    simulation = played(judging("shop-test-ecs.cpu-high@web"))
    assert states(simulation) == [(11, "ALARM"), (13, "OK")]
    assert simulation.rollback is not None
    assert simulation.rollback.minute == 11


def test_an_alarm_that_does_not_judge_rolls_nothing_back() -> None:
    simulation = played(judging("shop-test-other"))
    assert states(simulation) == [(11, "ALARM")]
    assert simulation.rollback is None


@pytest.mark.parametrize(("bake", "rolled_back"), [(1, True), (3, True)])
def test_within_the_bake_time(bake: int, rolled_back: bool) -> None:
    rollout = {"at": 10, "bake": bake, "rolled_back": (11, 12)}
    simulation = played(judging("shop-test-ecs.cpu-high@web"), rollout=rollout)
    assert (simulation.rollback is not None) is rolled_back


def test_after_the_bake_time_ecs_looks_no_more() -> None:
    # Three datapoints of three: the alarm comes in minute 13, and ECS has looked until 12.
    slow = alarm(EvaluationPeriods=3, DatapointsToAlarm=3)
    stack = replace(deployed(slow), deployment_alarms=frozenset({"shop-test-ecs.cpu-high@web"}))
    rollout = {"at": 10, "bake": 2, "rolled_back": (11, 12)}
    simulation = simulate(stack, scenario(**{**BAD, "rollout": rollout}), USUAL)
    assert states(simulation) == [(13, "ALARM")]
    assert simulation.rollback is None


def test_without_anything_that_judges_it_is_an_ordinary_day() -> None:
    assert states(played(deployed())) == []
    assert faults(deployed()) == ()


def test_a_deployment_that_is_not_rolled_back_in_time_is_a_fault() -> None:
    late = {"at": 10, "bake": 5, "rolled_back": (5, 9)}
    found = faults(judging("shop-test-ecs.cpu-high@web"), rollout=late)
    assert (
        "the deployment must be rolled back between minute 5 and 9: it was at 11, by "
        "ecs.cpu-high@web"
    ) in found
    assert any("between minute 11 and 12: never" in one for one in faults(judging("other")))


def test_log_lines_of_the_new_version_end_with_it() -> None:
    line = {"at": 10, "until": 25, "count": 9, "message": "ERROR"}
    over = scenario(**BAD, logs=[line]).over_after(11, USUAL)
    (log,) = over.logs
    assert (log.at, log.until) == (10, 12)
    later = scenario(**BAD, logs=[{**line, "at": 20}]).over_after(11, USUAL)
    assert later.logs == ()
