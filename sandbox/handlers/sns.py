"""The handlers of SNS: topics, their policies and subscriptions."""

import json
from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_json,
    as_text,
    from_api,
    to_api,
    unless_gone,
)
from sandbox.tags import SNS, pairs
from sandbox.wire import Properties

# What SNS lets a topic's owner do where the topic has no policy of its own, and what the
# provider puts back when a policy is deleted: SNS knows no topic without one.
_DEFAULT_ACTIONS: Final = (
    "SNS:GetTopicAttributes",
    "SNS:SetTopicAttributes",
    "SNS:AddPermission",
    "SNS:RemovePermission",
    "SNS:DeleteTopic",
    "SNS:Subscribe",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
    "SNS:Receive",
)


class TopicHandler(Handler):
    """An SNS topic."""

    type = "aws:sns/topic:Topic"
    inputs = {
        "name": Property(required=True, replaces=True),
        "displayName": Property(),
        "kmsMasterKeyId": Property(),
        "policy": Property(computed=True, form=as_json),
        "tags": TAGS,
    }
    outputs = frozenset({"arn", "owner"})
    named = "name"
    tagging = SNS
    limitations = ("the emulator does not check whether a topic's or a key's policy lets publish",)

    _ATTRIBUTES: Final = {
        "displayName": "DisplayName",
        "kmsMasterKeyId": "KmsMasterKeyId",
        "policy": "Policy",
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the topic; SNS takes over one of that name that is there already."""
        answer = aws.client("sns").create_topic(Name=inputs["name"], Tags=pairs(inputs.get("tags")))
        return str(answer["TopicArn"])

    def complete(self, aws: Place, id_: str, inputs: Properties) -> None:
        """Set the attributes, one call each."""
        self._set(aws, id_, {name: inputs[name] for name in self._ATTRIBUTES if name in inputs})

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the topic's attributes."""
        attributes = topic_attributes(aws, id_)
        if attributes is None:
            return None
        return {
            "name": id_.rpartition(":")[2],
            **from_api(self._ATTRIBUTES, attributes),
            "arn": attributes["TopicArn"],
            "owner": attributes["Owner"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed."""
        self._set(aws, id_, {n: inputs.get(n, "") for n in self._ATTRIBUTES if n in changed})

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the topic and with it its subscriptions."""
        aws.client("sns").delete_topic(TopicArn=id_)

    def _set(self, aws: Place, arn: str, values: Properties) -> None:
        for name, value in values.items():
            aws.client("sns").set_topic_attributes(
                TopicArn=arn, AttributeName=self._ATTRIBUTES[name], AttributeValue=value
            )


class TopicPolicyHandler(Handler):
    """The policy of a topic."""

    type = "aws:sns/topicPolicy:TopicPolicy"
    inputs = {
        "arn": Property(required=True, replaces=True),
        "policy": Property(required=True, form=as_json),
    }
    outputs = frozenset({"owner"})

    def create(self, aws: Place, inputs: Properties) -> str:
        """Set the topic's policy."""
        _set_policy(aws, str(inputs["arn"]), str(inputs["policy"]))
        return str(inputs["arn"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the topic's policy."""
        attributes = topic_attributes(aws, id_)
        if attributes is None:
            return None
        return {
            "arn": attributes["TopicArn"],
            "policy": attributes["Policy"],
            "owner": attributes["Owner"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set the topic's policy again."""
        _set_policy(aws, id_, str(inputs["policy"]))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Put SNS's own policy back, if the topic is still there."""
        attributes = topic_attributes(aws, id_)
        if attributes is not None:
            _set_policy(aws, id_, _default_policy(id_, attributes["Owner"]))


class TopicSubscriptionHandler(Handler):
    """Who gets what a topic publishes."""

    type = "aws:sns/topicSubscription:TopicSubscription"
    inputs = {
        "topic": Property(required=True, replaces=True),
        "protocol": Property(required=True, replaces=True),
        "endpoint": Property(required=True, replaces=True),
        "redrivePolicy": Property(form=as_json),
        "filterPolicy": Property(form=as_json),
        "filterPolicyScope": Property(computed=True),
        "rawMessageDelivery": Property(default=False),
        "confirmationTimeoutInMinutes": Property(default=1, local=True),
        "endpointAutoConfirms": Property(default=False, local=True),
    }
    outputs = frozenset(
        {"arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"},
    )
    limitations = (
        "subscriptions of mail addresses and webhooks are confirmed at once; at AWS each waits "
        "for its owner",
        "nothing is delivered but to SQS queues, and nothing is kept in a dead-letter queue",
    )

    _ATTRIBUTES: Final = {
        "redrivePolicy": "RedrivePolicy",
        "filterPolicy": "FilterPolicy",
        "filterPolicyScope": "FilterPolicyScope",
        "rawMessageDelivery": "RawMessageDelivery",
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Subscribe the endpoint."""
        answer = aws.client("sns").subscribe(
            TopicArn=inputs["topic"],
            Protocol=inputs["protocol"],
            Endpoint=inputs["endpoint"],
            Attributes={n: as_text(v) for n, v in to_api(self._ATTRIBUTES, inputs).items()},
            ReturnSubscriptionArn=True,
        )
        return str(answer["SubscriptionArn"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the subscription's attributes."""
        live = unless_gone(
            lambda: aws.client("sns").get_subscription_attributes(SubscriptionArn=id_), "NotFound"
        )
        if live is None:
            return None
        attributes = live["Attributes"]
        return {
            "topic": attributes["TopicArn"],
            "protocol": attributes["Protocol"],
            "endpoint": attributes["Endpoint"],
            **from_api(self._ATTRIBUTES, attributes),
            "rawMessageDelivery": attributes.get("RawMessageDelivery") == "true",
            "arn": attributes["SubscriptionArn"],
            "ownerId": attributes["Owner"],
            "confirmationWasAuthenticated": attributes["ConfirmationWasAuthenticated"] == "true",
            "pendingConfirmation": attributes["PendingConfirmation"] == "true",
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set the attributes that changed."""
        for name, api in self._ATTRIBUTES.items():
            if name in changed:
                gone = "{}" if name == "filterPolicy" else ""
                aws.client("sns").set_subscription_attributes(
                    SubscriptionArn=id_,
                    AttributeName=api,
                    AttributeValue=as_text(inputs.get(name, gone)),
                )

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Unsubscribe."""
        aws.client("sns").unsubscribe(SubscriptionArn=id_)


def topic_attributes(aws: Place, arn: str) -> dict[str, Any] | None:
    """A topic's attributes, if it is there."""
    return unless_gone(
        lambda: dict(aws.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]), "NotFound"
    )


def _set_policy(aws: Place, arn: str, policy: str) -> None:
    aws.client("sns").set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=policy
    )


def _default_policy(arn: str, owner: str) -> str:
    return json.dumps(
        {
            "Version": "2008-10-17",
            "Id": "__default_policy_ID",
            "Statement": [
                {
                    "Sid": "__default_statement_ID",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": list(_DEFAULT_ACTIONS),
                    "Resource": arn,
                    "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
                }
            ],
        }
    )
