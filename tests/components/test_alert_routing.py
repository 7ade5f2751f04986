"""AlertRouting: who hears of a severity, and what becomes of what could not be delivered."""

import json
from typing import Any

import pulumi
import pytest

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.policy import allows, statements
from tests.components.registered import (
    KEY,
    KEY_ALIAS,
    QUEUE,
    QUEUE_POLICY,
    SUBSCRIPTION,
    TOPIC,
    TOPIC_POLICY,
    alarms,
    named,
    only,
)
from tests.components.small import RunComponents, RunWith, ecs_args

CRITICAL, WARNING = watch.Severity
QUEUE_ARN = "arn:aws:sqs:ap-northeast-1:123456789012:incidents"


def routed(run_components: RunComponents, **args: Any) -> ProgramRun:
    """A program with one routing; both severities unless ``args`` say otherwise."""
    wanted = {"severities": ["critical", "warning"], **args}

    def program() -> None:
        alerts = watch.AlertRouting("alerts", watch.AlertRoutingArgs(**wanted))
        pulumi.export("topics", alerts.topics)

    return run_components(program)


@pytest.mark.parametrize("severities", [["critical"], ["warning"], ["critical", "warning"]])
def test_one_topic_a_severity(run_components: RunComponents, severities: list[str]) -> None:
    run = routed(run_components, severities=severities)
    names = [f"django-app-alerts-django-ecs-monitoring-test-{severity}" for severity in severities]
    assert sorted(topic.inputs["name"] for topic in run.of_type(TOPIC)) == sorted(names)
    assert len(run.of_type(TOPIC_POLICY)) == len(severities)
    assert run.exports["topics"] == {
        severity: f"arn:aws:sns:ap-northeast-1:123456789012:{name}"
        for severity, name in zip(severities, names, strict=True)
    }


@pytest.mark.slow
def test_a_stack_has_topics_for_the_severities_that_it_uses(run_with: RunWith) -> None:
    """Staging has no critical alarm, so that one override makes the second topic."""
    assert set(run_with(stack="staging").exports["topics"]) == {"warning"}
    run = run_with("alarms.rds.storage-low={severity: critical}", stack="staging")
    assert set(run.exports["topics"]) == {"critical", "warning"}


@pytest.mark.parametrize(
    ("args", "protocol", "endpoint"),
    [
        ({"emails": {"critical": ["oncall@example.com"]}}, "email", "oncall@example.com"),
        ({"queues": {"critical": [QUEUE_ARN]}}, "sqs", QUEUE_ARN),
        (
            {"webhooks": {"critical": {"pager": "https://x.example/1"}}},
            "https",
            "https://x.example/1",
        ),
    ],
)
def test_a_subscription_to_its_severity_alone(
    run_components: RunComponents, args: dict[str, Any], protocol: str, endpoint: str
) -> None:
    run = routed(run_components, **args)
    subscription = only(run.of_type(SUBSCRIPTION))
    assert subscription.inputs["protocol"] == protocol
    assert subscription.inputs["endpoint"] == endpoint
    assert subscription.inputs["topic"] == named(run, TOPIC)["alerts-critical"].arn
    # Filtered by nothing.
    assert "filterPolicy" not in subscription.inputs


def test_a_webhook_is_secret_even_where_it_was_given_in_plain_text(
    run_components: RunComponents,
) -> None:
    run = routed(run_components, webhooks={"critical": {"pager": "https://x.example/1"}})
    assert "endpoint" in only(run.of_type(SUBSCRIPTION)).secret_inputs


def test_what_cannot_be_delivered_is_kept(run_components: RunComponents) -> None:
    run = routed(run_components, emails={"critical": ["a@example.com", "b@example.com"]})
    queue = only(run.of_type(QUEUE))
    assert queue.inputs["name"] == "django-app-alerts-django-ecs-monitoring-test-critical-dead"
    # 14 days, the most that SQS keeps anything: 14 x 24 x 60 x 60.
    assert queue.inputs["messageRetentionSeconds"] == 1_209_600
    assert queue.inputs["sqsManagedSseEnabled"] is True
    subscriptions = run.of_type(SUBSCRIPTION)
    assert len(subscriptions) == 2
    for subscription in subscriptions:
        redrive = json.loads(subscription.inputs["redrivePolicy"])
        assert redrive == {"deadLetterTargetArn": queue.arn}


def test_a_dead_letter_queue_takes_from_its_topic_alone(run_components: RunComponents) -> None:
    run = routed(run_components, emails={"critical": ["a@example.com"]})
    queue = only(run.of_type(QUEUE))
    policy = only(run.of_type(QUEUE_POLICY)).inputs["policy"]
    topics = named(run, TOPIC)

    def may_send(topic: str) -> bool:
        sns, context = "sns.amazonaws.com", {"aws:SourceArn": topics[topic].arn}
        return allows(policy, sns, "sqs:SendMessage", queue.arn, context)

    assert may_send("alerts-critical")
    assert not may_send("alerts-warning")
    assert len(statements(policy)) == 1


