"""Slack and Microsoft Teams channels that Amazon Q Developer in chat applications posts to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Optional, TypeVar

import pulumi
import pulumi_aws as aws

from ecs_monitoring.alert_routing import AlertRouting
from ecs_monitoring.args import InvalidArgsError, as_args, given_fields, validated
from ecs_monitoring.aws_identity import aws_identity
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.names import of_stack, within
from ecs_monitoring.outputs import mapping_of, when_asked
from ecs_monitoring.policies import chat_rights, chat_trust
from ecs_monitoring.roles import service_role
from ecs_monitoring.rules.chat import SlackChannel, TeamsChannel

DEFAULT_NAME: Final = "chat"
_TITLE: Final = "alarm-chat"

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
_ROLE_LENGTH: Final = 64

# https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
_CONFIGURATION_LENGTH: Final = 128
_REFUSED: Final = re.compile(r"[^A-Za-z0-9_-]")

_GUARDRAIL: Final = "CloudWatchReadOnlyAccess"
"""AWS's policy that bounds what anybody in a channel can do, whatever their own role allows.

Without a guardrail it is AdministratorAccess:
https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
"""

C = TypeVar("C", SlackChannel, TeamsChannel)


@dataclass(frozen=True, kw_only=True)
class SlackChannelArgs:
    """A Slack channel and what it is told."""

    workspace: str
    """The workspace's id (T…), which must be authorized in the console once."""

    channel: str
    """The channel's id (C…)."""

    topics: list[pulumi.Input[str]]
    """ARNs of the topics whose notifications are posted, of any region."""


@dataclass(frozen=True, kw_only=True)
class TeamsChannelArgs:
    """A Microsoft Teams channel and what it is told."""

    tenant: str
    """The tenant's id."""

    team: str
    """The team's id, which must be authorized in the console once."""

    channel: str
    """The channel's id (19%3A…%40thread.tacv2)."""

    topics: list[pulumi.Input[str]]
    """ARNs of the topics whose notifications are posted, of any region."""


@dataclass(frozen=True, kw_only=True)
class ChatChannelsArgs:
    """Which channels are told of which topics."""

    slack: Optional[list[SlackChannelArgs]] = None
    """Slack channels, each once: AWS takes one configuration a channel and account."""

    teams: Optional[list[TeamsChannelArgs]] = None
    """Microsoft Teams channels, one of each team."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of everything."""


def told_channels(
    channels: Iterable[tuple[SlackChannel | TeamsChannel, Sequence[tuple[str, Severity]]]],
    routings: Iterable[AlertRouting],
) -> dict[str, list[Any]]:
    """The channels that any topic tells, as a ChatChannels takes them.

    Args:
        channels: each once, with the teams (empty: the stack) and severities that it is told of.
        routings: whose topics, of any Region.
    """
    told: dict[str, list[Any]] = {}
    routings = list(routings)
    for channel, of in channels:
        topics = [
            topic
            for routing in routings
            for team, severity in of
            if (topic := routing.own_topic(severity, team))
        ]
        if topics:
            told.setdefault(channel.kind, []).append({**dict(channel), "topics": topics})
    return told


