"""Who watches the watcher: alarms on the topics, queues and rules that carry notifications."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.alert_routing import AlertRouting
from ecs_monitoring.args import as_args
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.events import EventMonitoring
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs
from ecs_monitoring.rules import DELIVERY


@dataclass(frozen=True, kw_only=True)
class DeliveryTargetArgs:
    """What carries the notifications of one severity."""

    severity: Severity
    """Whose notifications they are; failures are told on the other severity's topics."""

    topic: pulumi.Input[str]
    """The topic's name; empty where events are told to others' topics alone."""

    queues: Optional[dict[str, str]] = None
    """What is kept in it, to the name of each dead-letter queue."""

    event_rules: Optional[list[str]] = None
    """Names of the rules of EventBridge that publish to the topic."""

    has_another: Optional[bool] = None
    """Whether there is a topic of the other severity."""


@dataclass(frozen=True, kw_only=True)
class DeliveryMonitoringArgs(MonitoringArgs):
    """What a DeliveryMonitoring watches and whom it tells."""

    targets: dict[str, DeliveryTargetArgs]
    """Severity to what carries its notifications."""

    region: Optional[str] = None
    """Where all of it is, and the topics that are told; in the provider's region if left out."""


class DeliveryMonitoring(Monitoring, kind=DELIVERY):
    """Alarms on failed deliveries, dead letters and events that were given up."""

    def __init__(
        self,
        name: str,
        args: DeliveryMonitoringArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the alarms of each severity's way.

        Args:
            name: the component's name.
            args: ways, routing and overrides.
            opts: the component's options.

        Raises:
            InvalidArgsError: arguments that CloudWatch would refuse.
        """
        checked = as_args(DeliveryMonitoringArgs, args, f"DeliveryMonitoring {name!r}")
        super().__init__(name, checked, opts, region=checked.region)
        self.finish()


def delivery_targets(
    routing: AlertRouting,
    events: Optional[EventMonitoring] = None,
    *,
    told_by: Optional[AlertRouting] = None,
) -> dict[str, DeliveryTargetArgs]:
    """What carries the notifications of a routing and of the events that it is told.

    Args:
        routing: the topics; a team's are watched too. Their failures are told as the stack's, and
            to the team on its other topic.
        events: what publishes to these topics besides alarms.
        told_by: whose topics tell of failures, if not those of ``routing`` itself.
    """
    of_alarms, of_events = routing.ways, events.ways if events else {}
    telling = (told_by or routing).ways.values()
    targets: dict[str, DeliveryTargetArgs] = {}
    for name in dict.fromkeys([*of_alarms, *of_events]):
        way, events_way = of_alarms.get(name), of_events.get(name)
        queues = {
            "notifications": way.dead_letters if way else "",
            "events": events_way.dead_letters if events_way else "",
        }
        severity = (way or of_events[name]).severity
        team = way.team if way else ""
        targets[name] = DeliveryTargetArgs(
            severity=severity,
            topic=way.topic if way else "",
            queues={kept: queue for kept, queue in queues.items() if queue},
            event_rules=list(events_way.rules) if events_way else [],
            has_another=any(
                another.severity is not severity and another.team in ("", team)
                for another in telling
            ),
        )
    return targets
