"""What a stack may configure, as one validated value."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Final

import pulumi
from pulumi.runtime import config as runtime_config
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    create_model,
)

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule, Severity
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.deployments import deployment_alarms
from ecs_monitoring.rules.incidents import FORESEEN, Paging
from ecs_monitoring.rules.incidents import KIND as INCIDENT
from ecs_monitoring.rules.plan import RUNBOOKS, Kind, Plan, Scope
from ecs_monitoring.rules.routes import AmbiguousRouteError, team_of
from ecs_monitoring.rules.target import TARGET_NAME
from settings.alerts import AlertSettings
from settings.errors import config_path
from settings.events import EventSettings
from settings.new_relic import NewRelicSettings
from settings.registered import RegisteredMonitoring
from settings.review import ReviewSettings
from settings.tags import TagKey, TagValue

# Alarm names have 255 characters, of which project, stack, kind and rule need some.
_TARGET_NAME_LENGTH = 128


def _target_name(value: str) -> str:
    if not TARGET_NAME.fullmatch(value):
        raise ValueError("is no name for a target: write letters, digits, _ and single hyphens")
    if len(value) > _TARGET_NAME_LENGTH:
        raise ValueError(
            f"has {len(value)} characters: alarm names have room for {_TARGET_NAME_LENGTH} of them"
        )
    return value


TargetName = Annotated[str, AfterValidator(_target_name)]


def _none_if_empty(value: Any) -> Any:
    # Pulumi.yaml declares an empty mapping as the default of every section.
    return None if value == {} else value


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_POLICY_ARN: Final = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]{1,512}")


def _boundary(value: str) -> str:
    if value and not _POLICY_ARN.fullmatch(value):
        raise ValueError(
            "is no ARN of an IAM policy: write arn:aws:iam::<account>:policy/<name>, or leave it "
            "out"
        )
    return value


class DashboardSettings(BaseModel):
    """The dashboards of the stack."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Whether there are dashboards; AWS bills each by the month."""


_Sections = create_model(
    "_Sections",
    **{  # type: ignore[call-overload]
        kind.key: (
            dict[TargetName, kind.configured],  # type: ignore[name-defined]
            Field(default={}, description=kind.describes),
        )
        for kind in KINDS
    },
)


