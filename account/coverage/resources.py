"""What runs, as what should be watched: its dimensions, and the settings that would do it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any, Final

from account.coverage.inventory import Database, EcsService, Inventory, TargetGroup
from ecs_monitoring.catalog import Engine
from ecs_monitoring.catalog.metrics.alb import NAMESPACE as ALB_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import INSIGHTS_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import NAMESPACE as ECS_NAMESPACE
from ecs_monitoring.catalog.metrics.rds import NAMESPACE as RDS_NAMESPACE
from ecs_monitoring.rules import ALB, APP, ECS, HEALTH, KINDS, LOGS, RDS
from ecs_monitoring.rules.plan import Kind

Dimensions = frozenset[tuple[str, str]]
"""Pairs of name and value."""

# An instance in one of these is not meant to answer:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
_IDLE_STATUSES: Final = ("stopped", "stopping", "starting", "creating", "deleting")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One thing that runs.

    Attributes:
        kind: the kind of target that it would be, and so the settings' section.
        id: what tells it from others of its kind (``main/web``).
        words: what it is, for people.
        names: what a target could be called after it, the best first.
        namespaces: of its metrics.
        dimensions: what the dimensions of a metric that is about it contain.
        also: whole sets of dimensions that are about it too (its cluster's).
        fed: namespace and name of the metrics that a log group's filters feed.
        identity: the target's fields that say which target it is.
        options: the target's other fields, as far as AWS tells them.
        part: for a target group the name of the load balancer's part that it would be.
        groups: target groups that come with a load balancer.
        idle: why nothing is expected of it at the moment (``is stopped``); empty where it should
            work.
    """

    kind: Kind[Any]
    id: str
    words: str
    names: tuple[str, ...]
    namespaces: frozenset[str] = frozenset()
    dimensions: Dimensions = frozenset()
    also: frozenset[Dimensions] = frozenset()
    fed: frozenset[tuple[str, str]] = frozenset()
    identity: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
    groups: tuple["Resource", ...] = ()
    idle: str = ""

    @property
    def key(self) -> str:
        """The same in every review."""
        return f"{self.kind.key}:{self.id}"

    @property
    def fields(self) -> dict[str, Any]:
        """The target's fields."""
        return {**self.identity, **self.options}


def resources(inventory: Inventory) -> list[Resource]:
    """Everything in an inventory that the project has rules for."""
    readers = (_OF_KIND[kind.key] for kind in KINDS if kind.key in _OF_KIND)
    return [resource for read in readers for resource in read(inventory)]


def unread_kinds() -> list[str]:
    """Keys of the kinds of which nobody asks AWS what runs."""
    return [kind.key for kind in KINDS if kind.key not in _OF_KIND]


_OF_KIND: Final[Mapping[str, Callable[[Inventory], Iterable[Resource]]]] = {
    ECS.key: lambda inventory: map(_service, inventory.services or ()),
    ALB.key: lambda inventory: (
        _load_balancer(suffix, inventory) for suffix in inventory.load_balancers or ()
    ),
    RDS.key: lambda inventory: map(_database, inventory.databases or ()),
    LOGS.key: lambda inventory: (
        _log_group(group, inventory) for group in inventory.log_groups or ()
    ),
    # Applications and public URLs are nothing that AWS could be asked for.
    APP.key: lambda _: (),
    HEALTH.key: lambda _: (),
}
"""How what runs of each kind is found in an inventory."""


def _service(service: EcsService) -> Resource:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
    dimensions = {"ClusterName": service.cluster, "ServiceName": service.name}
    least = service.desired if service.least is None else service.least
    return Resource(
        kind=ECS,
        id=f"{service.cluster}/{service.name}",
        words=f"ECS service {service.name} (cluster {service.cluster})",
        names=(service.name, f"{service.cluster}-{service.name}"),
        namespaces=frozenset((ECS_NAMESPACE, INSIGHTS_NAMESPACE)),
        dimensions=frozenset(dimensions.items()),
        identity={"cluster": service.cluster, "service": service.name},
        options={
            "container_insights": service.container_insights,
            "min_running_tasks": least,
        },
        idle="" if service.desired or least else "wants no task at the moment",
    )


