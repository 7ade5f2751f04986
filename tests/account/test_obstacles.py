"""Everything that can be in the way, seen without setting off any alarm."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from account.account import Region
from account.alarms import LiveAlarm
from account.composites import Composites
from account.obstacles import Obstacle, ObstacleKind, obstacles
from account.topics import EncryptionKey, Topic
from ecs_monitoring.policies import key_policy
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME, Deployment, Double, Emulated, identity, with_methods
from tests.account.values import CRITICAL, WARNING, alarm, in_the_way, subscription, topic
from tests.drill.conftest import Drill

KEY = f"arn:aws:kms:{HOME}:{ACCOUNT}:key/1234"
ROOT_ONLY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "*",
                "Resource": "*",
            }
        ],
    }
)


def only(*topics: Topic, alarms: Sequence[LiveAlarm] = (alarm(),)) -> Obstacle:
    (obstacle,) = in_the_way(*topics, alarms=alarms)
    return obstacle


def test_nothing_in_the_way() -> None:
    assert in_the_way(topic()) == []
    key = EncryptionKey(id=KEY, arn=KEY, state="Enabled", policy=key_policy(identity()))
    assert in_the_way(topic(key=key)) == []


def test_a_subscription_that_nobody_confirmed() -> None:
    pending = subscription("new@example.com", arn="PendingConfirmation")
    obstacle = only(topic(subscriptions=(subscription(), pending)))
    assert obstacle.kind is ObstacleKind.SUBSCRIPTION_PENDING
    assert obstacle.subject == CRITICAL
    assert "new@example.com has not confirmed" in obstacle.message


def test_a_pending_webhook_is_told_without_its_secret() -> None:
    pending = subscription(
        "https://user:pw@hooks.example.com/T0/s3cret?token=abc",
        protocol="https",
        arn="PendingConfirmation",
    )
    obstacle = only(topic(subscriptions=(subscription(), pending)))
    assert "https hooks.example.com/… has not confirmed" in obstacle.message
    for secret in ("s3cret", "abc", "pw@"):
        assert secret not in obstacle.message


@pytest.mark.parametrize(
    "others",
    [
        (),
        (subscription(arn="Deleted"),),
        (subscription(f"arn:aws:sqs:{HOME}:{ACCOUNT}:alarm-drill-1a2b3c4d", protocol="sqs"),),
    ],
)
def test_a_topic_without_readers(others: tuple[object, ...]) -> None:
    """Neither a subscription that is gone nor another drill's queue reads."""
    assert only(topic(subscriptions=others)).kind is ObstacleKind.NO_SUBSCRIBERS


def test_what_is_unknown_is_no_reason_for_more() -> None:
    unread = ("its key could not be read: no",)
    kinds = [one.kind for one in in_the_way(topic(unread=unread, subscriptions=()))]
    assert kinds == [ObstacleKind.NOT_CHECKED, ObstacleKind.NO_SUBSCRIBERS]
    assert only(topic(unread=unread, subscriptions=None)).kind is ObstacleKind.NOT_CHECKED


def test_a_topic_whose_only_reader_is_pending_has_none() -> None:
    kinds = [
        one.kind
        for one in in_the_way(topic(subscriptions=(subscription(arn="PendingConfirmation"),)))
    ]
    assert kinds == [ObstacleKind.SUBSCRIPTION_PENDING, ObstacleKind.NO_SUBSCRIBERS]


def test_a_topic_that_is_gone_is_one_obstacle_for_all_its_alarms() -> None:
    two = (alarm("ecs.cpu-high@web"), alarm("ecs.tasks-low@web"))
    obstacle = only(Topic(arn=CRITICAL, exists=False), alarms=two)
    assert obstacle.kind is ObstacleKind.TOPIC_GONE
    assert obstacle.alarms == ("ecs.cpu-high@web", "ecs.tasks-low@web")


def test_a_topic_policy_that_keeps_cloudwatch_out() -> None:
    obstacle = only(topic(policy=ROOT_ONLY))
    assert obstacle.kind is ObstacleKind.TOPIC_POLICY
    assert "cloudwatch.amazonaws.com" in obstacle.message


def test_a_topic_policy_may_keep_out_some_alarms_only() -> None:
    let_in, kept_out = alarm("ecs.cpu-high@web"), alarm("rds.cpu-high@main")
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": CRITICAL,
                "Condition": {"ArnLike": {"aws:SourceArn": let_in.arn}},
            },
        }
    )
    obstacle = only(topic(policy=policy), alarms=(let_in, kept_out))
    assert obstacle.alarms == ("rds.cpu-high@main",)


