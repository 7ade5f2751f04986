"""From targets to the rules of EventBridge that tell of them, and what is left out and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.eventbridge.pattern import EventPattern, EventPatternError
from ecs_monitoring.eventbridge.pattern import as_text as pattern_text
from ecs_monitoring.eventbridge.transformer import InputTransformer
from ecs_monitoring.rules.event_row import EventRow
from ecs_monitoring.rules.health_events import (
    HEALTH_EVENTS,
    MONITORING_ITSELF,
    SECTION,
    AwsServices,
)
from ecs_monitoring.rules.made_once import MadeOnce
from ecs_monitoring.rules.plan import Kind, section_of
from ecs_monitoring.rules.routes import team_of
from ecs_monitoring.rules.target import Target

ALL: Final = "all"
"""Stands for every event of a section in its changes."""


class EventChange(BaseModel):
    """What a stack wants otherwise of an event."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool | None = None
    """Whether there is a rule for it."""

    severity: Severity | None = None
    """critical or warning: whose topic is notified."""


@dataclass(frozen=True, kw_only=True)
class EventRule:
    """One rule of EventBridge.

    Attributes:
        row: what it tells of.
        part: 1, or higher where one pattern does not hold all targets.
        severity: as the stack wants it.
        team: that is told in the place of everybody; empty for none.
        targets: names of the targets.
        pattern: what it takes.
        transformer: what it makes of an event.
        runbook: link to what to do; empty for none.
    """

    row: EventRow[Any]
    part: int
    severity: Severity
    team: str
    targets: tuple[str, ...]
    pattern: EventPattern
    transformer: InputTransformer
    runbook: str

    @cached_property
    def pattern_text(self) -> str:
        """The pattern as the API takes it."""
        return pattern_text(self.pattern)

    @property
    def local_name(self) -> str:
        """The event with part and team, such as ``ecs.deployment-failed-2--payments``."""
        # No team's name has two hyphens.
        team = f"--{self.team}" if self.team else ""
        return f"{self.row.key}{'' if self.part == 1 else f'-{self.part}'}{team}"

    @property
    def way(self) -> str:
        """The team with the severity, such as ``payments-critical``: what carries it to people."""
        return "-".join(filter(None, (self.team, self.severity.value)))


@dataclass(frozen=True)
class EventSection:
    """Events of one sort of target.

    Attributes:
        key: the section of the settings that changes them, such as ``ecs``.
        target: the model of what they are about.
        rows: the events.
    """

    key: str
    target: type[Target]
    rows: tuple[EventRow[Any], ...]


AWS_HEALTH: Final = EventSection(SECTION, AwsServices, HEALTH_EVENTS)
"""Events of AWS itself, about the services that a stack uses."""


def aws_services(kinds: Iterable[Kind[Any]], *, region: str = "") -> tuple[str, ...]:
    """What AWS Health calls the services that a stack uses.

    Args:
        kinds: those that have targets.
        region: of the kinds that live in a region of their own; without, of all others, and the
            services that the monitoring itself needs.
    """
    used = {service for kind in kinds if kind.region == region for service in kind.aws_services}
    return tuple(sorted(used if region or not used else used | set(MONITORING_ITSELF)))


@dataclass(frozen=True)
class EventTeam:
    """A team that may be told of events.

    Attributes:
        alarms: patterns of what it is told of, as in ``routes``.
        severities: those of which it has a topic; of others the stack's own are told.
    """

    alarms: tuple[str, ...]
    severities: frozenset[Severity]


@dataclass(frozen=True)
class EventPlan:
    """The rules for some targets.

    Attributes:
        rules: what becomes a rule of EventBridge.
        omitted: ``<key>@<target>`` to the reason why there is none.
    """

    rules: tuple[EventRule, ...]
    omitted: Mapping[str, str]


_PLANNED: Final[MadeOnce[EventPlan]] = MadeOnce()


