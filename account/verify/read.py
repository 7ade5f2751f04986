"""Asks the account, read-only, about everything that a stack would deploy."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from account.account import AWS_ERRORS, Account, Attempts, Caller, Region, error_code
from account.coverage.cloudwatch_reader import KnownMetrics, read_known_metrics
from account.coverage.gone import missing_of
from account.coverage.inventory import Inventory
from account.coverage.logs_reader import read_latest_lines, read_log_groups
from account.coverage.read import read_inventory
from account.coverage.silence import is_normal, nearest, shown
from account.coverage.watchers import Watcher
from account.obstacles import Obstacle, ObstacleKind, obstacles
from account.reading import read_alarms_named, read_topic
from account.tags import tags_of
from account.topics import Topic
from account.verify.databases import database_answers
from account.verify.log_lines import filter_answers, group_answer
from account.verify.model import (
    FOUND,
    Answer,
    Verification,
    VerifiedAlarm,
    VerifiedThing,
    missing,
    note,
    unknown,
)
from account.verify.planned import Planned, PlannedGroup
from ecs_monitoring.catalog.metrics.alb import NAMESPACE as ALB_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import INSIGHTS_NAMESPACE
from ecs_monitoring.catalog.metrics.ecs import NAMESPACE as ECS_NAMESPACE
from ecs_monitoring.catalog.metrics.rds import NAMESPACE as RDS_NAMESPACE
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.words import listed

PERMISSIONS: Final = (
    "application-autoscaling:DescribeScalableTargets",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetDashboard",
    "cloudwatch:ListMetrics",
    "cloudwatch:ListTagsForResource",
    "ecs:DescribeClusters",
    "ecs:DescribeServices",
    "ecs:DescribeTaskDefinition",
    "ecs:ListClusters",
    "ecs:ListServices",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:DescribeMetricFilters",
    "logs:GetLogEvents",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sqs:GetQueueUrl",
    "tag:GetResources",
)
"""The IAM actions that are needed; without one of them, what it tells is noted as not looked at.

Those of https://docs.aws.amazon.com/service-authorization/latest/reference/. ``logs:GetLogEvents``
reads what the application logs; without it, only the lines are not looked at.
"""

_NOT_LOOKED_AT: Final = "could not be looked at"

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


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What one region has; ``None`` stands for what could not be looked at."""

    inventory: Inventory
    known: KnownMetrics | None
    groups: frozenset[str] | None
    topics: Mapping[str, Topic]
    obstacles: Sequence[Obstacle]
    taken: Mapping[str, str] | None


def verify(
    account: Account,
    caller: Caller,
    plans: Iterable[Planned],
    *,
    databases: Mapping[str, RdsTarget] = MappingProxyType({}),
) -> Verification:
    """Ask about everything that is planned.

    Args:
        account: where.
        caller: whose credentials are used.
        plans: by region, from a run with the caller's account.
        databases: what the settings say of database instances, by the target's name.
    """
    alarms: list[VerifiedAlarm] = []
    things: list[VerifiedThing] = []
    notes: list[str] = []
    for plan in plans:
        attempts = Attempts(plan.region)
        region = account.region(plan.region, caller)
        logs = account.client("logs", plan.region)
        seen = _see(account, region, logs, plan, attempts)
        alarms += [_alarm(plan, watcher, seen) for watcher in plan.watchers]
        things += _things(region, logs, plan, seen, attempts)
        things += [
            VerifiedThing(what=f"database {name}", region=plan.region, answer=answer)
            for name, answer in database_answers(databases, seen.inventory.databases or ())
        ]
        notes += attempts.notes
    return Verification(
        account=caller.account, alarms=tuple(alarms), things=tuple(things), notes=tuple(notes)
    )


def _see(account: Account, region: Region, logs: Any, plan: Planned, attempts: Attempts) -> _Seen:
    asked = [m for one in plan.watchers for m in one.metrics if not plan.is_made(m)]
    own = [one.own for one in plan.watchers if one.own]
    told = dict.fromkeys(arn for alarm in own for arn in alarm.topics)
    topics = {arn: read_topic(region, arn) for arn in told}
    groups = read_log_groups(logs, {one.name: "the stack" for one in plan.groups}, _Quiet(attempts))
    return _Seen(
        # Only where something is watched that could be there: other regions need no rights.
        inventory=read_inventory(account, _Quiet(attempts)) if asked else Inventory(region=""),
        known=read_known_metrics(region.cloudwatch, asked, attempts),
        groups=None if groups is None else frozenset(groups),
        topics=topics,
        obstacles=obstacles(own, topics),
        taken=attempts.of("alarms of the same names", lambda: _taken(region, plan)),
    )


