"""What a drill writes on the alarms that it sets, so that nobody takes it for an incident."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from account.topics import QUEUE_PREFIX
from ecs_monitoring.cloudwatch.alarm import AlarmState

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
_REASON_LENGTH: Final = 1023


@dataclass(frozen=True, kw_only=True)
class DrillMark:
    """One drill's sign.

    Attributes:
        run: an id of its own.
        stack: the stack's name.
        who: ARN of the caller.
        started: when.
    """

    run: str
    stack: str
    who: str
    started: datetime

    @classmethod
    def new(cls, stack: str, who: str) -> Self:
        """A drill that begins now."""
        return cls(run=secrets.token_hex(4), stack=stack, who=who, started=datetime.now(UTC))

    @property
    def queue(self) -> str:
        """The name of the temporary queue."""
        return f"{QUEUE_PREFIX}{self.run}"

    @property
    def reason(self) -> str:
        """Why an alarm is in ALARM during the drill."""
        return (
            f"DRILL {self.run}, no incident: `python -m ops drill {self.stack}` by {self.who}, "
            f"{self.started:%Y-%m-%d %H:%M:%S} UTC. The alarm is set back right away."
        )[:_REASON_LENGTH]

    def reason_to_return(self, state: AlarmState) -> str:
        """Why an alarm is in its previous state again."""
        return (
            f"Drill {self.run} by {self.who}, {self.started:%Y-%m-%d %H:%M:%S} UTC, is over: "
            f"back to {state} as before."
        )[:_REASON_LENGTH]
