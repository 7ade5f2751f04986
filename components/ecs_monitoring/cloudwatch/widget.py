"""Dashboard widgets as values, in CloudWatch's dashboard body language.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, NoThreshold, Severity
from ecs_monitoring.cloudwatch.units import format_number

GRAPH_WIDTH: Final = 12
"""Columns: two graphs side by side fill a dashboard's 24."""

GRAPH_HEIGHT: Final = 6
"""Rows of a graph."""

GRAPH_PERIOD: Final = 300
"""Seconds a graph's datapoint covers."""

# The first of CloudWatch's own chart colours that reads as "stop", and as "careful".
_SEVERITY_COLOURS: Final = {Severity.CRITICAL: "#d62728", Severity.WARNING: "#ff7f0e"}


# What a search term in double quotes must escape, by the page that ``search`` names.
_SEARCH_SPECIAL: Final = re.compile(r'["\\()]')
_ESCAPED: Final = r"\\\g<0>"

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Widget:
    """One rectangle on a dashboard, not yet placed.

    Attributes:
        type: ``metric``, ``text``, ``alarm`` or ``log``.
        width: columns, 1 to 24.
        height: rows.
        properties: the widget's own part of the dashboard body.
        metric_count: metrics that it draws (dashboards have a limit on their sum).
        regional: whether the dashboard fills in the stack's region.
    """

    type: str
    width: int = GRAPH_WIDTH
    height: int = GRAPH_HEIGHT
    properties: Mapping[str, Any]
    metric_count: int = 0
    regional: bool = False


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


def graphs(
    title: str,
    lines: Sequence[Line],
    *,
    rules: Iterable[AlarmRule] = (),
    axis: str = "",
    scale: float = 1.0,
    region: str = "",
) -> tuple[Widget, ...]:
    """One graph of all lines, with the thresholds of the rules drawn on it.

    More lines than a graph may hold are spread over several graphs, titled in order.

    Args:
        title: the graph's title.
        lines: what to draw; nothing gives no graph.
        rules: alarms on these lines; each distinct threshold becomes one horizontal line.
        axis: label of the left axis; empty keeps CloudWatch's own units.
        scale: what thresholds are divided by to be in the axis's unit.
        region: the metrics' region where it is not the stack's.
    """
    annotations = threshold_annotations(rules, scale)
    # A line with a formula holds hidden metrics and the expression.
    room = limits.METRICS_PER_WIDGET // max((2 + len(line.others) for line in lines), default=1)
    return tuple(
        _graph(chunk_title, chunk, annotations, axis, region)
        for chunk_title, chunk in _chunked(title, lines, room)
    )


def _chunked(title: str, items: Sequence[T], room: int) -> Iterator[tuple[str, Sequence[T]]]:
    """The items in chunks that a widget has room for, titled in order where there are several."""
    chunks = [items[start : start + room] for start in range(0, len(items), room)]
    for number, chunk in enumerate(chunks, start=1):
        yield title if len(chunks) == 1 else f"{title} ({number} of {len(chunks)})", chunk


def _graph(
    title: str, lines: Sequence[Line], annotations: list[dict[str, Any]], axis: str, region: str
) -> Widget:
    # A graph whose lines share one statistic names it once, as CloudWatch's own editor does.
    shared = lines[0].metric.statistic
    metrics: list[list[Any]] = []
    for number, line in enumerate(lines):
        metrics += _line_rows(line, number, shared)
    properties: dict[str, Any] = {
        "metrics": metrics,
        "view": "timeSeries",
        "stacked": False,
        "title": title,
        "period": GRAPH_PERIOD,
        "stat": shared,
    }
    if annotations:
        properties["annotations"] = {"horizontal": annotations}
    if axis:
        properties["yAxis"] = {"left": {"label": axis, "showUnits": False, "min": 0}}
    if region:
        properties["region"] = region
    return Widget(
        type="metric", properties=properties, metric_count=len(metrics), regional=not region
    )


def _line_rows(line: Line, number: int, shared_statistic: str) -> list[list[Any]]:
    if not line.formula:
        options = {"label": line.label} if line.label else {}
        return [_metric_row(line.metric, line, shared_statistic, options)]
    ids = {"id": f"m{number}", **{name: f"{name}{number}" for name in line.others}}
    hidden = [
        _metric_row(metric, line, shared_statistic, {"id": ids[name], "visible": False})
        for name, metric in {"id": line.metric, **line.others}.items()
    ]
    drawn = {
        "expression": line.formula.format(**ids),
        "id": f"e{number}",
        "label": line.label or line.metric.name,
    }
    return [*hidden, [drawn]]


