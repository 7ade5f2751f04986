"""Mute rules: windows in which a component's alarms carry out no actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import pulumi
from pulumi_aws import cloudwatch as aws_cloudwatch

from ecs_monitoring.args import InvalidArgsError, as_model
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.names import within
from ecs_monitoring.rules.mute import BY_HAND, Mute, mute_rule_name, mute_rule_tags
from ecs_monitoring.rules.target import TARGET_NAME


@dataclass(frozen=True, kw_only=True)
class MuteArgs:
    """A window in which alarms change their state and tell nobody, until it ends."""

    schedule: str
    """``cron(minutes hours day-of-month month day-of-week)``, or ``at(yyyy-MM-ddThh:mm)``."""

    duration: str
    """Such as ``90m``, ``2h`` or ``PT2H``; 1 minute to 15 days."""

    timezone: Optional[str] = None
    """The schedule's time zone by its IANA name; UTC if left out."""

    severity: Optional[Severity] = None
    """Only alarms of this severity."""

    kind: Optional[str] = None
    """Only alarms of this kind of target, such as ``rds``."""

    target: Optional[str] = None
    """Only alarms of the targets with this name."""

    description: Optional[str] = None
    """What it is for."""


@dataclass(frozen=True, kw_only=True)
class MutableAlarm:
    """An alarm that a window may mute.

    Attributes:
        address: its address.
        severity: ``critical`` or ``warning``.
        name: its name in CloudWatch.
        resource: the alarm itself, which a mute rule over it comes after.
    """

    address: AlarmAddress
    severity: str
    name: str
    resource: pulumi.Resource


def mute_rules(
    parent: pulumi.ComponentResource,
    component: str,
    mutes: Optional[Mapping[str, MuteArgs]],
    alarms: Sequence[MutableAlarm],
    *,
    path: str,
    tags: Optional[Mapping[str, pulumi.Input[str]]],
    region: Optional[str],
) -> dict[str, pulumi.Output[str]]:
    """Register the mute rules of a component's alarms.

    A rule names at most 100 alarms: those of a window that has more are split into several rules,
    in the order of the alarms. All begin and end together.

    Args:
        parent: the component.
        component: its name.
        mutes: windows by name.
        alarms: its alarms.
        path: the component, for error messages.
        tags: the stack's tags.
        region: where the alarms are, if not in the provider's region.

    Returns:
        Name to ARN.

    Raises:
        InvalidArgsError: a window that cannot be.
    """
    arns = {}
    for name, args in (mutes or {}).items():
        where = f"{path}: mutes.{name}"
        if not TARGET_NAME.fullmatch(name) or name == BY_HAND:
            raise InvalidArgsError.at(
                where, f"write letters, digits, _ and single hyphens, and not {BY_HAND}"
            )
        mute = as_model(Mute, args, where)
        muted = [alarm for alarm in alarms if mute.takes(alarm.address, alarm.severity)]
        size = limits.ALARMS_PER_MUTE_RULE
        for number, start in enumerate(range(0, len(muted), size), start=1):
            part = f"-{number}" if number > 1 else ""
            rule = _rule(component, name, part, mute, muted[start : start + size])
            arns[rule["name"]] = aws_cloudwatch.AlarmMuteRule(
                f"{component}.mute-{name}{part}",
                **rule,
                tags={
                    **(tags or {}),
                    **mute_rule_tags(pulumi.get_project(), pulumi.get_stack(), name),
                },
                region=region,
                opts=pulumi.ResourceOptions(
                    parent=parent,
                    depends_on=[alarm.resource for alarm in muted[start : start + size]],
                ),
            ).arn
    return arns


def _rule(
    component: str,
    name: str,
    part: str,
    mute: Mute,
    alarms: Sequence[MutableAlarm],
) -> dict[str, Any]:
    project, stack = pulumi.get_project(), pulumi.get_stack()
    whole = mute_rule_name(project, stack, name, f"{component}{part}")
    purpose = f"{mute.description} " if mute.description else ""
    return {
        "name": within(whole, limits.MUTE_RULE_NAME_LENGTH),
        "description": (
            f"{purpose}(alerts.mutes.{name}) What is still on when it ends notifies then."
        ),
        "rule": {
            "schedule": {
                "expression": mute.schedule,
                "duration": mute.duration,
                "timezone": mute.timezone,
            }
        },
        "mute_targets": {"alarm_names": [alarm.name for alarm in alarms]},
    }
