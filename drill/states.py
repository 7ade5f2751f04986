"""Sets alarms off, and answers for their being set back.

``SetAlarmState`` "temporarily sets the state of an alarm for testing purposes"; where the state
changes, the new state's actions are carried out. "Metric alarms return to their actual state
quickly, often within seconds", so CloudWatch may have evaluated an alarm again before the drill
sets it back, and what it found must then stand:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
"""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Self

from account.account import AWS_ERRORS, Region, is_refusal
from account.alarms import LiveAlarm
from account.reading import read_again
from drill.cleanup import Interruptions, Leftover, undone
from drill.mark import DrillMark
from ecs_monitoring.cloudwatch.alarm import AlarmState


class Return(Enum):
    """How an alarm that was set off gets out of ALARM."""

    SET_BACK = auto()
    """The drill sets it back."""

    EVALUATED = auto()
    """CloudWatch has evaluated it since: its state is the actual one."""

    GONE = auto()
    """Somebody deleted it."""


def way_back(before: LiveAlarm, now: LiveAlarm | None, mark: DrillMark) -> Return:
    """What is to be done about an alarm that was set off.

    Args:
        before: the alarm before.
        now: the alarm as AWS describes it; ``None`` where it is gone.
        mark: what the drill wrote on it.
    """
    if now is None:
        return Return.GONE
    # A description from before the change can only be late: setting back harms nothing.
    is_late = now.state_updated == before.state_updated
    return Return.SET_BACK if is_late or mark.is_on(now.state_reason) else Return.EVALUATED


class AlarmStates:
    """The alarms that are set off at the moment; on leaving, none is.

    Args:
        region: where the alarms are.
        mark: what to write on them.
        interruptions: whether there is still time to set alarms back.
        leftovers: grows by what could not be set back.
    """

    def __init__(
        self,
        region: Region,
        mark: DrillMark,
        *,
        interruptions: Interruptions,
        leftovers: list[Leftover],
    ) -> None:
        self._region = region
        self._mark = mark
        self._interruptions = interruptions
        self._leftovers = leftovers
        self._before: dict[str, LiveAlarm] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.set_back(self._before.values())

    def set_off(self, alarm: LiveAlarm) -> None:
        """Set an alarm to ALARM.

        Args:
            alarm: as it was described right before.

        Raises:
            botocore.exceptions.ClientError: AWS refuses; the alarm is as it was.
            botocore.exceptions.BotoCoreError: AWS did not answer; the alarm may be set off.
        """
        # Noted first: a call that is cut off may have been carried out.
        self._before[alarm.name] = alarm
        try:
            self._region.cloudwatch.set_alarm_state(
                AlarmName=alarm.name,
                StateValue=AlarmState.ALARM.value,
                StateReason=self._mark.reason(alarm.state),
            )
        except AWS_ERRORS as error:
            if is_refusal(error):
                del self._before[alarm.name]
            raise

    def set_back(self, alarms: Iterable[LiveAlarm]) -> None:
        """Set alarms back to the states that they were in; those set back already are left.

        What fails is among the leftovers afterwards, each with the command to type.
        """
        before = [self._before[alarm.name] for alarm in alarms if alarm.name in self._before]
        if not before:
            return
        try:
            now = read_again(self._region, before)
        except Exception:  # Whatever it is, setting back blindly is better than not at all.
            now = {alarm.name: alarm for alarm in before}
        for alarm in before:
            if way_back(alarm, now.get(alarm.name), self._mark) is Return.SET_BACK:
                self._leftovers += self._undone(alarm)
            del self._before[alarm.name]

    def _undone(self, alarm: LiveAlarm) -> list[Leftover]:
        return set_back(
            self._region,
            alarm.name,
            state=alarm.state,
            reason=self._mark.reason_to_return(alarm.state),
            what=f"alarm {alarm.name} is still in ALARM because of the drill",
            interruptions=self._interruptions,
        )


def set_back(
    region: Region,
    alarm: str,
    *,
    state: AlarmState,
    reason: str,
    what: str,
    interruptions: Interruptions,
) -> list[Leftover]:
    """Set an alarm back.

    Args:
        region: where it is.
        alarm: its name.
        state: that it was in.
        reason: to write on it.
        what: what is left where that fails.
        interruptions: whether there is still time to try.

    Returns:
        What is left: nothing, or the alarm with the command to type.
    """
    return undone(
        lambda: region.cloudwatch.set_alarm_state(
            AlarmName=alarm, StateValue=state.value, StateReason=reason
        ),
        what=what,
        command=region.command(
            "cloudwatch",
            "set-alarm-state",
            "--alarm-name",
            alarm,
            "--state-value",
            state.value,
            "--state-reason",
            reason,
        ),
        interruptions=interruptions,
    )