def test_a_key_that_aws_manages() -> None:
    key = EncryptionKey(id="alias/aws/sns", is_aws_managed=True)
    obstacle = only(topic(key=key))
    assert obstacle.kind is ObstacleKind.KEY_MANAGED_BY_AWS
    assert "use a customer-managed key" in obstacle.message


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey*"])
def test_a_key_policy_that_lets_cloudwatch_do_half_of_it(action: str) -> None:
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": action,
                "Resource": "*",
            },
        }
    )
    obstacle = only(topic(key=EncryptionKey(id=KEY, arn=KEY, state="Enabled", policy=policy)))
    assert obstacle.kind is ObstacleKind.KEY_POLICY
    assert obstacle.subject == KEY


def test_a_key_that_is_going_away() -> None:
    key = EncryptionKey(id=KEY, arn=KEY, state="PendingDeletion", policy=key_policy(identity()))
    assert only(topic(key=key)).kind is ObstacleKind.KEY_STATE


def test_an_alarm_with_its_actions_disabled() -> None:
    disabled = alarm(actions_enabled=False)
    obstacle = only(topic(), alarms=(disabled, alarm("ecs.tasks-low@web")))
    assert obstacle.kind is ObstacleKind.ACTIONS_DISABLED
    assert obstacle.subject == disabled.arn
    assert f"enable-alarm-actions --alarm-names {disabled.name}" in obstacle.message


def test_an_alarm_that_tells_nobody() -> None:
    assert only(alarms=(alarm(topics=()),)).kind is ObstacleKind.NO_ACTIONS


def test_a_severity_that_tells_the_wrong_topic() -> None:
    obstacle = only(topic(WARNING), alarms=(alarm(topics=(WARNING,)),))
    assert obstacle.kind is ObstacleKind.SEVERITY
    assert (
        "it is critical, but tells django-app-alerts-django-ecs-monitoring-prod-warning"
        in obstacle.message
    )


@pytest.mark.parametrize(
    "name",
    [
        # What another project and stack make of the names, and what teams and outside checks have.
        "django-app-alerts-shop-prod-eu-0123abcd-critical",
        "django-app-alerts-django-ecs-monitoring-prod-team-data-0123abcd-critical",
        "django-app-alerts-django-ecs-monitoring-prod-outside-0123abcd-critical",
        # Of a topic that is a team's own nobody knows for which severity it is.
        "data-team",
    ],
)
def test_a_topic_of_the_severity_by_any_name(name: str) -> None:
    own = f"arn:aws:sns:{HOME}:{ACCOUNT}:{name}"
    assert in_the_way(topic(own), alarms=(alarm(topics=(own,)),)) == []


def test_further_topics_of_any_name_are_no_mistake() -> None:
    own = f"arn:aws:sns:{HOME}:{ACCOUNT}:company-wide"
    alarms = (alarm(topics=(CRITICAL, own)),)
    assert in_the_way(topic(), topic(own), alarms=alarms) == []


# Read back from AWS, through the command.

QUIET = ("--yes", "--json", "--timeout", "1")


@pytest.mark.slow
def test_read_back_policies(deployment: Deployment, drill: Drill) -> None:
    bad = deployment.topic("critical", policy=ROOT_ONLY)
    locked = deployment.topic("warning", key=deployment.key(ROOT_ONLY))
    deployment.alarm("ecs.tasks-low@web", "critical", [bad])
    deployment.alarm("ecs.cpu-high@web", "warning", [locked])
    drilled = drill(*QUIET)
    assert drilled.code == 1
    assert drilled.obstacles == {
        "topic-policy": ["ecs.tasks-low@web"],
        "key-policy": ["ecs.cpu-high@web"],
    }


def test_read_back_a_good_key_by_its_alias(deployment: Deployment, drill: Drill) -> None:
    kms = deployment.client("kms")
    kms.create_alias(AliasName="alias/alerts", TargetKeyId=deployment.key())
    topic = deployment.topic("critical", key="alias/alerts")
    deployment.alarm("ecs.cpu-high@web", "critical", [topic])
    assert drill(*QUIET).code == 0


def test_read_back_keys_that_cannot_work(deployment: Deployment, drill: Drill) -> None:
    managed = deployment.topic("critical", key="alias/aws/sns")
    gone = deployment.topic("warning", key="alias/of-the-past")
    deployment.alarm("ecs.tasks-low@web", "critical", [managed])
    deployment.alarm("ecs.cpu-high@web", "warning", [gone])
    assert drill(*QUIET).obstacles == {
        "key-managed-by-aws": ["ecs.tasks-low@web"],
        "key-state": ["ecs.cpu-high@web"],
    }


