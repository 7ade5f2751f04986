"""One page an incident: composite alarms over the critical alarms, which alone tell the pager."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.mutes import MutableAlarm, MuteArgs, mute_rules
from ecs_monitoring.outputs import when_asked
from ecs_monitoring.routing import RoutingArgs, routing_of
from ecs_monitoring.rules.incidents import (
    IncidentComposite,
    IncidentPart,
    Owner,
    incident_composites,
)

_SEVERITY: Final = "Severity"


@dataclass(frozen=True, kw_only=True)
class IncidentPagingArgs:
    """Whose alarms become incidents, and whom they page."""

    incidents: list[pulumi.Input[str]]
    """What each monitoring component offers as its incidents; all in one Region, since
    CloudWatch combines alarms of one Region only.
    """

    alarms: list[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """The alarms of each of these components, address to ARN. A composite alarm is made after
    those that it names, where the ARNs are given one by one; else after all of them.
    """

    routing: pulumi.Input[RoutingArgs]
    """Topics by severity; only the critical ones are told."""

    depends_on: Optional[dict[str, list[str]]] = None
    """Target to the targets that it rests on, each as <component>.<target>, such as ecs.web;
    if left out, on every target of the layers below: database, tasks, log, application, load
    balancer, outside check.
    """

    runbooks: Optional[str] = None
    """Page with one section a rule, to which alarms link; no link if left out."""

    mutes: Optional[dict[str, MuteArgs]] = None
    """Windows in which nobody is paged, by a name of their own."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of every composite alarm."""


