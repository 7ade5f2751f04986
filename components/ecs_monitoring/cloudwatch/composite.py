"""A composite alarm as CloudWatch holds it: a rule over other alarms, and what holds it back."""

from dataclasses import dataclass

from ecs_monitoring.cloudwatch.alarm import HeldAlarm
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule, name_of


@dataclass(frozen=True, kw_only=True)
class CompositeDefinition(HeldAlarm):
    """A composite alarm.

    Attributes:
        text: the rule as it was written.
        rule: the rule.
        suppressor: the name or ARN of the alarm that holds actions back; empty without one.
        wait_period: seconds that it waits for the suppressor to go into ALARM.
        extension_period: seconds that it waits after the suppressor has left ALARM.
    """

    text: str
    rule: CompositeRule
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
