"""What a stack would deploy, in the forms in which the account's things are read."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from account.alarms import LiveAlarm
from account.coverage.watchers import Watcher, reads
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey
from stack.alarm_api import put_composite_alarm_request, put_metric_alarm_request
from stack.definitions import ALARM
from stack.events import EVENT_RULE
from stack.incidents import COMPOSITE
from stack.program import ProgramRun, Registration

_DASHBOARD: Final = "aws:cloudwatch/dashboard:Dashboard"
_FILTER: Final = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_TOPIC: Final = "aws:sns/topic:Topic"
_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
_QUEUE: Final = "aws:sqs/queue:Queue"
_HEALTH_CHECK: Final = "aws:route53/healthCheck:HealthCheck"

# What the stack makes and its alarms watch, by the dimension that names it.
_DIMENSIONS: Final[Mapping[str, str]] = {
    _HEALTH_CHECK: "HealthCheckId",
    _TOPIC: "TopicName",
    _QUEUE: "QueueName",
    EVENT_RULE: "RuleName",
}


@dataclass(frozen=True, kw_only=True)
class PlannedFilter:
    """A metric filter that the stack has.

    Attributes:
        name: in CloudWatch Logs.
        metric: what it counts into.
        pattern: as it is written.
    """

    name: str
    metric: MetricKey
    pattern: str


@dataclass(frozen=True, kw_only=True)
class PlannedGroup:
    """A log group that the stack's filters are on.

    Attributes:
        name: the group's.
        is_own: whether the stack makes it.
        filters: on it.
    """

    name: str
    is_own: bool
    filters: tuple[PlannedFilter, ...]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a stack would have in one region.

    Attributes:
        region: the region's name.
        watchers: each alarm with what it reads, by address.
        groups: by name.
        dashboards: name to body.
        own_topics: ARNs of the topics that the stack makes.
        queues: ARNs of queues that are somebody else's, and that its topics tell.
        made: dimensions, name and value, that name what the stack itself makes, so that there is
            no data before it is deployed: a health check, a topic, a queue, a rule of EventBridge.
    """

    region: str
    watchers: tuple[Watcher, ...] = ()
    groups: tuple[PlannedGroup, ...] = ()
    dashboards: Mapping[str, str] = field(default_factory=dict)
    own_topics: frozenset[str] = frozenset()
    queues: tuple[str, ...] = ()
    made: frozenset[tuple[str, str]] = frozenset()

    def is_made(self, metric: MetricKey) -> bool:
        """Whether the metric's data comes from something that the stack itself makes."""
        return any(
            (one.metric.namespace, one.metric.name) == (metric.namespace, metric.name)
            for group in self.groups
            for one in group.filters
        ) or any(one in self.made for one in metric.dimensions)

    def groups_of(self, watcher: Watcher) -> list[PlannedGroup]:
        """The log groups whose lines an alarm counts."""
        names = {(one.namespace, one.name) for one in watcher.metrics}
        return [
            group
            for group in self.groups
            if any((one.metric.namespace, one.metric.name) in names for one in group.filters)
        ]


def planned(run: ProgramRun, home: str) -> list[Planned]:
    """What a run registered, by region; the stack's own region first.

    Args:
        run: of the program, with the account that is asked.
        home: the region of the stack's config.
    """
    by_region: dict[str, list[Registration]] = defaultdict(list)
    by_region[home] = []
    for one in run.registrations:
        if one.custom:
            by_region[one.inputs.get("region") or home].append(one)
    # Route 53 is in no region, and its metrics are in one.
    checks = {_dimension_of(one) for one in run.of_type(_HEALTH_CHECK)}
    return [_in_region(region, found, checks) for region, found in by_region.items()]


def _dimension_of(made: Registration) -> tuple[str, str]:
    """The dimension, name and value, of the metrics of a thing that the stack makes."""
    dimension = _DIMENSIONS[made.type]
    # A placeholder for the id, as the run's own stand-in for AWS gives it.
    return dimension, f"{made.name}-id" if made.type == _HEALTH_CHECK else str(made.inputs["name"])


def _in_region(
    region: str, found: list[Registration], checks: Collection[tuple[str, str]]
) -> Planned:
    def of(type_: str) -> list[Registration]:
        return [one for one in found if one.type == type_]

    alarms = (*of(ALARM), *of(COMPOSITE))
    watchers = sorted(map(_watcher(region), alarms), key=lambda one: one.shown)
    own_queues = {one.arn for one in found}
    return Planned(
        region=region,
        watchers=tuple(watchers),
        groups=tuple(_groups(of(_FILTER), {one.inputs["name"] for one in of(_GROUP)})),
        dashboards={
            one.inputs["dashboardName"]: str(one.inputs["dashboardBody"]) for one in of(_DASHBOARD)
        },
        own_topics=frozenset(one.arn for one in of(_TOPIC)),
        queues=tuple(
            dict.fromkeys(
                endpoint
                for one in of(_SUBSCRIPTION)
                if one.inputs["protocol"] == "sqs"
                and (endpoint := str(one.inputs["endpoint"])) not in own_queues
            )
        ),
        made=frozenset(
            (*checks, *(_dimension_of(one) for one in found if one.type in _DIMENSIONS))
        ),
    )


def _watcher(region: str) -> Any:
    def of(one: Registration) -> Watcher:
        # A new alarm begins in this state:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        request = put_composite_alarm_request if one.type == COMPOSITE else put_metric_alarm_request
        described = {
            **request(one.inputs),
            "AlarmArn": one.arn,
            "StateValue": AlarmState.INSUFFICIENT_DATA,
            "StateUpdatedTimestamp": datetime.now(UTC),
        }
        alarm = LiveAlarm.described(described, one.inputs.get("tags", {}), region)
        return Watcher(name=alarm.name, own=alarm, reads=reads(described))

    return of


def _groups(filters: list[Registration], own: set[str]) -> Iterator[PlannedGroup]:
    by_group: dict[str, list[PlannedFilter]] = defaultdict(list)
    for one in filters:
        feeds = one.inputs["metricTransformation"]
        by_group[one.inputs["logGroupName"]].append(
            PlannedFilter(
                name=one.inputs["name"],
                metric=MetricKey(
                    namespace=feeds["namespace"], name=feeds["name"], dimensions=frozenset()
                ),
                pattern=one.inputs["pattern"],
            )
        )
    for name, found in sorted(by_group.items()):
        yield PlannedGroup(name=name, is_own=name in own, filters=tuple(found))
