"""What a dashboard shows, as values that know nothing of CloudWatch's dashboard language.

``widget`` writes them as CloudWatch's widgets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, NoThreshold, Severity
from ecs_monitoring.cloudwatch.value_text import text_of, value_in

GRAPH_PERIOD: Final = 300
"""Seconds a datapoint covers of a graph without an alarm."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a graph: a metric, or an expression over hidden metrics.

    Attributes:
        label: what the legend calls it; empty leaves CloudWatch's own.
        metric: the metric drawn, or the one that ``formula`` is computed from.
        formula: an expression in which ``{id}`` stands for the metric, such as ``{id} / 1024``.
        others: further metrics that the formula refers to by these names.
        period: seconds, where it differs from the graph's.
    """

    label: str = ""
    metric: Metric
    formula: str = ""
    others: Mapping[str, Metric] = field(default_factory=dict)
    period: int | None = None


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Where an alarm rule begins to breach, as a horizontal line of a graph.

    Attributes:
        key: the alarm key.
        targets: names of the targets whose rules agree on this line.
        comparison: how values compare with it while they breach.
        value: in the graph's unit.
        schedule: how long it must be breached, such as ``5 of 5 x 60 s``.
        severity: of the alarm.
        addresses: of the alarms.
    """

    key: str
    targets: tuple[str, ...]
    comparison: Comparison
    value: float
    schedule: str
    severity: Severity
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Lines over time, with the thresholds of the alarms that watch them.

    Attributes:
        title: what it is called.
        lines: any number; the first one's statistic is the graph's.
        thresholds: horizontal lines.
        unit: of the lines and thresholds; empty where the metrics' own units say it.
        region: the metrics' region where it is not the stack's.
        period: seconds that a datapoint covers; of its alarms, so that a threshold is drawn
            beside the values that are compared with it.
        days: how far it looks back, whatever the dashboard does; 0 for as far as the dashboard.
    """

    title: str
    lines: tuple[Line, ...]
    thresholds: tuple[Threshold, ...] = ()
    unit: str = ""
    region: str = ""
    period: int = GRAPH_PERIOD
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class Search:
    """All metrics of a name with some dimensions, found when a graph is opened.

    Attributes:
        namespace: of the metrics.
        dimensions: names of all dimensions that the metrics have.
        metric: the metrics' name.
        where: values that some of the dimensions must have.
        statistic: that is drawn.
    """

    namespace: str
    dimensions: tuple[str, ...]
    metric: str
    where: Mapping[str, str]
    statistic: str


@dataclass(frozen=True, kw_only=True)
class SearchGraph:
    """A graph whose lines are found when it is opened, such as one a route."""

    title: str
    searches: tuple[Search, ...]


@dataclass(frozen=True, kw_only=True)
class LogTable:
    """A Logs Insights query over log groups as a table."""

    title: str
    query: str
    groups: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AlarmStatus:
    """The state of every alarm at a glance.

    Attributes:
        title: what it is called.
        alarms: ARNs.
    """

    title: str
    alarms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """Markdown.

    Attributes:
        markdown: the text.
        height: rows of the dashboard's grid.
        width: columns of the dashboard's grid.
    """

    markdown: str
    height: int
    width: int = limits.DASHBOARD_COLUMNS


Panel = Graph | SearchGraph | LogTable | AlarmStatus | Text


@dataclass(frozen=True, kw_only=True)
class Section:
    """Panels under a heading of their own."""

    title: str
    widgets: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class DashboardPart:
    """What one component contributes to the dashboard.

    Attributes:
        overview: panels for the top of the dashboard, in reading order.
        sections: headed groups below it.
        kind: key of the kind that it shows, such as ``ecs``.
        title: what the kind is called.
        alarms: how many alarms the component has.
    """

    overview: tuple[Panel, ...] = ()
    sections: tuple[Section, ...] = ()
    kind: str = ""
    title: str = ""
    alarms: int = 0


def graphs(
    title: str,
    lines: Sequence[Line],
    *,
    rules: Iterable[AlarmRule] = (),
    axis: str = "",
    scale: float = 1.0,
    region: str = "",
) -> tuple[Graph, ...]:
    """The graph of some lines, with the thresholds of the rules; none without a line.

    Args:
        title: the graph's title.
        lines: what to draw.
        rules: alarms on these lines; each distinct threshold becomes one horizontal line.
        axis: the unit of the left axis; empty keeps CloudWatch's own units.
        scale: what thresholds are divided by to be in the axis's unit.
        region: the metrics' region where it is not the stack's.
    """
    if not lines:
        return ()
    drawn = tuple(rules)
    period = min((rule.period for rule in drawn), default=GRAPH_PERIOD)
    # Where all have the same period, it is the graph's, and no line has another.
    differing = drawn if any(rule.period != period for rule in drawn) else ()
    return (
        Graph(
            title=title,
            lines=tuple(_as_alarmed(line, differing, period) for line in lines),
            thresholds=thresholds(drawn, scale),
            unit=axis,
            region=region,
            period=period,
        ),
    )


def _as_alarmed(line: Line, rules: Sequence[AlarmRule], period: int) -> Line:
    """The line with the period of its own alarm, where that is not the graph's."""
    own = min((rule.period for rule in rules if line.metric in rule.metrics), default=period)
    wanted = own if line.period is None else line.period
    drawn = None if wanted == period else wanted
    return line if drawn == line.period else replace(line, period=drawn)


def thresholds(rules: Iterable[AlarmRule], scale: float = 1.0) -> tuple[Threshold, ...]:
    """The thresholds of the rules, each distinct one once, with the targets that agree on it.

    Args:
        rules: alarms; one whose threshold is not known has no line.
        scale: what thresholds are divided by to be in the graph's unit.
    """
    by_line: dict[tuple[str, Comparison, str, Severity, float], list[AlarmRule]] = {}
    for rule in rules:
        if isinstance(rule.threshold, NoThreshold):
            continue
        line = (rule.key, rule.comparison, rule.schedule, rule.severity, rule.threshold)
        by_line.setdefault(line, []).append(rule)
    return tuple(
        Threshold(
            key=key,
            targets=tuple(dict.fromkeys(rule.target for rule in agreeing)),
            comparison=comparison,
            value=threshold / scale,
            schedule=schedule,
            severity=severity,
            addresses=tuple(rule.address for rule in agreeing),
        )
        for (key, comparison, schedule, severity, threshold), agreeing in by_line.items()
    )


def as_json(part: DashboardPart) -> str:
    """A part as text, for whoever speaks another language than Python."""
    return text_of(part)


def from_json(text: str) -> DashboardPart:
    """A part from the text that ``as_json`` made of it.

    Raises:
        InvalidValueError: the text is no such part.
    """
    return value_in(text, DashboardPart, "no graphs of a component")
