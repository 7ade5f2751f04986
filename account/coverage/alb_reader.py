"""Reads application load balancers and their target groups.

The end of an ARN is the value of the CloudWatch dimension:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from account.account import Attempts, every_item
from account.coverage.inventory import TargetGroup


def read_load_balancers(
    elbv2: Any, attempts: Attempts
) -> tuple[tuple[str, ...] | None, tuple[TargetGroup, ...] | None]:
    """``app/<name>/<id>`` of the application load balancers, and target groups.

    Args:
        elbv2: boto3 client.
        attempts: takes note of what could not be looked at.
    """
    balancers = attempts.of("load balancers", lambda: _balancers(elbv2))
    groups = attempts.of("target groups", lambda: _groups(elbv2))
    if groups is None:
        return balancers, None
    counted = attempts.of("the targets of target groups", lambda: _counted(elbv2, groups))
    return balancers, tuple(
        replace(group, targets=None if counted is None else counted.get(arn))
        for arn, group in groups.items()
    )


def _balancers(elbv2: Any) -> tuple[str, ...]:
    return tuple(
        _balancer(balancer["LoadBalancerArn"])
        for balancer in every_item(elbv2, "describe_load_balancers", "LoadBalancers")
        if balancer["Type"] == "application"
    )


def _groups(elbv2: Any) -> dict[str, TargetGroup]:
    """ARN to target group."""
    return {
        group["TargetGroupArn"]: TargetGroup(
            suffix=group["TargetGroupArn"].rpartition(":")[2],
            load_balancer=next(map(_balancer, group["LoadBalancerArns"]), ""),
            is_checked=group.get("HealthCheckEnabled", True),
        )
        for group in every_item(elbv2, "describe_target_groups", "TargetGroups")
        if _is_application(group["LoadBalancerArns"])
    }


def _is_application(balancers: Iterable[str]) -> bool:
    """Whether none of the load balancers is of another type; a group has one at most."""
    return all(_balancer(arn).startswith("app/") for arn in balancers)


def _balancer(arn: str) -> str:
    return arn.partition(":loadbalancer/")[2]


def _counted(elbv2: Any, groups: Mapping[str, TargetGroup]) -> dict[str, int]:
    """ARN to registered targets, for those that are in use."""
    return {
        arn: len(elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"])
        for arn, group in groups.items()
        if group.load_balancer and group.is_checked
    }
