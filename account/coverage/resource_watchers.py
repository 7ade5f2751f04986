"""Who watches one thing that runs, and which of the project's rules nobody stands for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from account.coverage.advice import planned
from account.coverage.resources import Resource
from account.coverage.watchers import Watcher
from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat, metric_stat
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import LOGS
from ecs_monitoring.rules.plan import Scope


@dataclass(frozen=True, kw_only=True)
class ResourceWatchers:
    """Who watches a resource.

    Attributes:
        resource: what runs.
        own: the stack's alarms about it.
        others: others' alarms about it of which somebody is notified.
        silent: others' alarms about it that tell nobody.
        queries: alarms that ask a whole namespace of its metrics and may be about it.
    """

    resource: Resource
    own: tuple[Watcher, ...] = ()
    others: tuple[Watcher, ...] = ()
    silent: tuple[Watcher, ...] = ()
    queries: tuple[Watcher, ...] = ()

    @classmethod
    def of(cls, resource: Resource, watchers: Sequence[Watcher]) -> Self:
        """The alarms of a region that are about a resource of it."""
        about = [watcher for watcher in watchers if is_about(watcher, resource)]
        strange = [watcher for watcher in about if watcher.own is None]
        return cls(
            resource=resource,
            own=tuple(watcher for watcher in about if watcher.own is not None),
            others=tuple(watcher for watcher in strange if watcher.tells),
            silent=tuple(watcher for watcher in strange if not watcher.tells),
            queries=tuple(
                watcher
                for watcher in watchers
                if watcher.tells and resource.namespaces.intersection(watcher.queried)
            ),
        )

    @property
    def target(self) -> str:
        """The name that the stack has for the resource, by its alarms; empty for none."""
        names = (watcher.own.address.target for watcher in self.own if watcher.own)
        return min(names, default="")

    def missing(self, project: str, name: str) -> list[AlarmRule]:
        """The rules that no alarm about the resource stands for.

        One of the stack stands for the rule of its key, anybody's for a rule all of whose
        metrics it reads. What others look for in a log nobody can compare.

        Args:
            project: the Pulumi project.
            name: the resource's name as a target.
        """
        if self.resource.kind is LOGS and not self.own:
            return []
        scope = Scope(project=project, stack="any", component=self.resource.kind.key)
        keys = {watcher.own.address.key for watcher in self.own if watcher.own}
        read = [self._signals(watcher.reads) for watcher in (*self.own, *self.others)]
        return [
            rule
            for rule in planned(self.resource, scope, name)
            if rule.key not in keys and not any(_signals_of(rule) <= signals for signals in read)
        ]

    def _signals(self, reads: Sequence[MetricStat]) -> frozenset[tuple[MetricKey, bool]]:
        resource = self.resource
        return frozenset(
            _signal(
                replace(stat, metric=replace(stat.metric, dimensions=resource.dimensions))
                if stat.metric.dimensions in resource.also
                else stat
            )
            for stat in reads
        )


def is_about(watcher: Watcher, resource: Resource) -> bool:
    """Whether an alarm watches a resource: it reads a metric with the resource's dimensions.

    For a log group it reads a metric that one of the group's filters feeds, or the group itself.
    """
    if resource.kind is LOGS:
        return resource.id in watcher.log_groups or any(
            (metric.namespace, metric.name) in resource.fed for metric in watcher.metrics
        )
    return any(
        metric.namespace in resource.namespaces
        and (resource.dimensions <= metric.dimensions or metric.dimensions in resource.also)
        for metric in watcher.metrics
    )


def _signals_of(rule: AlarmRule) -> frozenset[tuple[MetricKey, bool]]:
    return frozenset(_signal(metric_stat(metric)) for metric in rule.metrics)


def _signal(stat: MetricStat) -> tuple[MetricKey, bool]:
    """What is read, apart from how it is averaged; how many samples there are is another thing."""
    return stat.metric, stat.statistic == "SampleCount"