def plan_events(
    section: EventSection,
    targets: Mapping[str, Target],
    changes: Mapping[str, EventChange],
    *,
    stack: str,
    runbooks: str,
    teams: Mapping[str, EventTeam] = MappingProxyType({}),
) -> EventPlan:
    """The rules for targets of one sort, as the stack wants them.

    Settings and component ask for the same plan; it is made once.

    Args:
        section: the events.
        targets: by name.
        changes: by key, such as ``ecs.deployment-failed``, or ``ecs.all``.
        stack: whose events they are, as ``<project>/<stack>``.
        runbooks: page with one section an event; empty for none.
        teams: who is told in the place of everybody, by name.

    Raises:
        AmbiguousRouteError: two teams have an event alike.
    """
    return _PLANNED.of(
        (section.key, stack),
        (section, dict(targets), dict(changes), runbooks, dict(teams)),
        lambda: _plan(section, targets, changes, stack, runbooks, teams),
    )


def _plan(
    section: EventSection,
    targets: Mapping[str, Target],
    changes: Mapping[str, EventChange],
    stack: str,
    runbooks: str,
    teams: Mapping[str, EventTeam],
) -> EventPlan:
    rules: list[EventRule] = []
    omitted: dict[str, str] = {}
    for row in section.rows:
        severity, enabled = _wanted(row, changes)
        if not enabled:
            why = "switched off in the stack's events settings"
            omitted |= dict.fromkeys((f"{row.key}@{name}" for name in targets), why)
            continue
        told: dict[str, dict[str, Target]] = {"": {}}
        for name, target in targets.items():
            address = AlarmAddress.of(row.key, name)
            if why := row.why_not(target):
                omitted[address] = why
            else:
                told.setdefault(_team_of(teams, address, severity), {})[name] = target
        for team, of_team in told.items():
            rules += _rules(row, of_team, team, severity, stack, runbooks)
    return EventPlan(tuple(rules), omitted)


def _team_of(teams: Mapping[str, EventTeam], address: AlarmAddress, severity: Severity) -> str:
    """The team that is told of an event of a target; empty for the stack's own topics."""
    team = team_of({name: given.alarms for name, given in teams.items()}, address)
    return team if team and severity in teams[team].severities else ""


def _rules(
    row: EventRow[Any],
    targets: Mapping[str, Target],
    team: str,
    severity: Severity,
    stack: str,
    runbooks: str,
) -> Iterator[EventRule]:
    """The rules that tell one team, or everybody, of an event."""
    if not targets:
        return
    runbook = section_of(runbooks, row.key)
    transformer = row.transformer(stack=stack, severity=severity, runbook=runbook)
    for part, names in enumerate(_parts(row, targets), start=1):
        yield EventRule(
            row=row,
            part=part,
            severity=severity,
            team=team,
            targets=tuple(names),
            pattern=row.pattern([targets[name] for name in names]),
            transformer=transformer,
            runbook=runbook,
        )


def _wanted(row: EventRow[Any], changes: Mapping[str, EventChange]) -> tuple[Severity, bool]:
    severity, enabled = row.severity, True
    for key in (f"{row.section}.{ALL}", row.key):
        change = changes.get(key, EventChange())
        severity = severity if change.severity is None else change.severity
        enabled = enabled if change.enabled is None else change.enabled
    return severity, enabled


def _parts(row: EventRow[Any], targets: Mapping[str, Target]) -> list[list[str]]:
    """The targets' names in as few groups as patterns have room for."""
    parts: list[list[str]] = []
    for name in targets:
        wider = [*parts[-1], name] if parts else []
        if wider and _fits(row.pattern([targets[member] for member in wider])):
            parts[-1] = wider
        else:
            parts.append([name])
    return parts


def _fits(pattern: EventPattern) -> bool:
    try:
        pattern_text(pattern)
    except EventPatternError:
        return False
    return True
