"""Log groups: metric filters for patterns that mean trouble, and an alarm on each."""

from dataclasses import dataclass
from typing import Optional, cast

import pulumi
from pulumi_aws import cloudwatch as aws_cloudwatch

from ecs_monitoring.args import as_args
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs
from ecs_monitoring.rules import LOGS
from ecs_monitoring.rules.log_concerns import LogFormat
from ecs_monitoring.rules.log_target import LogTarget
from ecs_monitoring.rules.logs import log_concerns, log_filter
from ecs_monitoring.watched import Watched


@dataclass(frozen=True, kw_only=True)
class ExtraPatternArgs:
    """A pattern of one's own, with its alarm."""

    pattern: str
    """A CloudWatch Logs filter pattern."""

    threshold: Optional[float] = None
    """Matching events in five minutes from which the alarm is on; 1 if left out."""

    severity: Optional[Severity] = None
    """Warning if left out."""


@dataclass(frozen=True, kw_only=True)
class LogTargetArgs:
    """A log group."""

    group: pulumi.Input[str]
    """Its name, or its ARN."""

    format: Optional[LogFormat] = None
    """How its lines are written; text if left out."""

    patterns: Optional[dict[str, ExtraPatternArgs]] = None
    """Further patterns by name."""

    built_in: Optional[dict[str, str]] = None
    """Built-in patterns that are replaced, by name, such as errors."""

    retention_days: Optional[int] = None
    """Days to keep events; makes the group this component's own."""


@dataclass(frozen=True, kw_only=True)
class LogMonitoringArgs(MonitoringArgs):
    """What a LogMonitoring watches and whom it tells."""

    targets: dict[str, LogTargetArgs]
    """Name to log group; the name becomes part of each alarm's name."""


class LogMonitoring(Monitoring, kind=LOGS):
    """Metric filters on log groups, and an alarm on each."""

    def __init__(
        self,
        name: str,
        args: LogMonitoringArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register a metric filter and an alarm for each pattern of each log group.

        Args:
            name: the component's name.
            args: log groups, routing and overrides.
            opts: the component's options.

        Raises:
            InvalidArgsError: arguments that CloudWatch would refuse.
        """
        checked = as_args(LogMonitoringArgs, args, f"LogMonitoring {name!r}")
        super().__init__(name, checked, opts)
        for target, watched in self.targets.items():
            group = self._group(f"{name}.{target}", watched, checked.tags)
            self._filters(name, target, watched, group)
        self.finish()

    def _group(
        self,
        name: str,
        watched: Watched,
        tags: Optional[dict[str, pulumi.Input[str]]],
    ) -> pulumi.Input[str]:
        """The log group's name; of the group itself where it is this component's own."""
        assert isinstance(watched.target, LogTarget)
        named: pulumi.Input[str] = watched.target.group
        if watched.resolved is not None:
            named = watched.resolved.apply(lambda resolved: cast(LogTarget, resolved[0]).group)
        if watched.target.retention_days is None:
            return named
        group = aws_cloudwatch.LogGroup(
            name,
            name=named,
            retention_in_days=watched.target.retention_days,
            # The log outlives its monitoring.
            skip_destroy=True,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return group.name

    def _filters(self, name: str, target: str, watched: Watched, group: pulumi.Input[str]) -> None:
        assert isinstance(watched.target, LogTarget)
        alarmed = {rule.key for rule in watched.plan.rules}
        for concern in log_concerns(watched.target):
            # A filter whose alarm is switched off would only cost money.
            if concern.key not in alarmed:
                continue
            metric_filter = log_filter(self.scope, target, watched.target, concern)
            aws_cloudwatch.LogMetricFilter(
                f"{name}.{target}.{concern.name}",
                name=metric_filter.name,
                log_group_name=group,
                pattern=metric_filter.pattern,
                metric_transformation={
                    "name": metric_filter.events.name,
                    "namespace": metric_filter.events.namespace,
                    "value": "1",
                    "default_value": "0",
                    "unit": "Count",
                },
                opts=pulumi.ResourceOptions(parent=self),
            )