class IncidentPaging(pulumi.ComponentResource):
    """A composite alarm for each target with critical alarms, silent while a cause has one."""

    composites: pulumi.Output[dict[str, str]] = when_asked(
        lambda self: pulumi.Output.from_input(self.composite_arns)
    )
    """Address of each composite alarm (``incident.rds@main``) to its ARN."""

    mute_rules: pulumi.Output[dict[str, str]] = when_asked(
        lambda self: pulumi.Output.from_input(self.mute_rule_arns)
    )
    """Name of each mute rule to its ARN."""

    def __init__(
        self,
        name: str,
        args: IncidentPagingArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the composite alarms.

        Where what a component offers is an Output, they are registered once it is known, and the
        first preview does not show them.

        Args:
            name: the component's name.
            args: alarms and routing.
            opts: the component's options.

        Raises:
            InvalidArgsError: dependencies that cannot be, or more than CloudWatch takes.
        """
        super().__init__(f"{TYPE_PREFIX}:IncidentPaging", name, None, opts)
        self._name = name
        self._path = f"IncidentPaging {name!r}"
        self._args = as_args(IncidentPagingArgs, args, self._path)
        self._routing = routing_of(self._args.routing)
        self._owner = Owner(
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            runbooks=self._args.runbooks or "",
        )
        given = self._args.incidents
        texts = [text for text in given if isinstance(text, str)]
        made: Any = (
            self._registered(texts)
            if len(texts) == len(given)
            else pulumi.Output.all(*given).apply(
                lambda later: pulumi.Output.from_input(self._registered(later))
            )
        )
        # As ``composites`` and ``mute_rules``, each ARN by itself where they are known at once.
        self.composite_arns: pulumi.Input[Mapping[str, pulumi.Input[str]]] = made["composites"]
        self.mute_rule_arns: pulumi.Input[Mapping[str, pulumi.Input[str]]] = made["mute_rules"]
        self.register_outputs(
            {"composites": self.composite_arns, "mute_rules": self.mute_rule_arns}
        )

    def _registered(self, texts: Sequence[str]) -> dict[str, dict[str, pulumi.Output[str]]]:
        """The ARNs of the composite alarms by address, and of the mute rules by name."""
        parts = [self._part(number, text) for number, text in enumerate(texts)]
        try:
            composites = incident_composites(self._owner, parts, self._args.depends_on)
        except InvalidValueError as error:
            raise InvalidArgsError.at(f"{self._path}.depends_on", str(error)) from None
        # Alarms with a region of their own are in the provider's where others are beside them.
        regions = {part.region for part in parts}
        region = regions.pop() if len(regions) == 1 else ""
        addresses = {member.name: member.address for part in parts for member in part.members}
        made: dict[str, aws.cloudwatch.CompositeAlarm] = {}
        # A plain loop: Pulumi looks through the stack at each registration, frame by frame.
        for composite in composites:
            named = {addresses[name] for name in composite.children if name in addresses}
            described = self._described(composite, made, self._arns_of(named), region)
            made[composite.name] = aws.cloudwatch.CompositeAlarm(**described)
        return {
            "composites": {c.address: made[c.name].arn for c in composites},
            "mute_rules": self._mute_rules(composites, made, region),
        }

    def _mute_rules(
        self,
        composites: Sequence[IncidentComposite],
        made: dict[str, aws.cloudwatch.CompositeAlarm],
        region: str,
    ) -> dict[str, pulumi.Output[str]]:
        """The rules that mute the composite alarms that page."""
        pages = [
            MutableAlarm(
                address=composite.address,
                severity=Severity.CRITICAL.value,
                name=composite.name,
                resource=made[composite.name],
            )
            for composite in composites
            if composite.pages
        ]
        return mute_rules(
            self,
            self._name,
            self._args.mutes,
            pages,
            path=self._path,
            tags=self._args.tags,
            region=region or None,
        )

    def _part(self, number: int, text: str) -> IncidentPart:
        try:
            return IncidentPart.from_json(text)
        except InvalidValueError as error:
            raise InvalidArgsError.at(
                f"{self._path}.incidents[{number}]",
                f"{error}: give it the incidents of a monitoring component",
            ) from None

    def _arns_of(self, addresses: Collection[str]) -> list[pulumi.Input[Any]]:
        """The ARNs of some alarms; of all of a component's where they are one Output."""
        arns: list[pulumi.Input[Any]] = []
        for alarms in self._args.alarms:
            if isinstance(alarms, Mapping):
                arns += [arn for address, arn in alarms.items() if address in addresses]
            else:
                arns.append(alarms)
        return arns

    def _described(
        self,
        composite: IncidentComposite,
        made: dict[str, aws.cloudwatch.CompositeAlarm],
        alarms: Sequence[pulumi.Input[Any]],
        region: str,
    ) -> dict[str, Any]:
        """What a composite alarm is registered with."""
        suppressor = (
            {
                "alarm": composite.suppressor,
                "wait_period": composite.wait_period,
                "extension_period": composite.extension_period,
            }
            if composite.suppressor
            else None
        )
        below = [made[n] for n in (*composite.children, composite.suppressor) if n in made]
        return {
            "resource_name": f"{self._name}.{composite.component}.{composite.local_name}",
            "alarm_name": composite.name,
            "alarm_description": composite.description,
            # CloudWatch refuses a rule that names an alarm that is not there yet, and to delete
            # an alarm that a rule still names.
            "alarm_rule": pulumi.Output.all(*alarms).apply(lambda _: composite.rule),
            "actions_suppressor": suppressor,
            "tags": {**(self._args.tags or {}), **self._tags(composite)},
            "region": region or None,
            "opts": pulumi.ResourceOptions(parent=self, depends_on=below),
            **(self._actions(composite) if composite.pages else {}),
        }

    def _actions(self, composite: IncidentComposite) -> dict[str, Any]:
        critical = Severity.CRITICAL
        return {
            "alarm_actions": self._routing.topics_of(critical, composite.address),
            "ok_actions": self._routing.recovery_topics_of(critical, composite.address),
        }

    def _tags(self, composite: IncidentComposite) -> dict[str, str]:
        severity = {_SEVERITY: Severity.CRITICAL.value} if composite.pages else {}
        return {**composite.address.tags, **severity}