def test_nobody_subscribed_needs_no_queue(run_components: RunComponents) -> None:
    run = routed(run_components)
    assert run.of_type(QUEUE) == run.of_type(SUBSCRIPTION) == []


def test_encryption_on(run_components: RunComponents) -> None:
    run = routed(run_components, encryption=True)
    key = only(run.of_type(KEY))
    assert key.inputs["enableKeyRotation"] is True
    assert (
        only(run.of_type(KEY_ALIAS)).inputs["name"]
        == "alias/django-app-alerts-django-ecs-monitoring-test"
    )
    topics = run.of_type(TOPIC)
    assert len(topics) == 2
    assert all(topic.inputs["kmsMasterKeyId"] == key.arn for topic in topics)


@pytest.mark.parametrize("encryption", [False, None])
def test_encryption_off(run_components: RunComponents, encryption: bool | None) -> None:
    run = routed(run_components, encryption=encryption)
    assert run.of_type(KEY) == run.of_type(KEY_ALIAS) == []
    assert all("kmsMasterKeyId" not in topic.inputs for topic in run.of_type(TOPIC))


def test_without_severities_nothing_is_made_and_paid_for(run_components: RunComponents) -> None:
    """A key costs a dollar a month; without topics it encrypts nothing."""
    run = routed(run_components, severities=[], encryption=True)
    assert [registration.type for registration in run.registrations if registration.custom] == []
    assert run.exports["topics"] == {}


@pytest.mark.parametrize(
    ("severities", "recovering"),
    [
        ([], []),
        ([CRITICAL], ["ecs.tasks-low@web"]),
        ([WARNING], ["ecs.cpu-high@web", "ecs.memory-high@web"]),
        ([CRITICAL, WARNING], ["ecs.cpu-high@web", "ecs.memory-high@web", "ecs.tasks-low@web"]),
    ],
)
def test_recovery_is_told_where_it_is_asked_for(
    run_components: RunComponents, severities: list[watch.Severity], recovering: list[str]
) -> None:
    """Of an ECS service, tasks-low is critical and the rest are warnings."""

    def program() -> None:
        alerts = watch.AlertRouting(
            "alerts",
            watch.AlertRoutingArgs(severities=list(watch.Severity), notify_on_recovery=severities),
        )
        watch.EcsMonitoring("ecs", ecs_args(routing=alerts.routing))

    found = alarms(run_components(program))
    told = {name: alarm for name, alarm in found.items() if alarm.inputs.get("okActions")}
    assert sorted(told) == recovering
    assert all(a.inputs["okActions"] == a.inputs["alarmActions"] for a in told.values())


def test_existing_topics_hear_too(run_components: RunComponents) -> None:
    pager = "arn:aws:sns:ap-northeast-1:123456789012:pager"

    def program() -> None:
        args = watch.AlertRoutingArgs(
            severities=list(watch.Severity),
            topics={"critical": [pager]},
            notify_on_recovery=[watch.Severity.CRITICAL],
        )
        routing = watch.AlertRouting("alerts", args).routing
        watch.EcsMonitoring("ecs", ecs_args(routing=routing))

    run = run_components(program)
    own = {name: topic.arn for name, topic in named(run, TOPIC).items()}
    found = alarms(run)
    assert found["ecs.tasks-low@web"].inputs["alarmActions"] == [own["alerts-critical"], pager]
    assert found["ecs.tasks-low@web"].inputs["okActions"] == [own["alerts-critical"], pager]
    assert found["ecs.cpu-high@web"].inputs["alarmActions"] == [own["alerts-warning"]]
    # A topic of others is not ours to give a policy to.
    assert len(run.of_type(TOPIC_POLICY)) == 2


def test_tags_are_on_everything_that_can_carry_them(run_components: RunComponents) -> None:
    run = routed(
        run_components,
        tags={"Team": "shop"},
        encryption=True,
        emails={"critical": ["a@example.com"]},
    )
    for type_ in (TOPIC, QUEUE, KEY):
        assert run.of_type(type_)
        assert all(one.inputs["tags"] == {"Team": "shop"} for one in run.of_type(type_))


def test_a_topic_name_too_long_for_sns_is_shortened(run_components: RunComponents) -> None:
    """SNS takes 256 characters, KMS as many for an alias; two severities have two topics."""
    run = routed(run_components, topic_name="a" * 256, encryption=True)
    names = {topic.inputs["name"] for topic in run.of_type(TOPIC)}
    assert len(names) == 2
    assert all(len(name) == 256 for name in names)
    assert len(only(run.of_type(KEY_ALIAS)).inputs["name"]) == 256


def test_a_topic_name_that_sns_refuses(run_components: RunComponents) -> None:
    with pytest.raises(
        watch.InvalidArgsError, match=r"topic_name: 'a b': write letters, digits, - and _"
    ):
        routed(run_components, topic_name="a b")


