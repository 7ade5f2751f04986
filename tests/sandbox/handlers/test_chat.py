"""Chat channels from their creation to their end, and what the service subscribes to."""

from typing import Any

import pulumi_aws as aws
import pytest

from sandbox.chatbot import ENDPOINT
from sandbox.outcome import ResourceAction
from tests.sandbox.handlers.conftest import Bench

ROLE = "arn:aws:iam::123456789012:role/chat"
GUARDRAIL = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
TEAM = "abcd1234-ab12-cd34-ef56-abcdef123456"
COMMON = {"iam_role_arn": ROLE, "guardrail_policy_arns": [GUARDRAIL]}


def _topics() -> list[Any]:
    return [aws.sns.Topic(name, name=name).arn for name in ("one", "two")]


def _slack(topics: int = 1, *, twice: str = "", **changes: Any) -> None:
    """A Slack channel, and with ``twice`` another one of that id, told of the same topics."""
    told = _topics()[:topics]
    arguments: dict[str, Any] = {
        "configuration_name": "ops",
        "slack_team_id": "T0123ABCD",
        "slack_channel_id": "C0456EFGH",
        **COMMON,
    }
    arguments |= {"sns_topic_arns": told, **changes}
    aws.chatbot.SlackChannelConfiguration("ops", **arguments)
    if twice:
        other = {"configuration_name": "other", "slack_channel_id": twice}
        aws.chatbot.SlackChannelConfiguration("other", **{**arguments, **other})


def _teams(**changes: Any) -> None:
    arguments: dict[str, Any] = {
        "configuration_name": "ops",
        "tenant_id": "1234abcd-12ab-34cd-56ef-1234567890ab",
        "team_id": TEAM,
        "channel_id": "19%3Aabc123%40thread.tacv2",
        **COMMON,
    }
    aws.chatbot.TeamsChannelConfiguration(
        "ops", **{**arguments, "sns_topic_arns": _topics()[:1], **changes}
    )


def _subscribed(bench: Bench) -> list[str]:
    return sorted(
        one["TopicArn"].rpartition(":")[2]
        for one in bench.client("sns").list_subscriptions()["Subscriptions"]
        if one["Endpoint"] == ENDPOINT
    )


def test_a_slack_channel_is_created_changed_and_deleted(bench: Bench) -> None:
    chatbot = bench.client("chatbot")
    bench.deploy(lambda: _slack(tags={"Team": "web"}))
    (there,) = chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"]
    assert there["GuardrailPolicyArns"] == [GUARDRAIL]
    assert there["LoggingLevel"] == "NONE"
    assert there["Tags"] == [{"TagKey": "Team", "TagValue": "web"}]
    assert _subscribed(bench) == ["one"]
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    assert bench.done(lambda: _slack(2, tags={"Team": "api"})) == [
        (ResourceAction.UPDATE, ("snsTopicArns", "tags.Team", "tagsAll.Team"))
    ]
    assert _subscribed(bench) == ["one", "two"]
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    bench.deploy(_topics)
    assert not chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"]
    assert _subscribed(bench) == []


def test_a_teams_channel_is_created_changed_and_deleted(bench: Bench) -> None:
    chatbot = bench.client("chatbot")

    def channels() -> list[dict[str, Any]]:
        answer = chatbot.list_microsoft_teams_channel_configurations(TeamId=TEAM)
        return list(answer["TeamChannelConfigurations"])

    bench.deploy(_teams)
    assert channels()[0]["ChannelId"] == "19%3Aabc123%40thread.tacv2"
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    assert bench.done(lambda: _teams(channel_id="19%3Aother%40thread.tacv2")) == [
        (ResourceAction.UPDATE, ("channelId",))
    ]
    assert channels()[0]["ChannelId"] == "19%3Aother%40thread.tacv2"
    bench.deploy(_topics)
    assert channels() == []


def test_two_channels_of_one_topic_are_one_subscription(bench: Bench) -> None:
    """The service subscribes once, and leaves when the last channel has left."""
    bench.deploy(lambda: _slack(twice="C0789IJKL"))
    assert _subscribed(bench) == ["one"]
    bench.deploy(_slack)
    assert _subscribed(bench) == ["one"]


def test_a_channel_is_configured_once_an_account(bench: Bench) -> None:
    # As AWS says it: https://github.com/cloudcomponents/cdk-constructs/issues/92
    with pytest.raises(Exception, match="Slack channel with ID C0456EFGH in Slack team T0123ABCD"):
        bench.deploy(lambda: _slack(twice="C0456EFGH"))


def test_ids_are_held_against_the_service_model(bench: Bench) -> None:
    with pytest.raises(Exception, match="AWS would refuse CreateSlackChannelConfiguration"):
        bench.deploy(lambda: _slack(slack_channel_id="#ops"))
