"""Chat channels by their ids, and what people write in their place.

Amazon Q Developer in chat applications (its API is still called chatbot) takes ids and nothing
else: https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
"""

import re
from typing import Annotated, ClassVar, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from pydantic import AfterValidator, Field

from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from ecs_monitoring.rules.target import Configured

# Ids of workspaces begin with T, those of Enterprise Grid organizations with E; a channel's with
# C, or G where it is private and old: https://docs.slack.dev/enterprise/organizations-and-teams/
_WORKSPACE: Final = re.compile(r"[TE][0-9A-Z]{5,254}")
_CHANNEL: Final = re.compile(r"[CG][0-9A-Z]{5,254}")
_ANY_CHANNEL: Final = re.compile(r"[CDG][0-9A-Z]{5,254}")

# https://app.slack.com/client/T0123ABCD/C0456EFGH and https://acme.slack.com/archives/C0456EFGH
_SLACK_LINK: Final = re.compile(
    r"https?://[^/\s]+/(?:client/(?P<workspace>[TE][0-9A-Z]+)/|archives/)(?P<channel>[CDG][0-9A-Z]+).*"
)

_WORKSPACES_ID: Final = (
    "write the workspace's id, such as T0123ABCD; the console of Amazon Q Developer in chat "
    "applications shows it once the workspace is authorized"
)
_CHANNELS_ID: Final = (
    "write the channel's id, such as C0456EFGH: the last part of the link that Slack copies "
    "(right-click the channel, Copy, Copy link)"
)


def _workspace(value: str) -> str:
    if _WORKSPACE.fullmatch(value):
        return value
    link = _SLACK_LINK.fullmatch(value)
    if link and link["workspace"]:
        raise ValueError(f"is a link: write {link['workspace']}")
    if link or "://" in value:
        raise ValueError(f"is a link: {_WORKSPACES_ID}")
    if _ANY_CHANNEL.fullmatch(value):
        raise ValueError(f"is a channel's id: {_WORKSPACES_ID}")
    raise ValueError(f"is no workspace's id: {_WORKSPACES_ID}")


def _channel(value: str) -> str:
    if _CHANNEL.fullmatch(value):
        return value
    link = _SLACK_LINK.fullmatch(value)
    if link and _CHANNEL.fullmatch(link["channel"]):
        raise ValueError(f"is a link: write {link['channel']}")
    if "://" in value:
        raise ValueError(f"is a link, and not to a channel: {_CHANNELS_ID}")
    if _ANY_CHANNEL.fullmatch(value):
        raise ValueError("is a direct message, to which AWS posts nothing: write a channel's id")
    if _WORKSPACE.fullmatch(value):
        raise ValueError(f"is a workspace's id: {_CHANNELS_ID}")
    raise ValueError(f"is a channel's name: {_CHANNELS_ID}")


class SlackChannel(Configured):
    """A Slack channel to which Amazon Q Developer in chat applications posts."""

    kind: ClassVar[EndpointKind] = EndpointKind.SLACK

    workspace: Annotated[str, AfterValidator(_workspace), Field(examples=["T0123ABCD"])]
    """The workspace's id, which the console of Amazon Q Developer in chat applications shows."""

    channel: Annotated[str, AfterValidator(_channel), Field(examples=["C0456EFGH"])]
    """The channel's id: the last part of its link."""

    @property
    def address(self) -> str:
        """Workspace and channel, as the links of Slack's own application have them."""
        return f"{self.workspace}/{self.channel}"

    @property
    def name(self) -> str:
        """What tells it from other channels, in the names of resources."""
        return f"slack-{self.workspace}-{self.channel}"


# https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateMicrosoftTeamsChannelConfiguration.html
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TEAMS_CHANNEL: Final = re.compile(r"19%3[aA][A-Za-z0-9_.-]+%40[A-Za-z0-9.-]+")
_TEAMS_LINK: Final = re.compile(r"https?://teams\.[^/\s]+/l/channel/(?P<channel>[^/?\s]+)[/?].*")

_TEAMS_IDS: Final = (
    "the link that Teams copies (⋯ beside the channel, Copy link) is "
    "https://teams.microsoft.com/l/channel/<channel>/<name>?groupId=<team>&tenantId=<tenant>"
)


def _uuid_of(field: str, parameter: str) -> AfterValidator:
    """Checks the id of a tenant or of a team."""

    def checked(value: str) -> str:
        if _UUID.fullmatch(value):
            return value
        if _TEAMS_LINK.fullmatch(value):
            given = parse_qs(urlsplit(value).query).get(parameter, [""])[0]
            if _UUID.fullmatch(given):
                raise ValueError(f"is a link: write {given}")
        raise ValueError(
            f"is no {field}'s id: write one such as 1234abcd-12ab-34cd-56ef-1234567890ab; "
            f"{_TEAMS_IDS}"
        )

    return AfterValidator(checked)


def _teams_channel(value: str) -> str:
    if link := _TEAMS_LINK.fullmatch(value):
        raise ValueError(f"is a link: write {quote(unquote(link['channel']), safe='')}")
    # AWS takes the id as it stands in links; Microsoft's own pages show it without the escapes.
    escaped = quote(unquote(value), safe="")
    if _TEAMS_CHANNEL.fullmatch(escaped):
        return escaped
    what = "a link, and not to a channel" if "://" in value else "a channel's name"
    raise ValueError(f"is {what}: write its id, such as 19%3Aabc123%40thread.tacv2; {_TEAMS_IDS}")


class TeamsChannel(Configured):
    """A Microsoft Teams channel to which Amazon Q Developer in chat applications posts."""

    kind: ClassVar[EndpointKind] = EndpointKind.TEAMS

    tenant: Annotated[
        str,
        _uuid_of("tenant", "tenantId"),
        Field(examples=["1234abcd-12ab-34cd-56ef-1234567890ab"]),
    ]
    """The tenant's id: ``tenantId`` in the channel's link."""

    team: Annotated[
        str,
        _uuid_of("team", "groupId"),
        Field(examples=["abcd1234-ab12-cd34-ef56-abcdef123456"]),
    ]
    """The team's id: ``groupId`` in the channel's link."""

    channel: Annotated[
        str, AfterValidator(_teams_channel), Field(examples=["19%3Aabc123%40thread.tacv2"])
    ]
    """The channel's id: what follows ``/l/channel/`` in its link."""

    @property
    def address(self) -> str:
        """Team and channel; the tenant is the team's."""
        return f"{self.team}/{self.channel}"

    @property
    def name(self) -> str:
        """What tells it from other channels in the names of resources: its team.

        The AWS provider finds a channel by its team alone, so that a second channel of a team is
        an error to it: https://github.com/hashicorp/terraform-provider-aws/pull/47039
        """
        return f"teams-{self.team}"
