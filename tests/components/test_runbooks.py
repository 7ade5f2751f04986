"""Alarms, incidents, events and dashboards link to the page that was given, and to none else.

A component cannot know where the runbooks of somebody else's alarms are; a link that leads nowhere
costs whoever is paged at night a minute.
"""

import json
from typing import Any, Final

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.registered import ALARM, COMPOSITE, DASHBOARD, EVENT_TARGET
from tests.components.small import CRITICAL, ROUTING, WARNING, RunComponents, ecs_args

PAGE: Final = "https://wiki.example.jp/runbooks"


def shop(run_components: RunComponents, **given: Any) -> ProgramRun:
    """A service with its incidents, events and dashboard; ``given`` are fields of all of them."""
    topics: Any = {"critical": [CRITICAL], "warning": [WARNING]}

    def program() -> None:
        ecs = watch.EcsMonitoring("ecs", ecs_args(**given))
        alarms: list[Any] = [ecs.alarms]
        incidents = watch.IncidentPagingArgs(
            incidents=[ecs.incidents], alarms=alarms, routing=ROUTING, **given
        )
        watch.IncidentPaging("incidents", incidents)
        watched = ecs_args().targets
        watch.EventMonitoring(
            "events", watch.EventMonitoringArgs(topics=topics, ecs=watched, **given)
        )
        graphs = watch.DashboardArgs(graphs=[ecs.graphs], alarms=alarms, **given)
        watch.Dashboard("dashboard", graphs)

    return run_components(program)


def texts(run: ProgramRun) -> str:
    """Everything that people are told by what a run registered."""
    return json.dumps(
        [
            *(alarm.inputs["alarmDescription"] for alarm in run.of_type(ALARM)),
            *(composite.inputs["alarmDescription"] for composite in run.of_type(COMPOSITE)),
            *(target.inputs["inputTransformer"] for target in run.of_type(EVENT_TARGET)),
            *(dashboard.inputs["dashboardBody"] for dashboard in run.of_type(DASHBOARD)),
        ]
    )


def test_without_a_page_nothing_speaks_of_runbooks(run_components: RunComponents) -> None:
    run = shop(run_components)
    assert "unbook" not in texts(run)
    cpu = next(a for a in run.of_type(ALARM) if a.inputs["name"].endswith("cpu-high"))
    assert cpu.inputs["alarmDescription"].startswith("ECS CPU high: ")
    (incident,) = (c for c in run.of_type(COMPOSITE) if c.inputs["alarmName"].endswith("web-ecs"))
    assert incident.inputs["alarmDescription"].endswith("their values: the warning topic.")


def test_a_page_that_is_given_is_linked_everywhere(run_components: RunComponents) -> None:
    run = shop(run_components, runbooks=PAGE)
    assert all(
        f" Runbook: {PAGE}#ecs" in alarm.inputs["alarmDescription"] for alarm in run.of_type(ALARM)
    )
    said = texts(run)
    assert f"Open first: {PAGE}#ecs" in said
    assert f"Runbook: {PAGE}#incident" in said
    assert f"Runbook: {PAGE}#ecsdeployment-failed" in said
    assert f"[Runbooks]({PAGE}) | lines across" in said
