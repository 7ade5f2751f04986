"""Incidents that are known later, of alarms in another Region, and what is refused of them."""

from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.registered import COMPOSITE, named
from tests.components.small import CRITICAL, ROUTING, RunComponents, ecs_args, rds_args
from tests.components.test_outputs import later

OUTSIDE: Final = "arn:aws:sns:us-east-1:123456789012:pager"


def paged(run_components: RunComponents, known_at: Any, **args: Any) -> ProgramRun:
    """Composite alarms over a service and a database."""

    def program() -> None:
        parts = watch.EcsMonitoring("ecs", ecs_args()), watch.RdsMonitoring("rds", rds_args())
        usual: dict[str, Any] = {
            "incidents": [known_at(part.incidents) for part in parts],
            "alarms": [part.alarm_arns for part in parts],
            "routing": ROUTING,
        }
        paging = watch.IncidentPaging("incidents", watch.IncidentPagingArgs(**{**usual, **args}))
        pulumi.export("composites", paging.composites)
        pulumi.export("mute_rules", paging.mute_rules)

    return run_components(program)


@pytest.mark.parametrize("known_at", [str, later], ids=["at once", "later"])
def test_the_same_whenever_they_are_known(run_components: RunComponents, known_at: Any) -> None:
    night = watch.MuteArgs(schedule="cron(0 20 * * *)", duration="2h")
    run = paged(run_components, known_at, mutes={"night": night})
    arn = "arn:aws:cloudwatch:ap-northeast-1:123456789012"
    name = "django-ecs-monitoring-test"
    composites = {
        "incident.ecs@web": f"{arn}:alarm:{name}-incident-web-ecs",
        "incident.rds@main": f"{arn}:alarm:{name}-incident-main-rds",
        "incident.rds@main/foreseen": f"{arn}:alarm:{name}-incident-main.foreseen-rds",
    }
    mute = f"{name}-mute-night--incidents"
    mutes = {mute: f"{arn}:alarm-mute-rule:{mute}"}
    assert run.exports == {"composites": composites, "mute_rules": mutes}
    (urn,) = (one.urn for one in run.registrations if one.name == "incidents")
    assert run.outputs[urn] == run.exports
    found = named(run, COMPOSITE)
    assert set(found) == {"incidents.ecs.web", "incidents.rds.main", "incidents.rds.main.foreseen"}
    assert all(one.parent == urn for one in found.values())
    assert all(one.inputs["alarmActions"] == [CRITICAL] for one in found.values())
    # Nobody asked to be told of a recovery.
    assert not any(one.inputs.get("okActions") for one in found.values())


def test_alarms_of_a_region_of_their_own_have_their_composite_there(
    run_components: RunComponents,
) -> None:
    routing = watch.RoutingArgs(topics={"critical": [OUTSIDE]})
    night = watch.MuteArgs(schedule="cron(0 20 * * *)", duration="2h")

    def program() -> None:
        site = {"site": watch.HealthTargetArgs(url="https://www.shop.jp/")}
        health = watch.HealthCheck("health", watch.HealthCheckArgs(targets=site, routing=routing))
        alarms: list[Any] = [health.alarm_arns]
        args = watch.IncidentPagingArgs(
            incidents=[health.incidents],
            alarms=alarms,
            routing=routing,
            mutes={"night": night},
        )
        watch.IncidentPaging("incidents", args)

    run = run_components(program)
    (composite,) = run.of_type(COMPOSITE)
    (mute,) = run.of_type("aws:cloudwatch/alarmMuteRule:AlarmMuteRule")
    assert composite.inputs["region"] == mute.inputs["region"] == "us-east-1"
    assert composite.inputs["alarmActions"] == [OUTSIDE]


@pytest.mark.parametrize("known_at", [str, later], ids=["at once", "later"])
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"depends_on": {"ecs.web": ["rds.main"], "rds.main": ["ecs.web"]}},
            "IncidentPaging 'incidents'.depends_on: ecs.web depends on rds.main depends on "
            "ecs.web: a cause and its symptom cannot be each other's; leave one of them out",
        ),
        (
            {"mutes": {"by-hand": watch.MuteArgs(schedule="cron(0 2 * * *)", duration="1h")}},
            "IncidentPaging 'incidents': mutes.by-hand: write letters, digits, _ and single "
            "hyphens, and not by-hand",
        ),
        (
            {"routing": watch.RoutingArgs(topics={"warning": [CRITICAL]})},
            "routing.topics has no topic for critical alarms such as incident.rds@main (severities "
            "with topics: warning)",
        ),
    ],
)
def test_what_cannot_be(
    run_components: RunComponents, known_at: Any, args: dict[str, Any], message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        paged(run_components, known_at, **args)
    assert str(refusal.value).replace("main/foreseen", "main") == message


def test_what_is_no_incidents_says_whose_they_should_be(run_components: RunComponents) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        paged(run_components, str, incidents=["no incidents"])
    assert refusal.value.field == "incidents[0]"
    assert str(refusal.value).endswith(": give it the incidents of a monitoring component")
