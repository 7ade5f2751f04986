"""What becomes of the alarms in a scenario, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import CompositeChange, Evaluation, SuppressedBy
from ecs_monitoring.cloudwatch.rule import Severity, parts_of_description
from ecs_monitoring.rules.incidents import is_incident_of
from sandbox.deployed import DeployedAlarm, DeployedComposite


@dataclass(frozen=True, kw_only=True)
class SimulatedChange:
    """An alarm that changed its state.

    Attributes:
        minute: minutes since the scenario's start.
        alarm: the alarm.
        evaluation: what it saw, and why it changed.
        delay: minutes for which a mute rule holds its actions back; ``None`` where the alarm has
            left the state by then, so that they are never carried out.
    """

    minute: int
    alarm: DeployedAlarm
    evaluation: Evaluation
    delay: int | None = 0

    @property
    def told(self) -> int | None:
        """The minute in which its actions are carried out; ``None`` for never."""
        return None if self.delay is None else self.minute + self.delay

    @property
    def actions(self) -> tuple[str, ...]:
        """The ARNs that CloudWatch calls, now or at the end of a window."""
        return () if self.delay is None else self.configured_actions

    @property
    def configured_actions(self) -> tuple[str, ...]:
        """The ARNs that the alarm has for its new state, muted or not."""
        return self.alarm.definition.actions(self.evaluation.state)


@dataclass(frozen=True, kw_only=True)
class IncidentEvent:
    """A composite alarm that changed its state, carried out its actions, or both at once.

    Attributes:
        minute: minutes since the scenario's start.
        alarm: the composite alarm.
        time: seconds since 1970 UTC.
        change: the change of state: the last one, where actions that were held back follow later.
        by: what holds the actions back; ``None`` where they are carried out.
        delay: minutes for which a mute rule holds them back as well; ``None`` where the alarm has
            left the state by then, so that they never are carried out.
        children: the newest change of each alarm that it rests on and that is in ALARM.
    """

    minute: int
    alarm: DeployedComposite
    time: int
    change: CompositeChange
    by: SuppressedBy | None
    children: tuple[SimulatedChange, ...]
    delay: int | None = 0

    @property
    def told(self) -> int | None:
        """The minute in which its actions are carried out; ``None`` for never."""
        return None if self.by or self.delay is None else self.minute + self.delay

    @property
    def actions(self) -> tuple[str, ...]:
        """The ARNs that CloudWatch calls, now or at the end of a window."""
        return () if self.told is None else self.alarm.definition.actions(self.change.state)

    @property
    def first_runbook(self) -> str:
        """The runbook to open first: of the target's own critical alarm, or its own sign."""
        own = [
            c for c in self.children if is_incident_of(self.alarm.address, c.alarm.address)
        ] or self.children
        ranked = sorted(own, key=lambda child: child.alarm.severity != Severity.CRITICAL)
        descriptions = (change.alarm.definition.description for change in ranked)
        return next((parts_of_description(text)[2] for text in descriptions), "")

    @property
    def moment(self) -> datetime:
        """The time of the change of state in UTC."""
        return datetime.fromtimestamp(self.change.time, UTC)


@dataclass(frozen=True)
class Simulation:
    """What became of the alarms.

    Attributes:
        changes: every state change of a metric alarm from minute 0 on, in the order of time.
        before: each metric alarm's state at minute 0, by address.
        incidents: what composite alarms did, in the order of time.
        rollback: the change that made ECS roll a deployment back; ``None`` where none did.
        is_in_stack: whether anything of the scenario can happen to the stack; else it is left out.
    """

    changes: tuple[SimulatedChange, ...]
    before: Mapping[str, AlarmState]
    incidents: tuple[IncidentEvent, ...] = ()
    rollback: SimulatedChange | None = None
    is_in_stack: bool = True