class StackSettings(_Sections):
    """Everything that a stack configures, and what follows from it.

    Each kind of target has a section, which maps a target's name, chosen freely, to the target.
    A section left out leaves that part of the monitoring out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    _project: str = PrivateAttr(default_factory=pulumi.get_project)
    _stack: str = PrivateAttr(default_factory=pulumi.get_stack)
    # What is said of the settings as they were written, of which this keeps less.
    _notes: tuple[str, ...] = ()

    alerts: AlertSettings = AlertSettings()
    """Who is notified of which alarm."""

    alarms: dict[str, AlarmOverride] = {}
    """Changes to the rules, by alarm key: ecs.cpu-high, or ecs.cpu-high@web for one target."""

    events: EventSettings = EventSettings()
    """What AWS tells of when it happens: a deployment failed, a database failed over."""

    dashboard: DashboardSettings = DashboardSettings()
    """The overview of graphs and alarms."""

    review: ReviewSettings = ReviewSettings()
    """The reminder of the regular review of the alarms."""

    new_relic: Annotated[NewRelicSettings | None, BeforeValidator(_none_if_empty)] = None
    """The stream of the alarms' metrics to New Relic; there is none where this is left out."""

    tags: dict[TagKey, TagValue] = Field(default={}, max_length=40)
    """Tags for everything that can carry them."""

    permissions_boundary: Annotated[str, AfterValidator(_boundary)] = ""
    """ARN of the IAM policy that bounds every role that the stack makes; empty for none."""

    runbooks: Annotated[str, Field(min_length=1, max_length=300)] = RUNBOOKS
    """Page with one section a rule, to which each alarm's description links."""

    @property
    def stack(self) -> str:
        """The stack's name."""
        return self._stack

    @property
    def label(self) -> str:
        """Whose alarms these are, as ``<project>/<stack>``."""
        return f"{self._project}/{self._stack}"

    @cached_property
    def region(self) -> str | None:
        """The stack's region; ``None`` where only its environment says it."""
        return pulumi.Config("aws").get("region")

    def targets(self) -> Iterator[tuple[Kind[Any], Mapping[str, Any]]]:
        """Every kind with its targets that have alarms."""
        for kind, configured in self.sections():
            yield kind, kind.targets(configured)

    def sections(self) -> Iterator[tuple[Kind[Any], Mapping[str, Any]]]:
        """Every kind with what its section configures."""
        for kind in KINDS:
            yield kind, getattr(self, kind.key)

    def scope(self, kind: Kind[Any]) -> Scope:
        """Whose rules those of a kind are: this stack's, in the component named after the kind."""
        return Scope(
            project=self._project,
            stack=self._stack,
            component=kind.key,
            runbooks=self.runbooks,
        )

    @cached_property
    def plans(self) -> tuple[tuple[Kind[Any], str, Plan], ...]:
        """The plan of every target: its rules as the stack wants them."""
        return tuple(
            (kind, name, kind.plan(self.scope(kind), name, target, self.alarms))
            for kind, targets in self.targets()
            for name, target in targets.items()
        )

    def far_region(self, kind: Kind[Any]) -> str:
        """Where a kind's alarms are, if not in the stack's region; empty where they are in it."""
        return "" if kind.region == self.region else kind.region

    @cached_property
    def told(self) -> tuple[tuple[bool, Severity, str], ...]:
        """As what each alarm is told to whom: on the outside checks' topics, severity, team.

        The team is empty for the stack's own topics. Of a stack that is at home in the Region of
        the outside checks, incidents are told on the topics at home: there, a check is silent for
        what it rests on, as everything else is.
        """
        return tuple(self._told())

    def _told(self) -> Iterator[tuple[bool, Severity, str]]:
        for kind, _, plan in self.plans:
            region = kind.region or self.region
            for rule in plan.rules:
                for address, severity in self.notified(kind, rule):
                    where = self.far_region(kind) if address.kind == INCIDENT else kind.region
                    yield bool(where), severity, self.team_of(address, severity, region)

    def notified(self, kind: Kind[Any], rule: AlarmRule) -> Iterator[tuple[AlarmAddress, Severity]]:
        """The alarms that tell of a rule, and the severity whose topics they tell."""
        if self.alerts.paging is not Paging.INCIDENT:
            yield rule.address, rule.severity
            return
        yield rule.address, Severity.WARNING
        if rule.severity is Severity.CRITICAL:
            part = FORESEEN if rule.key in kind.foreseeing else ""
            yield AlarmAddress.of(f"{INCIDENT}.{kind.key}", rule.target, part), Severity.CRITICAL

    def team_of(self, address: AlarmAddress, severity: Severity, region: str | None) -> str:
        """The team that is told of an alarm; empty for the stack's own topics.

        The most exact route decides. Where its team has nobody for the alarm's severity, the
        stack's own topics are told. Of two that are as exact, ``route_problems`` says so.
        """
        routes = self.alerts.routes
        try:
            team = team_of({name: route.alarms for name, route in routes.items()}, address)
        except AmbiguousRouteError:
            return ""
        return team if team and routes[team].reaches(severity, region) else ""

    @property
    def outside_region(self) -> str:
        """Where the kinds with a Region of their own live; empty where they have no target."""
        regions = (kind.region for kind, targets in self.sections() if kind.region and targets)
        return next(regions, "")

    def deployment_alarms(self) -> dict[str, list[str]]:
        """ECS target to the names of the alarms that judge a new version of it."""
        balancers = next(targets for kind, targets in self.targets() if kind.key == "alb")
        return deployment_alarms(self.plans, balancers)

    def chat(self, channels: Mapping[str, Any]) -> Any:
        """The args of ChatChannels: channels by kind, each with its topics."""
        return {**channels, "tags": self.tags}

    def reminder(self, topics: Any) -> Any:
        """The args of ReviewReminder: whose topics are told."""
        told: dict[str, Any] = self.review.told()
        if self.is_secret("review"):
            told["link"] = pulumi.Output.secret(told["link"])
        return {"topics": topics, "tags": self.tags, **told}

    def overview(self, parts: Iterable[RegisteredMonitoring]) -> Any:
        """The args of Dashboard: everything that is watched."""
        parts = list(parts)
        return {
            "graphs": [part.graphs for part in parts],
            "alarms": [part.alarm_arns for part in parts],
            "runbooks": self.runbooks,
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What is allowed in the settings as they were written, but probably not meant."""
        return self._notes

    @property
    def hides_addresses(self) -> bool:
        """Whether nobody may read who is notified.

        ``alerts`` is, or holds, a secret, though nothing in it has to be one: it can only be the
        whole section, or plain addresses.
        """
        return self.is_secret("alerts") and not any(self.alerts.secret_places())

    def is_secret(self, section: str) -> bool:
        """Whether a section is, or holds, a secret; Pulumi does not tell which value it is."""
        return bool(runtime_config.is_config_secret(f"{self._project}:{section}"))

    def path(self, *keys: str | int) -> str:
        """A path into these settings, as ``pulumi config set --path`` takes it."""
        return config_path(self._project, keys)
