"""A service with two target groups, of which one is empty, and a deployment that swaps them."""

import pytest

from ecs_monitoring.cloudwatch.definition import MetricKey
from sandbox.planned import planned
from sandbox.scenario_files import load_scenarios, usual_traffic
from sandbox.series_key import SeriesKey
from sandbox.simulate import simulate
from stack.config import read_stack_config
from stack.program import run_program

REGION = "ap-northeast-1"
BLUE = ("TargetGroup", "targetgroup/shop-blue/0123456789abcdef")


@pytest.mark.parametrize("name", ["blue-green-deployment", "blue-green-outage"])
def test_two_groups_by_themselves_would_page_for_the_empty_one(name: str) -> None:
    """What the scenarios are about is there: without the pair they are loud."""
    scenario = load_scenarios([name])[name]
    (pair,) = scenario.settings
    apart = pair.replace(
        "}, alternate_target_groups: {web:", ", other:"
    )  # Both in target_groups, as two services.
    assert apart != pair
    run = run_program(read_stack_config("prod", settings=[apart]))
    simulation = simulate(planned(run, REGION), scenario, usual_traffic())
    on = {change.alarm.address for change in simulation.changes}
    assert {"alb.no-healthy-hosts@paired/web", "alb.no-healthy-hosts@paired/other"} <= on


def test_the_series_that_says_most_of_a_metric_is_its_own() -> None:
    metric = MetricKey(namespace="A", name="M", dimensions=frozenset({BLUE, ("LoadBalancer", "l")}))
    general = SeriesKey.parsed("A M")
    of_target = SeriesKey.parsed("A M@main")
    of_part = SeriesKey.parsed(f"A M@main {'='.join(BLUE)}")
    assert (of_part.metric, of_part.target, set(of_part.dimensions)) == ("A M", "main", {BLUE})
    assert general.exactness < of_target.exactness < of_part.exactness
    assert all(key.takes(metric, ["main"]) for key in (general, of_target, of_part))
    assert not of_target.takes(metric, ["api"])
    assert not SeriesKey.parsed("A M@main TargetGroup=green").takes(metric, ["main"])
    assert not SeriesKey.parsed("A Other").takes(metric, ["main"])
