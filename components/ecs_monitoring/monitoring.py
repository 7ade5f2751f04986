"""The base of all monitoring components: targets in, alarms and graphs out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, Optional

import pulumi
from pulumi_aws import cloudwatch as aws_cloudwatch

from ecs_monitoring.alarm import alarm_tags, settled_properties
from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.graph import DashboardPart, as_json
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.mutes import MutableAlarm, mute_rules
from ecs_monitoring.outputs import mapping_of, plain_output, when_asked
from ecs_monitoring.refusals import step
from ecs_monitoring.routing import Topics, routing_of
from ecs_monitoring.rules.incidents import IncidentPart
from ecs_monitoring.rules.plan import Kind, Plan, Scope
from ecs_monitoring.rules.target import Target
from ecs_monitoring.watched import Planner, Watched
from ecs_monitoring.words import did_you_mean

TYPE_PREFIX: Final = "django-ecs-monitoring:index"


# What each component watches.
_KINDS: "dict[type[Monitoring], Kind[Any]]" = {}


class Monitoring(pulumi.ComponentResource):
    """A component that watches targets of one kind.

    A subclass names its kind, by which ``component_of`` finds it::

        class EcsMonitoring(Monitoring, kind=ECS): ...
    """

    alarms: pulumi.Output[dict[str, str]] = when_asked(lambda self: mapping_of(self.alarm_arns))
    """Alarm address (``ecs.cpu-high@web``) to the alarm's ARN."""

    omitted: pulumi.Output[dict[str, str]] = when_asked(lambda self: plain_output(self.omissions))
    """Alarm address to the reason why the target does not have it."""

    mute_rules: pulumi.Output[dict[str, str]] = when_asked(
        lambda self: mapping_of(self.mute_rule_arns)
    )
    """Name of each mute rule to its ARN."""

    graphs: pulumi.Input[str]
    """Graphs of all targets with the alarms' thresholds, for a Dashboard."""

    incidents: pulumi.Input[str] = when_asked(lambda self: self._incidents())
    """What the alarms are to incidents, for an IncidentPaging."""

    def __init_subclass__(cls, *, kind: Kind[Any], **options: Any) -> None:
        super().__init_subclass__(**options)
        _KINDS[cls] = kind

    def __init__(
        self,
        name: str,
        args: Any,
        opts: Optional[pulumi.ResourceOptions] = None,
        *,
        targets: Optional[Callable[["Monitoring"], Mapping[str, Any]]] = None,
        region: Optional[str] = None,
    ) -> None:
        """Register the component and one alarm a rule.

        Args:
            name: the component's name; every child's name starts with it.
            args: the component's MonitoringArgs, with targets.
            opts: the component's options.
            targets: makes the targets' args once the component exists, where they depend on
                resources of its own; the args' targets otherwise.
            region: of the alarms, if neither the provider's nor the kind's own.
        """
        token = type(self).__name__
        super().__init__(f"{TYPE_PREFIX}:{token}", name, None, opts)
        self._name_prefix = name
        self._path = f"{token} {name!r}"
        self._kind = _KINDS[type(self)]
        self._args = args
        self._region = self._kind.region or region
        self._scope = Scope(
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            component=name,
            runbooks=args.runbooks or "",
        )
        planner = Planner(
            component=self,
            kind=self._kind,
            scope=self._scope,
            overrides=args.overrides or {},
            region=self._region,
            path=self._path,
        )
        given = targets(self) if targets else args.targets
        self._watched = {
            target: planner.watched(target, fields) for target, fields in given.items()
        }
        self._refuse_shared_problems()
        self._routing = routing_of(args.routing)
        rules = [(each, rule) for each in self._watched.values() for rule in each.plan.rules]
        self._told = {rule.address: self._told_of(rule) for _, rule in rules}
        self._refuse_unknown_overrides()
        registered: list[tuple[AlarmRule, aws_cloudwatch.MetricAlarm]] = []
        # A plain loop: Pulumi looks through the stack at each registration, frame by frame.
        for watched, rule in rules:
            alarm = aws_cloudwatch.MetricAlarm(**self._described(watched, rule))
            registered.append((rule, alarm))
        self._alarm_arns: dict[str, pulumi.Output[str]] = {
            rule.address: alarm.arn for rule, alarm in registered
        }
        self._mute_rule_arns = self._mute_rules(registered)
        self.graphs = self._graphs()

    def finish(self) -> None:
        """Register the component's outputs; the last thing a concrete component does."""
        self.register_outputs(
            {
                "alarms": self.alarm_arns,
                "omitted": self.omissions,
                "graphs": self.graphs,
                "mute_rules": self.mute_rule_arns,
            }
        )

    @property
    def scope(self) -> Scope:
        """Whose rules these are."""
        return self._scope

    @property
    def targets(self) -> dict[str, Watched]:
        """The targets by name."""
        return self._watched

    @property
    def alarm_arns(self) -> Mapping[str, pulumi.Output[str]]:
        """As ``alarms``, each ARN by itself, for what is made after some alarms alone."""
        return self._alarm_arns

    @property
    def mute_rule_arns(self) -> Mapping[str, pulumi.Output[str]]:
        """As ``mute_rules``, each ARN by itself."""
        return self._mute_rule_arns

    @cached_property
    def omissions(self) -> Mapping[str, str]:
        """As ``omitted``: each rule that a target does not have, or has in part, and why."""
        return {
            f"{omission.key}@{omission.target}": f"{prefix}{omission.reason}"
            for watched in self._watched.values()
            for prefix, omissions in (
                ("", watched.plan.omitted),
                ("in part: ", watched.plan.reduced),
            )
            for omission in omissions
        }

    @property
    def region(self) -> str | None:
        """Where the alarms are; ``None`` for the provider's Region."""
        return self._region

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What the alarms read."""
        return tuple(
            metric
            for watched in self._watched.values()
            for rule in watched.plan.rules
            for metric in rule.metrics
        )

    def _graphs(self) -> pulumi.Input[str]:
        """Graphs of all targets with the alarms' thresholds: known at once, or an Output."""
        resolved = {name: w.resolved for name, w in self._watched.items() if w.resolved}
        planned = {name: (w.target, w.plan) for name, w in self._watched.items()}
        if not resolved:
            return self._drawn(planned)
        return pulumi.Output.all(**resolved).apply(lambda later: self._drawn({**planned, **later}))

    def _incidents(self) -> str:
        """Nothing of it waits for an Output: names, severities and periods are known at once."""
        plans = {name: watched.plan for name, watched in self._watched.items()}
        part = IncidentPart.of(
            self._kind, plans, component=self._name_prefix, region=self._region or ""
        )
        return part.as_json()

    def child_name(self, rule: AlarmRule) -> str:
        """The Pulumi name of an alarm."""
        # The dot keeps component and target apart: neither "ecs" + "api-web" nor "ecs-api" +
        # "web" may take the other's names.
        return f"{self._name_prefix}.{self._kind.local_name(rule)}"

    def _drawn(self, watched: Mapping[str, tuple[Target, Plan]]) -> str:
        targets = {name: target for name, (target, _) in watched.items()}
        rules = tuple(rule for _, plan in watched.values() for rule in plan.rules)
        part = DashboardPart()
        if watched:
            part = self._kind.dashboard(self._scope, targets, rules)
        return as_json(
            replace(part, kind=self._kind.key, title=self._kind.title, alarms=len(rules))
        )

    def _refuse_shared_problems(self) -> None:
        # Of what is known later there are only stand-ins, which may be the same for two targets.
        targets = {name: w.target for name, w in self._watched.items() if w.resolved is None}
        for problem in self._kind.shared_problems(targets):
            where = f"{self._path}: targets.{problem.target}.{problem.field}"
            raise InvalidArgsError.at(where, problem.message)

    def _told_of(self, rule: AlarmRule) -> Topics:
        """The topics that a rule's alarm tells.

        Raises:
            InvalidArgsError: there is none, or one in another Region than the alarms', as far as
                ARNs are known.
        """
        topics = self._routing.alarm_actions(rule)
        for topic in () if isinstance(topics, pulumi.Output) else topics:
            if self._region and isinstance(topic, str) and topic.split(":")[3:4] != [self._region]:
                raise InvalidArgsError.at(
                    "routing.topics",
                    f"{topic} cannot be notified of {rule.address}, whose alarm is in "
                    f"{self._region}: make topics there, with an AlertRouting that has a region",
                )
        return topics

    def _refuse_unknown_overrides(self) -> None:
        """Overrides of the component's own kind that reach no rule; those of others may stand."""
        plans = [watched.plan for watched in self._watched.values()]
        made = {rule.key for plan in plans for rule in plan.rules}
        made |= {omission.key for plan in plans for omission in plan.omitted}
        keys = [*self._kind.keys, *sorted(made - set(self._kind.keys))]
        for address in self._args.overrides or {}:
            key = AlarmAddress(address).key
            if key.startswith(f"{self._kind.key}.") and key not in keys:
                where = f"{self._path}: overrides{step(address)}"
                raise InvalidArgsError.at(where, f"unknown alarm key{did_you_mean(key, keys)}")

    def _described(self, watched: Watched, rule: AlarmRule) -> dict[str, Any]:
        """What a rule's alarm is registered with."""
        return {
            "resource_name": self.child_name(rule),
            **settled_properties(rule),
            **watched.properties(rule),
            "alarm_actions": self._told[rule.address],
            "ok_actions": self._routing.ok_actions(rule),
            "tags": alarm_tags(rule, self._args.tags),
            "region": self._region,
            "opts": pulumi.ResourceOptions(parent=self),
        }

    def _mute_rules(
        self, registered: Iterable[tuple[AlarmRule, aws_cloudwatch.MetricAlarm]]
    ) -> dict[str, pulumi.Output[str]]:
        """The rules that mute the component's alarms in the windows of its args."""
        return mute_rules(
            self,
            self._name_prefix,
            self._args.mutes,
            [
                MutableAlarm(
                    address=rule.address,
                    severity=rule.severity.value,
                    name=rule.name,
                    resource=alarm,
                )
                for rule, alarm in registered
            ],
            path=self._path,
            tags=self._args.tags,
            region=self._region,
        )


def component_of(kind: Kind[Any]) -> type[Monitoring]:
    """The component that watches a kind of target.

    Raises:
        LookupError: there is none, so that the kind's targets would silently go unwatched.
    """
    for component, watched in _KINDS.items():
        if watched.key == kind.key:
            return component
    raise LookupError(
        f"no component watches the kind {kind.key}: write one with "
        "class …(Monitoring, kind=…) and import it in ecs_monitoring/__init__.py"
    )
