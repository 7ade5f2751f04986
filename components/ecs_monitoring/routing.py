"""What monitoring components are told: topics by severity, changes to rules, off hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Optional, cast

import pulumi

from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule

Topics = list[pulumi.Input[str]] | pulumi.Output[Any]
"""ARNs of the topics of one alarm."""

RUNBOOKS: Final = (
    "https://github.com/django-ecs-monitoring/django-ecs-monitoring/blob/main/docs/runbooks.md"
)
"""This project's page of runbooks, where somebody else's alarms find it; a fork writes its own."""


@dataclass(frozen=True, kw_only=True)
class OffHoursArgs:
    """When a target is switched off each week, such as over night."""

    stop: str
    """Such as ``cron(0 20 ? * MON-FRI *)``."""

    start: str
    """Such as ``cron(0 7 ? * MON-FRI *)``."""

    timezone: Optional[str] = None
    """Of both, such as ``Asia/Tokyo``; UTC if left out."""


@dataclass(frozen=True, kw_only=True)
class RoutingArgs:
    """Which topics hear of which severity."""

    topics: pulumi.Input[dict[str, list[pulumi.Input[str]]]]
    """Severity (critical, warning) to the ARNs of its topics; one ARN alone will do."""

    # Words, not the enum: Pulumi YAML takes no output that holds one for an input.
    notify_on_recovery: Optional[pulumi.Input[list[str]]] = None
    """Severities (critical, warning) whose topics hear of the return to OK too."""

    def alarm_actions(self, rule: AlarmRule) -> Topics:
        """The topics of a rule's severity.

        Raises:
            InvalidArgsError: there is none, so nobody would hear; or more than an alarm takes.
                Where the topics are an Output, it is raised once they are known.
        """
        if isinstance(self.topics, pulumi.Output):
            return self.topics.apply(lambda topics: _actions(topics, rule))
        return cast(Topics, _actions(cast(Mapping[str, Any], self.topics), rule))

    def ok_actions(self, rule: AlarmRule) -> Topics | None:
        """The topics that hear of a rule's return to OK; none unless asked for."""
        severities = self.notify_on_recovery
        if not isinstance(severities, pulumi.Output):
            recovers = rule.severity in cast(Sequence[str], severities or ())
            return self.alarm_actions(rule) if recovers else None
        return pulumi.Output.all(severities, self.alarm_actions(rule)).apply(
            lambda values: values[1] if rule.severity in (values[0] or ()) else []
        )


def routing_of(routing: pulumi.Input[RoutingArgs]) -> RoutingArgs:
    """The routing itself, with Outputs in its fields where all of it is one."""
    if isinstance(routing, RoutingArgs):
        return routing
    routing = pulumi.Output.from_input(routing)
    return RoutingArgs(
        topics=routing.apply(lambda value: _field(value, "topics")),
        notify_on_recovery=routing.apply(lambda value: _field(value, "notify_on_recovery")),
    )


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name)


def _actions(topics: Mapping[str, Any], rule: AlarmRule) -> Any:
    """The topics of a rule's severity out of those of all severities."""
    actions = topics.get(rule.severity.value)
    if isinstance(actions, pulumi.Output):
        return actions.apply(lambda known: _actions({rule.severity.value: known}, rule))
    if isinstance(actions, str):
        actions = [actions]
    if not actions:
        known = ", ".join(topics) or "none"
        raise InvalidArgsError(
            f"routing.topics has no topic for {rule.severity} alarms such as {rule.address} "
            f"(severities with topics: {known})",
            "routing.topics",
        )
    if len(actions) > limits.ACTIONS_PER_STATE:
        raise InvalidArgsError(
            f"routing.topics has {len(actions)} topics for {rule.severity} alarms: an alarm "
            f"has at most {limits.ACTIONS_PER_STATE} actions",
            "routing.topics",
        )
    return actions


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """What the args of all monitoring components have besides their targets."""

    routing: pulumi.Input[RoutingArgs]
    """Topics by severity."""

    overrides: Optional[dict[str, AlarmOverride]] = None
    """Changes to the rules by alarm key, for all targets or one (``key@target``)."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of everything that is registered."""

    runbooks: Optional[str] = None
    """Page with one section a rule."""
