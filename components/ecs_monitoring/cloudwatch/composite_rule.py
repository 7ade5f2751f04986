"""Composite alarms: a rule over the states of other alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
The page gives no precedence. The usual one holds: NOT before AND before OR.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.token_reader import TokenReader

States = Mapping[str, AlarmState]

# Without quotes "alarm names or ARNs must not contain spaces, round brackets, or commas"; within
# quotes a double quote is escaped by a backslash.
_TOKEN: Final = re.compile(
    r'\s*(?:(?P<mark>[(),])|"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<word>[^\s(),"]+))'
)
_PERCENT: Final = re.compile(r"\d+(\.\d+)?%")


@dataclass(frozen=True, slots=True)
class Constant:
    """TRUE or FALSE."""

    value: bool

    def holds(self, states: States) -> bool:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class InState:
    """``ALARM(name)``, ``OK(name)`` or ``INSUFFICIENT_DATA(name)``."""

    state: AlarmState
    alarm: str

    def holds(self, states: States) -> bool:
        """Whether the alarm is in the state."""
        return _state(self.alarm, states) is self.state


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``AT_LEAST(M, [NOT] STATE, (names))``, with M as a number or a percentage.

    Attributes:
        least: how many alarms, or how many percent of them.
        in_percent: whether ``least`` is a percentage.
        state: the state to count.
        negated: count the alarms that are not in the state.
        alarms: names or ARNs.
    """

    least: float
    in_percent: bool
    state: AlarmState
    negated: bool
    alarms: tuple[str, ...]

    def holds(self, states: States) -> bool:
        """Whether enough of the alarms are, or are not, in the state."""
        count = sum((_state(a, states) is self.state) is not self.negated for a in self.alarms)
        return 100 * count >= self.least * (len(self.alarms) if self.in_percent else 100)


@dataclass(frozen=True, slots=True)
class Not:
    """A condition that must not hold."""

    condition: "Condition"

    def holds(self, states: States) -> bool:
        """Whether the condition does not hold."""
        return not self.condition.holds(states)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Conditions joined by AND."""

    conditions: tuple["Condition", ...]

    def holds(self, states: States) -> bool:
        """Whether every condition holds."""
        return all(condition.holds(states) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions joined by OR."""

    conditions: tuple["Condition", ...]

    def holds(self, states: States) -> bool:
        """Whether at least one condition holds."""
        return any(condition.holds(states) for condition in self.conditions)


Condition = Constant | InState | AtLeast | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class CompositeRule:
    """The rule of a composite alarm (``AlarmRule``).

    Attributes:
        condition: what it says.
        alarms: the names or ARNs that it refers to, each once, in the order of the rule.
    """

    condition: Condition
    alarms: tuple[str, ...]

    @classmethod
    def parse(cls, rule: str) -> "CompositeRule":
        """Read a rule expression.

        Raises:
            CannotEvaluateError: what is no rule; the message says where it goes wrong.
        """
        parser = _RuleParser(rule)
        return cls(parser.whole(), tuple(dict.fromkeys(parser.alarms)))

    def state(self, states: States) -> AlarmState:
        """ALARM where the rule is true, OK where it is not.

        Args:
            states: the state of each alarm, by name or by ARN. The rule may refer by ARN to
                an alarm that is given by name.

        Raises:
            CannotEvaluateError: the state of an alarm that decides is not among them.
        """
        return AlarmState.ALARM if self.condition.holds(states) else AlarmState.OK


def name_of(alarm: str) -> str:
    """The name of an alarm that a rule refers to by name or by ARN; a name may have colons."""
    return alarm.partition(":alarm:")[2] if alarm.startswith("arn:") else alarm


def _state(alarm: str, states: States) -> AlarmState:
    for name in (alarm, name_of(alarm)):
        if name in states:
            return states[name]
    raise CannotEvaluateError(f"the rule refers to the alarm {alarm!r}, whose state is not given")


class _RuleParser(TokenReader):
    def __init__(self, rule: str) -> None:
        super().__init__("rule", rule, _TOKEN)
        self.alarms: list[str] = []

    def whole(self) -> Condition:
        condition = self._any_of()
        self._expect_end("AND, OR")
        return condition

    def _spelled(self, kind: str, written: str) -> tuple[str, str]:
        return kind, re.sub(r"\\(.)", r"\1", written) if kind == "quoted" else written

    def _any_of(self) -> Condition:
        conditions = [self._all()]
        while self._take("OR"):
            conditions.append(self._all())
        return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))

    def _all(self) -> Condition:
        conditions = [self._not()]
        while self._take("AND"):
            conditions.append(self._not())
        return conditions[0] if len(conditions) == 1 else AllOf(tuple(conditions))

    def _not(self) -> Condition:
        if self._take("NOT"):
            return Not(self._not())
        if self._take("("):
            condition = self._any_of()
            self._expect(")")
            return condition
        kind, word = self._peek()
        # AWS writes TRUE and FALSE, and "false" in its advice on cycles (PutCompositeAlarm).
        if kind == "word" and word.upper() in ("TRUE", "FALSE"):
            self._next += 1
            return Constant(word.upper() == "TRUE")
        if self._take("AT_LEAST"):
            return self._at_least()
        state = self._state()
        self._expect("(")
        alarm = self._alarm()
        self._expect(")")
        return InState(state, alarm)

    def _at_least(self) -> Condition:
        self._expect("(")
        _, least = self._peek()
        if not least.isdigit() and not _PERCENT.fullmatch(least):
            raise self._error("a number or a percentage")
        self._next += 1
        self._expect(",")
        negated = self._take("NOT") is not None
        state = self._state()
        self._expect(",")
        self._expect("(")
        alarms = [self._alarm()]
        while self._take(","):
            alarms.append(self._alarm())
        self._expect(")")
        self._expect(")")
        return AtLeast(float(least.rstrip("%")), least.endswith("%"), state, negated, tuple(alarms))

    def _state(self) -> AlarmState:
        for state in AlarmState:
            if self._take(state):
                return state
        raise self._error("ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or '('")

    def _alarm(self) -> str:
        kind, name = self._peek()
        if kind not in ("word", "quoted"):
            raise self._error("an alarm's name or ARN")
        self._next += 1
        self.alarms.append(name)
        return name
