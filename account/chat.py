"""Chat channels in the account, as Amazon Q Developer in chat applications has them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from account.account import Account, Attempts
from ecs_monitoring.cloudwatch.endpoint import EndpointKind

# Of the regions that have the service's API, the one in which its console is:
# https://docs.aws.amazon.com/general/latest/gr/chatbot.html
_REGION: Final = "us-east-2"

_ENABLED: Final = "ENABLED"


@dataclass(frozen=True, kw_only=True)
class ChatChannel:
    """A channel that the account has configured.

    Attributes:
        kind: Slack or Microsoft Teams.
        name: what people call the channel, with its workspace or team, as far as AWS says it.
        topics: ARNs of the topics that it is told of.
        off: why AWS posts nothing; empty where it does.
    """

    kind: EndpointKind
    name: str
    topics: frozenset[str]
    off: str = ""

    @property
    def shown(self) -> str:
        """The channel in words."""
        where = "Slack" if self.kind is EndpointKind.SLACK else "Microsoft Teams"
        return f"{where} channel {self.name}"


def read_channels(account: Account, topics: Iterable[str]) -> tuple[list[ChatChannel], list[str]]:
    """The account's channels that are told of any of some topics, and what could not be read.

    Args:
        account: where to ask.
        topics: ARNs.
    """
    attempts = Attempts("chat channels")
    wanted = set(topics)
    client = account.client("chatbot", _REGION)
    found = [
        *(attempts.of("Slack's", lambda: list(_slack(client))) or ()),
        *(attempts.of("Microsoft Teams'", lambda: list(_teams(client))) or ()),
    ]
    return [channel for channel in found if channel.topics & wanted], attempts.notes


def _slack(client: Any) -> Iterator[ChatChannel]:
    pages = client.get_paginator("describe_slack_channel_configurations").paginate()
    for one in (one for page in pages for one in page["SlackChannelConfigurations"]):
        name = f"#{one['SlackChannelName']} ({one['SlackChannelId']}) of {one['SlackTeamName']}"
        yield _channel(EndpointKind.SLACK, name, one)


def _teams(client: Any) -> Iterator[ChatChannel]:
    pages = client.get_paginator("list_microsoft_teams_channel_configurations").paginate()
    for one in (one for page in pages for one in page["TeamChannelConfigurations"]):
        name = one.get("ChannelName") or one["ChannelId"]
        yield _channel(EndpointKind.TEAMS, f"{name} of {one.get('TeamName') or one['TeamId']}", one)


def _channel(kind: EndpointKind, name: str, one: Any) -> ChatChannel:
    # An organization's policy may have disabled it:
    # https://docs.aws.amazon.com/chatbot/latest/APIReference/API_SlackChannelConfiguration.html
    state = one.get("State", _ENABLED)
    return ChatChannel(
        kind=kind,
        name=name,
        topics=frozenset(one["SnsTopicArns"]),
        off="" if state == _ENABLED else one.get("StateReason") or f"its state is {state}",
    )
