"""What every monitoring component is told: topics by severity, and changes to its rules."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule


@dataclass(frozen=True, kw_only=True)
class RoutingArgs:
    """Which topics hear of which severity.

    Attributes:
        topics: severity to the ARNs of its topics.
        notify_on_recovery: severities whose topics hear of the return to OK too.
    """

    topics: dict[str, list[pulumi.Input[str]]]
    notify_on_recovery: Optional[list[str]] = None

    def alarm_actions(self, rule: AlarmRule) -> list[pulumi.Input[str]]:
        """The topics of a rule's severity.

        Raises:
            InvalidArgsError: there is none, so nobody would hear; or more than an alarm takes.
        """
        actions = self.topics.get(rule.severity.value)
        if not actions:
            known = ", ".join(self.topics) or "none"
            raise InvalidArgsError(
                f"routing.topics has no topic for {rule.severity} alarms such as {rule.address} "
                f"(severities with topics: {known})"
            )
        if len(actions) > limits.ACTIONS_PER_STATE:
            raise InvalidArgsError(
                f"routing.topics has {len(actions)} topics for {rule.severity} alarms: an alarm "
                f"has at most {limits.ACTIONS_PER_STATE} actions"
            )
        return actions

    def ok_actions(self, rule: AlarmRule) -> list[pulumi.Input[str]]:
        """The topics that hear of a rule's return to OK; none unless asked for."""
        recovers = rule.severity.value in (self.notify_on_recovery or ())
        return self.alarm_actions(rule) if recovers else []


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """What the args of all monitoring components have besides their targets.

    Attributes:
        routing: topics by severity.
        overrides: changes to the rules by alarm key, for all targets or one (``key@target``).
        tags: tags of everything that is registered.
        runbooks: page with one section a rule.
    """

    routing: RoutingArgs
    overrides: Optional[dict[str, AlarmOverride]] = None
    tags: Optional[dict[str, pulumi.Input[str]]] = None
    runbooks: Optional[str] = None
