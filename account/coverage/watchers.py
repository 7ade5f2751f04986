"""Every alarm of a region as what it watches, and whether anybody is notified of it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from account.alarms import LiveAlarm
from account.composites import children_of
from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat
from ecs_monitoring.cloudwatch.described import metric_key

# Actions that change capacity or machines and tell nobody:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
# The alarms of target tracking have nothing but the first:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
_SILENT_ACTIONS: Final = ("autoscaling", "automate", "swf")

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
_QUERY: Final = re.compile(
    r'\s*SELECT\b.*?\bFROM\s+(?:SCHEMA\s*\(\s*)?"?(?P<namespace>[^",)\s]+)',
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Watcher:
    """One alarm.

    Attributes:
        name: in CloudWatch.
        own: the alarm as the stack's; ``None`` for anybody else's.
        reads: the statistics of metrics that it reads.
        queried: namespaces that it asks by a Metrics Insights query, whose metrics nobody can
            tell from the query alone.
        log_groups: that a log alarm reads.
        tells: whether somebody is told when it goes off, by itself or by a composite alarm.
    """

    name: str
    own: LiveAlarm | None = None
    reads: tuple[MetricStat, ...] = ()
    queried: tuple[str, ...] = ()
    log_groups: tuple[str, ...] = ()
    tells: bool = True

    @cached_property
    def metrics(self) -> frozenset[MetricKey]:
        """The metrics that it reads."""
        return frozenset(stat.metric for stat in self.reads)

    @property
    def shown(self) -> str:
        """The stack's alarms by address, others by name."""
        return self.own.address if self.own else self.name


def watchers(alarms: Sequence[Mapping[str, Any]], own: Iterable[LiveAlarm]) -> tuple[Watcher, ...]:
    """What the alarms of a region watch.

    Args:
        alarms: metric, composite and log alarms as ``DescribeAlarms`` has them.
        own: those of the stack, by name among them.
    """
    owned = {alarm.name: alarm for alarm in own}
    heard = _heard(alarms)
    return tuple(
        Watcher(
            name=alarm["AlarmName"],
            own=owned.get(alarm["AlarmName"]),
            reads=reads(alarm),
            queried=tuple(_queried(alarm)),
            log_groups=tuple(_log_groups(alarm)),
            tells=alarm["AlarmName"] in heard,
        )
        for alarm in alarms
    )


def reads(alarm: Mapping[str, Any]) -> tuple[MetricStat, ...]:
    """The statistics of metrics of its own account that an alarm reads, without repetition.

    Unlike an alarm's definition, which only fixed thresholds have, this is known of every
    metric alarm.

    Args:
        alarm: an item of ``DescribeAlarms``.
    """
    if "MetricName" in alarm:
        statistic = alarm.get("Statistic") or alarm.get("ExtendedStatistic", "")
        return (MetricStat(metric=metric_key(alarm), statistic=statistic),)
    account = alarm["AlarmArn"].split(":")[4]
    stats = (
        query["MetricStat"]
        for query in alarm.get("Metrics", ())
        if "MetricStat" in query and query.get("AccountId", account) == account
    )
    of_account = (
        MetricStat(metric=metric_key(stat["Metric"]), statistic=stat["Stat"]) for stat in stats
    )
    return tuple(dict.fromkeys(of_account))


def _queried(alarm: Mapping[str, Any]) -> Iterator[str]:
    for query in alarm.get("Metrics", ()):
        match = _QUERY.match(query.get("Expression", ""))
        if match:
            yield match["namespace"]


def _log_groups(alarm: Mapping[str, Any]) -> Iterator[str]:
    """The names of the groups, which a log alarm has by name or by ARN.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_LogAlarm.html
    """
    query = alarm.get("ScheduledQueryConfiguration", {})
    for group in query.get("LogGroupIdentifiers", ()):
        yield group.partition(":log-group:")[2].removesuffix(":*") or group


def _heard(alarms: Sequence[Mapping[str, Any]]) -> set[str]:
    """The names of the alarms that somebody is notified of.

    An alarm without actions of its own notifies somebody where a composite alarm over it is.
    """
    heard = {alarm["AlarmName"] for alarm in alarms if _tells(alarm)}
    composites = {
        alarm["AlarmName"]: children_of(alarm) or frozenset()
        for alarm in alarms
        if "AlarmRule" in alarm
    }
    before = -1
    while len(heard) != before:
        before = len(heard)
        for name, children in composites.items():
            if name in heard:
                heard |= children
    return heard


def _tells(alarm: Mapping[str, Any]) -> bool:
    services = (action.split(":")[2] for action in alarm.get("AlarmActions", ()))
    return alarm.get("ActionsEnabled", True) and any(
        service not in _SILENT_ACTIONS for service in services
    )
