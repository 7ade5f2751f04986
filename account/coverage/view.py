"""Everything that one region's findings follow from, as read from AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from account.alarms import LiveAlarm
from account.coverage.declared import Declared
from account.coverage.inventory import Inventory
from account.coverage.mute_rules import MuteRule
from account.coverage.resources import Dimensions
from account.coverage.watchers import Watcher
from account.stack import StackPlace
from account.topics import Topic
from ecs_monitoring.cloudwatch.definition import MetricKey

MetricName = tuple[str, str]
"""Namespace and name of metrics."""

KnownMetrics = Mapping[MetricName, frozenset[Dimensions]]
"""The sets of dimensions in which metrics of a name had data lately."""


@dataclass(frozen=True, kw_only=True)
class RegionView:
    """One region, as it was at one moment.

    Attributes:
        place: the stack.
        region: the region's name.
        now: when it was looked at.
        alarms: the stack's alarms there.
        watchers: every alarm of the region.
        inventory: what runs there; ``None`` where the stack has only outside checks.
        known: the metrics that had data lately; ``None`` where it could not be looked at.
        recorded: whether the archive of metric history has any record of a metric.
        topics: ARN to topic, for each topic that the stack's alarms tell.
        mute_rules: those that are active.
        declared: what the stack's settings say.
    """

    place: StackPlace
    region: str
    now: datetime
    alarms: tuple[LiveAlarm, ...]
    watchers: tuple[Watcher, ...] = ()
    inventory: Inventory | None = None
    known: KnownMetrics | None = None
    recorded: Mapping[MetricKey, bool] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    mute_rules: tuple[MuteRule, ...] = ()
    declared: Declared = field(default_factory=Declared)

    @property
    def settings_file(self) -> str:
        """The file that the stack's settings are in."""
        return f"Pulumi.{self.place.stack}.yaml"
