"""What is in the way of notifications, field by field, and in what order."""

import json
from dataclasses import replace
from typing import Any

import pytest

from account.alarms import LiveAlarm
from account.composites import Composites
from account.obstacles import Obstacle, ObstacleKind, obstacles
from account.policy import lets_alarm_in
from account.topics import EncryptionKey, Topic
from tests.account.values import CRITICAL, WARNING, alarm, in_the_way, subscription, topic

NAME = CRITICAL.rpartition(":")[2]
CPU = alarm("ecs.cpu-high@web")
NOBODY = json.dumps({"Statement": []})


def obstacle(kind: ObstacleKind, message: str, subject: str = CRITICAL) -> Obstacle:
    return Obstacle(kind=kind, subject=subject, message=message, alarms=("ecs.cpu-high@web",))


def pending() -> Any:
    return subscription("new@x.jp", arn="PendingConfirmation")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (topic(), []),
        (
            Topic(arn=CRITICAL, exists=False, unread=("x",)),
            [
                obstacle(
                    ObstacleKind.TOPIC_GONE,
                    f"topic {NAME} does not exist: deploy the stack, or take it out of the "
                    "alarms' actions",
                )
            ],
        ),
        (
            topic(unread=("a", "b"), subscriptions=(pending(),), policy=NOBODY),
            [
                obstacle(ObstacleKind.NOT_CHECKED, f"topic {NAME}: a"),
                obstacle(ObstacleKind.NOT_CHECKED, f"topic {NAME}: b"),
                obstacle(
                    ObstacleKind.SUBSCRIPTION_PENDING,
                    f"topic {NAME}: email new@x.jp has not confirmed its subscription and is not "
                    "notified; SNS drops it after 48 hours",
                ),
                obstacle(
                    ObstacleKind.NO_SUBSCRIBERS,
                    f"topic {NAME} has no confirmed subscriber: nobody is notified",
                ),
                obstacle(
                    ObstacleKind.TOPIC_POLICY,
                    f"topic {NAME}: its policy does not let cloudwatch.amazonaws.com publish "
                    "(sns:Publish) for these alarms",
                ),
            ],
        ),
        # What nobody could read is no reason for more.
        (topic(policy=None, subscriptions=None), []),
        (
            topic(key=EncryptionKey(id="alias/aws/sns", is_aws_managed=True, state="x")),
            [
                obstacle(
                    ObstacleKind.KEY_MANAGED_BY_AWS,
                    f"topic {NAME}: it is encrypted with alias/aws/sns, whose policy keeps "
                    "CloudWatch out and cannot be changed: use a customer-managed key, or none",
                    "alias/aws/sns",
                )
            ],
        ),
        (
            topic(key=EncryptionKey(id="k", arn="arn:k", state="Disabled", policy=NOBODY)),
            [
                obstacle(ObstacleKind.KEY_STATE, f"topic {NAME}: its key k is Disabled", "k"),
                obstacle(
                    ObstacleKind.KEY_POLICY,
                    f"topic {NAME}: the policy of its key k does not let "
                    "cloudwatch.amazonaws.com use it (kms:Decrypt, kms:GenerateDataKey) for these "
                    "alarms",
                    "k",
                ),
            ],
        ),
        (topic(key=EncryptionKey(id="k", state="Enabled")), []),
        (topic(key=EncryptionKey(id="k")), []),
    ],
)
def test_what_a_topic_has_in_the_way(told: Topic, expected: list[Obstacle]) -> None:
    assert in_the_way(told) == expected


def of_alarm(kind: ObstacleKind, of: LiveAlarm, message: str) -> Obstacle:
    return Obstacle(
        kind=kind, subject=of.arn, message=f"{of.address}: {message}", alarms=(of.address,)
    )


def test_what_an_alarm_has_in_the_way_comes_after_the_topics() -> None:
    off = alarm("ecs.a@web", actions_enabled=False, topics=())
    wrong = alarm("ecs.b@web", topics=(WARNING, "arn:aws:sns:x:1:company"))
    none = alarm("ecs.c@web", topics=(WARNING,), severity="")
    quiet = topic(CRITICAL, subscriptions=())
    warning = WARNING.rpartition(":")[2]
    assert in_the_way(topic(WARNING), quiet, alarms=(off, wrong, none, CPU)) == [
        obstacle(
            ObstacleKind.NO_SUBSCRIBERS,
            f"topic {NAME} has no confirmed subscriber: nobody is notified",
        ),
        of_alarm(
            ObstacleKind.ACTIONS_DISABLED,
            off,
            "its actions are disabled: aws cloudwatch enable-alarm-actions --alarm-names "
            f"{off.name}",
        ),
        of_alarm(
            ObstacleKind.NO_ACTIONS,
            off,
            "it tells no topic when it goes off: deploy the stack",
        ),
        of_alarm(
            ObstacleKind.SEVERITY,
            wrong,
            f"it is critical, but tells {warning}, company and no topic …-critical",
        ),
        of_alarm(
            ObstacleKind.SEVERITY,
            none,
            f"it is of no severity, but tells {warning} and no topic …-",
        ),
    ]


