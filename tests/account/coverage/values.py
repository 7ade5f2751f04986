"""Alarms, and regions as they were looked at, as values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind
from account.coverage.inventory import Database, EcsService, Inventory, MetricFilter, TargetGroup
from account.coverage.unwatched import unwatched
from account.coverage.view import Declared, RegionView
from account.coverage.watchers import watchers
from account.stack import StackPlace

PROJECT = "django-ecs-monitoring"
ACCOUNT = "123456789012"
HOME = "ap-northeast-1"
PLACE = StackPlace(project=PROJECT, stack="prod", home=HOME)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
TOPIC = f"arn:aws:sns:{HOME}:{ACCOUNT}:django-app-alerts-django-ecs-monitoring-prod-critical"
SCALING = (
    f"arn:aws:autoscaling:{HOME}:{ACCOUNT}:scalingPolicy:1234:resource/ecs/service/main/web:"
    "policyName/cpu"
)

BALANCER = "app/shop/0123456789abcdef"
GROUP = "targetgroup/shop-web/fedcba9876543210"

ECS = ("AWS/ECS", "CPUUtilization")
INSIGHTS = "ECS/ContainerInsights"
ALB = "AWS/ApplicationELB"
RDS = "AWS/RDS"
LOGS = f"{PROJECT}/prod"

Raw = dict[str, Any]


def pairs(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def raw(
    name: str,
    metric: tuple[str, str] = ECS,
    dimensions: Mapping[str, str] | None = None,
    **changes: Any,
) -> Raw:
    """An item of ``MetricAlarms``; its metric fields only where it has no ``Metrics``."""
    found: Raw = {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:{name}",
        "StateValue": "OK",
        "StateReason": "",
        "StateUpdatedTimestamp": NOW,
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "TreatMissingData": "missing",
    }
    if "Metrics" not in changes and "AlarmRule" not in changes:
        found |= {
            "Namespace": metric[0],
            "MetricName": metric[1],
            "Dimensions": pairs(dimensions or {}),
            "Statistic": "Average",
        }
    return found | changes


def stat(
    id_: str, metric: tuple[str, str], dimensions: Mapping[str, str], statistic: str = "Average"
) -> Raw:
    """An item of an alarm's ``Metrics``."""
    named = {
        "Namespace": metric[0],
        "MetricName": metric[1],
        "Dimensions": pairs(dimensions),
    }
    return {"Id": id_, "MetricStat": {"Metric": named, "Period": 60, "Stat": statistic}}


def own(
    address: str,
    metric: tuple[str, str] = ECS,
    dimensions: Mapping[str, str] | None = None,
    *,
    severity: str = "critical",
    **changes: Any,
) -> LiveAlarm:
    """An alarm of the stack."""
    key, target = address.split("@")
    name = f"{PROJECT}-prod-{key.replace('.', f'-{target}-')}"
    tags = {"AlarmKey": key, "Target": target, "Severity": severity}
    return LiveAlarm.described(raw(name, metric, dimensions, **changes), tags, HOME)


def service(name: str = "web", cluster: str = "main", **changes: Any) -> EcsService:
    return EcsService(**{"cluster": cluster, "name": name, "desired": 3, **changes})


def in_ecs(name: str = "web", cluster: str = "main") -> dict[str, str]:
    return {"ClusterName": cluster, "ServiceName": name}


def service_alarms(target: str = "web", **where: str) -> list[LiveAlarm]:
    """The three rules of a service whose cluster has no Container Insights."""
    at = in_ecs(**where)
    return [
        own(f"ecs.cpu-high@{target}", ECS, at, severity="warning"),
        own(f"ecs.memory-high@{target}", ("AWS/ECS", "MemoryUtilization"), at, severity="warning"),
        own(f"ecs.tasks-low@{target}", ECS, at, Statistic="SampleCount"),
    ]


def group(suffix: str = GROUP, balancer: str = BALANCER, **changes: Any) -> TargetGroup:
    return TargetGroup(**{"suffix": suffix, "load_balancer": balancer, "targets": 2, **changes})


def database(identifier: str = "orders", **changes: Any) -> Database:
    return Database(
        **{
            "identifier": identifier,
            "engine": "postgres",
            "version": "16.4",
            "instance_class": "db.t4g.small",
            "allocated_storage_gib": 100,
            **changes,
        }
    )


def metric_filter(
    log_group: str, metric: str, namespace: str = LOGS, *, has_default: bool = False
) -> MetricFilter:
    return MetricFilter(
        log_group=log_group, namespace=namespace, metric=metric, has_default=has_default
    )


def view(
    *,
    alarms: Iterable[LiveAlarm] = (),
    others: Sequence[Raw] = (),
    declared: Mapping[str, Any] | None = None,
    switched_off: Iterable[str] = (),
    inventory: Inventory | None = None,
    **changes: Any,
) -> RegionView:
    """The home region with the stack's alarms and others'."""
    mine = tuple(alarms)
    return RegionView(
        **{
            "place": PLACE,
            "region": HOME,
            "now": NOW,
            "alarms": mine,
            "watchers": watchers([*(alarm.raw for alarm in mine), *others], mine),
            "inventory": inventory,
            "declared": Declared(targets=declared or {}, switched_off=frozenset(switched_off)),
            **changes,
        }
    )


def running(**parts: Any) -> Inventory:
    return Inventory(**parts)


def only(findings: Iterable[Finding]) -> Finding:
    (found,) = findings
    return found


def found_in(inventory: Inventory, **parts: Any) -> list[Finding]:
    """What is not watched of what runs."""
    return list(unwatched(view(inventory=inventory, **parts)))


def kinds(findings: list[Finding]) -> dict[str, FindingKind]:
    """Each finding's kind, by what it is about."""
    return {finding.key: finding.kind for finding in findings}