def test_read_back_subscribers(deployment: Deployment, drill: Drill) -> None:
    """The emulator confirms at once; AWS gives this word in place of an ARN until then."""
    topic = deployment.topic("critical", emails=["a@example.com"])
    deployment.alarm("ecs.tasks-low@web", "critical", [topic])
    deployment.alarm("ecs.cpu-high@web", "warning", [deployment.topic("warning", emails=[])])

    def change(region: Region) -> Region:
        return with_methods(region, "sns", get_paginator=paginator(region))

    drilled = drill(*QUIET, emulated=Emulated(change))
    assert drilled.code == 1
    assert drilled.obstacles == {
        "subscription-pending": ["ecs.tasks-low@web"],
        "no-subscribers": ["ecs.cpu-high@web"],
    }
    assert set(drilled.results.values()) == {"delivered"}


def paginator(region: Region) -> Callable[..., Any]:
    def pages(**call: object) -> object:
        page = region.sns.list_subscriptions_by_topic(**call)
        pending = {"SubscriptionArn": "PendingConfirmation", "Protocol": "email"}
        if page["Subscriptions"]:
            page["Subscriptions"].append(pending | {"Endpoint": "new@example.com"})
        return [page]

    return lambda _operation: Double(None, paginate=pages)


@pytest.mark.parametrize(
    ("service", "method", "words"),
    [
        ("sns", "get_topic_attributes", "its policy could not be read"),
        ("sns", "get_paginator", "its subscriptions could not be read"),
        ("kms", "describe_key", "its key arn:aws:kms:"),
        ("kms", "get_key_policy", "the policy of its key arn:aws:kms:"),
    ],
)
def test_what_aws_does_not_let_be_read_is_told(
    service: str, method: str, words: str, deployment: Deployment, drill: Drill
) -> None:
    topic = deployment.topic("critical", key=deployment.key())
    deployment.alarm("ecs.cpu-high@web", "critical", [topic])

    def change(region: Region) -> Region:
        def refuse(*_words: object, **_call: object) -> object:
            raise region.kms.exceptions.ClientError(
                {"Error": {"Code": "AccessDenied", "Message": "no rights"}}, "Operation"
            )

        return with_methods(region, service, **{method: refuse})

    drilled = drill(*QUIET, emulated=Emulated(change))
    assert drilled.code == 1
    (obstacle,) = drilled.json["obstacles"]
    assert obstacle["kind"] == "not-checked"
    assert words in obstacle["message"]
    assert "no rights" in obstacle["message"]
    assert drilled.results == {"ecs.cpu-high@web": "delivered"}


@pytest.mark.parametrize(
    ("protocol", "endpoint", "shown"),
    [
        ("email", "oncall@example.com", "email oncall@example.com"),
        ("sms", "+4915112345678", "sms …5678"),
        ("sqs", f"arn:aws:sqs:{HOME}:{ACCOUNT}:pager", "sqs pager"),
        ("https", "https://events.example.com/integration/s3cret/x", "https events.example.com/…"),
    ],
)
def test_how_a_subscriber_is_shown(protocol: str, endpoint: str, shown: str) -> None:
    assert subscription(endpoint, protocol=protocol).shown == shown


def test_the_default_policy_of_a_topic_is_fine(deployment: Deployment, drill: Drill) -> None:
    sns = deployment.client("sns")
    arn = sns.create_topic(Name="django-app-alerts-django-ecs-monitoring-prod-critical")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="oncall@example.com")
    deployment.alarm("ecs.cpu-high@web", "critical", [arn])
    assert drill(*QUIET).code == 0


def test_a_critical_alarm_whose_incident_pages_is_in_nobodys_way() -> None:
    """With paging by incident, it tells the warning topic, and the composite alarm the pager."""
    below = alarm("rds.connections-high@main", topics=(WARNING,))
    rule = {
        "AlarmName": "incident",
        "AlarmRule": f'ALARM("{below.name}")',
        "AlarmActions": [CRITICAL],
    }
    topics = {CRITICAL: topic(), WARNING: topic(WARNING)}
    assert [obstacle.kind for obstacle in obstacles([below], topics)] == [ObstacleKind.SEVERITY]
    assert obstacles([below], topics, Composites([rule])) == []
    # One that is silent itself does not page either.
    silent = Composites([{**rule, "ActionsEnabled": False}])
    assert [one.kind for one in obstacles([below], topics, silent)] == [ObstacleKind.SEVERITY]


def test_a_composite_alarm_that_only_holds_others_back_needs_no_topic() -> None:
    causes = alarm("incident.alb-causes@main", topics=(), is_composite=True, severity="")
    assert obstacles([causes], {}, Composites([])) == []
    pages = alarm("incident.alb@main", topics=(), is_composite=True)
    assert [obstacle.kind for obstacle in obstacles([pages], {}, Composites([]))] == [
        ObstacleKind.NO_ACTIONS
    ]
