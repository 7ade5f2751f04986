"""Chat channels in the account, as Amazon Q Developer in chat applications has them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from account.account import Account, Attempts, every_item
from ecs_monitoring.cloudwatch.endpoint import EndpointKind

# Of the regions that have the service's API, the one in which its console is:
# https://docs.aws.amazon.com/general/latest/gr/chatbot.html
REGION: Final = "us-east-2"
"""Where AWS's chat service is asked."""

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


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A Slack workspace, or a team of Microsoft Teams, to which the account may post.

    Attributes:
        id: as the settings name it.
        name: what people call it; empty where AWS does not say it.
        off: why AWS posts nothing; empty where it does.
    """

    id: str
    name: str
    off: str = ""


def read_workspaces(
    account: Account, kinds: Iterable[EndpointKind]
) -> tuple[dict[EndpointKind, list[Workspace] | None], list[str]]:
    """The workspaces of some kinds, ``None`` for what could not be read, and why in words."""
    attempts = Attempts("chat channels")

    def asked(kind: EndpointKind) -> list[Workspace] | None:
        what, read = _WORKSPACES[kind]
        client = account.client("chatbot", REGION)
        return attempts.of(what, lambda: list(read(client)))

    return {kind: asked(kind) for kind in kinds}, attempts.notes


def read_channels(account: Account, topics: Iterable[str]) -> tuple[list[ChatChannel], list[str]]:
    """The account's channels that are told of any of some topics, and what could not be read.

    Args:
        account: where to ask.
        topics: ARNs.
    """
    attempts = Attempts("chat channels")
    wanted = set(topics)
    client = account.client("chatbot", REGION)
    channels = [
        *(attempts.of("Slack's", lambda: list(_slack(client))) or ()),
        *(attempts.of("Microsoft Teams'", lambda: list(_teams(client))) or ()),
    ]
    return [channel for channel in channels if channel.topics & wanted], attempts.notes


def _slack(client: Any) -> Iterator[ChatChannel]:
    operation, key = "describe_slack_channel_configurations", "SlackChannelConfigurations"
    for channel in every_item(client, operation, key):
        name = f"#{channel['SlackChannelName']} ({channel['SlackChannelId']})"
        yield _channel(EndpointKind.SLACK, f"{name} of {channel['SlackTeamName']}", channel)


def _teams(client: Any) -> Iterator[ChatChannel]:
    operation, key = "list_microsoft_teams_channel_configurations", "TeamChannelConfigurations"
    for channel in every_item(client, operation, key):
        name = channel.get("ChannelName") or channel["ChannelId"]
        team = channel.get("TeamName") or channel["TeamId"]
        yield _channel(EndpointKind.TEAMS, f"{name} of {team}", channel)


def _channel(kind: EndpointKind, name: str, configured: Mapping[str, Any]) -> ChatChannel:
    topics = frozenset(configured["SnsTopicArns"])
    return ChatChannel(kind=kind, name=name, topics=topics, off=_off(configured))


def _slack_workspaces(client: Any) -> Iterator[Workspace]:
    for team in every_item(client, "describe_slack_workspaces", "SlackWorkspaces"):
        yield Workspace(id=team["SlackTeamId"], name=team["SlackTeamName"], off=_off(team))


def _teams_teams(client: Any) -> Iterator[Workspace]:
    for team in every_item(client, "list_microsoft_teams_configured_teams", "ConfiguredTeams"):
        yield Workspace(id=team["TeamId"], name=team.get("TeamName", ""), off=_off(team))


_WORKSPACES: Final[Mapping[EndpointKind, tuple[str, Callable[[Any], Iterator[Workspace]]]]] = {
    EndpointKind.SLACK: ("Slack's workspaces", _slack_workspaces),
    EndpointKind.TEAMS: ("Microsoft Teams' teams", _teams_teams),
}
"""What is asked for, in words, and how."""


def _off(configured: Mapping[str, Any]) -> str:
    """Why AWS posts nothing; empty where it does.

    An organization's policy may have disabled it:
    https://docs.aws.amazon.com/chatbot/latest/APIReference/API_SlackChannelConfiguration.html
    """
    state = configured.get("State", _ENABLED)
    return "" if state == _ENABLED else configured.get("StateReason") or f"its state is {state}"
