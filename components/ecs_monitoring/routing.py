"""What every monitoring component is told: topics by severity, and changes to its rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Optional, cast

import pulumi

from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule, Severity
from ecs_monitoring.rules.incidents import Paging

Topics = list[pulumi.Input[str]] | pulumi.Output[Any]
"""ARNs of the topics of one alarm."""

RUNBOOKS: Final = (
    "https://github.com/django-ecs-monitoring/django-ecs-monitoring/blob/main/docs/runbooks.md"
)
"""This project's page of runbooks, where somebody else's alarms find it; a fork writes its own."""


@dataclass(frozen=True, kw_only=True)
class RoutingArgs:
    """Which topics hear of which severity."""

    topics: pulumi.Input[dict[str, list[pulumi.Input[str]]]]
    """Severity (critical, warning) to the ARNs of its topics; one ARN alone will do."""

    # Words, not the enum: Pulumi YAML takes no output that holds one for an input.
    notify_on_recovery: Optional[pulumi.Input[list[str]]] = None
    """Severities (critical, warning) whose topics hear of the return to OK too."""

    paging: Optional[pulumi.Input[str]] = None
    """alarm: critical alarms tell the critical topics, which is so if left out. incident: only
    the composite alarms of an IncidentPaging do, and every metric alarm tells the warning topics.
    """

    def alarm_actions(self, rule: AlarmRule) -> Topics:
        """The topics that a rule's alarm tells.

        Raises:
            InvalidArgsError: there is none, so nobody would hear; or more than an alarm takes.
                Where topics or paging are an Output, it is raised once they are known.
        """
        if isinstance(self.paging, pulumi.Output):
            return self.paging.apply(lambda known: self._paging(known).alarm_actions(rule))
        return self.topics_of(self._told(rule), rule.address)

    def ok_actions(self, rule: AlarmRule) -> Topics | None:
        """The topics that hear of a rule's return to OK; none unless asked for."""
        if isinstance(self.paging, pulumi.Output):
            return self.paging.apply(lambda known: self._paging(known).ok_actions(rule))
        return self.recovery_topics_of(self._told(rule), rule.address)

    def topics_of(self, severity: Severity, address: str) -> Topics:
        """The topics of a severity.

        Args:
            severity: of an alarm.
            address: of the alarm, for errors.
        """
        if isinstance(self.topics, pulumi.Output):
            return self.topics.apply(lambda topics: _actions(topics, severity, address))
        return cast(Topics, _actions(cast(Mapping[str, Any], self.topics), severity, address))

    def recovery_topics_of(self, severity: Severity, address: str) -> Topics | None:
        """The topics of a severity that hear of the return to OK; none unless asked for."""
        severities = self.notify_on_recovery
        if not isinstance(severities, pulumi.Output):
            recovers = severity in cast(Sequence[str], severities or ())
            return self.topics_of(severity, address) if recovers else None
        return pulumi.Output.all(severities, self.topics_of(severity, address)).apply(
            lambda values: values[1] if severity in (values[0] or ()) else []
        )

    def _paging(self, known: str | None) -> "RoutingArgs":
        return replace(self, paging=known or Paging.ALARM)

    def _told(self, rule: AlarmRule) -> Severity:
        """The severity whose topics a metric alarm tells."""
        return Severity.WARNING if self.paging == Paging.INCIDENT else rule.severity


def routing_of(routing: pulumi.Input[RoutingArgs]) -> RoutingArgs:
    """The routing itself, with Outputs in its fields where all of it is one."""
    if isinstance(routing, RoutingArgs):
        return routing
    routing = pulumi.Output.from_input(routing)
    return RoutingArgs(
        topics=routing.apply(lambda value: _field(value, "topics")),
        notify_on_recovery=routing.apply(lambda value: _field(value, "notify_on_recovery")),
        paging=routing.apply(lambda value: _field(value, "paging")),
    )


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name)


def _actions(topics: Mapping[str, Any], severity: Severity, address: str) -> Any:
    """The topics of a severity out of those of all severities."""
    actions = topics.get(severity.value)
    if isinstance(actions, pulumi.Output):
        return actions.apply(lambda known: _actions({severity.value: known}, severity, address))
    if isinstance(actions, str):
        actions = [actions]
    if not actions:
        known = ", ".join(topics) or "none"
        raise InvalidArgsError(
            f"routing.topics has no topic for {severity} alarms such as {address} "
            f"(severities with topics: {known})",
            "routing.topics",
        )
    if len(actions) > limits.ACTIONS_PER_STATE:
        raise InvalidArgsError(
            f"routing.topics has {len(actions)} topics for {severity} alarms: an alarm "
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
