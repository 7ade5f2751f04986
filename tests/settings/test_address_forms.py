"""Addresses and names in alerts, one by one: what is taken, and what is said of the rest."""

import json
from typing import Annotated, Any, Final

import pytest
from pydantic import SecretStr, TypeAdapter, ValidationError

from ecs_monitoring.cloudwatch.rule import Severity
from settings.addresses import (
    Email,
    MuteName,
    Pattern,
    Queue,
    RoomForOwnTopic,
    SecretEmail,
    TeamName,
    Topic,
    TopicName,
    Unique,
)
from settings.alerts import AlertSettings

SQS: Final = "arn:aws:sqs:eu-west-1:123456789012"
SNS: Final = "arn:aws:sns:eu-west-1:123456789012"

NO_EMAIL: Final = "is no email address: write name@example.com"
INTEGRATION: Final = (
    "is the address of an integration, with which anybody can page: write it to secret_emails, "
    "under a name, with pulumi config set --secret"
)
NO_QUEUE: Final = "is no ARN of a standard SQS queue: write arn:aws:sqs:<region>:<account>:<queue>"
NO_TOPIC: Final = "is no ARN of a standard SNS topic: write arn:aws:sns:<region>:<account>:<topic>"
NO_TOPIC_NAME: Final = "is no topic name: write up to 128 letters, digits, - and _"
NO_TEAM: Final = "is no name for a team: write up to 40 letters, digits, _ and single hyphens"
NO_MUTE: Final = "is no name for a mute: write up to 64 letters, digits, _ and single hyphens"


def said(of: Any, value: Any) -> str:
    """What is said of a value; empty where it is taken, as it is."""
    adapter: TypeAdapter[Any] = TypeAdapter(of)
    try:
        assert adapter.validate_python(value) == value
    except ValidationError as error:
        return str(error.errors()[0]["ctx"]["error"])
    return ""


@pytest.mark.parametrize(
    ("of", "value", "message"),
    [
        (Email, "a@shop.jp", ""),
        (Email, "a.b+c@x.shop.co.jp", ""),
        (Email, "a@shop", NO_EMAIL),
        (Email, "a@@shop.jp", NO_EMAIL),
        (Email, "a b@shop.jp", NO_EMAIL),
        (Email, "a@shop.jp, b@shop.jp", NO_EMAIL),
        (Email, "a@shop..jp", NO_EMAIL),
        (Email, "a@x.pagerduty.com", INTEGRATION),
        (Email, "a@X.OpsGenie.net", INTEGRATION),
        (Email, "a@alert.victorops.com", INTEGRATION),
        # A person who works there.
        (Email, "a@pagerduty.com", ""),
        (SecretEmail, SecretStr("a@x.pagerduty.com"), ""),
        (SecretEmail, SecretStr("a@shop"), NO_EMAIL),
        (Queue, f"{SQS}:{'q' * 80}", ""),
        (Queue, f"{SQS}:{'q' * 81}", NO_QUEUE),
        (Queue, f"{SQS}:alarms.fifo", NO_QUEUE),
        (Queue, f"{SNS}:alarms", NO_QUEUE),
        (
            Queue,
            "https://sqs.eu-west-1.amazonaws.com/123456789012/alarms",
            f"is a queue's URL: write its ARN, {SQS}:alarms",
        ),
        (
            Queue,
            "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/alarms",
            "is a queue's URL: write its ARN, arn:aws-cn:sqs:cn-north-1:123456789012:alarms",
        ),
        (Topic, f"{SNS}:{'t' * 256}", ""),
        (Topic, f"{SNS}:{'t' * 257}", NO_TOPIC),
        (Topic, f"{SNS}:alarms.fifo", NO_TOPIC),
        (Topic, f"{SNS}:alarms:0123", NO_TOPIC),
        (Topic, f"{SQS}:alarms", NO_TOPIC),
        (TopicName, "t" * 128, ""),
        (TopicName, "t" * 129, NO_TOPIC_NAME),
        (TopicName, "", NO_TOPIC_NAME),
        (TopicName, "a.b", NO_TOPIC_NAME),
        (TeamName, "a" * 40, ""),
        (TeamName, "a" * 41, NO_TEAM),
        (TeamName, "a--b", NO_TEAM),
        (MuteName, "a" * 64, ""),
        (MuteName, "a" * 65, NO_MUTE),
        (MuteName, "by-hand", "is what `python -m ops mute` calls its rules: write another name"),
        (Pattern, "ecs.*@web", ""),
        (
            Pattern,
            "a b",
            "names no alarms: write a kind (rds), a key (ecs.cpu-high), a target (@payments), or "
            "both (ecs.cpu-high@payments); * stands for any characters",
        ),
    ],
)
def test_a_form(of: Any, value: Any, message: str) -> None:
    assert said(of, value) == message


