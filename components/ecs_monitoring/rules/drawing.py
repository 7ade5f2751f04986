"""What the kinds' dashboards share: labels of lines, and the rules that belong on a graph."""

from collections.abc import Iterable, Mapping, Sized
from typing import Protocol

from ecs_monitoring.cloudwatch.graph import Graph, Line, graphs
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule


class Measured(Protocol):
    """A target with metrics of its own."""

    def metric(self, name: str, statistic: str) -> Metric:
        """A metric of the target."""


def with_key(rules: Iterable[AlarmRule], *keys: str) -> tuple[AlarmRule, ...]:
    """The rules with one of these alarm keys."""
    return tuple(rule for rule in rules if rule.key in keys)


def line_label(targets: Sized, name: str, what: str = "") -> str:
    """A line's label: the target's name only where there are several."""
    if len(targets) == 1:
        return what
    return f"{name} {what}".rstrip()


def metric_graphs(
    title: str,
    targets: Mapping[str, Measured],
    metrics: Mapping[str, str],
    statistic: str,
    rules: Iterable[AlarmRule] = (),
    *,
    axis: str = "",
) -> tuple[Graph, ...]:
    """One graph of some metrics of every target.

    Args:
        title: the graph's title.
        targets: by name.
        metrics: metric name to what the legend calls it besides the target.
        statistic: of all of them.
        rules: whose thresholds are drawn.
        axis: label of the left axis.
    """
    lines = [
        Line(metric=target.metric(metric, statistic), label=line_label(targets, name, label))
        for name, target in targets.items()
        for metric, label in metrics.items()
    ]
    return graphs(title, lines, rules=rules, axis=axis)