class _Quiet(Attempts):
    """Attempts that keep refusals, and not the remarks of what else there is in the account."""

    def __init__(self, kept: Attempts) -> None:
        super().__init__(kept.region)
        self._kept = kept

    def note(self, words: str) -> None:
        """Keep what could not be looked at."""
        if _NOT_LOOKED_AT in words:
            self._kept.note(words)


def _taken(region: Region, plan: Planned) -> dict[str, str]:
    """Name to whose it is, of the alarms that are there and not this stack's."""
    planned = {one.name: one.own.address for one in plan.watchers if one.own}
    there = read_alarms_named(region, list(planned))
    tags = tags_of(region, [one["AlarmArn"] for one in there], "AlarmKey")
    found = {}
    for alarm in there:
        address = AlarmAddress.from_tags(tags[alarm["AlarmArn"]])
        if address != planned[alarm["AlarmName"]]:
            tagged = f"is tagged as {address}" if address.rule else "has none of its tags"
            found[alarm["AlarmName"]] = tagged
    return found


def _alarm(plan: Planned, watcher: Watcher, seen: _Seen) -> VerifiedAlarm:
    assert watcher.own is not None
    return VerifiedAlarm(
        address=watcher.own.address,
        name=watcher.name,
        region=plan.region,
        exists=_exists(plan, watcher, seen),
        data=_data(plan, watcher, seen),
        notified=_notified(plan, watcher, seen),
        free=_free(watcher, seen),
    )


def _exists(plan: Planned, watcher: Watcher, seen: _Seen) -> Answer:
    groups = plan.groups_of(watcher)
    if groups:
        return Answer.worst(_group_exists(group, seen) for group in groups)
    return Answer.worst(
        [
            *(
                missing(f"there is no {one.subject}{f': {one.hint}' if one.hint else ''}")
                for one in missing_of(watcher, seen.inventory)
            ),
            *(
                unknown(f"{part} {_NOT_LOOKED_AT}")
                for namespace in {metric.namespace for metric in watcher.metrics}
                for part, read in _PARTS.get(namespace, {}).items()
                if read(seen.inventory) is None
            ),
        ]
    )


def _group_exists(group: PlannedGroup, seen: _Seen) -> Answer:
    if seen.groups is None:
        return unknown(f"log group {group.name} {_NOT_LOOKED_AT}")
    if group.name in seen.groups:
        return FOUND
    if group.is_own:
        return note(f"log group {group.name} will be made")
    return missing(f"there is no log group {group.name}")


def _data(plan: Planned, watcher: Watcher, seen: _Seen) -> Answer:
    assert watcher.own is not None
    if watcher.own.is_composite:
        return FOUND
    if all(map(plan.is_made, watcher.metrics)):
        return note("made by what the stack itself deploys")
    if seen.known is None:
        return unknown(f"which metrics have data {_NOT_LOOKED_AT}")
    unseen = [
        stat
        for stat in watcher.reads
        if not plan.is_made(stat.metric)
        and stat.metric.dimensions not in _known(seen.known, stat.metric)
    ]
    if unseen and is_normal(watcher.own, unseen):
        return note("none in two weeks, which is normal for a count of what went wrong")
    metrics = dict.fromkeys(stat.metric for stat in unseen)
    return Answer.worst(missing(_no_data(metric, seen.known)) for metric in metrics)


def _known(known: KnownMetrics, metric: MetricKey) -> frozenset[Any]:
    return known.get((metric.namespace, metric.name), frozenset())


def _no_data(metric: MetricKey, known: KnownMetrics) -> str:
    words = f"{metric.namespace} {metric.name} ({shown(metric.dimensions)}) had none in two weeks"
    near = nearest(metric.dimensions, _known(known, metric))
    if not near:
        return words
    return f"{words}; there is some for {listed(f'({shown(one)})' for one in near)}"


