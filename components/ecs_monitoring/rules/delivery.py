"""The way of the notifications themselves: when it loses some, told on another way.

Its targets are no section of the settings: they follow from what the stack registers.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Final

from pydantic import Field

from ecs_monitoring.catalog.metrics import delivery as metrics
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.graph import DashboardPart
from ecs_monitoring.cloudwatch.rule import AlarmRule, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.condition import at_least
from ecs_monitoring.rules.incidents import target_kind
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import AWS_RECOMMENDED, Math, Rule, Scope, Subject
from ecs_monitoring.rules.target import Target

KEY: Final = "delivery"


class DeliveryTarget(Target):
    """What carries the notifications of one severity."""

    severity: Annotated[Severity, Field(examples=[Severity.CRITICAL])]
    """Whose notifications they are."""

    topic: Annotated[str, Field(examples=["alerts-critical"])]
    """The topic's name; empty where events are told to others' topics alone."""

    queues: Annotated[
        dict[str, str], Field(examples=[{"notifications": "alerts-critical-dead"}])
    ] = {}
    """What is kept in it, to the name of each dead-letter queue."""

    event_rules: Annotated[tuple[str, ...], Field(examples=[("events-out-of-memory",)])] = ()
    """Names of the rules of EventBridge that publish to the topic."""

    has_another: Annotated[bool, Field(examples=[True])] = True
    """Whether there is a topic of the other severity, on which failures are told."""

    def where(self, part: str = "") -> str:
        """The topic, or one of its queues."""
        if part in self.queues:
            return f"queue {self.queues[part]}"
        return f"topic {self.topic}" if self.topic else "topics of others"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """Those of the topic, and of a queue or a rule."""
        return {
            "TopicName": self.topic,
            "QueueName": self.queues.get(part, ""),
            "RuleName": part,
        }

    def chunks(self) -> dict[str, tuple[str, ...]]:
        """The rules in groups that one alarm can read; the first one's alarm has no part."""
        size = limits.METRICS_PER_ALARM
        groups = [self.event_rules[n : n + size] for n in range(0, len(self.event_rules), size)]
        return {"" if n == 1 else str(n): group for n, group in enumerate(groups, start=1)}


def carrier_name(team: str, severity: Severity) -> str:
    """What is watched of a team's notifications, or of the stack's own where the team is empty."""
    return f"{team}-{severity}" if team else severity.value


def carried(address: AlarmAddress, teams: Iterable[str]) -> tuple[str, Severity] | None:
    """Whose notifications an alarm, or an incident, of this kind is about, where it is a team's.

    Args:
        address: such as ``delivery.notifications-failed@data-warning``; of another Region's topics
            with a further part of the name.
        teams: of the stack.
    """
    if target_kind(address) != KEY:
        return None
    of = {carrier_name(team, severity): (team, severity) for team in teams for severity in Severity}
    meant = [name for name in of if f"{address.target}-".startswith(f"{name}-")]
    return of[max(meant, key=len)] if meant else None


def _on_the_other(target: DeliveryTarget) -> Severity:
    """The severity of the other topic: what is lost on one is told on the other."""
    is_critical = target.severity is Severity.CRITICAL
    return Severity.WARNING if is_critical else Severity.CRITICAL


def _is_alone(target: DeliveryTarget) -> bool:
    return not target.has_another


def _has_no_queue(target: DeliveryTarget) -> bool:
    return not target.queues


def _is_of_others(target: DeliveryTarget) -> bool:
    return not target.topic


def _has_no_rule(target: DeliveryTarget) -> bool:
    return not target.event_rules


_ALONE: Final = (
    "there is no other topic to tell of it: give some alarm, or event, of the stack the other "
    "severity"
)


def _failed_events(subject: Subject[DeliveryTarget]) -> Math:
    rules = subject.target.chunks()[subject.part]
    ids = {f"r{number}": rule for number, rule in enumerate(rules, start=1)}
    return Math(
        reads=dict.fromkeys(ids, metrics.FAILED_INVOCATIONS.sum),
        expression=" + ".join(f"FILL({id_}, 0)" for id_ in ids),
        returns="failed",
        label="events given up",
        unit=Unit.COUNT,
        parts=ids,
    )


_Rule = partial(
    Rule[DeliveryTarget],
    severity=_on_the_other,
    when=at_least(1),
    held="1 of 1 x 300 s",
    missing=MissingData.NOT_BREACHING,
)

ROWS: Final[tuple[Rule[DeliveryTarget], ...]] = (
    _Rule(
        "delivery.notifications-failed",
        title="Notifications not delivered",
        on=metrics.NOTIFICATIONS_FAILED.sum,
        unless={_is_alone: _ALONE, _is_of_others: "only topics of others are told"},
        means="SNS gave up notifications of {where}, after trying for as long as it does, so "
        "people were not told of something; look first at the topic's subscriptions.",
        source=AWS_RECOMMENDED,
    ),
    _Rule(
        "delivery.dead-letters",
        title="Notifications in a dead-letter queue",
        on=metrics.MESSAGES_VISIBLE.maximum,
        unless={_is_alone: _ALONE, _has_no_queue: "nobody is subscribed, and nothing is kept"},
        each=lambda target: target.queues,
        means="{where} holds what people were not told; look first into its messages, and at why "
        "they could not be delivered.",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
    ),
    _Rule(
        "delivery.events-failed",
        title="Events not delivered",
        on=_failed_events,
        unless={_is_alone: _ALONE, _has_no_rule: "no rule of EventBridge publishes to the topic"},
        each=lambda target: target.chunks(),
        means="EventBridge could not hand events to {where}; look first at the policies of the "
        "topic and of its key, which must let events.amazonaws.com in.",
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html",
    ),
)


def _no_graphs(
    scope: Scope, targets: Mapping[str, DeliveryTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    return DashboardPart()


DELIVERY: Final = Kind[DeliveryTarget](
    key=KEY,
    title="Notifications",
    describes="What carries the notifications.",
    target=DeliveryTarget,
    rows=ROWS,
    dashboard=_no_graphs,
    part="queue",
)
