"""Which of the chosen alarms can be drilled, and why the others cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from account.alarms import LiveAlarm, is_topic
from account.topics import Topic
from ecs_monitoring.cloudwatch.alarm import AlarmState


@dataclass(frozen=True)
class LeftAlone:
    """An alarm that is not set off.

    Attributes:
        alarm: the alarm.
        reason: why, in words.
    """

    alarm: LiveAlarm
    reason: str


@dataclass(frozen=True)
class DrillPlan:
    """What a drill does with the chosen alarms.

    Attributes:
        drilled: the alarms that are set off.
        left_alone: those that are not, and why.
    """

    drilled: tuple[LiveAlarm, ...]
    left_alone: tuple[LeftAlone, ...]


def plan(alarms: Sequence[LiveAlarm], topics: Mapping[str, Topic]) -> DrillPlan:
    """Sort the chosen alarms.

    Args:
        alarms: the chosen alarms.
        topics: ARN to topic, for each topic that any of them tells.
    """
    reasons = [(alarm, reason_to_leave_alone(alarm, topics)) for alarm in alarms]
    return DrillPlan(
        drilled=tuple(alarm for alarm, reason in reasons if not reason),
        left_alone=tuple(LeftAlone(alarm, reason) for alarm, reason in reasons if reason),
    )


def reason_to_leave_alone(alarm: LiveAlarm, topics: Mapping[str, Topic]) -> str:
    """Why an alarm must not, or need not, be set off; empty where it can be.

    ``SetAlarmState`` carries out the actions of the new state as if the change were real, and
    only where the state changes. A metric alarm returns to its actual state by itself; "the
    composite alarm is not guaranteed to return to its actual state":
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html

    Args:
        alarm: the alarm.
        topics: ARN to topic, for each topic that it tells.
    """
    if alarm.state is AlarmState.ALARM:
        return "it is in ALARM already: a drill would change nothing, and nobody would be told"
    if alarm.is_composite:
        return "it is a composite alarm, which may not return to its actual state by itself"
    if not alarm.actions_enabled:
        return "its actions are disabled"
    carried_out = (*alarm.actions[AlarmState.ALARM], *alarm.actions[alarm.state])
    others = sorted({action for action in carried_out if not is_topic(action)})
    if others:
        return f"the drill would carry out more than notifications: {', '.join(others)}"
    if not alarm.topics:
        return "it tells no topic"
    if not any(topics[arn].exists for arn in alarm.topics):
        return "no topic that it tells exists"
    return ""