def _notified(plan: Planned, watcher: Watcher, seen: _Seen) -> Answer:
    assert watcher.own is not None
    return Answer.worst(
        _obstacle(plan, one) for one in seen.obstacles if watcher.own.address in one.alarms
    )


def _obstacle(plan: Planned, obstacle: Obstacle) -> Answer:
    words = obstacle.message
    if obstacle.kind is ObstacleKind.NOT_CHECKED:
        return unknown(words)
    if obstacle.kind is ObstacleKind.SUBSCRIPTION_PENDING:
        return note(words)
    if obstacle.kind is ObstacleKind.TOPIC_GONE and obstacle.subject in plan.own_topics:
        name = obstacle.subject.rpartition(":")[2]
        return note(f"topic {name} will be made; its subscribers must confirm before they hear")
    return missing(words)


def _free(watcher: Watcher, seen: _Seen) -> Answer:
    if seen.taken is None:
        return unknown(f"alarms of the same names {_NOT_LOOKED_AT}")
    if watcher.name in seen.taken:
        return missing(
            f"an alarm {watcher.name} is there, {seen.taken[watcher.name]} and would be overwritten"
        )
    return FOUND


def _things(
    region: Region, logs: Any, plan: Planned, seen: _Seen, attempts: Attempts
) -> Iterator[VerifiedThing]:
    def thing(what: str, answer: Answer) -> VerifiedThing:
        return VerifiedThing(what=what, region=plan.region, answer=answer)

    for group in plan.groups:
        lines = None
        exists = _group_exists(group, seen)
        if seen.groups is not None and group.name in seen.groups:
            lines = read_latest_lines(logs, group.name, attempts)
            exists = _of_lines(group, lines)
        yield thing(f"log group {group.name}", exists)
        for one, answer in filter_answers(group, lines or ()) if lines else ():
            yield thing(f"filter {one.name}", answer)
    for name, body in plan.dashboards.items():
        yield thing(f"dashboard {name}", _dashboard(region, name, body, attempts))
    for arn in plan.queues:
        yield thing(f"queue {arn}", _queue(region, arn, attempts))


def _of_lines(group: PlannedGroup, lines: Sequence[str] | None) -> Answer:
    seen = unknown(f"its lines {_NOT_LOOKED_AT}") if lines is None else group_answer(group, lines)
    if not group.is_own:
        return seen
    there = note(
        "it exists: where this stack has not deployed it yet, import it first (docs/deploying.md)"
    )
    return Answer.worst((seen, there))


def _dashboard(region: Region, name: str, body: str, attempts: Attempts) -> Answer:
    """Whether a dashboard of the name is somebody else's.

    A dashboard says nowhere whose it is, so that its widgets have to: one that shares no title
    with what would be deployed was not made by this stack.
    """
    there = _asked(
        attempts,
        f"dashboard {name}",
        lambda: region.cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"],
        gone=("ResourceNotFound", "DashboardNotFoundError"),
    )
    if there is None:
        return unknown(f"it {_NOT_LOOKED_AT}")
    if not there or _titles(there) & _titles(body):
        return FOUND
    return missing("one of that name is there, has other widgets, and would be overwritten")


def _titles(body: str) -> set[str]:
    try:
        widgets = json.loads(body).get("widgets", ())
    except ValueError:
        return set()
    return {str(title) for one in widgets if (title := one.get("properties", {}).get("title"))}


def _queue(region: Region, arn: str, attempts: Attempts) -> Answer:
    _, _, _, of_region, owner, name = arn.split(":", 5)
    if of_region != region.name:
        return note(f"it is in {of_region}, and was not looked at")
    there = _asked(
        attempts,
        f"queue {name}",
        lambda: region.sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"],
        gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    )
    if there is None:
        return unknown(f"it {_NOT_LOOKED_AT}")
    return FOUND if there else missing("there is no such queue")


def _asked(
    attempts: Attempts, what: str, ask: Callable[[], str], *, gone: Sequence[str]
) -> str | None:
    """What AWS answers; empty where there is no such thing, ``None`` where it does not tell."""

    def asking() -> str:
        try:
            return ask()
        except AWS_ERRORS as error:
            if error_code(error) in gone:
                return ""
            raise

    return attempts.of(what, asking)
