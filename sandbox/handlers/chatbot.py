"""aws:chatbot/slackChannelConfiguration and aws:chatbot/teamsChannelConfiguration."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from sandbox.handlers.base import TAGS, Handler, Place, Property, as_set, from_api, to_api
from sandbox.tags import CHATBOT
from sandbox.wire import Properties


class _ChannelHandler(Handler):
    """A chat channel's configuration.

    Attributes:
        api: what the service calls the kind of chat in its operations.
        fields: input or output to its name in the API.
    """

    api: ClassVar[str]
    fields: ClassVar[Mapping[str, str]]
    tagging = CHATBOT
    limitations = (
        "the channel is the sandbox's own: nothing is posted, and no workspace needs authorizing",
    )

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the configuration; of a channel that has one already it is an error."""
        create = getattr(aws.client("chatbot"), f"create_{self.api}_channel_configuration")
        answer = create(**to_api(self.fields, inputs), Tags=CHATBOT.as_taken(inputs.get("tags")))
        return str(answer["ChannelConfiguration"]["ChatConfigurationArn"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the configuration."""
        live = self.find(aws, id_)
        if live is None:
            return None
        return {
            **from_api(self.fields, live),
            "chatConfigurationArn": live["ChatConfigurationArn"],
        }

    def find(self, aws: Place, arn: str) -> Mapping[str, Any] | None:
        """The configuration, if it is there."""
        raise NotImplementedError

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed; a configuration keeps its name, and Slack's its workspace."""
        fixed = ("configurationName", "slackTeamId", "teamId", "tenantId", "teamName")
        fields = {name: api for name, api in self.fields.items() if name not in fixed}
        update = getattr(aws.client("chatbot"), f"update_{self.api}_channel_configuration")
        update(ChatConfigurationArn=id_, **to_api(fields, inputs))

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
