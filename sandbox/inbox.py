"""An SQS queue on every topic, in which published notifications are found again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.aws_events import SentEvent
from sandbox.clients import ACCOUNT, Clients
from sandbox.notification import incident_notification, notification
from sandbox.simulation import IncidentEvent, SimulatedChange

EVENT: Final = "EVENT"
"""Stands for an alarm's state where an event of AWS's is told of."""


@dataclass(frozen=True)
class Delivery:
    """A notification that came out of an inbox.

    Attributes:
        topic: ARN of the topic through which it came.
        alarm: the alarm's name; the key of an event of AWS's.
        state: the state that it tells of; ``EVENT`` for an event.
        time: when the alarm changed or the event happened, as the message has it.
    """

    topic: str
    alarm: str
    state: str
    time: str


class Inboxes:
    """One queue a topic, subscribed to it.

    Args:
        clients: what reaches the API.
        topics: ARNs of the topics.
    """

    def __init__(self, clients: Clients, topics: Iterable[str]) -> None:
        self._clients = clients
        self._queues: dict[str, str] = {}
        for number, topic in enumerate(sorted(set(topics))):
            self._queues[topic] = self._subscribed(topic, f"sandbox-inbox-{number}")

    def _subscribed(self, topic: str, name: str) -> str:
        region = _region(topic)
        sqs, sns = self._clients.client("sqs", region), self._clients.client("sns", region)
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["Attributes"]["QueueArn"])
        return str(url)

    def carry_out(self, change: SimulatedChange | IncidentEvent) -> None:
        """Do what CloudWatch does when an alarm changes: publish to each of its topics."""
        region = self._clients.region_name(change.alarm.region)
        subject, message = (
            incident_notification(change, ACCOUNT, region)
            if isinstance(change, IncidentEvent)
            else notification(change, ACCOUNT, region)
        )
        for topic in change.actions:
            sns = self._clients.client("sns", _region(topic))
            sns.publish(TopicArn=topic, Subject=subject, Message=message)

    def publish(self, sent: SentEvent) -> None:
        """Do what EventBridge does: hand each topic what the rule made of the event."""
        for topic, message in sent.messages.items():
            # EventBridge gives no subject: the mail's is SNS's own.
            self._clients.client("sns", _region(topic)).publish(TopicArn=topic, Message=message)

    def read(self) -> list[Delivery]:
        """Everything that arrived since the last time, from every inbox."""
        return [
            _heard(topic, body)
            for topic, url in self._queues.items()
            for body in self._drained(topic, url)
        ]

    def _drained(self, topic: str, url: str) -> list[Mapping[str, Any]]:
        sqs = self._clients.client("sqs", _region(topic))
        bodies: list[Mapping[str, Any]] = []
        while True:
            messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
            if not messages:
                return bodies
            bodies += [json.loads(message["Body"]) for message in messages]
            sqs.delete_message_batch(
                QueueUrl=url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(messages)
                ],
            )


def _heard(topic: str, body: Mapping[str, Any]) -> Delivery:
    message = json.loads(body["Message"])
    if message.get("source") == "custom":
        metadata = message["metadata"]
        return Delivery(topic, metadata["eventType"], EVENT, metadata["additionalContext"]["Time"])
    return Delivery(
        topic, message["AlarmName"], message["NewStateValue"], message["StateChangeTime"]
    )


def _region(arn: str) -> str:
    return arn.split(":")[3]