def _load_balancer(suffix: str, inventory: Inventory) -> Resource:
    groups: dict[str, Resource] = {}
    for group in inventory.target_groups or ():
        # "Reported if health checks are enabled", of the counts of hosts:
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
        if group.load_balancer == suffix and group.is_checked:
            name = free_name((group.name,), groups)
            groups[name] = _target_group(group, name)
    used = {
        name: value
        for group in groups.values()
        if not group.idle
        for name, value in group.options["target_groups"].items()
    }
    return Resource(
        kind=ALB,
        id=suffix,
        words=f"load balancer {suffix}",
        names=(suffix.split("/")[1],),
        namespaces=frozenset((ALB_NAMESPACE,)),
        dimensions=frozenset((("LoadBalancer", suffix),)),
        identity={"load_balancer": suffix},
        options={"target_groups": used} if used else {},
        groups=tuple(groups.values()),
    )


def _target_group(group: TargetGroup, name: str) -> Resource:
    return Resource(
        kind=ALB,
        id=f"{group.load_balancer}/{group.suffix}",
        words=f"target group {group.suffix} behind {group.load_balancer}",
        names=(group.name,),
        namespaces=frozenset((ALB_NAMESPACE,)),
        dimensions=frozenset((("TargetGroup", group.suffix),)),
        identity={"load_balancer": group.load_balancer},
        options={"target_groups": {name: group.suffix}},
        part=name,
        idle="has no registered targets" if group.targets == 0 else "",
    )


def _database(database: Database) -> Resource:
    role = "READER" if database.is_replica else "WRITER"
    cluster = ("DBClusterIdentifier", database.cluster)
    # What AWS recommends for Aurora, whose instances change roles:
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/creating_alarms.html
    by_cluster = (frozenset((cluster,)), frozenset((cluster, ("Role", role))))
    return Resource(
        kind=RDS,
        id=database.identifier,
        words=f"database {database.identifier} ({database.engine}, {database.instance_class})",
        names=(database.identifier,),
        namespaces=frozenset((RDS_NAMESPACE,)),
        dimensions=frozenset((("DBInstanceIdentifier", database.identifier),)),
        also=frozenset(by_cluster if database.cluster else ()),
        identity={"instance": database.identifier},
        options=dict(_database_options(database)),
        idle=f"is {database.status}" if database.status in _IDLE_STATUSES else "",
    )


def _database_options(database: Database) -> Iterator[tuple[str, Any]]:
    yield "engine", database.engine
    yield "instance_class", database.instance_class
    # max_connections follows from the version of MariaDB alone.
    if database.engine == Engine.MARIADB:
        yield "engine_version", database.version
    if not Engine(database.engine).is_aurora:
        yield "allocated_storage_gib", database.allocated_storage_gib
    if database.is_replica:
        yield "read_replica", True
    if database.performance_insights:
        yield "performance_insights", True


def _log_group(group: str, inventory: Inventory) -> Resource:
    return Resource(
        kind=LOGS,
        id=group,
        words=f"log group {group}",
        names=(group,),
        fed=frozenset(
            (counted.namespace, counted.metric)
            for counted in inventory.metric_filters or ()
            if counted.log_group == group
        ),
        identity={"group": group},
    )


# Names of targets have room for 128 characters; the rest is for a number that tells two apart.
_LENGTH: Final = 120


def free_name(wanted: Sequence[str], taken: Collection[str]) -> str:
    """A name for a target that no other one has.

    Args:
        wanted: what it could be called, the best first; what is no letter, digit or ``_``
            becomes a hyphen.
        taken: names that others have.
    """
    names = [_valid(name) for name in wanted]
    numbered = (f"{names[0]}-{number}" for number in count(2))
    return next(name for name in chain(names, numbered) if name not in taken)


def _valid(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", name)[:_LENGTH].strip("-") or "target"


class TargetNames:
    """The names that are in use in the settings' sections.

    Args:
        taken: section to names.
    """

    def __init__(self, taken: Mapping[str, Collection[str]]) -> None:
        self._taken = {section: set(names) for section, names in taken.items()}

    def propose(self, section: str, wanted: Sequence[str]) -> str:
        """A name that is free; from now on it is taken.

        Args:
            section: such as ``ecs``.
            wanted: as for :func:`free_name`.
        """
        taken = self._taken.setdefault(section, set())
        name = free_name(wanted, taken)
        taken.add(name)
        return name
