"""What a drill writes on the alarms that it sets, so that nobody takes it for an incident."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from account.topics import QUEUE_PREFIX
from ecs_monitoring.cloudwatch.alarm import AlarmState

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
_REASON_LENGTH: Final = 1023


_BEGIN: Final = "DRILL"
_ANY: Final = re.compile(rf"{_BEGIN} ([0-9a-f]+), no incident(?:; it was (\w+) )?")


@dataclass(frozen=True)
class FoundMark:
    """The sign of some drill on an alarm.

    Attributes:
        run: the drill's id.
        before: the alarm's state until then.
    """

    run: str
    before: AlarmState


def found_mark(reason: str) -> FoundMark | None:
    """What a drill wrote on an alarm; ``None`` where the reason is not a drill's.

    A drill of an earlier version did not write down the state: then the alarm has its data
    evaluated from INSUFFICIENT_DATA on.
    """
    match = _ANY.match(reason)
    if not match:
        return None
    run, before = match.groups()
    return FoundMark(run, AlarmState(before) if before else AlarmState.INSUFFICIENT_DATA)


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

    def reason(self, before: AlarmState) -> str:
        """Why an alarm is in ALARM during the drill.

        Args:
            before: its state until now, by which whoever finds the alarm can put it back.
        """
        return (
            f"{_BEGIN} {self.run}, no incident; it was {before} and is set back right away: "
            f"`python -m ops drill {self.stack}` by {self.who}, "
            f"{self.started:%Y-%m-%d %H:%M:%S} UTC."
        )[:_REASON_LENGTH]

    def is_on(self, reason: str) -> bool:
        """Whether a reason is one that this drill wrote on an alarm."""
        return reason.startswith(f"{_BEGIN} {self.run}, ")

    def reason_to_return(self, state: AlarmState) -> str:
        """Why an alarm is in its previous state again."""
        return (
            f"Drill {self.run} by {self.who}, {self.started:%Y-%m-%d %H:%M:%S} UTC, is over: "
            f"back to {state} as before."
        )[:_REASON_LENGTH]
