"""EventMonitoring: which events are taken, who is told, and what becomes of what fails."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from ecs_monitoring.eventbridge.pattern import matches
from ecs_monitoring.eventbridge.transformer import InputTransformer
from sandbox.recorded_events import recorded_events
from stack.program import ProgramRun, Registration
from tests.components.policy import allows, statements
from tests.components.registered import (
    EVENT_RULE,
    EVENT_TARGET,
    QUEUE,
    QUEUE_POLICY,
    named,
    only,
    wire,
)
from tests.components.small import CRITICAL, WARNING, RunComponents, RunWith

TOPICS: Any = {"critical": [CRITICAL], "warning": [WARNING]}
EVENTS = "events.amazonaws.com"
FAILED = recorded_events()["ecs-deployment-failed"].event


def told(run_components: RunComponents, name: str = "events", **args: Any) -> ProgramRun:
    """A program with the events of the documentation's own service, unless ``args`` differ."""
    service = watch.EcsTargetArgs(cluster="default", service="servicetest")
    wanted = {"topics": TOPICS, "ecs": {"web": service}, **args}

    def program() -> None:
        given = watch.EventMonitoringArgs(**wanted)
        found = watch.EventMonitoring(name, given)
        pulumi.export("rules", found.rules)
        pulumi.export("omitted", found.omitted)

    return run_components(program)


def rule(run: ProgramRun, key: str = "ecs.deployment-failed") -> Registration:
    return named(run, EVENT_RULE)[f"events.{key}"]


def target(run: ProgramRun, key: str = "ecs.deployment-failed") -> Registration:
    return named(run, EVENT_TARGET)[f"events.{key}"]


def pattern(run: ProgramRun, key: str = "ecs.deployment-failed") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rule(run, key).inputs["eventPattern"])
    return found


def test_a_rule_and_its_target(run_components: RunComponents) -> None:
    run = told(run_components, tags={"Team": "web"})
    assert wire(rule(run), "name", "description", "tags") == {
        "name": "events-django-ecs-monitoring-test-ecs-deployment-failed",
        "description": "ECS deployment failed (warning): web",
        "tags": {"Team": "web", "EventKey": "ecs.deployment-failed", "Severity": "warning"},
    }
    assert wire(target(run), "rule", "targetId", "arn", "roleArn") == {
        "rule": "events-django-ecs-monitoring-test-ecs-deployment-failed",
        "targetId": "topic-1",
        "arn": WARNING,
        # With a role, delivery to an encrypted topic may fail:
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        "roleArn": None,
    }
    assert run.exports["rules"]["ecs.deployment-failed"] == rule(run).arn
    assert rule(run).arn == (
        "arn:aws:events:ap-northeast-1:123456789012:"
        "rule/events-django-ecs-monitoring-test-ecs-deployment-failed"
    )


def test_the_documented_event_is_taken(run_components: RunComponents) -> None:
    assert matches(pattern(told(run_components)), FAILED)


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param("arn:aws:ecs:us-west-2:111122223333:service/other/servicetest", id="cluster"),
        pytest.param("arn:aws:ecs:us-west-2:111122223333:service/default/other", id="service"),
        pytest.param("arn:aws:ecs:us-west-2:111122223333:service/a/myservicetest", id="longer"),
    ],
)
def test_another_services_event_is_not_taken(run_components: RunComponents, arn: str) -> None:
    assert not matches(pattern(told(run_components)), {**FAILED, "resources": [arn]})


def test_a_services_short_arn_is_taken(run_components: RunComponents) -> None:
    """Services that are older than the long form keep it.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
    """
    short = "arn:aws:ecs:us-west-2:111122223333:service/servicetest"
    assert matches(pattern(told(run_components)), {**FAILED, "resources": [short]})


@pytest.mark.parametrize("name", ["SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED"])
def test_a_deployment_that_goes_well_is_not_told_of(
    run_components: RunComponents, name: str
) -> None:
    event = {**FAILED, "detail": {**FAILED["detail"], "eventName": name}}
    assert not matches(pattern(told(run_components)), event)


