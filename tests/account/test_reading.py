"""Which alarms a stack has, and everything about a topic, by what AWS answers."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from account.account import Region
from account.reading import (
    FoundAlarms,
    read_again,
    read_alarms,
    read_alarms_named,
    read_composites,
    read_topic,
    read_topics,
)
from account.topics import EncryptionKey, Subscription, Topic
from ecs_monitoring.cloudwatch.alarm import AlarmState
from tests.account.emulated import HOME, answering
from tests.account.recorded import ACCESS, Answer, Recorded, refused
from tests.account.values import CRITICAL, READ, WARNING, alarm

PREFIX = "shop-prod-"
NAMES = 100


def described(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:{name}",
        "StateValue": "OK",
        "StateUpdatedTimestamp": READ,
        "Namespace": "AWS/ECS",
        "MetricName": "CPUUtilization",
        "Statistic": "Average",
        **changes,
    }


def tagging(**targets: str) -> Answer:
    """The tags of alarms: each is about a target, by its name's end."""

    def tags(ResourceARN: str) -> dict[str, Any]:  # noqa: N803
        target = targets.get(ResourceARN.removeprefix(f"arn:{PREFIX}").split("-")[1], "")
        found = {"AlarmKey": "ecs.cpu-high", "Target": target, "Severity": "warning"}
        return {"Tags": [{"Key": key, "Value": value} for key, value in found.items()]}

    return tags


def region_of(**answers: Answer) -> tuple[Region, Recorded]:
    client = Recorded(**answers)
    return replace(answering(), cloudwatch=client, sns=client, kms=client), client


def test_the_stacks_alarms_by_name_and_others_that_begin_alike() -> None:
    names = ["ecs-web-cpu-high", "ecs-api-cpu-high", "ecs-old-cpu-high"]
    region, client = region_of(
        describe_alarms=[
            {"MetricAlarms": [described(f"{PREFIX}{name}") for name in names[:1]]},
            {"MetricAlarms": [described(f"{PREFIX}{name}") for name in names[1:]]},
            {"CompositeAlarms": [described(f"{PREFIX}zz-all", AlarmRule="FALSE")]},
        ],
        list_tags_for_resource=tagging(web="web", api="api"),
    )
    found = read_alarms(region, PREFIX)
    assert [one.name for one in found.alarms] == [
        f"{PREFIX}ecs-api-cpu-high",
        f"{PREFIX}ecs-web-cpu-high",
    ]
    assert [(one.address, one.severity, one.region) for one in found.alarms] == [
        ("ecs.cpu-high@api", "warning", HOME),
        ("ecs.cpu-high@web", "warning", HOME),
    ]
    assert found.others == (f"{PREFIX}ecs-old-cpu-high", f"{PREFIX}zz-all")
    assert client.asked[0] == (
        "describe_alarms",
        {
            "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
            "PaginationConfig": {"PageSize": NAMES},
            "AlarmNamePrefix": PREFIX,
        },
    )


def test_a_region_without_any() -> None:
    region, client = region_of(describe_alarms={})
    assert read_alarms(region, PREFIX) == FoundAlarms(alarms=(), others=())
    assert len(client.asked) == 1


def test_alarms_as_they_are_now() -> None:
    web, gone = alarm("ecs.cpu-high@web", severity="warning"), alarm("ecs.cpu-high@gone")
    now = datetime(2026, 3, 4, tzinfo=UTC)
    there = described(web.name, StateValue="ALARM", StateUpdatedTimestamp=now)
    region, client = region_of(describe_alarms={"MetricAlarms": [there]})
    found = read_again(region, [web, gone])
    assert list(found) == [web.name]
    again = found[web.name]
    assert (again.state, again.state_updated, again.region) == (AlarmState.ALARM, now, HOME)
    # What its tags say is known from before, and not asked for.
    assert (again.address, again.severity) == (web.address, "warning")
    assert [operation for operation, _ in client.asked] == ["describe_alarms"]


def test_names_are_asked_for_by_the_hundred() -> None:
    def answer(**request: Any) -> dict[str, Any]:
        first = request["AlarmNames"][0]
        return {"MetricAlarms": [{"AlarmName": first}], "LogAlarms": [{"AlarmName": "log"}]}

    region, client = region_of(describe_alarms=answer)
    names = [f"a{number}" for number in range(101)]
    found = read_alarms_named(region, names)
    assert [one["AlarmName"] for one in found] == ["a0", "log", "a100", "log"]
    assert [request["AlarmNames"] for _, request in client.asked] == [names[:100], names[100:]]
    assert {tuple(request["AlarmTypes"]) for _, request in client.asked} == {
        ("MetricAlarm", "CompositeAlarm", "LogAlarm")
    }


def test_composite_alarms_alone() -> None:
    top = described("top", AlarmRule='ALARM("cpu")')
    region, client = region_of(
        # As an emulator has it, which leaves the type aside.
        describe_alarms={"CompositeAlarms": [top], "MetricAlarms": [described("cpu")]}
    )
    assert list(read_composites(region).above("cpu")) == [top]
    assert [request["AlarmTypes"] for _, request in client.asked] == [["CompositeAlarm"]]


MAIL = {
    "SubscriptionArn": f"{CRITICAL}:1",
    "Protocol": "email",
    "Endpoint": "oncall@example.com",
    "Owner": "1",
}
READER = Subscription(arn=f"{CRITICAL}:1", protocol="email", endpoint="oncall@example.com")
POLICY = {"Attributes": {"Policy": "{}"}}


