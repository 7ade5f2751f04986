"""Which of the chosen alarms can be drilled, and why the others cannot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from account.account import in_batches
from account.alarms import ACTIONS, LiveAlarm, is_topic
from account.composites import Composites, Described
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


def plan(
    alarms: Sequence[LiveAlarm], topics: Mapping[str, Topic], composites: Composites
) -> DrillPlan:
    """Sort the chosen alarms.

    Args:
        alarms: the chosen alarms.
        topics: ARN to topic, for each topic that any of them tells.
        composites: every composite alarm of their region.
    """
    reasons = [(alarm, reason_to_leave_alone(alarm, topics, composites)) for alarm in alarms]
    return DrillPlan(
        drilled=tuple(alarm for alarm, reason in reasons if not reason),
        left_alone=tuple(LeftAlone(alarm, reason) for alarm, reason in reasons if reason),
    )


def batches(
    alarms: Sequence[LiveAlarm], composites: Composites, size: int
) -> list[tuple[LiveAlarm, ...]]:
    """The alarms as they are set off together, in order.

    Composite alarms come first, while no alarm below them is on, and each by itself, since one that
    is on may hold back another one's actions: what waits for others, before these.

    Args:
        alarms: alarms to set off.
        composites: every composite alarm of their region.
        size: how many metric alarms at most.
    """
    above = {alarm.name: alarm for alarm in alarms if alarm.is_composite}
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(above, ()))
    for name in above:
        for cause in composites.waited_for(name) & above.keys():
            order.add(cause, name)
    try:
        names = list(order.static_order())
    except CycleError:
        names = list(above)
    single = [alarm for alarm in alarms if not alarm.is_composite]
    return [
        *((above[name],) for name in names),
        *map(tuple, in_batches(single, size)),
    ]


def reason_to_leave_alone(
    alarm: LiveAlarm, topics: Mapping[str, Topic], composites: Composites
) -> str:
    """Why an alarm must not, or need not, be set off; empty where it can be.

    ``SetAlarmState`` carries out the actions of the new state as if the change were real, and
    only where the state changes. A composite alarm above it changes too, and carries out its own:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html

    Args:
        alarm: the alarm.
        topics: ARN to topic, for each topic that it tells.
        composites: every composite alarm of its region.
    """
    if alarm.state is AlarmState.ALARM:
        return "it is in ALARM already: a drill would change nothing, and nobody would be told"
    if not alarm.actions_enabled:
        return "its actions are disabled"
    carried_out = (*alarm.actions[AlarmState.ALARM], *alarm.actions[alarm.state])
    others = sorted({action for action in carried_out if not is_topic(action)})
    if others:
        return f"the drill would carry out more than notifications: {', '.join(others)}"
    for above in composites.above(alarm.name):
        more = sorted(set(_carried_out(above)))
        if more:
            return (
                f"the composite alarm {above['AlarmName']} above it would do more than notify: "
                f"{', '.join(more)}"
            )
    if not alarm.topics:
        return "it tells no topic"
    if not any(topics[arn].exists for arn in alarm.topics):
        return "no topic that it tells exists"
    return ""


def _carried_out(composite: Described) -> Iterator[str]:
    """What a composite alarm does besides notifying when it goes off, and when it returns."""
    if composite.get("ActionsEnabled", True):
        for state in (AlarmState.ALARM, AlarmState(composite["StateValue"])):
            yield from (a for a in composite.get(ACTIONS[state], ()) if not is_topic(a))
