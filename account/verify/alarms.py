"""Whether each planned alarm would work: what it names, its data, who is notified, its name."""

from collections.abc import Callable, Mapping
from typing import Final

from account.coverage.gone import missing_of
from account.coverage.inventory import Inventory
from account.coverage.known_metrics import KnownMetrics, nearest_in_words, shown, with_data
from account.coverage.silence import is_normal
from account.coverage.watchers import Watcher
from account.obstacles import Obstacle, ObstacleKind
from account.verify.live_region import NOT_LOOKED_AT, LiveRegion
from account.verify.model import FOUND, Answer, VerifiedAlarm, missing, note, unknown
from account.verify.planned import Planned
from ecs_monitoring.catalog.metrics.alb import NAMESPACE as ALB_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import INSIGHTS_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import NAMESPACE as ECS_NAMESPACE
from ecs_monitoring.catalog.metrics.rds import NAMESPACE as RDS_NAMESPACE
from ecs_monitoring.cloudwatch.definition import MetricKey

_ECS_PARTS: Final[Mapping[str, Callable[[Inventory], object]]] = {
    "ECS services": lambda inventory: inventory.services
}
_PARTS: Final[Mapping[str, Mapping[str, Callable[[Inventory], object]]]] = {
    ECS_NAMESPACE: _ECS_PARTS,
    INSIGHTS_NAMESPACE: _ECS_PARTS,
    ALB_NAMESPACE: {
        "load balancers": lambda inventory: inventory.load_balancers,
        "target groups": lambda inventory: inventory.target_groups,
    },
    RDS_NAMESPACE: {"databases": lambda inventory: inventory.databases},
}
"""The parts of an inventory that tell whether what a metric is about exists, by namespace."""


def alarm_answers(plan: Planned, watcher: Watcher, live: LiveRegion) -> VerifiedAlarm:
    """What the account says to one alarm."""
    assert watcher.own is not None
    return VerifiedAlarm(
        address=watcher.own.address,
        name=watcher.name,
        region=plan.region,
        exists=_exists(plan, watcher, live),
        data=_data(plan, watcher, live),
        notified=_notified(plan, watcher, live),
        free=_free(watcher, live),
    )


def _exists(plan: Planned, watcher: Watcher, live: LiveRegion) -> Answer:
    groups = plan.groups_of(watcher)
    if groups:
        return Answer.worst(live.group(group) for group in groups)
    return Answer.worst(
        [
            *(
                missing(f"there is no {gone.subject}{f': {gone.hint}' if gone.hint else ''}")
                for gone in missing_of(watcher, live.inventory)
            ),
            *(
                unknown(f"{part} {NOT_LOOKED_AT}")
                for namespace in {metric.namespace for metric in watcher.metrics}
                for part, read in _PARTS.get(namespace, {}).items()
                if read(live.inventory) is None
            ),
        ]
    )


def _data(plan: Planned, watcher: Watcher, live: LiveRegion) -> Answer:
    assert watcher.own is not None
    if watcher.own.is_composite:
        return FOUND
    if all(map(plan.is_made, watcher.metrics)):
        return note("made by what the stack itself deploys")
    if live.metrics is None:
        return unknown(f"which metrics have data {NOT_LOOKED_AT}")
    unseen = [
        stat
        for stat in watcher.reads
        if not plan.is_made(stat.metric)
        and stat.metric.dimensions not in with_data(live.metrics, stat.metric)
    ]
    if unseen and is_normal(watcher.own, unseen):
        return note("none in two weeks, which is normal for a count of what went wrong")
    metrics = dict.fromkeys(stat.metric for stat in unseen)
    return Answer.worst(missing(_no_data(metric, live.metrics)) for metric in metrics)


def _no_data(metric: MetricKey, metrics: KnownMetrics) -> str:
    words = f"{metric.namespace} {metric.name} ({shown(metric.dimensions)}) had none in two weeks"
    return f"{words}{nearest_in_words(metric, metrics)}"


def _notified(plan: Planned, watcher: Watcher, live: LiveRegion) -> Answer:
    assert watcher.own is not None
    return Answer.worst(
        _obstacle(plan, obstacle)
        for obstacle in live.obstacles
        if watcher.own.address in obstacle.alarms
    )


def _obstacle(plan: Planned, obstacle: Obstacle) -> Answer:
    words = obstacle.message
    if obstacle.kind is ObstacleKind.NOT_CHECKED:
        return unknown(words)
    if obstacle.kind is ObstacleKind.SUBSCRIPTION_PENDING:
        return note(words)
    if obstacle.kind is ObstacleKind.TOPIC_GONE and obstacle.subject in plan.own_topics:
        name = obstacle.subject.rpartition(":")[2]
        return note(
            f"topic {name} will be made; its subscribers must confirm before they are notified"
        )
    return missing(words)


def _free(watcher: Watcher, live: LiveRegion) -> Answer:
    if live.taken is None:
        return unknown(f"alarms of the same names {NOT_LOOKED_AT}")
    taken = live.taken.get(watcher.name)
    return missing(taken) if taken else FOUND
