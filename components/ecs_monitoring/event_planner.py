"""Rules of EventBridge for the targets that a component was given, as far as these are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pulumi

from ecs_monitoring.args import InvalidArgsError, given_fields, stand_ins, validated
from ecs_monitoring.aws_identity import AwsIdentity, aws_identity
from ecs_monitoring.eventbridge.pattern import EventPatternError
from ecs_monitoring.eventbridge.pattern import as_text as pattern_text
from ecs_monitoring.outputs import has_output
from ecs_monitoring.places import refuse_distant
from ecs_monitoring.rules import ECS, RDS
from ecs_monitoring.rules.events import (
    AWS_HEALTH,
    EventChange,
    EventPlan,
    EventRule,
    EventSection,
    EventTeam,
    plan_events,
)
from ecs_monitoring.rules.routes import AmbiguousRouteError
from ecs_monitoring.rules.target import Target

TargetFields = Mapping[str, Mapping[str, Any]]
"""The fields of each target, by its name."""


@dataclass(frozen=True, kw_only=True)
class EventPlanner:
    """Plans the rules of a component's events.

    Attributes:
        component: whose provider says where the targets have to be.
        changes: to the events, by key.
        teams: who is told in the place of everybody, by name.
        runbooks: page with one section an event; empty for none.
        region: of the rules, if not the provider's.
        path: the component, for messages.
    """

    component: pulumi.Resource
    changes: Mapping[str, EventChange]
    teams: Mapping[str, EventTeam]
    runbooks: str
    region: str | None
    path: str

    def planned(
        self, sections: Iterable[tuple[EventSection, TargetFields]]
    ) -> tuple[list[tuple[EventRule, pulumi.Input[str]]], dict[str, str]]:
        """The rules of some sections, each with its pattern, and what is left out.

        Args:
            sections: the events, with what they are about.

        Raises:
            InvalidArgsError: a target that cannot be, or two teams have an event alike.
        """
        rules: list[tuple[EventRule, pulumi.Input[str]]] = []
        omitted: dict[str, str] = {}
        for section, given in sections:
            plan = self._plan(section, given)
            rules += [(rule, self._pattern(section, given, rule)) for rule in plan.rules]
            omitted |= plan.omitted
        return rules, omitted

    def _plan(self, section: EventSection, given: TargetFields) -> EventPlan:
        targets = {name: self._target(section, name, fields) for name, fields in given.items()}
        try:
            return plan_events(
                section,
                targets,
                self.changes,
                stack=f"{pulumi.get_project()}/{pulumi.get_stack()}",
                runbooks=self.runbooks,
                teams=self.teams,
            )
        except AmbiguousRouteError as error:
            raise InvalidArgsError.at(f"{self.path}.teams", str(error)) from None

    def _target(self, section: EventSection, name: str, fields: Mapping[str, Any]) -> Target:
        """A target, with examples in the fields that are not known yet."""
        unknown = [field for field, value in fields.items() if has_output(value)]
        examples = stand_ins(section.target, fields) if unknown else fields
        path = f"{self.path}: {section.key}.{name}"
        return validated(section.target, examples, path, unknown=unknown)

    def _pattern(
        self, section: EventSection, given: TargetFields, rule: EventRule
    ) -> pulumi.Input[str]:
        """A rule's pattern as text; an Output where it waits for a target's name."""
        fields = {name: given[name] for name in rule.targets}
        if not has_output(fields):
            return rule.pattern_text

        def written(values: list[Any]) -> str:
            at, resolved = values
            for name in rule.targets:
                refuse_distant(resolved[name], at, f"{self.path}.{section.key}.{name}")
            targets = [self._target(section, name, resolved[name]) for name in rule.targets]
            try:
                return pattern_text(rule.row.pattern(targets))
            except EventPatternError as error:
                raise InvalidArgsError(
                    f"{self.path}: {rule.row.key}: {error}; write plain names, so that the "
                    "targets can be divided among several rules",
                    f"{self.path}.{section.key}",
                ) from None

        return pulumi.Output.all(self._aws, fields).apply(written)

    @cached_property
    def _aws(self) -> pulumi.Output[AwsIdentity]:
        """Where the provider works; asked once, and only where a target needs it."""
        return aws_identity(self.component, self.region)


def event_sections(
    ecs: Mapping[str, Any], rds: Mapping[str, Any], services: Sequence[str]
) -> list[tuple[EventSection, TargetFields]]:
    """The sections of events with their targets' fields by name.

    Args:
        ecs: ECS services by name, as a component's args have them.
        rds: databases by name, alike.
        services: what AWS Health calls the services of AWS whose events are wanted.
    """
    health = {"services": {"services": tuple(services)}} if services else {}
    return [
        *(
            (
                EventSection(kind.key, kind.target, kind.events),
                {name: given_fields(target) for name, target in targets.items()},
            )
            for kind, targets in ((ECS, ecs), (RDS, rds))
        ),
        (AWS_HEALTH, health),
    ]
