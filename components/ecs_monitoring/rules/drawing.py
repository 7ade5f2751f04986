"""What the kinds' dashboards share: labels of lines, and the rules that are drawn on a graph."""

from collections.abc import Iterable, Mapping, Sized

from ecs_monitoring.catalog.metrics import Reading
from ecs_monitoring.cloudwatch.graph import Graph, Line, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules.target import Target


def drawn_on(title: str, rules: Iterable[AlarmRule]) -> tuple[AlarmRule, ...]:
    """The rules whose thresholds are drawn on a graph."""
    return tuple(rule for rule in rules if rule.graph == title)


def line_label(targets: Sized, name: str, what: str = "") -> str:
    """A line's label: the target's name only where there are several."""
    if len(targets) == 1:
        return what
    return f"{name} {what}".rstrip()


def metric_graphs(
    title: str,
    targets: Mapping[str, Target],
    readings: Mapping[Reading, str],
    rules: Iterable[AlarmRule] = (),
    *,
    axis: str = "",
) -> tuple[Graph, ...]:
    """One graph of some metrics of every target.

    Args:
        title: the graph's title.
        targets: by name.
        readings: statistic to what the legend calls it besides the target.
        rules: of which those that are drawn on this graph are.
        axis: label of the left axis.
    """
    lines = [
        Line(metric=reading.of(dimensions), label=line_label(targets, name, label))
        for name, dimensions in ((name, target.dimensions()) for name, target in targets.items())
        for reading, label in readings.items()
    ]
    return graphs(title, lines, rules=drawn_on(title, rules), axis=axis)
