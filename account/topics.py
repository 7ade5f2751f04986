"""What is known of a topic before a drill: its subscribers, publishers and encryption."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

QUEUE_PREFIX: Final = "alarm-drill-"
"""Names of the drills' temporary queues begin with this."""

# What ListSubscriptionsByTopic gives in place of an ARN:
# https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
_PENDING: Final = "PendingConfirmation"
_DELETED: Final = "Deleted"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Who is notified of a topic, or would be.

    Attributes:
        arn: the subscription's ARN; SNS has a word in its place until it is confirmed.
        protocol: ``email``, ``https``, ``sqs``, …
        endpoint: the address; of a webhook it is a secret.
    """

    arn: str
    protocol: str
    endpoint: str

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a confirmation and is not notified until then."""
        return self.arn == _PENDING

    @property
    def is_chat(self) -> bool:
        """Whether it is Amazon Q Developer in chat applications, which posts to channels.

        https://docs.aws.amazon.com/chatbot/latest/adminguide/subscribe-sns-topic.html
        """
        host = urlsplit(self.endpoint).hostname or ""
        return self.protocol == "https" and host.endswith(".chatbot.amazonaws.com")

    @property
    def is_notified(self) -> bool:
        """Whether notifications reach it; a drill's own queue does not count."""
        is_a_drill = self.protocol == "sqs" and self.endpoint.split(":")[-1].startswith(
            QUEUE_PREFIX
        )
        return self.arn not in (_PENDING, _DELETED) and not is_a_drill

    @property
    def shown(self) -> str:
        """Protocol and address without what may be a secret or a phone number."""
        if self.is_chat:
            return "chat channels by Amazon Q Developer"
        if self.protocol in ("http", "https"):
            return f"{self.protocol} {urlsplit(self.endpoint).hostname}/…"
        if self.protocol == "sms":
            return f"sms …{self.endpoint[-4:]}"
        return f"{self.protocol} {self.endpoint.rpartition(':')[2]}"


@dataclass(frozen=True, kw_only=True)
class EncryptionKey:
    """The KMS key of an encrypted topic.

    Attributes:
        id: as the topic names it: a key's id or ARN, or an alias.
        arn: the key's ARN; empty where unknown.
        is_aws_managed: whether AWS manages it, so that nobody can change its policy.
        state: ``Enabled``, ``Disabled``, ``PendingDeletion``, …; empty where unknown.
        policy: the key policy; ``None`` where unknown.
    """

    id: str
    arn: str = ""
    is_aws_managed: bool = False
    state: str = ""
    policy: str | None = None


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One topic that alarms tell.

    Attributes:
        arn: its ARN.
        exists: whether there is such a topic.
        policy: the topic's policy; ``None`` where unknown.
        key: what it is encrypted with, if at all.
        subscriptions: everyone who is notified or would be; ``None`` where unknown.
        unread: what could not be read, and why.
    """

    arn: str
    exists: bool = True
    policy: str | None = None
    key: EncryptionKey | None = None
    subscriptions: tuple[Subscription, ...] | None = ()
    unread: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition(":")[2]
