"""aws:chatbot/slackChannelConfiguration and aws:chatbot/teamsChannelConfiguration."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_set,
    live_tags,
    pairs,
    put_tags,
)
from sandbox.wire import Properties

_TAG: Final = ("TagKey", "TagValue")


class _ChannelHandler(Handler):
    """A chat channel's configuration.

    Attributes:
        api: what the service calls the kind of chat in its operations.
        fields: input or output to its name in the API.
    """

    api: ClassVar[str]
    fields: ClassVar[Mapping[str, str]]
    limitations = (
        "the channel is the sandbox's own: nothing is posted, and no workspace needs authorizing",
    )

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the configuration; of a channel that has one already it is an error."""
        create = getattr(aws.client("chatbot"), f"create_{self.api}_channel_configuration")
        wanted = {api: inputs[name] for name, api in self.fields.items() if name in inputs}
        answer = create(**wanted, Tags=pairs(inputs.get("tags"), *_TAG))
        return str(answer["ChannelConfiguration"]["ChatConfigurationArn"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the configuration and its tags."""
        live = self.find(aws, id_)
        if live is None:
            return None
        return {
            **{name: live[api] for name, api in self.fields.items() if api in live},
            "chatConfigurationArn": live["ChatConfigurationArn"],
            "tags": live_tags(aws.client("chatbot"), id_, *_TAG),
        }

    def find(self, aws: Place, arn: str) -> Mapping[str, Any] | None:
        """The configuration, if it is there."""
        raise NotImplementedError

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed; a configuration keeps its name, and Slack's its workspace."""
        chatbot = aws.client("chatbot")
        if changed - {"tags"}:
            fixed = ("configurationName", "slackTeamId", "teamId", "tenantId", "teamName")
            wanted = {
                api: inputs[name]
                for name, api in self.fields.items()
                if name in inputs and name not in fixed
            }
            update = getattr(chatbot, f"update_{self.api}_channel_configuration")
            update(ChatConfigurationArn=id_, **wanted)
        if "tags" in changed:
            put_tags(chatbot, id_, inputs.get("tags"), *_TAG)

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the configuration."""
        if self.find(aws, id_) is not None:
            delete = getattr(aws.client("chatbot"), f"delete_{self.api}_channel_configuration")
            delete(ChatConfigurationArn=id_)


_COMMON: Final = {
    "configurationName": "ConfigurationName",
    "guardrailPolicyArns": "GuardrailPolicyArns",
    "iamRoleArn": "IamRoleArn",
    "loggingLevel": "LoggingLevel",
    "snsTopicArns": "SnsTopicArns",
    "userAuthorizationRequired": "UserAuthorizationRequired",
}
# As the provider has them:
# https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/chatbot
_INPUTS: Final = {
    "configurationName": Property(required=True),
    "guardrailPolicyArns": Property(computed=True),
    "iamRoleArn": Property(required=True),
    "loggingLevel": Property(default="NONE"),
    "snsTopicArns": Property(computed=True, form=as_set),
    "userAuthorizationRequired": Property(default=False),
    "tags": TAGS,
}


class SlackChannelConfigurationHandler(_ChannelHandler):
    """A Slack channel's configuration."""

    type = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
    api = "slack"
    fields = {
        **_COMMON,
        "slackChannelId": "SlackChannelId",
        "slackChannelName": "SlackChannelName",
        "slackTeamId": "SlackTeamId",
        "slackTeamName": "SlackTeamName",
    }
    inputs = {
        **_INPUTS,
        "slackChannelId": Property(required=True),
        "slackTeamId": Property(required=True),
    }
    outputs = frozenset({"chatConfigurationArn", "slackChannelName", "slackTeamName"})

    def find(self, aws: Place, arn: str) -> Mapping[str, Any] | None:
        """The configuration by its ARN."""
        answer = aws.client("chatbot").describe_slack_channel_configurations(
            ChatConfigurationArn=arn
        )
        return next(iter(answer["SlackChannelConfigurations"]), None)


class TeamsChannelConfigurationHandler(_ChannelHandler):
    """A Microsoft Teams channel's configuration."""

    type = "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration"
    api = "microsoft_teams"
    fields = {
        **_COMMON,
        "channelId": "ChannelId",
        "channelName": "ChannelName",
        "teamId": "TeamId",
        "teamName": "TeamName",
        "tenantId": "TenantId",
    }
    inputs = {
        **_INPUTS,
        "channelId": Property(required=True),
        "channelName": Property(computed=True),
        "teamId": Property(required=True),
        "teamName": Property(computed=True),
        "tenantId": Property(required=True),
    }
    outputs = frozenset({"chatConfigurationArn"})

    def find(self, aws: Place, arn: str) -> Mapping[str, Any] | None:
        """The configuration by its ARN."""
        answer = aws.client("chatbot").get_microsoft_teams_channel_configuration(
            ChatConfigurationArn=arn
        )
        return dict(answer["ChannelConfiguration"]) if answer.get("ChannelConfiguration") else None
