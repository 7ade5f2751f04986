"""What the stack watches and that no longer runs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.inventory import Inventory
from account.coverage.view import RegionView
from account.coverage.watchers import Watcher
from ecs_monitoring.catalog.metrics.alb import NAMESPACE as ALB_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import INSIGHTS_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import NAMESPACE as ECS_NAMESPACE
from ecs_monitoring.catalog.metrics.rds import NAMESPACE as RDS_NAMESPACE
from ecs_monitoring.rules.logs import LOGS
from ecs_monitoring.words import capitalized, closest


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something that an alarm watches and that is not there.

    Attributes:
        key: the same in every review (``ecs:main/web``).
        subject: what it is, for people.
        field: the target's field that names it.
        hint: what is there instead, as a sentence; empty for nothing.
    """

    key: str
    subject: str
    field: str
    hint: str = ""


def gone(view: RegionView) -> Iterator[Finding]:
    """A finding for each thing of a target that some of the stack's alarms watch in vain.

    Args:
        view: the region; without an inventory there is nothing to find.
    """
    concerned: dict[tuple[str, Missing], list[LiveAlarm]] = defaultdict(list)
    for watcher in view.watchers:
        if watcher.own:
            for missing in missing_of(watcher, view.inventory):
                concerned[_target(watcher.own), missing].append(watcher.own)
    for (target, missing), alarms in concerned.items():
        yield Finding(
            kind=FindingKind.GONE,
            gravity=Gravity.MEDIUM,
            region=view.region,
            key=missing.key,
            subject=missing.subject,
            words=_words(missing, len(alarms), target),
            fix=_fix(view, missing, target),
            alarms=tuple(alarm.address for alarm in alarms),
        )


def missing_of(watcher: Watcher, inventory: Inventory | None) -> list[Missing]:
    """What an alarm of the stack names and what does not run, as far as it was looked at.

    Args:
        watcher: an alarm; of others' nothing is found.
        inventory: what runs; ``None`` where nobody looked.
    """
    if inventory is None or watcher.own is None:
        return []
    if watcher.own.address.kind == LOGS.key:
        return list(_filters(watcher, watcher.own, inventory))
    gone: dict[Missing, None] = {}
    for metric in watcher.metrics:
        dimensions = dict(metric.dimensions)
        if metric.namespace in (ECS_NAMESPACE, INSIGHTS_NAMESPACE):
            gone.update(dict.fromkeys(_ecs(dimensions, inventory)))
        elif metric.namespace == ALB_NAMESPACE:
            gone.update(dict.fromkeys(_alb(dimensions, inventory)))
        elif metric.namespace == RDS_NAMESPACE:
            gone.update(dict.fromkeys(_rds(dimensions, inventory)))
    return list(gone)


def _ecs(dimensions: Mapping[str, str], inventory: Inventory) -> Iterator[Missing]:
    cluster, service = dimensions.get("ClusterName", ""), dimensions.get("ServiceName", "")
    if inventory.clusters is not None and cluster and cluster not in inventory.clusters:
        yield Missing(
            key=f"ecs:{cluster}",
            subject=f"ECS cluster {cluster}",
            field="cluster",
            hint=_nearest(cluster, inventory.clusters),
        )
    elif inventory.services is not None and service:
        there = [service.name for service in inventory.services if service.cluster == cluster]
        if service not in there:
            yield Missing(
                key=f"ecs:{cluster}/{service}",
                subject=f"ECS service {service} (cluster {cluster})",
                field="service",
                hint=_nearest(service, there),
            )


def _alb(dimensions: Mapping[str, str], inventory: Inventory) -> Iterator[Missing]:
    balancer, group = dimensions.get("LoadBalancer", ""), dimensions.get("TargetGroup", "")
    there = inventory.load_balancers
    if there is not None and balancer and balancer not in there:
        yield Missing(
            key=f"alb:{balancer}",
            subject=f"load balancer {balancer}",
            field="load_balancer",
            hint=_again(balancer, there),
        )
    elif inventory.target_groups is not None and group:
        behind = {group.suffix: group.load_balancer for group in inventory.target_groups}
        if behind.get(group) != balancer:
            yield Missing(
                key=f"alb:{balancer}/{group}",
                subject=f"target group {group} behind {balancer}",
                field="target_groups",
                hint=_where(behind[group]) if group in behind else _again(group, behind),
            )


def _where(balancer: str) -> str:
    return f"It is behind {balancer} by now." if balancer else "It is behind no load balancer."


def _rds(dimensions: Mapping[str, str], inventory: Inventory) -> Iterator[Missing]:
    instance = dimensions.get("DBInstanceIdentifier", "")
    if inventory.databases is not None and instance:
        there = [database.identifier for database in inventory.databases]
        if instance not in there:
            yield Missing(
                key=f"rds:{instance}",
                subject=f"database {instance}",
                field="instance",
                hint=_nearest(instance, there),
            )


def _filters(watcher: Watcher, alarm: LiveAlarm, inventory: Inventory) -> Iterator[Missing]:
    """A log group that is deleted takes its metric filters along."""
    if inventory.metric_filters is None:
        return
    fed = {(counted.namespace, counted.metric) for counted in inventory.metric_filters}
    if not all((metric.namespace, metric.name) in fed for metric in watcher.metrics):
        target = _target(alarm)
        yield Missing(
            key=target.replace(".", ":", 1), subject=f"metric filters of {target}", field="group"
        )


def _again(suffix: str, there: Iterable[str]) -> str:
    """What has the same name and another id, or else the nearest."""
    suffixes = list(there)
    named = suffix.rpartition("/")[0]
    same = [other for other in suffixes if other.rpartition("/")[0] == named]
    return f"It was made again as {same[0]}." if same else _nearest(suffix, suffixes)


def _nearest(name: str, there: Iterable[str]) -> str:
    near = closest(name, there)
    return f"The nearest that there is: {near}." if near else ""


def _target(alarm: LiveAlarm) -> str:
    """The alarm's place in the settings, such as ``ecs.web``."""
    return f"{alarm.address.kind}.{alarm.address.target}"


def _words(missing: Missing, count: int, target: str) -> str:
    alarms = "1 alarm watches" if count == 1 else f"{count} alarms watch"
    words = (
        f"{capitalized(missing.subject)} no longer exist{'' if missing.field == 'group' else 's'}, "
        f"and {alarms} for {target} in vain."
    )
    return f"{words} {missing.hint}".rstrip()


def _fix(view: RegionView, missing: Missing, target: str) -> str:
    if missing.field == "group":
        return (
            "Deploy the stack, which makes the filters again; where the log group is gone for "
            f"good, take {target} out of {view.settings_file} first."
        )
    removed = "the group" if missing.field == "target_groups" else target
    return (
        f"Correct {target}.{missing.field} in {view.settings_file}; where it is gone for good, "
        f"take {removed} out. Then deploy the stack."
    )
