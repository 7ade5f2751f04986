"""A team's lost notifications: told to the team on its other topic, and to the stack's own."""

import json

import pulumi

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.routing import RouteArgs, RoutingArgs
from stack.program import ProgramRun
from tests.components.registered import COMPOSITE, TOPIC, named
from tests.components.small import RunWith
from tests.components.test_delivery import PAGES, watching

BOTH = {"warning": ["data@shop.jp"], "critical": ["data-oncall@shop.jp"]}


def routes(emails: dict[str, list[str]]) -> str:
    return f"alerts.routes={json.dumps({'data': {'alarms': ['rds'], 'emails': emails}})}"


def of_the_team(run: ProgramRun) -> dict[str, list[str]]:
    return {
        address.removeprefix("delivery."): told
        for address, told in watching(run).items()
        if "notifications-failed@data" in address
    }


def test_a_team_hears_of_its_own_topic_on_its_other_one(run_with: RunWith) -> None:
    assert of_the_team(run_with(PAGES, routes(BOTH))) == {
        "notifications-failed@data-critical": ["alerts-warning", "alerts.data-warning"],
        "notifications-failed@data-warning": ["alerts-critical", "alerts.data-critical"],
    }


def test_a_team_with_one_topic_cannot_hear_of_it_by_itself(run_with: RunWith) -> None:
    run = run_with(PAGES, routes({"warning": ["data@shop.jp"]}))
    assert of_the_team(run) == {"notifications-failed@data-warning": ["alerts-critical"]}


def test_the_stacks_own_failures_are_nothing_to_a_team(run_with: RunWith) -> None:
    told = watching(run_with(PAGES, routes(BOTH)))
    assert told["delivery.notifications-failed@warning"] == ["alerts-critical"]


def test_with_one_page_an_incident_the_team_is_paged_by_its_incident(run_with: RunWith) -> None:
    """The alarm itself tells warnings, which is what fails."""
    run = run_with("alerts.paging=incident", routes(BOTH))
    assert of_the_team(run) == {
        "notifications-failed@data-critical": ["alerts-warning", "alerts.data-warning"],
        "notifications-failed@data-warning": ["alerts-warning"],
    }
    (page,) = (one for one in run.of_type(COMPOSITE) if one.name.endswith("delivery.data-warning"))
    topics = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    assert [topics[arn] for arn in page.inputs["alarmActions"]] == [
        "alerts-critical",
        "alerts.data-critical",
    ]


def test_the_stacks_own_topics_come_first_where_there_is_no_room_for_all() -> None:
    own: list[pulumi.Input[str]] = [f"arn:{n}" for n in range(limits.ACTIONS_PER_STATE - 1)]
    team = RouteArgs(team="data", alarms=["rds"], topics={"critical": ["arn:a", "arn:b"]})
    routing = RoutingArgs(topics={"critical": own}, routes=[team])
    address = AlarmAddress("delivery.dead-letters@data-warning")
    assert routing.topics_of(Severity.CRITICAL, address) == [*own, "arn:a"]


def test_without_a_topic_of_the_stack_the_teams_other_one_is_told() -> None:
    team = RouteArgs(team="data", alarms=["rds"], topics={"critical": ["arn:a"]})
    routing = RoutingArgs(topics={"warning": ["arn:w"]}, routes=[team])
    address = AlarmAddress("delivery.dead-letters@data-warning")
    assert routing.topics_of(Severity.CRITICAL, address) == ["arn:a"]