def test_a_topic() -> None:
    pending = {**MAIL, "SubscriptionArn": "PendingConfirmation", "Endpoint": "new@example.com"}
    region, client = region_of(
        get_topic_attributes=POLICY,
        list_subscriptions_by_topic=[{"Subscriptions": [MAIL]}, {"Subscriptions": [pending]}],
    )
    second = replace(READER, arn="PendingConfirmation", endpoint="new@example.com")
    assert read_topic(region, CRITICAL) == Topic(
        arn=CRITICAL, policy="{}", subscriptions=(READER, second)
    )
    assert client.asked == [
        ("get_topic_attributes", {"TopicArn": CRITICAL}),
        ("list_subscriptions_by_topic", {"TopicArn": CRITICAL}),
    ]


@pytest.mark.parametrize(
    ("answers", "topic"),
    [
        ({"get_topic_attributes": refused("NotFound", 404)}, Topic(arn=CRITICAL, exists=False)),
        (
            {"get_topic_attributes": refused()},
            Topic(
                arn=CRITICAL,
                subscriptions=(READER,),
                unread=(f"its policy could not be read: {ACCESS}",),
            ),
        ),
        (
            {"list_subscriptions_by_topic": refused()},
            Topic(
                arn=CRITICAL,
                policy="{}",
                subscriptions=None,
                unread=(f"its subscriptions could not be read: {ACCESS}",),
            ),
        ),
    ],
    ids=["gone", "attributes refused", "subscriptions refused"],
)
def test_a_topic_that_is_gone_or_cannot_be_read(answers: dict[str, Answer], topic: Topic) -> None:
    all_right: dict[str, Answer] = {
        "get_topic_attributes": POLICY,
        "list_subscriptions_by_topic": {"Subscriptions": [MAIL]},
    }
    region, _ = region_of(**{**all_right, **answers})
    assert read_topic(region, CRITICAL) == topic


ALIAS, KEY = "alias/shop", "arn:aws:kms:eu-west-1:1:key/1234"
METADATA = {"Arn": KEY, "KeyManager": "CUSTOMER", "KeyState": "Enabled"}


@pytest.mark.parametrize(
    ("key_id", "answers", "key", "unread"),
    [
        (ALIAS, {}, EncryptionKey(id=ALIAS, arn=KEY, state="Enabled", policy="{}"), ()),
        (
            ALIAS,
            {"describe_key": {"KeyMetadata": {**METADATA, "KeyManager": "AWS"}}},
            EncryptionKey(id=ALIAS, arn=KEY, state="Enabled", policy="{}", is_aws_managed=True),
            (),
        ),
        (
            ALIAS,
            {"describe_key": {"KeyMetadata": {"Arn": KEY}}},
            EncryptionKey(id=ALIAS, arn=KEY, policy="{}"),
            (),
        ),
        (
            "alias/aws/sns",
            {"describe_key": refused()},
            EncryptionKey(id="alias/aws/sns", is_aws_managed=True),
            (),
        ),
        (
            ALIAS,
            {"describe_key": refused("NotFoundException", 400)},
            EncryptionKey(id=ALIAS, state="gone"),
            (),
        ),
        (
            ALIAS,
            {"describe_key": refused()},
            EncryptionKey(id=ALIAS),
            (f"its key {ALIAS} could not be read: {ACCESS}",),
        ),
        (
            ALIAS,
            {"get_key_policy": refused()},
            EncryptionKey(id=ALIAS, arn=KEY, state="Enabled"),
            (f"the policy of its key {ALIAS} could not be read: {ACCESS}",),
        ),
    ],
    ids=["own", "AWS's", "of little said", "AWS's by name", "gone", "refused", "policy refused"],
)
def test_the_key_of_a_topic(
    key_id: str, answers: dict[str, Answer], key: EncryptionKey, unread: tuple[str, ...]
) -> None:
    all_right: dict[str, Answer] = {
        "get_topic_attributes": {"Attributes": {"KmsMasterKeyId": key_id}},
        "list_subscriptions_by_topic": {"Subscriptions": [MAIL]},
        "describe_key": {"KeyMetadata": METADATA},
        "get_key_policy": {"Policy": "{}"},
    }
    region, client = region_of(**{**all_right, **answers})
    assert read_topic(region, CRITICAL) == Topic(
        arn=CRITICAL, subscriptions=(READER,), key=key, unread=unread
    )
    of_key = [request for operation, request in client.asked if operation == "get_key_policy"]
    # It takes no alias.
    assert of_key in ([], [{"KeyId": KEY, "PolicyName": "default"}])


def test_the_topics_of_some_alarms_once_each() -> None:
    region, client = region_of(
        get_topic_attributes=POLICY, list_subscriptions_by_topic={"Subscriptions": [MAIL]}
    )
    alarms = [
        alarm("ecs.cpu-high@web", topics=(WARNING,)),
        alarm("ecs.cpu-high@api", topics=(CRITICAL, WARNING)),
        alarm("ecs.cpu-high@old", topics=("arn:aws:lambda:eu-west-1:1:function:x",)),
    ]
    assert read_topics(region, alarms) == {
        arn: Topic(arn=arn, policy="{}", subscriptions=(READER,)) for arn in (WARNING, CRITICAL)
    }
    assert len(client.asked) == 4
