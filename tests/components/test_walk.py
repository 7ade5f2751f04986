"""Every alarm is heard: alarm, topic, topic policy and key hold together."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.registered import ALARM, KEY, TOPIC_POLICY
from tests.components.small import RunComponents, RunWith, ecs_args
from tests.components.walk import MissingLinkError, walk


@pytest.mark.slow
def test_every_alarm_of_the_shipped_stacks_is_heard(stack: ProgramRun) -> None:
    assert set(walk(stack)) == {alarm.inputs["name"] for alarm in stack.of_type(ALARM)}
    assert len(walk(stack)) > 20


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(["alerts.encryption=true"], id="encrypted"),
        pytest.param(["alerts.encryption=false"], id="in plain text"),
        pytest.param(["alerts.topic_name=shop-alerts"], id="topics renamed"),
        pytest.param(["health.web={url: 'https://www.example.com/health/'}"], id="outside check"),
        pytest.param(
            ["health.web={url: 'https://www.example.com/health/'}", "alerts.encryption=true"],
            id="encrypted outside check",
        ),
        pytest.param(
            ["ecs.api={cluster: c, service: s, container_insights: true}"], id="two services"
        ),
        pytest.param(["alarms={rds.cpu-high: {severity: critical}}"], id="severity changed"),
    ],
)
@pytest.mark.parametrize("name", ["prod", "staging"])
def test_every_alarm_is_heard_whatever_the_settings(
    run_with: RunWith, name: str, changes: list[str]
) -> None:
    run = run_with(*changes, stack=name)
    assert len(walk(run)) == len(run.of_type(ALARM))


@pytest.mark.slow
def test_topics_from_elsewhere_come_on_top_of_the_own_one(run_with: RunWith) -> None:
    pager = "arn:aws:sns:ap-northeast-1:123456789012:pager"
    run = run_with(f"alerts.topics={{critical: ['{pager}']}}")
    heard = walk(run, elsewhere={pager})
    assert len(heard) == len(run.of_type(ALARM))
    with pytest.raises(MissingLinkError, match=r"nobody registered .*:pager"):
        walk(run)


def orphan() -> None:
    """An alarm on a topic that the program never registers."""
    gone = "arn:aws:sns:ap-northeast-1:123456789012:gone"
    routing = watch.RoutingArgs(topics={"critical": [gone], "warning": [gone]})
    watch.EcsMonitoring("ecs", ecs_args(routing=routing))


def silent() -> None:
    """An alarm without any action."""
    aws.cloudwatch.MetricAlarm(
        "silent",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        tags={"Severity": "critical"},
    )


def without_policy() -> None:
    """A topic to which nobody may publish."""
    topic = aws.sns.Topic("t-warning", name="t-warning")
    other = aws.sns.Topic("t-critical", name="t-critical")
    topics: dict[str, list[pulumi.Input[str]]] = {"critical": [other.arn], "warning": [topic.arn]}
    watch.EcsMonitoring("ecs", ecs_args(routing=watch.RoutingArgs(topics=topics)))


def switched_severities() -> None:
    """Critical alarms go to the topic for warnings, and the other way round."""
    alerts = watch.AlertRouting("alerts", watch.AlertRoutingArgs(severities=list(watch.Severity)))
    wrong = {"critical": alerts.topics_of("warning"), "warning": alerts.topics_of("critical")}
    watch.EcsMonitoring("ecs", ecs_args(routing=watch.RoutingArgs(topics=wrong)))


@pytest.mark.parametrize(
    ("program", "lost"),
    [
        (orphan, "nobody registered .*:gone"),
        (silent, "0 alarm actions"),
        (without_policy, "0 topic policies"),
        (switched_severities, "but goes to"),
    ],
)
def test_the_walk_notices_a_broken_program(
    run_components: RunComponents, program: Callable[[], None], lost: str
) -> None:
    with pytest.raises(MissingLinkError, match=lost):
        walk(run_components(program))


def changed_policy(run: ProgramRun, type_: str, change: Callable[[Any], Any]) -> ProgramRun:
    """The same run with each statement of some policies changed, or left out for ``None``."""

    def rewritten(policy: str) -> str:
        document = json.loads(policy)
        kept = [change(statement) for statement in document["Statement"]]
        return json.dumps({**document, "Statement": [one for one in kept if one is not None]})

    return replace(
        run,
        registrations=tuple(
            replace(r, inputs={**r.inputs, "policy": rewritten(r.inputs["policy"])})
            if r.type == type_
            else r
            for r in run.registrations
        ),
    )


def without(principal: str) -> Callable[[Any], Any]:
    return lambda statement: None if principal in str(statement["Principal"]) else statement


def elsewhere(statement: Any) -> Any:
    """The statement for alarms of another region."""
    return json.loads(json.dumps(statement).replace("cloudwatch:ap-northeast-1", "cloudwatch:x"))


def bounded_events(statement: Any) -> Any:
    """EventBridge's statement with a condition that EventBridge never meets."""
    if "events" not in str(statement["Principal"]):
        return statement
    return {**statement, "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}


@pytest.mark.parametrize(
    ("type_", "change", "lost"),
    [
        (KEY, without("cloudwatch.amazonaws.com"), "alerts-key: its policy keeps .* from kms:"),
        (KEY, without("events.amazonaws.com"), "alerts-key: its policy keeps EventBridge from"),
        (KEY, without(":root"), "alerts-key: its policy locks its owner out"),
        (KEY, elsewhere, "alerts-key: its policy keeps .* from kms:"),
        (KEY, bounded_events, "alerts-key: its policy keeps EventBridge from"),
        (TOPIC_POLICY, without("cloudwatch.amazonaws.com"), "its policy keeps .* out"),
        (TOPIC_POLICY, without("events.amazonaws.com"), "its policy keeps EventBridge out"),
        (TOPIC_POLICY, without(":root"), "its policy locks its owner out"),
        (TOPIC_POLICY, elsewhere, "its policy keeps .* out"),
        (TOPIC_POLICY, bounded_events, "its policy keeps EventBridge out"),
    ],
)
def test_the_walk_notices_a_policy_that_keeps_a_publisher_out(
    prod: ProgramRun, type_: str, change: Callable[[Any], Any], lost: str
) -> None:
    with pytest.raises(MissingLinkError, match=lost):
        walk(changed_policy(prod, type_, change))


def test_the_walk_notices_the_key_that_no_alarm_may_use(prod: ProgramRun) -> None:
    """SNS's own key takes no policy, so that alarms can never use it."""
    aliased = tuple(
        replace(r, inputs={**r.inputs, "kmsMasterKeyId": "alias/aws/sns"})
        if "kmsMasterKeyId" in r.inputs
        else r
        for r in prod.registrations
    )
    with pytest.raises(MissingLinkError, match="nobody registered the key alias/aws/sns"):
        walk(replace(prod, registrations=aliased))
