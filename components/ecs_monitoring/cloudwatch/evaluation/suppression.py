"""The actions of a composite alarm while another alarm, its suppressor, may hold them back.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from ecs_monitoring.cloudwatch.alarm import AlarmState


class SuppressedBy(StrEnum):
    """What holds actions back (``ActionsSuppressedBy`` in DescribeAlarms)."""

    WAIT_PERIOD = "WaitPeriod"
    EXTENSION_PERIOD = "ExtensionPeriod"
    ALARM = "Alarm"


@dataclass(frozen=True, slots=True)
class Action:
    """The composite alarm carries out the actions of a state.

    Attributes:
        time: in the unit of ``Suppression``'s periods.
        state: whose actions: the composite alarm's state at that time.
    """

    time: int
    state: AlarmState


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A composite alarm with a suppressor, between two changes of state.

    ``at`` gives the next one; nothing else changes it. Times and periods are in seconds, or any
    other unit, the same for all.

    Attributes:
        wait_period: how long to wait for the suppressor after the composite alarm has changed
            (``ActionsSuppressorWaitPeriod``).
        extension_period: how long the composite alarm may take to change back after the
            suppressor has left ALARM (``ActionsSuppressorExtensionPeriod``).
        composite: the composite alarm's state.
        suppressor: the suppressor's state.
        by: what holds actions back now, if anything.
        until: when the running period ends; ``None`` without one.
        pending: whether the composite alarm has changed and not acted yet.
    """

    wait_period: int
    extension_period: int
    composite: AlarmState = AlarmState.INSUFFICIENT_DATA
    suppressor: AlarmState = AlarmState.INSUFFICIENT_DATA
    by: SuppressedBy | None = None
    until: int | None = None
    pending: bool = False

    def at(
        self, time: int, composite: AlarmState, suppressor: AlarmState
    ) -> tuple["Suppression", tuple[Action, ...]]:
        """What follows when, from ``time`` on, both alarms are in these states.

        To be called in the order of time, whenever a state changes or time has passed; a
        period that ended in between ends at its own time.

        Choice: a change at the very end of a period still counts: a suppressor that goes into
        ALARM then suppresses, and a composite alarm that changes then starts a period of its
        own. After an extension period without a change to act on nothing is done.

        Returns:
            The next suppression, and the actions up to ``time``, oldest first.
        """
        ended, actions = self._ended_before(time)
        changed = ended._changed(time, composite, suppressor)
        settled, more = changed._ended_before(time + 1)
        return settled, actions + more

    def _ended_before(self, time: int) -> tuple["Suppression", tuple[Action, ...]]:
        """The running period's end, if it is before ``time``."""
        if self.until is None or self.until >= time:
            return self, ()
        actions = (Action(self.until, self.composite),) if self.pending else ()
        return replace(self, by=None, until=None, pending=False), actions

    def _changed(self, time: int, composite: AlarmState, suppressor: AlarmState) -> "Suppression":
        now = replace(self, composite=composite, suppressor=suppressor)
        moved = composite is not self.composite
        if moved:
            now = replace(now, pending=True)
        if suppressor is AlarmState.ALARM:
            return replace(now, by=SuppressedBy.ALARM, until=None)
        if self.suppressor is AlarmState.ALARM:
            now = replace(now, by=SuppressedBy.EXTENSION_PERIOD, until=time + self.extension_period)
        if moved:
            # "The ExtensionPeriod is discarded, and a new WaitPeriod starts" (example 6).
            now = replace(now, by=SuppressedBy.WAIT_PERIOD, until=time + self.wait_period)
        return now
