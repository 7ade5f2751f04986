"""A temporary SQS queue that receives what an alarm's topics send."""

import json
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, Self

from account.account import AWS_ERRORS, Region, error_code, every_item, is_refusal
from drill.cleanup import Interruptions, Leftover, undone


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One notification of a change of state.

    Without raw delivery, SNS wraps what CloudWatch publishes, which is JSON too, into an object of
    its own:
    https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html

    Attributes:
        topic: ARN of the topic that it came through.
        alarm: ARN of the alarm.
        reason: why the alarm is in its new state; for a drill, what it wrote on the alarm.
    """

    topic: str
    alarm: str
    reason: str

    @classmethod
    def parsed(cls, body: str) -> Self | None:
        """A queue message's body; ``None`` where it is no alarm's notification."""
        try:
            envelope = json.loads(body)
            message = json.loads(envelope["Message"])
            return cls(
                topic=envelope["TopicArn"],
                alarm=message["AlarmArn"],
                reason=message["NewStateReason"],
            )
        except (ValueError, KeyError, TypeError):
            return None


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
_LONGEST_POLL: Final = 20
_MESSAGES: Final = 10

# Seconds: should the queue outlive its drill, its messages do not; and a message that was
# received once does not come again during the drill.
_KEPT: Final = 3600


class Inbox:
    """A queue subscribed to topics of its region.

    The queue is encrypted by SQS's own key, which needs no key policy for SNS:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
    Its policy lets exactly these topics send:
    https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html

    Args:
        region: where the topics are.
        name: the queue's name.
        topics: ARNs of the topics.

    Attributes:
        deaf_to: topic to the reason why it could not be subscribed to.
    """

    def __init__(self, region: Region, name: str, topics: Iterable[str]) -> None:
        self._region = region
        self._name = name
        self._topics = tuple(topics)
        self._url = ""
        self._subscriptions: dict[str, str] = {}
        self.deaf_to: dict[str, str] = {}

    @property
    def _arn(self) -> str:
        caller = self._region.caller
        return f"arn:{caller.partition}:sqs:{self._region.name}:{caller.account}:{self._name}"

    def open(self) -> None:
        """Create the queue and subscribe it, without raw delivery, to each topic.

        Raises:
            botocore.exceptions.ClientError: AWS refuses to create the queue.
        """
        self._url = self._region.sqs.create_queue(
            QueueName=self._name,
            Attributes={
                "SqsManagedSseEnabled": "true",
                "MessageRetentionPeriod": str(_KEPT),
                "VisibilityTimeout": str(_KEPT),
                "Policy": queue_policy(self._arn, self._topics),
            },
        )["QueueUrl"]
        for topic in self._topics:
            self._subscriptions[topic] = ""
            try:
                self._subscriptions[topic] = self._region.sns.subscribe(
                    TopicArn=topic,
                    Protocol="sqs",
                    Endpoint=self._arn,
                    Attributes={"RawMessageDelivery": "false"},
                    ReturnSubscriptionArn=True,
                )["SubscriptionArn"]
            except AWS_ERRORS as error:
                self.deaf_to[topic] = f"the drill's queue could not subscribe: {error}"
                if is_refusal(error):
                    del self._subscriptions[topic]

    def receive(self, seconds: float) -> list[Notification]:
        """Wait for notifications.

        Args:
            seconds: at most this long, rounded up; 20 at most.

        Returns:
            What arrived, as soon as anything did; nothing once the time is over.

        Raises:
            botocore.exceptions.ClientError: AWS refuses.
        """
        answer = self._region.sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=_MESSAGES,
            WaitTimeSeconds=max(0, min(_LONGEST_POLL, math.ceil(seconds))),
        )
        parsed = (Notification.parsed(message["Body"]) for message in answer.get("Messages", []))
        return [notification for notification in parsed if notification is not None]

    def close(self, interruptions: Interruptions) -> list[Leftover]:
        """Unsubscribe, and delete the queue: whatever of it there is.

        A call that was cut off may have been carried out all the same; then AWS is asked.

        Returns:
            What could not be removed.
        """
        left: list[Leftover] = []
        for topic, subscription in self._subscriptions.items():
            left += undone(
                partial(self._unsubscribe, topic, subscription),
                what=f"the drill's queue {self._name} is still subscribed to {topic}",
                command=self._unsubscribe_command(topic, subscription),
                interruptions=interruptions,
            )
        return left + undone(
            partial(delete_queue, self._region, self._name, self._url),
            what=f"the drill's queue {self._name} still exists",
            command=self._delete_command(),
            interruptions=interruptions,
        )

    def _unsubscribe(self, topic: str, subscription: str) -> None:
        for arn in [subscription] if subscription else self._subscribed(topic):
            self._region.sns.unsubscribe(SubscriptionArn=arn)

    def _subscribed(self, topic: str) -> Iterator[str]:
        """The queue's subscriptions to a topic, as AWS knows them."""
        sns, listing = self._region.sns, "list_subscriptions_by_topic"
        for subscription in every_item(sns, listing, "Subscriptions", TopicArn=topic):
            arn = subscription["SubscriptionArn"]
            if subscription["Endpoint"] == self._arn and arn.startswith("arn:"):
                yield arn

    def _unsubscribe_command(self, topic: str, subscription: str) -> str:
        unsubscribe = ("sns", "unsubscribe")
        if subscription:
            return self._region.command(*unsubscribe, "--subscription-arn", subscription)
        query = f"Subscriptions[?Endpoint=='{self._arn}'].SubscriptionArn"
        listing = ("sns", "list-subscriptions-by-topic", "--topic-arn", topic, "--query", query)
        asked = self._region.command(*listing, "--output", "text")
        return f'{self._region.command(*unsubscribe)} --subscription-arn "$({asked})"'

    def _delete_command(self) -> str:
        if self._url:
            return self._region.command("sqs", "delete-queue", "--queue-url", self._url)
        return delete_queue_command(self._region, self._name)


def delete_queue(region: Region, name: str, url: str = "") -> None:
    """Delete a queue; one that is gone already is no error.

    Args:
        region: where it is.
        name: its name.
        url: its URL, where it is known.

    Raises:
        botocore.exceptions.ClientError: AWS refuses.
    """
    try:
        region.sqs.delete_queue(
            QueueUrl=url or region.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        )
    except AWS_ERRORS as error:
        if "NonExistentQueue" not in error_code(error):
            raise


def delete_queue_command(region: Region, name: str) -> str:
    """The command that deletes a queue whose URL nobody knows."""
    asked = region.command("sqs", "get-queue-url", "--queue-name", name, "--output", "text")
    return f'{region.command("sqs", "delete-queue")} --queue-url "$({asked})"'


def queue_policy(queue: str, topics: Iterable[str]) -> str:
    """Lets exactly these topics send to a queue.

    Args:
        queue: the queue's ARN.
        topics: the topics' ARNs.
    """
    statement = {
        "Sid": "AlarmTopics",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": sorted(topics)}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@contextmanager
def temporary_inbox(
    region: Region,
    name: str,
    topics: Iterable[str],
    *,
    interruptions: Interruptions,
    leftovers: list[Leftover],
) -> Iterator[Inbox]:
    """An inbox that is gone afterwards, however that comes about.

    Args:
        region: where the topics are.
        name: the queue's name.
        topics: ARNs of the topics.
        interruptions: whether there is still time to remove it.
        leftovers: grows by what could not be removed.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to create the queue.
    """
    inbox = Inbox(region, name, topics)
    try:
        inbox.open()
        yield inbox
    finally:
        leftovers += inbox.close(interruptions)
