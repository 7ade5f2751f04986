"""What became of one alarm in a drill, and of each endpoint that its topics tell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from account.alarms import LiveAlarm
from account.topics import Subscription, Topic


class Result(StrEnum):
    """How a drill of one alarm ended."""

    DELIVERED = "delivered"
    """The notification arrived through every topic that the alarm tells."""

    NOT_DELIVERED = "not-delivered"
    """It was set off, and through at least one topic nothing arrived."""

    NOT_DRILLED = "not-drilled"
    """It was not set off."""

    CUT_SHORT = "cut-short"
    """The drill ended before; if the alarm had been set off, it was set back."""


@dataclass(frozen=True, kw_only=True)
class AlarmOutcome:
    """One alarm's part in a drill.

    Attributes:
        alarm: the alarm as it was before.
        result: how it ended.
        latencies: topic to the seconds from ``SetAlarmState`` to the notification's arrival in
            the drill's queue; ``None`` where it did not arrive.
        reason: why it was not delivered, not drilled or cut short; empty where delivered.
    """

    alarm: LiveAlarm
    result: Result
    latencies: Mapping[str, float | None]
    reason: str = ""

    @property
    def latency(self) -> float | None:
        """Seconds until the last topic had delivered; ``None`` where one did not."""
        latencies = [seconds for seconds in self.latencies.values() if seconds is not None]
        return max(latencies) if latencies and len(latencies) == len(self.latencies) else None

    def as_json(self) -> dict[str, Any]:
        """The outcome for scripts."""
        return {
            "address": self.alarm.address,
            "name": self.alarm.name,
            "region": self.alarm.region,
            "severity": self.alarm.severity,
            "state_before": self.alarm.state,
            "result": self.result,
            "latency_seconds": _rounded(self.latency),
            "topics": [
                {"arn": topic, "latency_seconds": _rounded(seconds)}
                for topic, seconds in self.latencies.items()
            ],
            "reason": self.reason,
        }


def without_delivery(alarm: LiveAlarm, result: Result, reason: str) -> AlarmOutcome:
    """The outcome of an alarm of which no notification was awaited to the end."""
    return AlarmOutcome(alarm=alarm, result=result, latencies={}, reason=reason)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


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
