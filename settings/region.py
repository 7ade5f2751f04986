"""What the components of one Region are told: the stack's own, or that of the outside checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, TypeVar

from ecs_monitoring.cloudwatch.metric_stream import streamed_metrics
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.events import (
    AWS_HEALTH,
    EventPlan,
    EventSection,
    EventTeam,
    aws_services,
    plan_events,
)
from ecs_monitoring.rules.health_events import AwsServices
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.routes import AmbiguousRouteError
from settings.model import StackSettings
from settings.registered import RegisteredMonitoring

_OUTSIDE = "outside"


P = TypeVar("P", bound=RegisteredMonitoring)


@dataclass(frozen=True, eq=False)
class RegionSettings:
    """A stack's settings, for what is registered in one Region.

    Outside checks have their metrics in a Region of their own, and alarms reach only topics of
    theirs. So there are topics, events and incidents outside, under names of their own, since a
    stack may be at home there. Args are plain mappings, as programs in other languages write them.

    Attributes:
        settings: the whole stack's.
        outside: the Region of the outside checks; empty for the stack's own.
    """

    settings: StackSettings
    outside: str = ""

    @property
    def region(self) -> str | None:
        """The Region's name; ``None`` where only the environment says it."""
        return self.outside or self.settings.region

    @property
    def _where(self) -> dict[str, str]:
        """The Region as an argument, where it is not the provider's."""
        return {"region": self.outside} if self.outside else {}

    @property
    def is_far(self) -> bool:
        """Whether it is another Region than the stack's own."""
        return self.outside not in ("", self.settings.region)

    def name(self, component: str) -> str:
        """The Pulumi name of a component: ``alerts``, ``alerts-outside``."""
        return f"{component}-{_OUTSIDE}" if self.outside else component

    def output(self, name: str) -> str:
        """The name of an output: ``omitted_events``, ``omitted_outside_events``."""
        *first, last = name.split("_")
        return "_".join([*first, _OUTSIDE, last] if self.outside else [*first, last])

    def sections(self) -> Iterator[tuple[Kind[Any], Mapping[str, Any]]]:
        """The kinds whose alarms tell the topics of this Region, with what is configured."""
        for kind, targets in self.settings.sections():
            if targets and kind.region == self.outside:
                yield kind, targets

    def severities(self) -> list[str]:
        """The severities of which the stack's own topics are told; the gravest first.

        Those of alarms, of events and, at home, of the reminder of the review.
        """
        reminds = self.settings.review.reminder and not self.outside
        used = {Severity.WARNING} if reminds else set()
        used |= {severity for severity, team in self.told if not team}
        return _gravest_first(used)

    @cached_property
    def told(self) -> frozenset[tuple[Severity, str]]:
        """Severity and team of everything that is told here; the stack's own team is empty."""
        alarms = {
            (severity, team)
            for is_outside, severity, team in self.settings.told
            if is_outside is bool(self.outside)
        }
        return frozenset(alarms | self._told_of_events)

    @property
    def _told_of_events(self) -> set[tuple[Severity, str]]:
        return {(rule.severity, rule.team) for plan in self.event_plans for rule in plan.rules}

    def routing(self) -> Any:
        """The args of AlertRouting: topics and subscriptions as the settings want them."""
        return {
            **self.settings.alerts.routing(self.region, hidden=self.settings.hides_addresses),
            "secret": self.settings.is_secret("alerts"),
            "severities": self.severities(),
            "events": self._of_team("", self._told_of_events),
            "teams": {team: self._team(team) for team in self.settings.alerts.routes},
            "tags": self.settings.tags,
            **self._where,
        }

    def _team(self, team: str) -> dict[str, Any]:
        """A team, with a topic for each severity that it is told of."""
        route = self.settings.alerts.routes[team]
        used = self._of_team(team, self.told)
        return {
            **route.told(self.region, hidden=self.settings.hides_addresses),
            "alarms": list(route.alarms),
            # Existing topics need none beside them.
            "severities": [severity for severity in used if route.needs_topic(Severity(severity))],
            "events": self._of_team(team, self._told_of_events),
        }

    def _of_team(self, team: str, told: Iterable[tuple[Severity, str]]) -> list[str]:
        return _gravest_first(severity for severity, owner in told if owner == team)

    def monitoring(self, targets: Mapping[str, Any], routing: Any) -> Any:
        """The args of a monitoring component."""
        return {
            "targets": targets,
            "routing": routing,
            "overrides": self.settings.alarms,
            "mutes": self.settings.alerts.mutes,
            "tags": self.settings.tags,
            "runbooks": self.settings.runbooks,
        }

    @property
    def has_events(self) -> bool:
        """Whether there is anything to say of AWS's events: a rule, or why there is none."""
        return any(plan.rules or plan.omitted for plan in self.event_plans)

    def events(self, routing: Any) -> Any:
        """The args of EventMonitoring."""
        own = {kind.key: targets for kind, targets in self.settings.targets() if kind.events}
        return {
            "topics": routing.topics,
            "teams": {
                route.team: {"alarms": route.alarms, "topics": route.topics}
                for route in routing.routes
            },
            **({} if self.outside else own),
            **self._where,
            "services": list(self._aws_services),
            "changes": self.settings.events.told(),
            "tags": self.settings.tags,
            "runbooks": self.settings.runbooks,
        }

    @property
    def _aws_services(self) -> tuple[str, ...]:
        kinds = [kind for kind, targets in self.settings.targets() if targets]
        return aws_services(kinds, region=self.outside)

    @cached_property
    def event_plans(self) -> tuple[EventPlan, ...]:
        """The rules for what AWS tells of, section by section; none where they are turned off."""
        settings = self.settings
        if not settings.events.enabled:
            return ()
        sections: list[tuple[EventSection, Mapping[str, Any]]] = [
            (EventSection(kind.key, kind.target, kind.events), targets)
            for kind, targets in settings.targets()
            if not self.outside
        ]
        if services := self._aws_services:
            sections.append((AWS_HEALTH, {"services": AwsServices(services=services)}))
        try:
            return tuple(self._planned(*section, self._event_teams) for section in sections)
        except AmbiguousRouteError:
            # ``route_problems`` says so.
            return tuple(self._planned(*section, {}) for section in sections)

    @property
    def _event_teams(self) -> dict[str, EventTeam]:
        return {
            team: EventTeam(
                route.alarms, frozenset(s for s in Severity if route.reaches(s, self.region))
            )
            for team, route in self.settings.alerts.routes.items()
        }

    def _planned(
        self,
        section: EventSection,
        targets: Mapping[str, Any],
        teams: Mapping[str, EventTeam],
    ) -> EventPlan:
        return plan_events(
            section,
            targets,
            self.settings.events.changes(),
            stack=self.settings.label,
            runbooks=self.settings.runbooks,
            teams=teams,
        )

    def delivery(self, carriers: Mapping[str, Any], routing: Any) -> Any:
        """The args of DeliveryMonitoring: what carries notifications, and whom failures tell."""
        targets = {self.name(way): carrier for way, carrier in carriers.items()}
        return {**self.monitoring(targets, routing), **self._where}

    def paged(self, parts: Iterable[P]) -> list[P]:
        """The components whose incidents are told here, with one page an incident.

        Of a stack that is at home in the Region of the outside checks, incidents are told on the
        topics at home: there, a check is silent for what it rests on, as everything else is.
        """
        if self.settings.alerts.paging is not Paging.INCIDENT:
            return []
        return [part for part in parts if self._has_alarms_of(part.region)]

    def _has_alarms_of(self, region: str | None) -> bool:
        """Whether alarms are in this Region; ``None`` for those in the provider's."""
        return (region in (None, self.settings.region)) is not bool(self.outside)

    def incidents(self, parts: Iterable[RegisteredMonitoring], routing: Any) -> Any:
        """The args of IncidentPaging."""
        parts = list(parts)
        return {
            "incidents": [part.incidents for part in parts],
            "alarms": [part.alarm_arns for part in parts],
            "routing": routing,
            # Outside, there is nothing to rest on.
            "depends_on": {} if self.outside else self.settings.alerts.depends_on,
            "mutes": self.settings.alerts.mutes,
            "tags": self.settings.tags,
            "runbooks": self.settings.runbooks,
        }

    def new_relic(self, delivery: Iterable[RegisteredMonitoring]) -> Any:
        """The args of NewRelicStream; none where nothing is streamed from here.

        Args:
            delivery: the components without a section of the settings.
        """
        if not self.settings.new_relic:
            return None
        metrics = [
            metric
            for kind, _, plan in self.settings.plans
            if self._has_alarms_of(kind.region or None)
            for rule in plan.rules
            for metric in rule.metrics
        ]
        for part in delivery:
            metrics += part.metrics if self._has_alarms_of(part.region) else ()
        if not metrics:
            return None
        return {
            **self.settings.new_relic.account(),
            "metrics": [asdict(metric) for metric in streamed_metrics(metrics)],
            "tags": self.settings.tags,
            **self._where,
        }


class RegionalSettings(StackSettings):
    """A stack's settings, with what is registered where."""

    @cached_property
    def regions(self) -> tuple[RegionSettings, ...]:
        """The stack's own Region, and that of its outside checks where it has any."""
        outside = self.outside_region
        return (RegionSettings(self), *([RegionSettings(self, outside)] if outside else []))


def _gravest_first(severities: Iterable[Severity]) -> list[str]:
    """Severities as plain words, each once."""
    used = set(severities)
    return [severity.value for severity in Severity if severity in used]
