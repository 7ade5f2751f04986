"""Targets as a component was given them, planned with what is known of them, and once all is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pulumi

from ecs_monitoring.alarm import target_properties
from ecs_monitoring.args import InvalidArgsError, as_model, given_fields, stand_ins, validated
from ecs_monitoring.aws_identity import AwsIdentity, aws_identity
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.override import AlarmOverride, override_keys
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.outputs import has_output
from ecs_monitoring.places import refuse_distant
from ecs_monitoring.refusals import step
from ecs_monitoring.rules.arn import arns_in
from ecs_monitoring.rules.plan import Kind, Plan, Scope
from ecs_monitoring.rules.target import TARGET_NAME, Target


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One target as a component was given it.

    Attributes:
        plan: its rules, with examples standing in for values that are not known yet.
        target: the target as far as it is known, examples standing in.
        resolved: target and plan once every value is known; ``None`` where they already are.
        settled: addresses of the rules whose threshold waits for no unknown value; empty where
            no value is unknown.
    """

    plan: Plan
    target: Target
    resolved: "pulumi.Output[tuple[Target, Plan]] | None"
    settled: frozenset[str]

    def properties(self, rule: AlarmRule) -> dict[str, Any]:
        """A rule's target properties, each as an Output where it waits for one."""
        properties = target_properties(rule)
        if self.resolved is None:
            return properties
        return {
            name: value
            if name == "threshold" and rule.address in self.settled
            else self._resolved_property(rule.address, name)
            for name, value in properties.items()
        }

    def _resolved_property(self, address: str, name: str) -> pulumi.Output[Any]:
        assert self.resolved is not None

        def pick(resolved: tuple[Target, Plan]) -> Any:
            for rule in resolved[1].rules:
                if rule.address == address:
                    return target_properties(rule)[name]
            raise InvalidArgsError(
                f"alarm {address} depends on a value that is known too late: write a plain value "
                "for what decides which alarms there are"
            )

        return self.resolved.apply(pick)


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Plans the rules of a component's targets.

    Attributes:
        component: whose provider says where the targets have to be.
        kind: what they are.
        scope: whose rules these are.
        overrides: changes to the rules.
        region: of the alarms, if not the provider's.
        path: the component, for messages.
    """

    component: pulumi.Resource
    kind: Kind[Any]
    scope: Scope
    overrides: Mapping[str, AlarmOverride]
    region: str | None
    path: str

    def watched(self, name: str, args: Any) -> Watched:
        """A target with its rules, and with those that it has once every value is known.

        Args:
            name: the target's.
            args: its args, or the target itself.

        Raises:
            InvalidArgsError: a name, a value or a rule that cannot be.
        """
        where = f"{self.path}: targets.{name}"
        if not TARGET_NAME.fullmatch(name):
            raise InvalidArgsError.at(where, "write letters, digits, _ and single hyphens")
        fields = given_fields(args)
        deferred = {key: value for key, value in fields.items() if has_output(value)}
        if deferred:
            return self._watched_later(name, fields, deferred, where)
        target = as_model(self.kind.target, args, where)
        plan = self._plan(name, target, where)
        if any(arns_in(fields)):
            self._aws.apply(lambda at: refuse_distant(fields, at, where))
        return Watched(plan=plan, target=target, resolved=None, settled=frozenset())

    def _watched_later(
        self, name: str, fields: Mapping[str, Any], deferred: Mapping[str, Any], where: str
    ) -> Watched:
        """A target of which some fields are known once they are there."""
        examples = stand_ins(self.kind.target, fields)
        target, plan = self._planned(name, examples, where, deferred)
        return Watched(
            plan=plan,
            target=target,
            resolved=pulumi.Output.all(self._aws, deferred).apply(
                lambda later: self._resolved(name, {**fields, **later[1]}, where, later[0])
            ),
            settled=self._settled(name, examples, deferred, plan),
        )

    @cached_property
    def _aws(self) -> pulumi.Output[AwsIdentity]:
        """Where the component's provider works; asked once, and only where a target needs it."""
        return aws_identity(self.component, self.region)

    def _resolved(
        self, name: str, fields: Mapping[str, Any], where: str, at: AwsIdentity
    ) -> tuple[Target, Plan]:
        """A target and its plan with the values that were waited for."""
        refuse_distant(fields, at, where)
        return self._planned(name, fields, where)

    def _settled(
        self,
        name: str,
        examples: Mapping[str, Any],
        deferred: Mapping[str, Any],
        plan: Plan,
    ) -> frozenset[str]:
        """The rules whose threshold stays what it is with other numbers in the unknown fields."""
        others = {key: 2 * examples[key] for key in deferred if isinstance(examples[key], int)}
        _, doubled = self._planned(name, {**examples, **others}, name, deferred)
        thresholds = {rule.address: rule.threshold for rule in doubled.rules}
        return frozenset(r.address for r in plan.rules if thresholds[r.address] == r.threshold)

    def _planned(
        self,
        name: str,
        fields: Mapping[str, Any],
        where: str,
        unknown: Iterable[str] = (),
    ) -> tuple[Target, Plan]:
        """A target and its plan, with examples in the fields that are not known yet.

        Raises:
            InvalidArgsError: what the target's model or CloudWatch would refuse.
        """
        target = validated(self.kind.target, fields, where, unknown=unknown)
        return target, self._plan(name, target, where)

    def _plan(self, name: str, target: Target, where: str) -> Plan:
        """A target's plan.

        Raises:
            InvalidArgsError: what CloudWatch would refuse.
        """
        try:
            plan = self.kind.plan(self.scope, name, target, self.overrides)
        except InvalidValueError as error:
            raise InvalidArgsError.at(where, str(error)) from None
        faults = [
            InvalidArgsError(
                f"{where}: alarm {rule.address}: {problem.field} {problem.value!r}: "
                f"{problem.message}",
                self._origin(rule, problem.field, where),
            )
            for rule, problem in plan.problems
        ]
        if faults:
            raise InvalidArgsError.of(faults, "\n")
        return plan

    def _origin(self, rule: AlarmRule, field: str, where: str) -> str:
        """The argument that gave a rule's field its value: an override, or the target."""
        for key in reversed(override_keys(rule)):
            if key in self.overrides and field in self.overrides[key].changes():
                return f"{self.path}: overrides{step(key)}.{field}"
        return where