def test_an_alarm_has_room_for_four_topics_beside_the_stacks_own() -> None:
    """Five actions: shape ResourceList of the CloudWatch service model."""
    topics = Annotated[tuple[str, ...], RoomForOwnTopic]
    assert said(topics, ("a", "b", "c", "d")) == ""
    assert said(topics, ("a", "b", "c", "d", "e")) == (
        "5 topics: an alarm has at most 5 actions and one is the stack's own topic; write at most 4"
    )


def test_nobody_is_named_twice() -> None:
    names = Annotated[tuple[str, ...], Unique]
    assert said(names, ()) == said(names, ("a", "b")) == ""
    assert said(names, ("a", "b", "a")) == "names one of its entries twice: remove the duplicate"


OPS: Final = {"workspace": "T0123ABCD", "channel": "C0456EFGH"}
PAY: Final = {"workspace": "T0123ABCD", "channel": "C0789IJKL"}
TEAMS: Final = {
    "tenant": "01234567-89ab-cdef-0123-456789abcdef",
    "team": "76543210-89ab-cdef-0123-456789abcdef",
    "channel": f"19%3A{'a' * 32}%40thread.tacv2",
}


def alerts(**fields: Any) -> AlertSettings:
    return AlertSettings.model_validate_json(json.dumps(fields), strict=True)


def test_a_channel_is_told_of_everything_that_names_it() -> None:
    """Each once, the stack's own first; AWS takes one configuration of a channel."""
    given = alerts(
        slack={"warning": [OPS]},
        routes={
            "pay": {
                "alarms": ["ecs"],
                "slack": {"critical": [PAY], "warning": [OPS]},
                "microsoft_teams": {"warning": [TEAMS]},
            }
        },
    )
    critical, warning = Severity
    assert [(channel.name, told) for channel, told in given.channels()] == [
        ("slack-T0123ABCD-C0456EFGH", [("", warning), ("pay", warning)]),
        ("slack-T0123ABCD-C0789IJKL", [("pay", critical)]),
        ("teams-76543210-89ab-cdef-0123-456789abcdef", [("pay", warning)]),
    ]


def test_where_secrets_stand() -> None:
    hook, mail = {"warning": {"hook": "https://x.example/1"}}, {"critical": {"pager": "a@b.jp"}}
    web = {"alarms": ["ecs"], "webhooks": hook}
    given = alerts(webhooks=hook, secret_emails=mail, routes={"web": web})
    assert sorted(given.secret_places()) == [
        ("routes", "web", "webhooks", "warning", "hook"),
        ("secret_emails", "critical", "pager"),
        ("webhooks", "warning", "hook"),
    ]


@pytest.mark.parametrize(
    ("fields", "topic", "reaches", "elsewhere"),
    [
        ({}, False, False, False),
        ({"emails": {"warning": ["a@shop.jp"]}}, True, True, True),
        ({"emails": {"critical": ["a@shop.jp"]}}, False, False, False),
        ({"slack": {"warning": [OPS]}}, True, True, True),
        # Existing topics need none of the stack's own, and are told in their own Region.
        ({"topics": {"warning": [f"{SNS}:t"]}}, False, True, False),
        ({"topics": {"warning": [f"{SNS}:t"]}, "queues": {"warning": [f"{SQS}:q"]}}, *[True] * 3),
    ],
)
def test_whether_anybody_is_told_of_warnings(
    fields: dict[str, Any], topic: bool, reaches: bool, elsewhere: bool
) -> None:
    given, warning = alerts(**fields), Severity.WARNING
    assert given.needs_topic(warning) is topic
    assert given.reaches(warning, "eu-west-1") is given.reaches(warning, None) is reaches
    assert given.reaches(warning, "us-east-1") is elsewhere