class ChatChannels(pulumi.ComponentResource):
    """One configuration a channel, and the role by which all of them read metrics."""

    channels: pulumi.Output[dict[str, str]] = when_asked(lambda self: mapping_of(self._arns))
    """Channel (``slack-T…-C…``, ``teams-<team>``) to the ARN of its configuration."""

    def __init__(
        self,
        name: str,
        args: ChatChannelsArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the role and the channels.

        Args:
            name: the component's name.
            args: channels and topics.
            opts: the component's options.

        Raises:
            InvalidArgsError: an id that cannot be, a channel without topics, one named twice, or
                two channels of one Microsoft team.
        """
        super().__init__(f"{TYPE_PREFIX}:ChatChannels", name, None, opts)
        self._name = name
        self._path = f"ChatChannels {name!r}"
        self._args = as_args(ChatChannelsArgs, args, self._path)
        slack = [self._told(SlackChannel, channel, "slack") for channel in self._args.slack or ()]
        teams = [self._told(TeamsChannel, channel, "teams") for channel in self._args.teams or ()]
        self._refuse_twice([channel.name for channel, _ in slack], "slack")
        self._refuse_twice([channel.name for channel, _ in teams], "teams")
        arns: dict[str, pulumi.Output[str]] = {}
        if slack or teams:
            common = self._common()
            for channel, topics in slack:
                arns[channel.name] = self._slack(channel, topics, common)
            for team_channel, topics in teams:
                arns[team_channel.name] = self._teams(team_channel, topics, common)
        self._arns = arns
        self.register_outputs({"channels": arns})

    def _told(
        self, model: type[C], args: SlackChannelArgs | TeamsChannelArgs, field: str
    ) -> tuple[C, list[pulumi.Input[str]]]:
        """A channel as it is checked, and its topics."""
        path = f"{self._path}.{field}"
        if not args.topics:
            raise InvalidArgsError.at(path, f"{args.channel} has no topics: write some")
        fields = {n: v for n, v in given_fields(args).items() if n != "topics"}
        return validated(model, fields, path), args.topics

    def _refuse_twice(self, names: Sequence[str], field: str) -> None:
        """Of one channel AWS takes one configuration, and of one team the provider finds one."""
        for name in names:
            if names.count(name) > 1:
                raise InvalidArgsError.at(
                    f"{self._path}.{field}", f"{name} twice: write it once, with all of its topics"
                )

    def _common(self) -> dict[str, Any]:
        """What every channel's configuration has: the role, the guardrail, the tags."""
        name = within(of_stack(_TITLE, usual=_TITLE, own=self._own), _ROLE_LENGTH)
        role, rights = service_role(
            self,
            self._name,
            name=name,
            description="Amazon Q Developer in chat applications reads metrics for its graphs",
            trust=chat_trust(),
            rights=chat_rights(),
            tags=self._args.tags,
        )
        guardrail = aws_identity(self).apply(
            lambda at: f"arn:{at.partition}:iam::aws:policy/{_GUARDRAIL}"
        )
        return {
            "iam_role_arn": role.arn,
            "guardrail_policy_arns": [guardrail],
            "tags": self._args.tags,
            "opts": pulumi.ResourceOptions(parent=self, depends_on=[rights]),
        }

    @property
    def _own(self) -> str:
        # A second component of the stack must not ask for the first one's role.
        return "" if self._name == DEFAULT_NAME else self._name

    def _configuration_name(self, channel: SlackChannel | TeamsChannel) -> str:
        """Unique in the account: AWS takes a channel, and so this name, once."""
        whole = f"{pulumi.get_project()}-{pulumi.get_stack()}-{channel.name}"
        return within(_REFUSED.sub("-", whole), _CONFIGURATION_LENGTH)

    def _slack(
        self, channel: SlackChannel, topics: list[pulumi.Input[str]], common: dict[str, Any]
    ) -> pulumi.Output[str]:
        return aws.chatbot.SlackChannelConfiguration(
            f"{self._name}.{channel.name}",
            configuration_name=self._configuration_name(channel),
            slack_team_id=channel.workspace,
            slack_channel_id=channel.channel,
            sns_topic_arns=topics,
            **common,
        ).chat_configuration_arn

    def _teams(
        self, channel: TeamsChannel, topics: list[pulumi.Input[str]], common: dict[str, Any]
    ) -> pulumi.Output[str]:
        return aws.chatbot.TeamsChannelConfiguration(
            f"{self._name}.{channel.name}",
            configuration_name=self._configuration_name(channel),
            tenant_id=channel.tenant,
            team_id=channel.team,
            channel_id=channel.channel,
            sns_topic_arns=topics,
            **common,
        ).chat_configuration_arn
