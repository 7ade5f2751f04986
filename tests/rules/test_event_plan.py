"""From targets to rules of EventBridge: who is told, how they are divided, and what is left out."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import ALB, APP, ECS, EVENTS, HEALTH, LOGS, RDS
from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.events import (
    AWS_HEALTH,
    EventChange,
    EventPlan,
    EventSection,
    EventTeam,
    aws_services,
    plan_events,
)
from ecs_monitoring.rules.health_events import AwsServices
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.rules.routes import AmbiguousRouteError

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL
FAILED, IMPAIRED = EVENTS["ecs.deployment-failed"], EVENTS["ecs.start-impaired"]
SECTION: Final = EventSection("ecs", EcsTarget, (FAILED, IMPAIRED))
WEB: Final = EcsTarget(cluster="shop", service="web")
API: Final = EcsTarget(cluster="shop", service="api")
BOTH: Final = {"web": WEB, "api": API}
OFF: Final = "switched off in the stack's events settings"


def planned(
    changes: Mapping[str, Any] | None = None,
    teams: Mapping[str, EventTeam] | None = None,
    targets: Mapping[str, EcsTarget] | None = None,
) -> EventPlan:
    return plan_events(
        SECTION,
        targets or BOTH,
        {key: EventChange.model_validate(change) for key, change in (changes or {}).items()},
        stack="shop/prod",
        runbooks="docs/runbooks.md",
        teams=teams or {},
    )


def told(plan: EventPlan) -> list[tuple[str, str, tuple[str, ...]]]:
    """Name of each rule, way to people, and targets."""
    return [(rule.local_name, rule.way, rule.targets) for rule in plan.rules]


def test_a_rule_has_all_of_it() -> None:
    (rule, other) = planned().rules
    assert (rule.row, rule.part, rule.severity, rule.team) == (FAILED, 1, WARNING, "")
    assert rule.targets == ("web", "api")
    assert rule.pattern == FAILED.pattern([WEB, API])
    assert json.loads(rule.pattern_text) == rule.pattern
    assert rule.runbook == "docs/runbooks.md#ecsdeployment-failed"
    transformer = FAILED.transformer(stack="shop/prod", severity=WARNING, runbook=rule.runbook)
    assert rule.transformer == transformer
    assert (other.row, other.runbook) == (IMPAIRED, "docs/runbooks.md#ecsstart-impaired")


@pytest.mark.parametrize(
    ("changes", "rules", "omitted"),
    [
        (
            {},
            [
                ("ecs.deployment-failed", "warning", ("web", "api")),
                ("ecs.start-impaired", "warning", ("web", "api")),
            ],
            {},
        ),
        (
            {"ecs.start-impaired": {"enabled": False}, "ecs.all": {"severity": "critical"}},
            [("ecs.deployment-failed", "critical", ("web", "api"))],
            {"ecs.start-impaired@web": OFF, "ecs.start-impaired@api": OFF},
        ),
        # What is said of one event wins over what is said of all.
        (
            {
                "ecs.start-impaired": {"enabled": True, "severity": "warning"},
                "ecs.all": {"enabled": False, "severity": "critical"},
            },
            [("ecs.start-impaired", "warning", ("web", "api"))],
            {"ecs.deployment-failed@web": OFF, "ecs.deployment-failed@api": OFF},
        ),
        (
            {"rds.all": {"enabled": False}},
            [
                ("ecs.deployment-failed", "warning", ("web", "api")),
                ("ecs.start-impaired", "warning", ("web", "api")),
            ],
            {},
        ),
    ],
)
def test_what_a_stack_wants_otherwise(
    changes: Mapping[str, Any],
    rules: list[tuple[str, str, tuple[str, ...]]],
    omitted: Mapping[str, str],
) -> None:
    plan = planned(changes)
    assert told(plan) == rules
    assert plan.omitted == omitted


def team(*alarms: str, severities: tuple[Severity, ...] = (WARNING, CRITICAL)) -> EventTeam:
    return EventTeam(alarms, frozenset(severities))


def test_a_team_is_told_in_the_place_of_everybody() -> None:
    changes = {"ecs.start-impaired": {"severity": "critical"}}
    teams = {"data": team("ecs@api", severities=(WARNING,)), "web": team("rds")}
    assert told(planned(changes, teams)) == [
        ("ecs.deployment-failed", "warning", ("web",)),
        ("ecs.deployment-failed--data", "data-warning", ("api",)),
        # The team has no topic of that severity.
        ("ecs.start-impaired", "critical", ("web", "api")),
    ]


def test_where_a_team_has_all_of_it_nobody_else_has_a_rule() -> None:
    assert told(planned(teams={"data": team("ecs.deployment-failed")})) == [
        ("ecs.deployment-failed--data", "data-warning", ("web", "api")),
        ("ecs.start-impaired", "warning", ("web", "api")),
    ]


def test_two_teams_alike_are_refused() -> None:
    with pytest.raises(AmbiguousRouteError, match=r"ecs\.deployment-failed@web belongs to a"):
        planned(teams={"a": team("ecs"), "b": team("ecs")})


def test_what_does_not_fit_into_a_pattern_is_divided() -> None:
    # Of 2,048 characters each service takes twice its 250 and once the cluster's 250: two fit.
    long = {f"s{n}": EcsTarget(cluster="c" * 250, service="s" * 249 + str(n)) for n in range(5)}
    plan = planned({"ecs.start-impaired": {"enabled": False}}, targets=long)
    assert told(plan) == [
        ("ecs.deployment-failed", "warning", ("s0", "s1")),
        ("ecs.deployment-failed-2", "warning", ("s2", "s3")),
        ("ecs.deployment-failed-3", "warning", ("s4",)),
    ]
    assert [rule.part for rule in plan.rules] == [1, 2, 3]
    assert [rule.pattern for rule in plan.rules][-1] == FAILED.pattern([long["s4"]])


def test_what_a_target_has_no_event_for_is_said() -> None:
    kept = RdsTarget(instance="main", engine="postgres", instance_class="db.m7g.large")
    aurora = RdsTarget(instance="one", engine="aurora-mysql", instance_class="db.r7g.large")
    section = EventSection("rds", RdsTarget, (EVENTS["rds.storage-full"],))
    plan = plan_events(section, {"main": kept, "one": aurora}, {}, stack="s/p", runbooks="")
    assert told(plan) == [("rds.storage-full", "warning", ("main",))]
    assert plan.omitted == {"rds.storage-full@one": "aurora-mysql grows its storage by itself"}
    assert plan.rules[0].runbook == ""


def test_the_same_is_planned_once() -> None:
    assert planned() is planned()
    assert planned() is not planned(targets={"web": WEB})
    assert planned(teams={"data": team("rds")}) is not planned()


def test_aws_health_is_asked_for_what_the_stack_uses() -> None:
    assert aws_services([ECS, RDS]) == ("CLOUDWATCH", "ECS", "EVENTS", "FARGATE", "RDS", "SNS")
    assert aws_services([ALB, ECS, HEALTH]) == (
        *("CLOUDWATCH", "ECS", "ELASTICLOADBALANCING", "EVENTS", "FARGATE", "SNS"),
    )
    # Outside checks are in a region of their own.
    assert aws_services([ECS, HEALTH], region="us-east-1") == ("ROUTE53",)
    assert aws_services([ECS], region="us-east-1") == ()
    # A log group and an application are no service that could fail alone.
    assert aws_services([LOGS, APP]) == ()
    services = AwsServices(services=("ECS", "RDS"))
    assert (services.where(), services.dimensions()) == ("AWS services ECS, RDS", {})
    assert (AWS_HEALTH.key, AWS_HEALTH.target) == ("health", AwsServices)


MEANS: Final = (
    "One task after the other fails to start, and ECS waits longer between attempts; look first at "
    "the stopped tasks' reasons."
)
EVENT: Final[Mapping[str, Any]] = {
    "time": "2026-11-27T10:00:00Z",
    "region": "eu-west-1",
    "account": "123456789012",
    "resources": ["arn:aws:ecs:eu-west-1:123456789012:service/shop/web"],
    "detail": {"reason": 'the check "ping" failed'},
}
CONTEXT: Final = {
    "Time": "2026-11-27T10:00:00Z",
    "Region": "eu-west-1",
    "Account": "123456789012",
}


def message(key: str, **changes: Any) -> dict[str, Any]:
    options = {"stack": "shop/prod", "severity": WARNING, "runbook": "", **changes}
    made: dict[str, Any] = json.loads(EVENTS[key].transformer(**options).of(EVENT))
    return made


def test_the_message_of_an_event_that_says_nothing_itself() -> None:
    """https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html."""
    arn = EVENT["resources"][0]
    assert message("ecs.start-impaired") == {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": f"ECS tasks keep failing to start: {arn}",
            "description": MEANS,
            "nextSteps": [],
            "keywords": ["shop/prod", "warning"],
        },
        "metadata": {
            "threadId": f"ecs.start-impaired@{arn}",
            "summary": f"ECS tasks keep failing to start: {arn}",
            "eventType": "ecs.start-impaired",
            "relatedResources": [arn],
            "additionalContext": CONTEXT,
        },
    }


def test_the_message_of_an_event_with_words_of_its_own() -> None:
    said = message("ecs.placement-failed", severity=CRITICAL, runbook="page#ecs")["content"]
    assert said["description"] == 'the check "ping" failed'
    assert said["nextSteps"] == [
        "No place has the CPU, memory or capacity that the task asks for, or its configuration is "
        "wrong; look first at the reason above and at the cluster's capacity.",
        "Runbook: page#ecs",
    ]
    assert said["keywords"] == ["shop/prod", "critical"]
