"""Scenario files: the shipped ones, and errors that say what to write."""

from pathlib import Path

import pytest

from sandbox.scenario import ScenarioError
from sandbox.scenario_files import load_scenario, load_scenarios, usual_traffic
from sandbox.series_key import SeriesKey

# The issue that asked for the sandbox names these situations.
SHIPPED = {
    "traffic-as-usual",
    "cpu-saturation",
    "memory-leak",
    "bad-canary",
    "bad-deployment",
    "slow-database",
    "storage-fills-up",
    "tasks-crash",
    "quiet-night",
    "log-error-storm",
    "metric-delivery-stops",
    "flapping",
}


def test_the_shipped_scenarios_are_there() -> None:
    assert set(load_scenarios()) >= SHIPPED


def test_a_day_of_usual_traffic_is_a_whole_day_of_silence() -> None:
    usual = load_scenarios(["traffic-as-usual"])["traffic-as-usual"]
    assert (usual.minutes, usual.series, usual.logs, usual.expect) == (24 * 60, {}, (), ())


def test_every_series_of_a_scenario_is_described() -> None:
    usual = usual_traffic()
    for name, scenario in load_scenarios().items():
        for series in scenario.series:
            assert SeriesKey.parsed(series).metric in usual, name


def test_an_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=r"write one of .*bad-deployment, .*connection-flood"):
        load_scenarios(["nope"])


GOOD = "title: t\nstory: s\nminutes: 10\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a list", "write a mapping"),
        ("a: [", "is no YAML"),
        ("title: t\nstory: s\n", "minutes: Field required"),
        (GOOD + "surprise: 1\n", "surprise: Extra inputs"),
        (GOOD + "proves: [ecs.cpu-high]\n", "proves and the alarms expected to fire differ"),
        (
            GOOD + "expect: [{alarm: ecs.cpu-high, between: [1, 5]}]\n",
            "proves and the alarms expected to fire differ: ecs.cpu-high",
        ),
        (
            GOOD + "proves: [a.b]\nexpect: [{alarm: a.b, between: [5, 10]}]\n",
            "is not within the scenario's 10 minutes",
        ),
        (
            GOOD + "proves: [a.b]\nexpect: [{alarm: a.b, between: [6, 5]}]\n",
            "is not within the scenario's 10 minutes",
        ),
        (GOOD + 'start: "24:00"\n', "start: .*'24:00' is no time of day"),
        (GOOD + 'start: "9:00"\n', "start: .*write one in quotes"),
        # YAML 1.1 reads this as a number to the base of 60.
        (GOOD + "start: 23:45\n", "start: .*1425 is no time of day: write one in quotes"),
        (
            GOOD + "expect: [{alarm: a.b, between: [1, 2], missing_data: [breachng]}]\n",
            "expect.0.missing_data.0: Input should be 'missing', 'ignore', 'breaching'",
        ),
        (GOOD + "series: {AWS/ECS CPUUtilization: [{at: -1, to: 2}]}\n", "series.AWS/ECS CPU"),
        (GOOD + "series: {CPUUtilization: [{at: 1, to: 2}]}\n", "write namespace and name"),
        (GOOD + "series: {AWS/ECS CPU@web Task: [{at: 1}]}\n", "a dimension behind"),
    ],
)
def test_what_is_wrong_with_a_scenario_is_said(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=message) as raised:
        load_scenario(path)
    assert "mine.yaml" in str(raised.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="No such file"):
        load_scenario(tmp_path / "gone.yaml")
