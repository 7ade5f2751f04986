"""What a stack would deploy, in the forms in which the account's things are read."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self

from account.alarms import LiveAlarm
from account.coverage.watchers import Watcher, reads
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from stack.alarm_api import put_composite_alarm_request, put_metric_alarm_request
from stack.definitions import ALARM
from stack.events import EVENT_RULE
from stack.incidents import COMPOSITE
from stack.program import ProgramRun, Registration
from stack.resource_types import (
    DASHBOARD,
    HEALTH_CHECK,
    LOG_FILTER,
    LOG_GROUP,
    QUEUE,
    SLACK_CHANNEL,
    SUBSCRIPTION,
    TEAMS_CHANNEL,
    TOPIC,
)

# What the stack makes and its alarms watch, by the dimension that names it.
_DIMENSIONS: Final[Mapping[str, str]] = {
    HEALTH_CHECK: "HealthCheckId",
    TOPIC: "TopicName",
    QUEUE: "QueueName",
    EVENT_RULE: "RuleName",
}


CHANNELS: Final = {
    SLACK_CHANNEL: (EndpointKind.SLACK, "slackTeamId", "slackChannelId"),
    TEAMS_CHANNEL: (EndpointKind.TEAMS, "teamId", "channelId"),
}
"""Types of chat channels: the kind, and the inputs that name workspace and channel."""


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
class PlannedChannel:
    """A chat channel that the stack has told.

    Attributes:
        kind: Slack or Microsoft Teams.
        workspace: id of the Slack workspace, or of the team.
        channel: the channel's id.
    """

    kind: EndpointKind
    workspace: str
    channel: str

    @classmethod
    def of(cls, made: Registration) -> Self:
        """A channel as it is registered."""
        kind, workspace, channel = CHANNELS[made.type]
        return cls(kind=kind, workspace=made.inputs[workspace], channel=made.inputs[channel])

    @property
    def shown(self) -> str:
        """The channel in words."""
        if self.kind is EndpointKind.SLACK:
            return f"Slack channel {self.channel} of workspace {self.workspace}"
        return f"Microsoft Teams channel {self.channel} of team {self.workspace}"


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
        channels: of chat services.
    """

    region: str
    watchers: tuple[Watcher, ...] = ()
    groups: tuple[PlannedGroup, ...] = ()
    dashboards: Mapping[str, str] = field(default_factory=dict)
    own_topics: frozenset[str] = frozenset()
    queues: tuple[str, ...] = ()
    made: frozenset[tuple[str, str]] = frozenset()
    channels: tuple[PlannedChannel, ...] = ()

    def is_made(self, metric: MetricKey) -> bool:
        """Whether the metric's data comes from something that the stack itself makes."""
        return any(
            (counted.metric.namespace, counted.metric.name) == (metric.namespace, metric.name)
            for group in self.groups
            for counted in group.filters
        ) or any(dimension in self.made for dimension in metric.dimensions)

    def groups_of(self, watcher: Watcher) -> list[PlannedGroup]:
        """The log groups whose lines an alarm counts."""
        names = {(metric.namespace, metric.name) for metric in watcher.metrics}
        return [
            group
            for group in self.groups
            if any((f.metric.namespace, f.metric.name) in names for f in group.filters)
        ]


def planned(run: ProgramRun, home: str) -> list[Planned]:
    """What a run registered, by region; the stack's own region first.

    Args:
        run: of the program, with the account that is asked.
        home: the region of the stack's config.
    """
    by_region: dict[str, list[Registration]] = defaultdict(list)
    by_region[home] = []
    for registration in run.registrations:
        if registration.custom:
            by_region[registration.inputs.get("region") or home].append(registration)
    # Route 53 is in no region, and its metrics are in one.
    checks = {_dimension_of(check) for check in run.of_type(HEALTH_CHECK)}
    return [_in_region(region, of_region, checks) for region, of_region in by_region.items()]


def _dimension_of(made: Registration) -> tuple[str, str]:
    """The dimension, name and value, of the metrics of a thing that the stack makes."""
    dimension = _DIMENSIONS[made.type]
    # A placeholder for the id, as the run's own stand-in for AWS gives it.
    return dimension, f"{made.name}-id" if made.type == HEALTH_CHECK else str(made.inputs["name"])


def _in_region(
    region: str, registrations: list[Registration], checks: Collection[tuple[str, str]]
) -> Planned:
    def of(type_: str) -> list[Registration]:
        return [made for made in registrations if made.type == type_]

    alarms = [planned_alarm(made, region) for made in (*of(ALARM), *of(COMPOSITE))]
    own_arns = {made.arn for made in registrations}
    told = (s.inputs["endpoint"] for s in of(SUBSCRIPTION) if s.inputs["protocol"] == "sqs")
    return Planned(
        region=region,
        watchers=tuple(
            Watcher(name=alarm.name, own=alarm, reads=reads(alarm.raw))
            for alarm in sorted(alarms, key=lambda alarm: alarm.address)
        ),
        groups=tuple(_groups(of(LOG_FILTER), {group.inputs["name"] for group in of(LOG_GROUP)})),
        dashboards={
            made.inputs["dashboardName"]: str(made.inputs["dashboardBody"])
            for made in of(DASHBOARD)
        },
        own_topics=frozenset(topic.arn for topic in of(TOPIC)),
        queues=tuple(dict.fromkeys(str(arn) for arn in told if str(arn) not in own_arns)),
        made=frozenset(
            (*checks, *(_dimension_of(m) for m in registrations if m.type in _DIMENSIONS))
        ),
        channels=tuple(PlannedChannel.of(made) for type_ in CHANNELS for made in of(type_)),
    )


def planned_alarm(made: Registration, region: str) -> LiveAlarm:
    """A metric or composite alarm as it would be read back once it is deployed.

    Args:
        made: its registration.
        region: where it would be; empty where its provider decides.
    """
    is_composite = made.type == COMPOSITE
    request = put_composite_alarm_request if is_composite else put_metric_alarm_request
    described = {
        **request(made.inputs),
        "AlarmArn": made.arn,
        # A new alarm begins in this state:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        "StateValue": AlarmState.INSUFFICIENT_DATA,
        "StateUpdatedTimestamp": datetime.now(UTC),
    }
    return LiveAlarm.described(described, made.inputs.get("tags", {}), region)


def _groups(filters: list[Registration], own: set[str]) -> Iterator[PlannedGroup]:
    by_group: dict[str, list[PlannedFilter]] = defaultdict(list)
    for made in filters:
        feeds = made.inputs["metricTransformation"]
        metric = MetricKey(namespace=feeds["namespace"], name=feeds["name"])
        by_group[made.inputs["logGroupName"]].append(
            PlannedFilter(name=made.inputs["name"], metric=metric, pattern=made.inputs["pattern"])
        )
    for name, planned_filters in sorted(by_group.items()):
        yield PlannedGroup(name=name, is_own=name in own, filters=tuple(planned_filters))
