"""What a drill says of each endpoint: mail addresses, webhooks, chat channels, queues."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from account.topics import Subscription, Topic
from ops.drill.outcome import AlarmOutcome


class Heard(StrEnum):
    """Whether an endpoint was told in a drill."""

    SENT = "sent"
    """SNS sent to it what came out of its topic. Whether anybody read it, SNS does not say."""

    NOT_HEARD = "not-heard"
    """It was told nothing."""

    NOT_TRIED = "not-tried"
    """No alarm was set off that tells its topic."""


@dataclass(frozen=True, kw_only=True)
class EndpointOutcome:
    """One endpoint's part in a drill.

    Attributes:
        topic: name of the topic that it is subscribed to.
        region: where the topic is.
        endpoint: protocol and address, without secrets.
        result: whether it was told.
        reason: why it was not; for a chat channel, what to look at.
    """

    topic: str
    region: str
    endpoint: str
    result: Heard
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The outcome for scripts."""
        return asdict(self)


def endpoint_outcomes(
    region: str, topics: Iterable[Topic], outcomes: Sequence[AlarmOutcome]
) -> Iterator[EndpointOutcome]:
    """What each subscriber of some topics was told.

    Args:
        region: where the topics are.
        topics: as they were before the drill.
        outcomes: of the alarms.
    """
    for topic in topics:
        seconds = [
            outcome.latencies[topic.arn] for outcome in outcomes if topic.arn in outcome.latencies
        ]
        for subscription in topic.subscriptions or ():
            if not (subscription.is_notified or subscription.is_pending):
                continue
            result, reason = _result(subscription, seconds)
            yield EndpointOutcome(
                topic=topic.name,
                region=region,
                endpoint=subscription.shown,
                result=result,
                reason=reason,
            )


def _result(subscription: Subscription, seconds: Sequence[float | None]) -> tuple[Heard, str]:
    if subscription.is_pending:
        return Heard.NOT_HEARD, "its subscription waits for its confirmation"
    if not seconds:
        return Heard.NOT_TRIED, "no alarm was set off that tells its topic"
    if all(latency is None for latency in seconds):
        return Heard.NOT_HEARD, "nothing came out of its topic"
    if subscription.is_chat:
        return (
            Heard.SENT,
            "look into the channel: Amazon Q Developer does not say whether it may post there",
        )
    return Heard.SENT, ""
