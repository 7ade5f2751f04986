"""Graphs and routing that are known only once something else has been made."""

import json
from typing import Any

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Line, Section, as_json
from ecs_monitoring.cloudwatch.metric import Metric
from tests.components.registered import DASHBOARD, alarms
from tests.components.small import CRITICAL, WARNING, RunComponents, ecs_args
from tests.components.test_outputs import later


def large() -> str:
    """Graphs of 3,000 metrics, of which a dashboard holds 2,500."""
    line = Line(metric=Metric(namespace="AWS/ECS", name="CPUUtilization", statistic="Average"))
    graphs = tuple(Graph(title=f"g{n}", lines=(line,) * 250) for n in range(12))
    sections = (Section(title="Tasks", widgets=graphs),)
    return as_json(DashboardPart(kind="ecs", title="ECS services", sections=sections))


@pytest.mark.parametrize("known_at", [str, later], ids=["at once", "later"])
def test_further_dashboards_are_there_whenever_the_graphs_are_known(
    run_components: RunComponents, known_at: Any
) -> None:
    def program() -> None:
        args = watch.DashboardArgs(graphs=[known_at(large())], alarms=[])
        pulumi.export("all", watch.Dashboard("dashboard", args).dashboards)

    run = run_components(program)
    overview = "Django-App-Overview-django-ecs-monitoring-test"
    found = {one.inputs["dashboardName"]: one.inputs for one in run.of_type(DASHBOARD)}
    assert set(found) == {overview, f"{overview}_ecs", f"{overview}_ecs-2"}
    assert set(run.exports["all"]) == set(found)
    drawn = [
        widget["properties"]["title"]
        for inputs in found.values()
        for widget in json.loads(inputs["dashboardBody"])["widgets"]
        if widget["type"] == "metric"
    ]
    assert sorted(drawn) == sorted(f"g{n}" for n in range(12))


@pytest.mark.parametrize("known_at", [str, later], ids=["at once", "later"])
def test_what_is_no_graphs_is_refused_by_its_place(
    run_components: RunComponents, known_at: Any
) -> None:
    def program() -> None:
        args = watch.DashboardArgs(graphs=[large(), known_at("no graphs")], alarms=[])
        watch.Dashboard("dashboard", args)

    with pytest.raises(watch.InvalidArgsError, match=r"Dashboard 'dashboard'\.graphs\[1\]"):
        run_components(program)


TOPICS: dict[str, list[pulumi.Input[str]]] = {"critical": [CRITICAL], "warning": [WARNING]}


@pytest.mark.parametrize(
    "routing",
    [
        pytest.param(lambda: later(watch.RoutingArgs(topics=TOPICS)), id="all of it"),
        pytest.param(lambda: watch.RoutingArgs(topics=later(TOPICS)), id="its topics"),
        pytest.param(
            lambda: watch.RoutingArgs(topics=later({"critical": CRITICAL, "warning": WARNING})),
            id="one topic a severity",
        ),
    ],
)
def test_routing_may_be_known_later(run_components: RunComponents, routing: Any) -> None:
    def program() -> None:
        watch.EcsMonitoring("ecs", ecs_args(routing=routing()))

    run = run_components(program)
    found = {name: alarm.inputs for name, alarm in alarms(run).items()}
    assert found["ecs.tasks-low@web"]["alarmActions"] == [CRITICAL]
    assert found["ecs.cpu-high@web"]["alarmActions"] == [WARNING]
    assert not any(inputs.get("okActions") for inputs in found.values())


def test_recovery_may_be_asked_for_later(run_components: RunComponents) -> None:
    def program() -> None:
        routing = later({"topics": TOPICS, "notify_on_recovery": ["critical"]})
        watch.EcsMonitoring("ecs", ecs_args(routing=routing))

    run = run_components(program)
    recovering = {n for n, alarm in alarms(run).items() if alarm.inputs.get("okActions")}
    assert recovering == {"ecs.tasks-low@web"}


def test_a_severity_that_nobody_hears_is_refused_once_it_is_known(
    run_components: RunComponents,
) -> None:
    def program() -> None:
        routing = watch.RoutingArgs(topics=later({"warning": [WARNING]}))
        watch.EcsMonitoring("ecs", ecs_args(routing=routing))

    with pytest.raises(watch.InvalidArgsError, match="no topic for critical alarms"):
        run_components(program)