@pytest.mark.parametrize(
    "args",
    [
        {"emails": {"crit": ["a@example.com"]}},
        {"notify_on_recovery": ["crit"]},
        {"severities": ["crit"]},
        {"webhooks": {"crit": {"pager": "https://hooks.example.com/x"}}},
    ],
)
def test_a_misspelt_severity_is_refused(run_components: RunComponents, args: Any) -> None:
    with pytest.raises(watch.InvalidArgsError, match='did you mean "critical"'):
        routed(run_components, **args)


def test_a_single_address_is_no_list(run_components: RunComponents) -> None:
    with pytest.raises(watch.InvalidArgsError, match=r"emails\.critical: write a list"):
        routed(run_components, emails={"critical": "oncall@example.com"})


def test_a_queue_name_is_short_enough_for_sqs(run_components: RunComponents) -> None:
    """SQS takes 80 characters; two severities still have two queues."""
    run = routed(
        run_components,
        topic_name="a" * 200,
        emails={"critical": ["a@example.com"], "warning": ["b@example.com"]},
    )
    names = {queue.inputs["name"] for queue in run.of_type(QUEUE)}
    assert len(names) == 2
    assert all(len(name) <= 80 for name in names)


@pytest.mark.parametrize("is_later", [False, True], ids=["known", "known later"])
def test_a_webhook_that_never_confirms_is_refused(
    run_components: RunComponents, is_later: bool
) -> None:
    url = "https://hooks.slack.com/services/T00000000/B00000000/T0pS3cret"

    def program() -> None:
        address = pulumi.Output.secret(url) if is_later else url
        watch.AlertRouting(
            "alerts",
            watch.AlertRoutingArgs(
                severities=[watch.Severity.CRITICAL], webhooks={"critical": {"chat": address}}
            ),
        )

    with pytest.raises(Exception, match=r"webhooks\.critical\.chat is Slack's") as refusal:
        run_components(program)
    assert "T0pS3cret" not in str(refusal.value)


def team(**fields: Any) -> watch.TeamArgs:
    return watch.TeamArgs(**{"alarms": ["ecs.cpu-high"], **fields})


def test_a_team_has_topics_for_what_it_has_addresses(run_components: RunComponents) -> None:
    run = routed(run_components, teams={"web": team(emails={"warning": ["web@shop.jp"]})})
    topics = named(run, TOPIC)
    assert set(topics) == {"alerts-critical", "alerts-warning", "alerts.web-warning"}
    subscription = only(run.of_type(SUBSCRIPTION))
    assert subscription.inputs["topic"] == topics["alerts.web-warning"].arn
    queue = only(run.of_type(QUEUE))
    assert queue.name == "alerts.web-warning-dead-letters"


@pytest.mark.parametrize("is_later", [False, True], ids=["known", "known later"])
def test_the_alarms_of_a_team_tell_its_topics(
    run_components: RunComponents, is_later: bool
) -> None:
    def program() -> None:
        args = watch.AlertRoutingArgs(
            severities=list(watch.Severity),
            teams={"web": team(emails={"warning": ["web@shop.jp"]})},
        )
        routing: Any = watch.AlertRouting("alerts", args).routing
        given = pulumi.Output.from_input(routing) if is_later else routing
        watch.EcsMonitoring("ecs", ecs_args(routing=given))

    run = run_components(program)
    topics, found = named(run, TOPIC), alarms(run)
    assert found["ecs.cpu-high@web"].inputs["alarmActions"] == [topics["alerts.web-warning"].arn]
    assert found["ecs.memory-high@web"].inputs["alarmActions"] == [topics["alerts-warning"].arn]
    # Of critical alarms the team hears nothing, even if one were its own.
    assert found["ecs.tasks-low@web"].inputs["alarmActions"] == [topics["alerts-critical"].arn]


def test_teams_topics_are_encrypted_with_the_same_key(run_components: RunComponents) -> None:
    run = routed(
        run_components,
        severities=[],
        encryption=True,
        teams={"web": team(emails={"warning": ["web@shop.jp"]})},
    )
    key = only(run.of_type(KEY))
    assert only(run.of_type(TOPIC)).inputs["kmsMasterKeyId"] == key.arn


@pytest.mark.parametrize(
    ("teams", "message"),
    [
        ({"web": team(alarms=["ecs cpu"])}, r"teams\.web\.alarms: 'ecs cpu' names no alarms"),
        ({"web": team(emails={"crit": ["a@b.jp"]})}, r"teams\.web\.emails: severity 'crit'"),
        ({"the web": team()}, "name the team with letters"),
    ],
)
def test_a_team_that_cannot_be_is_refused(
    run_components: RunComponents, teams: Any, message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=message):
        routed(run_components, teams=teams)


def test_two_teams_of_one_alarm_are_refused(run_components: RunComponents) -> None:
    def program() -> None:
        both = team(emails={"warning": ["web@shop.jp"]})
        args = watch.AlertRoutingArgs(
            severities=list(watch.Severity), teams={"web": both, "api": both}
        )
        routing = watch.AlertRouting("alerts", args).routing
        watch.EcsMonitoring("ecs", ecs_args(routing=routing))

    with pytest.raises(watch.InvalidArgsError, match=r"belongs to web .* as much as to api"):
        run_components(program)
