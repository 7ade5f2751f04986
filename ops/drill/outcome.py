"""What became of one alarm in a drill."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from account.alarms import LiveAlarm


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
