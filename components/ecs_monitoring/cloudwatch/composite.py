"""A composite alarm as CloudWatch holds it: a rule over other alarms, and what holds it back."""

from dataclasses import dataclass

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule


@dataclass(frozen=True, kw_only=True)
class CompositeDefinition:
    """A composite alarm.

    Attributes:
        name: the alarm's name.
        arn: the alarm's ARN; empty where it is not known.
        description: what the alarm says of itself.
        text: the rule as it was written.
        rule: the rule.
        actions_enabled: whether state changes carry out actions at all.
        ok_actions: ARNs that hear of the change to OK; the others likewise.
        suppressor: the name or ARN of the alarm that holds actions back; empty without one.
        wait_period: seconds that it waits for the suppressor to go into ALARM.
        extension_period: seconds that it waits after the suppressor has left ALARM.
    """

    name: str
    arn: str = ""
    description: str = ""
    text: str
    rule: CompositeRule
    actions_enabled: bool = True
    ok_actions: tuple[str, ...] = ()
    alarm_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    suppressor: str = ""
    wait_period: int = 0
    extension_period: int = 0

    @property
    def children(self) -> tuple[str, ...]:
        """The names of the alarms in its rule."""
        return tuple(dict.fromkeys(map(name_of, self.rule.alarms)))

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of all alarms that it rests on, the suppressor included."""
        suppressor = (name_of(self.suppressor),) if self.suppressor else ()
        return tuple(dict.fromkeys((*self.children, *suppressor)))

    def actions(self, state: AlarmState) -> tuple[str, ...]:
        """The ARNs that are called when it gets into a state."""
        if not self.actions_enabled:
            return ()
        return {
            AlarmState.ALARM: self.alarm_actions,
            AlarmState.OK: self.ok_actions,
            AlarmState.INSUFFICIENT_DATA: self.insufficient_data_actions,
        }[state]


def name_of(alarm: str) -> str:
    """The name of an alarm that a rule refers to by name or by ARN."""
    return alarm.rpartition(":alarm:")[2]
