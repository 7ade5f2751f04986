"""Which alarms judge the new version of a service, so that ECS rolls a deployment back by them.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules.plan import Kind, Plan

_SERVICES: Final = "ecs"
_BALANCERS: Final = "alb"


def deployment_alarms(
    plans: Iterable[tuple[Kind[Any], str, Plan]], balancers: Mapping[str, Any]
) -> dict[str, list[str]]:
    """ECS target to the names of the alarms that judge its new version.

    The rules say of themselves whether they do. Tasks are the target's own. A load balancer, one of
    its target groups and an application are the service's that has their name; where the stack has
    one ECS target, all are its.

    Args:
        plans: each target's kind, name and plan.
        balancers: the load balancers' targets, by name.
    """
    every = list(plans)
    services = [name for kind, name, _ in every if kind.key == _SERVICES]
    judging: dict[str, list[str]] = {service: [] for service in services}
    for kind, _, plan in every:
        judges = {row.key for row in kind.rows if row.judges_deployments}
        for rule in plan.rules:
            if rule.key in judges:
                for service in _judged(kind, rule, services, balancers) & judging.keys():
                    judging[service].append(rule.name)
    return judging


def _judged(
    kind: Kind[Any], rule: AlarmRule, services: list[str], balancers: Mapping[str, Any]
) -> set[str]:
    """The services of whose new version an alarm says something."""
    if kind.key == _SERVICES:
        return {rule.target}
    if len(services) == 1:
        return set(services)
    if rule.part:
        return {rule.part}
    # In front of one service alone, its errors are the service's.
    groups = balancers[rule.target].target_groups if kind.key == _BALANCERS else ()
    return {rule.target, *(groups if len(groups) == 1 else ())}
