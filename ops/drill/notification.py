"""The message that an alarm sends, as it arrives in an SQS queue subscribed to its topic.

Without raw delivery, SNS wraps what CloudWatch publishes into a JSON object of its own:
https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
CloudWatch's own message is JSON too (AlarmName, AlarmArn, NewStateValue, NewStateReason, …):
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
"""

import json
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One notification of a change of state.

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
