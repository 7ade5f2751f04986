"""aws:sqs/queue:Queue and aws:sqs/queuePolicy:QueuePolicy."""

from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_json,
    as_text,
    from_api,
    unless_gone,
)
from sandbox.tags import SQS
from sandbox.wire import Properties

_GONE: Final = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


class QueueHandler(Handler):
    """An SQS queue."""

    type = "aws:sqs/queue:Queue"
    # The provider's own defaults, which it sends like any other value:
    # https://www.pulumi.com/registry/packages/aws/api-docs/sqs/queue/#inputs
    inputs = {
        "name": Property(required=True, replaces=True),
        "delaySeconds": Property(default=0),
        "maxMessageSize": Property(default=262_144),
        "messageRetentionSeconds": Property(default=345_600),
        "receiveWaitTimeSeconds": Property(default=0),
        "visibilityTimeoutSeconds": Property(default=30),
        "kmsMasterKeyId": Property(),
        "sqsManagedSseEnabled": Property(computed=True),
        "policy": Property(computed=True, form=as_json),
        "redrivePolicy": Property(computed=True, form=as_json),
        "redriveAllowPolicy": Property(computed=True, form=as_json),
        "tags": TAGS,
    }
    outputs = frozenset({"arn", "url"})
    named = "name"
    tagging = SQS
    limitations = ("a queue's URL is the emulator's own address, not https://sqs.….amazonaws.com",)

    _ATTRIBUTES: Final = {
        "delaySeconds": "DelaySeconds",
        "maxMessageSize": "MaximumMessageSize",
        "messageRetentionSeconds": "MessageRetentionPeriod",
        "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
        "visibilityTimeoutSeconds": "VisibilityTimeout",
        "kmsMasterKeyId": "KmsMasterKeyId",
        "sqsManagedSseEnabled": "SqsManagedSseEnabled",
        "policy": "Policy",
        "redrivePolicy": "RedrivePolicy",
        "redriveAllowPolicy": "RedriveAllowPolicy",
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the queue; one of that name with other attributes is an error."""
        defaults = {name: kind.default for name, kind in self.inputs.items() if kind.default}
        answer = aws.client("sqs").create_queue(
            QueueName=inputs["name"],
            Attributes=self._attributes({**defaults, **inputs}),
            tags=inputs.get("tags", {}),
        )
        return str(answer["QueueUrl"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the queue's attributes."""
        attributes = queue_attributes(aws, id_)
        if attributes is None:
            return None
        return {
            "name": id_.rpartition("/")[2],
            **{n: _value(v) for n, v in from_api(self._ATTRIBUTES, attributes).items()},
            "arn": attributes["QueueArn"],
            "url": id_,
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed."""
        values = {
            name: inputs.get(name, self.inputs[name].default)
            for name in self._ATTRIBUTES
            if name in changed
        }
        aws.client("sqs").set_queue_attributes(QueueUrl=id_, Attributes=self._attributes(values))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the queue."""
        unless_gone(lambda: aws.client("sqs").delete_queue(QueueUrl=id_), *_GONE)

    def _attributes(self, values: Properties) -> dict[str, str]:
        return {
            api: "" if values[name] is None else as_text(values[name])
            for name, api in self._ATTRIBUTES.items()
            if name in values
        }


class QueuePolicyHandler(Handler):
    """The policy of a queue."""

    type = "aws:sqs/queuePolicy:QueuePolicy"
    inputs = {
        "queueUrl": Property(required=True, replaces=True),
        "policy": Property(required=True, form=as_json),
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Set the queue's policy."""
        _set_policy(aws, str(inputs["queueUrl"]), str(inputs["policy"]))
        return str(inputs["queueUrl"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the queue's policy; a queue without one has none of this type."""
        attributes = queue_attributes(aws, id_)
        if attributes is None or not attributes.get("Policy"):
            return None
        return {"queueUrl": id_, "policy": attributes["Policy"]}

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set the queue's policy again."""
        _set_policy(aws, id_, str(inputs["policy"]))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Take the policy away, if the queue is still there."""
        if queue_attributes(aws, id_) is not None:
            _set_policy(aws, id_, "")


def queue_attributes(aws: Place, url: str) -> dict[str, Any] | None:
    """A queue's attributes, if it is there."""
    answer = unless_gone(
        lambda: aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"]), *_GONE
    )
    if answer is None:
        return None
    return dict(answer["Attributes"])


def _set_policy(aws: Place, url: str, policy: str) -> None:
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _value(text: str) -> Any:
    """An attribute's value from the text that SQS makes of everything."""
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text