def _metric_row(
    metric: Metric, line: Line, shared_statistic: str, options: Mapping[str, Any]
) -> list[Any]:
    row: list[Any] = [metric.namespace, metric.name]
    for name, value in metric.dimensions.items():
        row += [name, value]
    all_options: dict[str, Any] = {}
    if metric.statistic != shared_statistic:
        all_options["stat"] = metric.statistic
    if line.period is not None:
        all_options["period"] = line.period
    all_options |= options
    return [*row, all_options] if all_options else row


def search_graphs(title: str, searches: Sequence[str]) -> tuple[Widget, ...]:
    """Graphs whose lines are found when they are opened, such as one a route.

    Args:
        title: the graph's title.
        searches: SEARCH expressions; as many graphs as their limit demands.
    """
    return tuple(
        Widget(
            type="metric",
            properties={
                "metrics": [
                    [{"expression": expression, "id": f"s{number}", "label": ""}]
                    for number, expression in enumerate(chunk)
                ],
                "view": "timeSeries",
                "stacked": False,
                "title": chunk_title,
                "period": GRAPH_PERIOD,
            },
            metric_count=len(chunk),
            regional=True,
        )
        for chunk_title, chunk in _chunked(title, searches, limits.SEARCHES_PER_WIDGET)
    )


def search(
    namespace: str, dimensions: Sequence[str], metric: str, where: Mapping[str, str], statistic: str
) -> str:
    """A SEARCH expression for all metrics of a name with some dimensions.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
    """
    schema = ",".join((namespace, *dimensions))
    terms = " ".join(
        f'{name}="{_SEARCH_SPECIAL.sub(_ESCAPED, value)}"'
        for name, value in {"MetricName": metric, **where}.items()
    )
    return f"SEARCH('{{{schema}}} {terms}', '{statistic}', {GRAPH_PERIOD})"


def text(markdown: str, *, height: int, width: int = limits.DASHBOARD_COLUMNS) -> Widget:
    """A text widget in Markdown."""
    return Widget(type="text", width=width, height=height, properties={"markdown": markdown})


def alarm_status(title: str, arns: Sequence[str]) -> tuple[Widget, ...]:
    """The state of every alarm at a glance, in as many widgets as the limit demands."""
    return tuple(
        Widget(
            type="alarm",
            width=limits.DASHBOARD_COLUMNS,
            # Six tiles fit into a row on a wide screen; the title takes two rows.
            height=min(2 + -(-len(chunk) // 6), 12),
            properties={"title": chunk_title, "alarms": list(chunk)},
        )
        for chunk_title, chunk in _chunked(title, arns, limits.ALARMS_PER_WIDGET)
    )


def log_tables(title: str, query: str, *, groups: Sequence[str]) -> tuple[Widget, ...]:
    """A Logs Insights query as a table over the log groups, as many as their limit demands."""
    return tuple(
        Widget(
            type="log",
            width=limits.DASHBOARD_COLUMNS,
            properties={
                "query": " | ".join([*(f"SOURCE '{group}'" for group in chunk), query]),
                "title": chunk_title,
                "view": "table",
            },
            regional=True,
        )
        for chunk_title, chunk in _chunked(title, groups, limits.LOG_GROUPS_PER_QUERY)
    )


def threshold_annotations(rules: Iterable[AlarmRule], scale: float = 1.0) -> list[dict[str, Any]]:
    """Horizontal lines at the thresholds of the rules, each distinct line once.

    Rules of several targets that agree share a line; where they differ, the line names its
    target, so that a reader knows whose limit it is.
    """
    by_line: dict[tuple[str, str, str, Severity, float], list[str]] = {}
    for rule in rules:
        if isinstance(rule.threshold, NoThreshold):
            continue
        line = (rule.key, rule.comparison.sign, rule.schedule, rule.severity, rule.threshold)
        by_line.setdefault(line, []).append(rule.target)
    keys = [key for key, *_ in by_line]
    annotations = []
    for (key, sign, schedule, severity, threshold), targets in by_line.items():
        value = threshold / scale
        whose = f" {', '.join(dict.fromkeys(targets))}" if keys.count(key) > 1 else ""
        annotations.append(
            {
                "label": f"{key}{whose} {sign} {format_number(round(value, 4))} ({schedule})",
                "value": value,
                "color": _SEVERITY_COLOURS[severity],
            }
        )
    return annotations


@dataclass(frozen=True, kw_only=True)
class Section:
    """Widgets under a heading of their own."""

    title: str
    widgets: tuple[Widget, ...]


@dataclass(frozen=True, kw_only=True)
class DashboardPart:
    """What one component contributes to the dashboard.

    Attributes:
        overview: graphs for the top of the dashboard, in reading order.
        sections: headed groups below it.
    """

    overview: tuple[Widget, ...] = ()
    sections: tuple[Section, ...] = field(default=())
