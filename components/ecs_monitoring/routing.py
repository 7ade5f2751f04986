"""What monitoring components are told: topics by severity, changes to rules, off hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional, Protocol, cast

import pulumi

from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule, Severity
from ecs_monitoring.mutes import MuteArgs
from ecs_monitoring.rules.delivery import carried
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.routes import AlarmPattern, team_of
from ecs_monitoring.rules.target import TARGET_NAME

Topics = list[pulumi.Input[str]] | pulumi.Output[Any]
"""ARNs of the topics of one alarm."""


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
class RouteArgs:
    """Which alarms a team is told of, and by which topics."""

    team: pulumi.Input[str]
    """The team's name, for messages."""

    alarms: pulumi.Input[list[str]]
    """Kinds (rds), keys (ecs.cpu-high), targets (@payments) or both, ``*`` for any characters."""

    topics: pulumi.Input[dict[str, list[pulumi.Input[str]]]]
    """Severity to the ARNs of the team's topics; of other severities the stack's own are told."""


@dataclass(frozen=True, kw_only=True)
class RoutingArgs:
    """Which topics are notified of which severity."""

    topics: pulumi.Input[dict[str, list[pulumi.Input[str]]]]
    """Severity (critical, warning) to the ARNs of its topics; one ARN alone will do."""

    # Words, not the enum: Pulumi YAML takes no output that holds one for an input.
    notify_on_recovery: Optional[pulumi.Input[list[str]]] = None
    """Severities (critical, warning) whose topics are notified of the return to OK too."""

    paging: Optional[pulumi.Input[str]] = None
    """alarm: critical alarms tell the critical topics, which is so if left out. incident: only
    the composite alarms of an IncidentPaging do, and every metric alarm tells the warning topics.
    """

    routes: Optional[pulumi.Input[list[RouteArgs]]] = None
    """Teams that are told of alarms in the place of these topics; the most exact route wins."""

    def alarm_actions(self, rule: AlarmRule) -> Topics:
        """The topics that a rule's alarm tells: of the team that has it, or of the stack.

        Raises:
            InvalidArgsError: there is none, so nobody would be notified; or more than an alarm
                takes; or two teams have the alarm alike. Where topics, routes or paging are an
                Output, it is raised once they are known.
        """
        if isinstance(self.paging, pulumi.Output):
            return self.paging.apply(lambda paging: self._paging(paging).alarm_actions(rule))
        return self.topics_of(self._told(rule), rule.address)

    def ok_actions(self, rule: AlarmRule) -> Topics | None:
        """The topics that are notified of a rule's return to OK; none unless asked for."""
        if isinstance(self.paging, pulumi.Output):
            return self.paging.apply(lambda paging: self._paging(paging).ok_actions(rule))
        return self.recovery_topics_of(self._told(rule), rule.address)

    def topics_of(self, severity: Severity, address: AlarmAddress) -> Topics:
        """The topics of a severity, of the team that has the alarm or of the stack.

        Args:
            severity: as which the alarm is told.
            address: of the alarm.
        """
        if isinstance(self.topics, pulumi.Output) or isinstance(self.routes, pulumi.Output):
            return pulumi.Output.all(self.topics, self.routes).apply(
                lambda values: _told(values[0], values[1], severity, address)
            )
        topics = cast(Mapping[str, Any], self.topics)
        return cast(Topics, _told(topics, self.routes, severity, address))

    def recovery_topics_of(self, severity: Severity, address: AlarmAddress) -> Topics | None:
        """The topics of a severity that are notified of the return to OK; none unless asked for."""
        severities = self.notify_on_recovery
        if not isinstance(severities, pulumi.Output):
            recovers = severity in cast(Sequence[str], severities or ())
            return self.topics_of(severity, address) if recovers else None
        return pulumi.Output.all(severities, self.topics_of(severity, address)).apply(
            lambda values: values[1] if severity in (values[0] or ()) else []
        )

    def _paging(self, paging: str | None) -> "RoutingArgs":
        return replace(self, paging=paging or Paging.ALARM)

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
        routes=routing.apply(lambda value: _field(value, "routes")),
    )


class _Patterns(Protocol):
    @property
    def alarms(self) -> Sequence[str]: ...


def refuse_unknown_patterns(teams: Mapping[str, _Patterns], path: str) -> None:
    """Teams whose names or patterns cannot be.

    Args:
        teams: by name, each with the patterns of its alarms.
        path: the component's, for messages.

    Raises:
        InvalidArgsError: a name or a pattern that is none.
    """
    for team, given in teams.items():
        where = f"{path}.teams.{team}.alarms"
        if not TARGET_NAME.fullmatch(team):
            raise InvalidArgsError.at(
                where, "name the team with letters, digits, _ and single hyphens"
            )
        for pattern in given.alarms:
            try:
                AlarmPattern.parse(pattern)
            except ValueError as error:
                raise InvalidArgsError.at(where, f"{pattern!r} {error}") from None


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name)


def _of_team(topics: Mapping[str, Any], routes: Any, address: AlarmAddress) -> Mapping[str, Any]:
    """The topics by severity, with those of the team that has the alarm in their place."""
    if not routes:
        return topics
    by_team = {_field(route, "team"): _field(route, "alarms") for route in routes}
    try:
        team = team_of(by_team, address)
    except ValueError as error:
        raise InvalidArgsError.at("routing.routes", str(error)) from None
    if team is None:
        return topics
    own = next(_field(route, "topics") for route in routes if _field(route, "team") == team)
    return {**topics, **own}


def _told(topics: Mapping[str, Any], routes: Any, severity: Severity, address: AlarmAddress) -> Any:
    """The topics that are told as a severity.

    Of notifications that a team has not got, the team is told too: on its other topic, as far as an
    alarm takes that many.
    """
    own = _of_team(topics, routes, address)
    of_teams = {_field(route, "team"): _field(route, "topics") for route in routes or ()}
    lost = carried(address, of_teams)
    if lost is None or lost[1] is severity or not (more := of_teams[lost[0]].get(severity.value)):
        return _actions(own, severity, address)
    if not (given := own.get(severity.value)):
        return _actions({severity.value: more}, severity, address)
    is_known = not any(isinstance(arns, pulumi.Output) for arns in (given, more))
    both = (
        _merged(given, more)
        if is_known
        else pulumi.Output.all(given, more).apply(lambda arns: _merged(*arns))
    )
    return _actions({severity.value: both}, severity, address)


def _merged(given: Any, more: Any) -> list[Any]:
    """Topics, then further ones, each once and as many as an alarm takes."""
    first, further = ([arns] if isinstance(arns, str) else arns for arns in (given, more))
    room = max(limits.ACTIONS_PER_STATE, len(first))
    return list(dict.fromkeys([*first, *further]))[:room]


def _actions(topics: Mapping[str, Any], severity: Severity, address: AlarmAddress) -> Any:
    """The topics of a severity out of those of all severities."""
    actions = topics.get(severity.value)
    if isinstance(actions, pulumi.Output):
        return actions.apply(lambda arns: _actions({severity.value: arns}, severity, address))
    if isinstance(actions, str):
        actions = [actions]
    if not actions:
        severities = ", ".join(topics) or "none"
        raise InvalidArgsError(
            f"routing.topics has no topic for {severity} alarms such as {address} "
            f"(severities with topics: {severities})",
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

    mutes: Optional[dict[str, MuteArgs]] = None
    """Windows in which the alarms tell nobody, by a name of their own."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of everything that is registered."""

    runbooks: Optional[str] = None
    """Page with one section a rule, headed by its key: alarms link to it; no link if left out."""