def test_the_message_is_readable_in_a_mail_and_shown_in_a_chat(
    run_components: RunComponents,
) -> None:
    """Required there: version 1.0, source custom, content.description.

    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    """
    run = told(run_components, runbooks="https://wiki.example.jp/runbooks")
    transformer = target(run).inputs["inputTransformer"]
    made = InputTransformer(transformer["inputPaths"], transformer["inputTemplate"]).of(FAILED)
    message = json.loads(made)
    assert (message["version"], message["source"]) == ("1.0", "custom")
    content = message["content"]
    service = "arn:aws:ecs:us-west-2:111122223333:service/default/servicetest"
    assert content["title"] == f"ECS deployment failed: {service}"
    assert content["description"] == "ECS deployment circuit breaker: task failed to start."
    means, runbook = content["nextSteps"]
    assert "look first at" in means
    assert runbook == "Runbook: https://wiki.example.jp/runbooks#ecsdeployment-failed"
    assert content["keywords"] == ["django-ecs-monitoring/test", "warning"]
    assert message["metadata"]["additionalContext"] == {
        "Time": "2020-05-23T12:31:14Z",
        "Region": "us-west-2",
        "Account": "111122223333",
    }
    # The thread of a chat: the same event of the same service goes on in it.
    assert message["metadata"]["threadId"] == f"ecs.deployment-failed@{service}"


def test_what_cannot_be_delivered_is_kept(run_components: RunComponents) -> None:
    run = told(run_components)
    queue = only(run.of_type(QUEUE))
    assert queue.inputs["name"] == "events-django-ecs-monitoring-test-warning-dead"
    # 14 days: 14 x 24 x 60 x 60.
    assert queue.inputs["messageRetentionSeconds"] == 1_209_600
    assert target(run).inputs["deadLetterConfig"] == {"arn": queue.arn}
    assert target(run).inputs["retryPolicy"] == {
        "maximumEventAgeInSeconds": 3600,
        "maximumRetryAttempts": 185,
    }
    policy = only(run.of_type(QUEUE_POLICY)).inputs["policy"]
    own, other = rule(run).arn, rule(run).arn + "-2"
    for arn, may in ((own, True), (other, False)):
        context = {"aws:SourceArn": arn}
        assert allows(policy, EVENTS, "sqs:SendMessage", queue.arn, context) == may
    assert len(statements(policy)) == 1


def test_the_severity_decides_topic_and_queue(run_components: RunComponents) -> None:
    changes = {"ecs.deployment-failed": {"severity": "critical"}}
    run = told(run_components, changes=changes)
    assert target(run).inputs["arn"] == CRITICAL
    queues = named(run, QUEUE)
    dead = queues["events-critical-dead-letters"].arn
    assert target(run).inputs["deadLetterConfig"] == {"arn": dead}


@pytest.mark.parametrize("key", ["ecs.deployment-failed", "ecs.all"])
def test_an_event_that_is_turned_off_says_so(run_components: RunComponents, key: str) -> None:
    run = told(run_components, changes={key: {"enabled": False}})
    assert "events.ecs.deployment-failed" not in named(run, EVENT_RULE)
    why = run.exports["omitted"]["ecs.deployment-failed@web"]
    assert why == "switched off in the stack's events settings"


def test_the_event_itself_wins_over_all_of_its_section(run_components: RunComponents) -> None:
    changes = {"ecs.all": {"enabled": False}, "ecs.deployment-failed": {"enabled": True}}
    assert list(named(told(run_components, changes=changes), EVENT_RULE)) == [
        "events.ecs.deployment-failed"
    ]


def test_every_topic_of_a_severity_is_a_target(run_components: RunComponents) -> None:
    run = told(run_components, topics={"warning": [WARNING, CRITICAL]})
    of_rule = [t for t in run.of_type(EVENT_TARGET) if "deployment-failed" in t.name]
    assert {t.inputs["arn"] for t in of_rule} == {WARNING, CRITICAL}
    assert len({t.inputs["targetId"] for t in of_rule}) == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"topics": {"critical": [CRITICAL]}}, "no topic for warning events such as ecs."),
        ({"topics": {"warning": [WARNING] * 6}}, "has 6 topics .* at most 5 targets"),
        ({"ecs": {"web": {"cluster": "a b", "service": "s"}}}, "ecs.web.cluster"),
        ({"ecs": {"web": {"cluster": "c"}}}, "ecs.web.service is missing"),
        ({"changes": {"ecs.all": {"severity": "grave"}}}, "severity: 'grave'"),
        ({"changes": {"ecs.al": {"enabled": False}}}, 'unknown event "ecs.al"; did you mean'),
    ],
)
def test_what_cannot_be_is_refused(
    run_components: RunComponents, args: dict[str, Any], message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=message):
        told(run_components, **args)


def test_a_name_that_is_known_later_makes_the_pattern_later(run_components: RunComponents) -> None:
    def program() -> None:
        cluster = aws.ecs.Cluster("c", name="default")
        target = watch.EcsTargetArgs(cluster=cluster.name, service="servicetest")
        plain = watch.EcsTargetArgs(cluster="shop", service="api")
        args = watch.EventMonitoringArgs(topics=TOPICS, ecs={"web": target, "api": plain})
        watch.EventMonitoring("events", args)

    run = run_components(program)
    assert matches(pattern(run), FAILED)
    api = "arn:aws:ecs:us-west-2:111122223333:service/shop/api"
    assert matches(pattern(run), {**FAILED, "resources": [api]})