def test_a_topic_that_no_alarm_tells_is_in_nobodys_way() -> None:
    assert in_the_way(topic(), topic(WARNING, subscriptions=())) == []


@pytest.mark.parametrize(
    ("actions", "is_heard"),
    [([CRITICAL], True), (["arn:aws:lambda:x:1:function:f"], False), ([], False)],
)
def test_an_alarm_without_topics_is_heard_by_what_stands_above_it(
    actions: list[str], is_heard: bool
) -> None:
    below = alarm("ecs.a@web", topics=())
    top = {"AlarmName": "top", "AlarmRule": f'ALARM("{below.name}")', "AlarmActions": actions}
    kinds = [one.kind for one in obstacles([below], {}, Composites([top]))]
    assert kinds == ([] if is_heard else [ObstacleKind.NO_ACTIONS])
    # Those among the alarms themselves, where nobody names others.
    above = alarm("incident.ecs@web", topics=(CRITICAL,), is_composite=True, raw=top)
    kinds = [one.kind for one in obstacles([below, above], {}) if below.address in one.alarms]
    assert kinds == ([] if is_heard else [ObstacleKind.NO_ACTIONS])


def test_a_metric_alarm_of_no_severity_should_tell_somebody() -> None:
    bare = alarm("ecs.a@web", topics=(), severity="")
    assert [one.kind for one in in_the_way(alarms=(bare,))] == [ObstacleKind.NO_ACTIONS]
    assert in_the_way(alarms=(replace(bare, is_composite=True),)) == []


def test_an_obstacle_for_scripts() -> None:
    assert obstacle(ObstacleKind.SEVERITY, "x").as_json() == {
        "kind": "severity",
        "subject": CRITICAL,
        "message": "x",
        "alarms": ("ecs.cpu-high@web",),
    }


ALARM = "arn:aws:cloudwatch:eu-west-1:1:alarm:a:b"


@pytest.mark.parametrize(
    ("changes", "let_in"),
    [
        ({}, True),
        ({"Principal": {}}, False),
        ({"Principal": {"Service": "*"}}, True),
        ({"Principal": {"AWS": ["x", "*"]}}, True),
        ({"Action": ["SNS:PUBLISH"]}, True),
        # The resource's case matters.
        ({"Resource": "ARN:T"}, False),
        ({"Resource": ["x", "arn:?"]}, True),
        ({"Resource": "arn:??"}, False),
        ({"NotResource": "arn:t", "Resource": None}, False),
        ({"NotResource": "arn:u", "Resource": None}, True),
        # A dot is a dot.
        ({"Action": "sns.Publish"}, False),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:1:alarm:a:*"}}}, True),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:1:alarm"}}}, False),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*"}}}, False),
        ({"Condition": {"Null": {"aws:SourceArn": "true"}}}, False),
        ({"Condition": {"Null": {"aws:username": "false"}}}, False),
        ({"Condition": {"StringEquals": {"aws:PrincipalServiceName": "x"}}}, False),
        (
            {
                "Condition": {
                    "StringEquals": {"aws:PrincipalServiceName": "cloudwatch.amazonaws.com"},
                    "Bool": {"aws:ViaAWSService": "FALSE", "aws:SecureTransport": True},
                }
            },
            True,
        ),
        ({"Condition": {"ForAllValues:StringEquals": {"aws:SourceAccount": ["2"]}}}, False),
        ({"Condition": {"ForAnyValue:StringLike": {"aws:SourceAccount": ["?"]}}}, True),
        ({"Condition": {"StringNotLikeIfExists": {"aws:username": "a"}}}, True),
        ({"Condition": {"DateLessThan": {"aws:CurrentTime": "2000-01-01T00:00:00Z"}}}, True),
    ],
)
def test_one_statement_lets_an_alarm_in(changes: dict[str, Any], let_in: bool) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:t",
        **changes,
    }
    policy = json.dumps(
        {"Statement": {key: value for key, value in statement.items() if value is not None}}
    )
    found = lets_alarm_in(policy, action="sns:Publish", resource="arn:t", alarm=ALARM)
    assert found is let_in


def test_a_deny_on_what_nobody_knows_here_does_not_keep_out() -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*"}
    deny = {**allow, "Effect": "Deny", "Condition": {"StringEquals": {"aws:SourceOrgID": "o"}}}
    policy = json.dumps({"Statement": [allow, deny]})
    assert lets_alarm_in(policy, action="sns:Publish", resource="x", alarm=ALARM)
    assert not lets_alarm_in("{}", action="sns:Publish", resource="x", alarm=ALARM)
