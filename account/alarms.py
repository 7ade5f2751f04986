"""Alarms as AWS has them: whose they are, what they would do, and which of them are meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.units import Unit, format_quantity
from ecs_monitoring.rules.units import alarm_unit
from ecs_monitoring.words import closest

ACTIONS: Final = {
    AlarmState.OK: "OKActions",
    AlarmState.ALARM: "AlarmActions",
    AlarmState.INSUFFICIENT_DATA: "InsufficientDataActions",
}
"""What ``DescribeAlarms`` calls the actions of each state."""


class NoSuchAlarmError(Exception):
    """What was asked for fits no alarm of the stack; the message names what would."""


@dataclass(frozen=True, kw_only=True)
class LiveAlarm:
    """One alarm as ``DescribeAlarms`` and its tags describe it.

    Attributes:
        name: the alarm's name in CloudWatch.
        arn: its ARN.
        region: the region that it is in.
        address: as in the stack's exports (tags ``AlarmKey`` and ``Target``).
        severity: ``critical`` or ``warning`` (tag ``Severity``).
        is_composite: whether it is a rule over other alarms.
        state: the current state.
        state_reason: why it is in it, in CloudWatch's words.
        state_updated: when CloudWatch last wrote the state or its reason.
        actions_enabled: whether any action is carried out at all.
        actions: ARNs by the state in which they are carried out.
        unit: of its threshold.
        definition: what it watches and when it is on; ``None`` where it cannot be evaluated.
        problem: why it cannot; empty where it can.
        raw: the item of ``DescribeAlarms`` itself.
    """

    name: str
    arn: str
    region: str
    address: AlarmAddress
    severity: str
    is_composite: bool
    state: AlarmState
    state_reason: str
    state_updated: datetime
    actions_enabled: bool
    actions: Mapping[AlarmState, tuple[str, ...]]
    unit: Unit = Unit.COUNT
    definition: AlarmDefinition | None = None
    problem: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def described(cls, alarm: Mapping[str, Any], tags: Mapping[str, str], region: str) -> Self:
        """An item of ``DescribeAlarms`` with the alarm's tags."""
        definition, problem = _definition_or_problem(alarm)
        return cls(
            name=alarm["AlarmName"],
            arn=alarm["AlarmArn"],
            region=region,
            address=AlarmAddress.from_tags(tags),
            severity=tags.get("Severity", ""),
            is_composite="AlarmRule" in alarm,
            state=AlarmState(alarm["StateValue"]),
            state_reason=alarm.get("StateReason", ""),
            state_updated=alarm["StateUpdatedTimestamp"],
            actions_enabled=alarm.get("ActionsEnabled", True),
            actions={state: tuple(alarm.get(name, ())) for state, name in ACTIONS.items()},
            unit=alarm_unit(tags, definition),
            definition=definition,
            problem=problem,
            raw=alarm,
        )

    @property
    def topics(self) -> tuple[str, ...]:
        """ARNs of the topics that are told when the alarm goes off."""
        return tuple(arn for arn in self.actions[AlarmState.ALARM] if is_topic(arn))

    @property
    def condition(self) -> str:
        """When a metric alarm is on, in words, such as ``CPUUtilization Average >= 80 %``.

        Of one that cannot be evaluated only what it watches.
        """
        if self.definition is None:
            return _label(self.raw)
        signal = self.definition.signal
        if isinstance(signal, MetricStat):
            watched = f"{signal.metric.name} {signal.statistic}"
        else:
            watched = _label(self.raw)
        quantity = format_quantity(self.definition.threshold, self.unit)
        return f"{watched} {self.definition.comparison.sign} {quantity}"


def _label(alarm: Mapping[str, Any]) -> str:
    """What the metric math of an item of ``DescribeAlarms`` is called."""
    queries: Iterable[Mapping[str, Any]] = alarm.get("Metrics", ())
    watched = next((query for query in queries if query.get("ReturnData", True)), {})
    return str(watched.get("Label") or watched.get("Expression") or alarm.get("MetricName", ""))


def _definition_or_problem(alarm: Mapping[str, Any]) -> tuple[AlarmDefinition | None, str]:
    """The definition of an item of ``DescribeAlarms``, or else why it cannot be evaluated."""
    try:
        return definition_from_described(alarm), ""
    except CannotEvaluateError as error:
        return None, str(error)


def is_topic(action: str) -> bool:
    """Whether an action's ARN is an SNS topic's."""
    return action.split(":")[2:3] == ["sns"]


def belongs(name: str, prefix: str, tags: Mapping[str, str]) -> bool:
    """Whether an alarm is one that the stack registered.

    The prefix alone does not say: that of stack ``prod`` begins every name of stack ``prod-eu``
    too. The tags say how the rest of the name must read.

    Args:
        name: the alarm's name, which begins with the prefix.
        prefix: ``<project>-<stack>-``.
        tags: the alarm's tags.
    """
    address = AlarmAddress.from_tags(tags)
    watched = address.watched.replace("/", ".")
    if not (address.rule and watched):
        return False
    rest = name.removeprefix(prefix)
    for ending in (f"-{watched}-{address.rule}", f"-{watched}--{address.rule}"):
        owner = rest.removesuffix(ending)
        if owner != rest and (owner == address.kind or owner.endswith(f".{address.kind}")):
            return True
    return False


def chosen(
    alarms: Sequence[LiveAlarm], wanted: Sequence[str], severity: str | None
) -> list[LiveAlarm]:
    """The alarms that are meant, in the order given.

    Args:
        alarms: all alarms of the stack.
        wanted: keys, addresses or names; none means all. An address without ``/<part>`` means
            all parts of the target.
        severity: only alarms of this severity; ``None`` means any.

    Raises:
        NoSuchAlarmError: something wanted fits no alarm, or nothing is left.
    """
    for name in wanted:
        if not any(_fits(alarm, name) for alarm in alarms):
            raise NoSuchAlarmError(_unknown(name, alarms))
    meant = [
        alarm
        for alarm in alarms
        if (not wanted or any(_fits(alarm, name) for name in wanted))
        and (severity is None or alarm.severity == severity)
    ]
    if not meant:
        raise NoSuchAlarmError(f"none of these alarms is {severity}: leave --severity out")
    return meant


def _fits(alarm: LiveAlarm, wanted: str) -> bool:
    return wanted == alarm.name or wanted in alarm.address.forms


def _unknown(wanted: str, alarms: Sequence[LiveAlarm]) -> str:
    addresses = sorted({alarm.address for alarm in alarms})
    near = closest(wanted, [*addresses, *sorted({address.key for address in addresses})])
    hint = f'did you mean "{near}"?' if near else f"the stack has: {', '.join(addresses)}"
    return f"--alarm {wanted}: the stack has no such alarm; {hint}"