def test_many_services_are_divided_among_rules(run_components: RunComponents) -> None:
    """A pattern has 2,048 characters; the longest names have 255 each."""
    services = {
        f"s{number}": {"cluster": "c" * 255, "service": f"{'s' * 250}{number:05}"}
        for number in range(5)
    }
    run = told(run_components, ecs=services)
    rules = {n: r for n, r in named(run, EVENT_RULE).items() if "deployment-failed" in n}
    # 2 x 255 + 255 characters and more each: two fit into a pattern, three do not.
    assert sorted(name.rpartition(".")[2] for name in rules) == [
        "deployment-failed",
        "deployment-failed-2",
        "deployment-failed-3",
    ]
    for fields in services.values():
        arn = f"arn:aws:ecs:r:1:service/{fields['cluster']}/{fields['service']}"
        event = {**FAILED, "resources": [arn]}
        taken = [r for r in rules.values() if matches(json.loads(r.inputs["eventPattern"]), event)]
        assert len(taken) == 1
    assert all(len(r.inputs["name"]) <= 64 for r in rules.values())


def test_two_components_never_share_a_name(run_components: RunComponents) -> None:
    def program() -> None:
        for name in ("events", "events-api"):
            service = watch.EcsTargetArgs(cluster="c", service=name)
            args = watch.EventMonitoringArgs(topics=TOPICS, ecs={"web": service})
            watch.EventMonitoring(name, args)

    run = run_components(program)
    for type_ in (EVENT_RULE, QUEUE):
        names = [one.inputs["name"] for one in run.of_type(type_)]
        assert len(set(names)) == len(names) > 0


@pytest.mark.slow
def test_an_example_stack_tells_of_its_own_service(run_with: RunWith) -> None:
    run = run_with()
    found = named(run, EVENT_RULE)["events.ecs.deployment-failed"]
    own = "arn:aws:ecs:ap-northeast-1:1:service/django-ecs-cluster/django-app-service"
    assert matches(json.loads(found.inputs["eventPattern"]), {**FAILED, "resources": [own]})
    assert not matches(json.loads(found.inputs["eventPattern"]), FAILED)
    topic = run.exports["topics"]["warning"]
    assert named(run, EVENT_TARGET)["events.ecs.deployment-failed"].inputs["arn"] == topic


def test_without_events_nothing_of_them_is_there(run_with: RunWith) -> None:
    run = run_with("events.enabled=false")
    assert run.of_type(EVENT_RULE) == run.of_type(EVENT_TARGET) == []
    assert "events" not in run.exports


def team(*alarms: str, **topics: list[str]) -> watch.EventTeamArgs:
    given: Any = topics or {"warning": ["arn:aws:sns:ap-northeast-1:123456789012:data"]}
    return watch.EventTeamArgs(alarms=list(alarms), topics=given)


def test_a_teams_events_have_a_rule_and_a_queue_of_their_own(
    run_components: RunComponents,
) -> None:
    run = told(run_components, teams={"data": team("ecs.deployment-failed")})
    assert target(run, "ecs.deployment-failed--data").inputs["arn"].endswith(":data")
    assert target(run, "ecs.out-of-memory").inputs["arn"] == WARNING
    assert "events.ecs.deployment-failed" not in named(run, EVENT_RULE)
    queues = {name: queue.inputs["name"] for name, queue in named(run, QUEUE).items()}
    assert set(queues) == {"events-warning-dead-letters", "events.data-warning-dead-letters"}
    assert len(set(queues.values())) == 2
    lost = target(run, "ecs.deployment-failed--data").inputs["deadLetterConfig"]["arn"]
    assert lost == named(run, QUEUE)["events.data-warning-dead-letters"].arn


def test_a_team_without_a_topic_for_an_events_severity_leaves_it(
    run_components: RunComponents,
) -> None:
    run = told(run_components, teams={"data": team("ecs", critical=["arn"])})
    assert target(run).inputs["arn"] == WARNING


@pytest.mark.parametrize(
    ("teams", "says"),
    [
        ({"data": team("ecs@@web")}, r"teams\.data\.alarms: 'ecs@@web' names no alarms"),
        ({"data team": team("ecs")}, "name the team with letters"),
        (
            {"a": team("ecs"), "b": team("ecs")},
            r"teams: ecs\.[a-z-]+@web belongs to a \(ecs\) as much as to b \(ecs\)",
        ),
    ],
)
def test_teams_that_cannot_be_are_refused(
    run_components: RunComponents, teams: Any, says: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=says):
        told(run_components, teams=teams)
