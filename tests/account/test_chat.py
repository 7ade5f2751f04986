"""Chat channels as they are in the account, and what a drill says of them."""

from collections.abc import Sequence
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from account.chat import ChatChannel, read_channels
from account.obstacles import ObstacleKind
from account.topics import Subscription
from drill.chat import channel_obstacles, channels_of, to_look_at
from drill.plan import DrillPlan
from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from sandbox.chatbot import ENDPOINT, Chatbot
from stack.placeholder_aws import ACCOUNT
from tests.account.values import CRITICAL, WARNING, alarm, subscription, topic

OPS = ChatChannel(
    kind=EndpointKind.SLACK, name="#ops (C0456EFGH) of acme", topics=frozenset({CRITICAL})
)


class Sns:
    """Takes subscriptions."""

    def subscribe(self, **request: Any) -> dict[str, str]:
        return {"SubscriptionArn": f"{request['TopicArn']}:1"}


class Opened:
    """An account whose chat service is the sandbox's."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self._chatbot = Chatbot(ACCOUNT, lambda region: Sns())

    def client(self, service: str, region: str) -> Any:
        self.asked.append((service, region))
        found = boto3.Session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name=region
        ).client(service)
        self._chatbot.answer_for(found)
        return found


@pytest.fixture
def opened() -> Any:
    account = Opened()
    common = {
        "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/chat",
        "SnsTopicArns": [CRITICAL],
    }
    client = account.client("chatbot", "us-east-2")
    client.create_slack_channel_configuration(
        ConfigurationName="ops", SlackTeamId="T0123ABCD", SlackChannelId="C0456EFGH", **common
    )
    client.create_slack_channel_configuration(
        ConfigurationName="web",
        SlackTeamId="T0123ABCD",
        SlackChannelId="C0789IJKL",
        **{**common, "SnsTopicArns": [WARNING]},
    )
    client.create_microsoft_teams_channel_configuration(
        ConfigurationName="teams",
        TenantId="1234abcd-12ab-34cd-56ef-1234567890ab",
        TeamId="abcd1234-ab12-cd34-ef56-abcdef123456",
        ChannelId="19%3Aabc123%40thread.tacv2",
        **common,
    )
    account.asked.clear()
    return account


def test_the_channels_of_some_topics(opened: Any) -> None:
    found, unread = read_channels(opened, [CRITICAL])
    assert [channel.shown for channel in found] == [
        "Slack channel #sandbox (C0456EFGH) of sandbox",
        "Microsoft Teams channel sandbox of sandbox",
    ]
    assert all(channel.topics == {CRITICAL} and not channel.off for channel in found)
    assert unread == []


def chatted(*endpoints: str) -> Any:
    chat = Subscription(arn=f"{CRITICAL}:2", protocol="https", endpoint=ENDPOINT)
    return topic(subscriptions=(subscription(), *([chat] if endpoints else [])))


def test_the_service_is_asked_only_where_it_has_subscribed(opened: Any) -> None:
    assert channels_of(opened, [chatted()]) == ([], [])
    assert opened.asked == []
    found, _ = channels_of(opened, [chatted(ENDPOINT)])
    assert len(found) == 2
    assert opened.asked == [("chatbot", "us-east-2")]


def test_its_subscription_is_shown_as_what_it_is() -> None:
    chat = Subscription(arn="a", protocol="https", endpoint=ENDPOINT)
    assert chat.is_chat
    assert chat.is_notified
    assert chat.shown == "chat channels by Amazon Q Developer"
    assert not Subscription(arn="a", protocol="https", endpoint="https://x.shop.jp/1").is_chat


def obstacles(channels: Sequence[ChatChannel]) -> list[Any]:
    drilled = alarm(topics=(CRITICAL,))
    plans = {"ap-northeast-1": DrillPlan(drilled=(drilled,), left_alone=())}
    return list(channel_obstacles(channels, plans))


def test_a_channel_that_an_organization_has_disabled_is_in_the_way() -> None:
    off = ChatChannel(
        kind=OPS.kind, name=OPS.name, topics=OPS.topics, off="Slack is disabled by policy"
    )
    (obstacle,) = obstacles([off])
    assert obstacle.kind is ObstacleKind.CHANNEL_OFF
    assert "#ops (C0456EFGH) of acme is told nothing: Slack is disabled" in obstacle.message
    assert obstacles([OPS]) == []
    assert to_look_at([off], "1a2b") == []


def test_what_only_people_can_see_is_asked_of_them() -> None:
    (words,) = to_look_at([OPS], "1a2b")
    assert words.startswith(
        "Slack channel #ops (C0456EFGH) of acme: AWS does not say whether it shows what it is "
        "told: look there for 1a2b."
    )
    assert "/invite @Amazon Q" in words
