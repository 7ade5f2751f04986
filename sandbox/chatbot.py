"""Amazon Q Developer in chat applications (API: chatbot), which the emulator has not.

botocore checks requests and answers by AWS's own service model; what the service keeps and does is
here: one configuration a channel and account, and a subscription to each topic.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.answering import Answer, RequestRefusedError, answered, remember_requests, request_of
from sandbox.tags import from_pairs, pairs

ENDPOINT: Final = "https://global.sns-api.chatbot.amazonaws.com"
"""What the service subscribes to topics:
https://docs.aws.amazon.com/chatbot/latest/adminguide/subscribe-sns-topic.html
"""

_TAG: Final = ("TagKey", "TagValue")

_KINDS: Final = {
    "Slack": ("slack-channel", "SlackChannelId", "SlackTeamId", "Slack team"),
    "MicrosoftTeams": ("microsoft-teams-channel", "ChannelId", "TeamId", "team"),
}

# What stands in for names that only Slack and Microsoft know.
_NAMES: Final = {
    "Slack": {"SlackTeamName": "sandbox", "SlackChannelName": "sandbox"},
    "MicrosoftTeams": {"TeamName": "sandbox", "ChannelName": "sandbox"},
}
_DEFAULTS: Final = {
    "SnsTopicArns": [],
    "LoggingLevel": "NONE",
    "GuardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
    "UserAuthorizationRequired": False,
    "Tags": [],
    "State": "ENABLED",
}


class Chatbot:
    """The service in one account, for every region: it is a global one.

    Args:
        account: the account's id.
        sns: the SNS client of a region.
    """

    def __init__(self, account: str, sns: Callable[[str], Any]) -> None:
        self._account = account
        self._sns = sns
        self._lock = threading.RLock()
        self._channels: dict[str, dict[str, Any]] = {}
        self._subscriptions: dict[str, str] = {}

    def answer_for(self, client: Any) -> None:
        """Have a client's calls answered here."""
        remember_requests(client)
        client.meta.events.register("before-call", self._answer)

    def forget(self) -> None:
        """Have no channels any more."""
        with self._lock:
            self._channels.clear()
            self._subscriptions.clear()

    def _answer(self, model: Any, context: Mapping[str, Any], **_: Any) -> Answer | None:
        operation = self._operations[model.name]
        with self._lock:
            return answered(lambda: operation(self, model.name, request_of(context)))

    def _create(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        kind = _kind(operation)
        sort, channel, team, words = _KINDS[kind]
        for other in self._channels.values():
            if other.get(channel) == request[channel] and other.get(team) == request[team]:
                raise RequestRefusedError(
                    "ConflictException",
                    f"Invalid request provided: {words.split()[0]} channel with ID "
                    f"{request[channel]} in {words} {request[team]} has already been configured "
                    f"for AWS account {self._account}.",
                )
        name = request["ConfigurationName"]
        arn = f"arn:aws:chatbot::{self._account}:chat-configuration/{sort}/{name}"
        if arn in self._channels:
            raise RequestRefusedError("ConflictException", f"Configuration name {name} is in use")
        self._channels[arn] = {
            **_DEFAULTS,
            **_NAMES[kind],
            **request,
            "ChatConfigurationArn": arn,
        }
        self._subscribe()
        return {"ChannelConfiguration": self._channels[arn]}

    def _update(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        kept = self._found(request)
        kept |= request
        self._subscribe()
        return {"ChannelConfiguration": kept}

    def _delete(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        del self._channels[self._found(request)["ChatConfigurationArn"]]
        self._subscribe()
        return {}

    def _get(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        kept = self._channels.get(request["ChatConfigurationArn"])
        return {"ChannelConfiguration": kept} if kept else {}

    def _list(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        kind = _kind(operation)
        sort = _KINDS[kind][0]
        wanted, team = request.get("ChatConfigurationArn"), request.get("TeamId")
        configurations = [
            kept
            for arn, kept in self._channels.items()
            if f"/{sort}/" in arn and wanted in (None, arn) and team in (None, kept.get("TeamId"))
        ]
        return {
            "SlackChannelConfigurations"
            if kind == "Slack"
            else "TeamChannelConfigurations": configurations
        }

    def _workspaces(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        teams = dict.fromkeys(
            o["SlackTeamId"] for o in self._channels.values() if "SlackTeamId" in o
        )
        return {
            "SlackWorkspaces": [
                {"SlackTeamId": team, "SlackTeamName": "sandbox", "State": "ENABLED"}
                for team in teams
            ]
        }

    def _teams(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        teams = {o["TeamId"]: o["TenantId"] for o in self._channels.values() if "TeamId" in o}
        return {
            "ConfiguredTeams": [
                {"TeamId": team, "TenantId": tenant, "State": "ENABLED"}
                for team, tenant in teams.items()
            ]
        }

    def _tag(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        kept = self._channels[request["ResourceARN"]]
        tags = from_pairs((*kept["Tags"], *request.get("Tags", ())), *_TAG)
        for key in request.get("TagKeys", ()):
            tags.pop(key, None)
        kept["Tags"] = pairs(tags, *_TAG)
        return {}

    def _tags(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return {"Tags": self._channels[request["ResourceARN"]]["Tags"]}

    def _found(self, request: Mapping[str, Any]) -> dict[str, Any]:
        arn = request["ChatConfigurationArn"]
        if arn not in self._channels:
            raise RequestRefusedError("ResourceNotFoundException", f"There is no {arn}")
        return self._channels[arn]

    def _subscribe(self) -> None:
        """Subscribe to the topics of all channels, and to no others."""
        wanted = {topic for kept in self._channels.values() for topic in kept["SnsTopicArns"]}
        for topic in wanted - self._subscriptions.keys():
            answer = self._sns(topic.split(":")[3]).subscribe(
                TopicArn=topic, Protocol="https", Endpoint=ENDPOINT, ReturnSubscriptionArn=True
            )
            self._subscriptions[topic] = answer["SubscriptionArn"]
        for topic in self._subscriptions.keys() - wanted:
            arn = self._subscriptions.pop(topic)
            self._sns(topic.split(":")[3]).unsubscribe(SubscriptionArn=arn)

    _operations: Final[
        Mapping[str, Callable[["Chatbot", str, Mapping[str, Any]], dict[str, Any]]]
    ] = {
        "CreateSlackChannelConfiguration": _create,
        "CreateMicrosoftTeamsChannelConfiguration": _create,
        "UpdateSlackChannelConfiguration": _update,
        "UpdateMicrosoftTeamsChannelConfiguration": _update,
        "DeleteSlackChannelConfiguration": _delete,
        "DeleteMicrosoftTeamsChannelConfiguration": _delete,
        "GetMicrosoftTeamsChannelConfiguration": _get,
        "DescribeSlackChannelConfigurations": _list,
        "ListMicrosoftTeamsChannelConfigurations": _list,
        "DescribeSlackWorkspaces": _workspaces,
        "ListMicrosoftTeamsConfiguredTeams": _teams,
        "TagResource": _tag,
        "UntagResource": _tag,
        "ListTagsForResource": _tags,
    }


def _kind(operation: str) -> str:
    return next(kind for kind in _KINDS if kind in operation)
