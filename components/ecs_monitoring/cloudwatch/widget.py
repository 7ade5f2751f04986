"""Writes panels as widgets of CloudWatch's dashboard body language.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.graph import (
    GRAPH_PERIOD,
    AlarmStatus,
    Graph,
    Line,
    LogTable,
    Panel,
    Search,
    SearchGraph,
    Text,
    Threshold,
)
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.cloudwatch.units import format_number

GRAPH_WIDTH: Final = 12
"""Columns: two graphs side by side fill a dashboard's 24."""

GRAPH_HEIGHT: Final = 6
"""Rows of a graph."""

# The first of CloudWatch's own chart colours that reads as "stop", and as "careful".
SEVERITY_COLOURS: Final = {Severity.CRITICAL: "#d62728", Severity.WARNING: "#ff7f0e"}
"""In which colour a threshold is drawn."""


# What a search term in double quotes must escape:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
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


def widgets(panel: Panel) -> tuple[Widget, ...]:
    """A panel as CloudWatch shows it: as many widgets as the limits of one demand."""
    match panel:
        case Graph():
            return _graph_widgets(panel)
        case SearchGraph():
            return _search_widgets(panel)
        case LogTable():
            return _log_widgets(panel)
        case AlarmStatus():
            return _alarm_widgets(panel)
        case Text():
            return (
                Widget(
                    type="text",
                    width=panel.width,
                    height=panel.height,
                    properties={"markdown": panel.markdown},
                ),
            )


def _chunked(title: str, items: Sequence[T], room: int) -> Iterator[tuple[str, Sequence[T]]]:
    """The items in chunks that a widget has room for, titled in order where there are several."""
    chunks = [items[start : start + room] for start in range(0, len(items), room)]
    for number, chunk in enumerate(chunks, start=1):
        yield title if len(chunks) == 1 else f"{title} ({number} of {len(chunks)})", chunk


def _graph_widgets(graph: Graph) -> tuple[Widget, ...]:
    # A line with a formula holds hidden metrics and the expression.
    room = limits.METRICS_PER_WIDGET // max(2 + len(line.others) for line in graph.lines)
    annotations = _annotations(graph.thresholds)
    return tuple(
        _graph_widget(title, lines, annotations, graph)
        for title, lines in _chunked(graph.title, graph.lines, room)
    )


def _graph_widget(
    title: str, lines: Sequence[Line], annotations: list[dict[str, Any]], graph: Graph
) -> Widget:
    # A graph whose lines share one statistic names it once, as CloudWatch's own editor does.
    shared = lines[0].metric.statistic
    metrics: list[list[Any]] = []
    for number, line in enumerate(lines):
        metrics += _line_rows(line, number, shared)
    properties = {**_graph_properties(title, metrics, graph.period), "stat": shared}
    if annotations:
        properties["annotations"] = {"horizontal": annotations}
    if graph.unit:
        properties["yAxis"] = {"left": {"label": graph.unit, "showUnits": False, "min": 0}}
    if graph.region:
        properties["region"] = graph.region
    if graph.days:
        # Without an end it goes to the current time.
        properties["start"] = f"-P{graph.days}D"
    return Widget(
        type="metric",
        properties=properties,
        metric_count=len(metrics),
        regional=not graph.region,
    )


def _graph_properties(title: str, metrics: list[list[Any]], period: int) -> dict[str, Any]:
    return {
        "metrics": metrics,
        "view": "timeSeries",
        "stacked": False,
        "title": title,
        "period": period,
    }


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


def _annotations(lines: Sequence[Threshold]) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": line.value, "color": SEVERITY_COLOURS[line.severity]}
        for line, label in zip(lines, threshold_labels(lines), strict=True)
    ]


def threshold_labels(lines: Sequence[Threshold]) -> list[str]:
    """What each threshold is called; where a rule has several, each names its targets.

    So a reader knows whose limit it is.
    """
    keys = [line.key for line in lines]
    labels = []
    for line in lines:
        whose = f" {', '.join(line.targets)}" if keys.count(line.key) > 1 else ""
        value = format_number(round(line.value, 4))
        labels.append(f"{line.key}{whose} {line.comparison.sign} {value} ({line.schedule})")
    return labels


def _search_widgets(graph: SearchGraph) -> tuple[Widget, ...]:
    return tuple(
        Widget(
            type="metric",
            properties=_graph_properties(
                title,
                [
                    [{"expression": search_expression(search), "id": f"s{number}", "label": ""}]
                    for number, search in enumerate(searches)
                ],
                GRAPH_PERIOD,
            ),
            metric_count=len(searches),
            regional=True,
        )
        for title, searches in _chunked(graph.title, graph.searches, limits.SEARCHES_PER_WIDGET)
    )


def search_expression(search: Search, period: int = GRAPH_PERIOD) -> str:
    """A search in CloudWatch's language, of datapoints of a period in seconds.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
    """
    schema = ",".join((search.namespace, *search.dimensions))
    terms = " ".join(
        f'{name}="{_SEARCH_SPECIAL.sub(_ESCAPED, value)}"'
        for name, value in {"MetricName": search.metric, **search.where}.items()
    )
    return f"SEARCH('{{{schema}}} {terms}', '{search.statistic}', {period})"


def _log_widgets(table: LogTable) -> tuple[Widget, ...]:
    return tuple(
        Widget(
            type="log",
            width=limits.DASHBOARD_COLUMNS,
            properties={
                "query": " | ".join([*(f"SOURCE '{group}'" for group in groups), table.query]),
                "title": title,
                "view": "table",
            },
            regional=True,
        )
        for title, groups in _chunked(table.title, table.groups, limits.LOG_GROUPS_PER_QUERY)
    )


def _alarm_widgets(status: AlarmStatus) -> tuple[Widget, ...]:
    return tuple(
        Widget(
            type="alarm",
            width=limits.DASHBOARD_COLUMNS,
            # Six tiles fit into a row on a wide screen; the title takes two rows.
            height=min(2 + -(-len(arns) // 6), 12),
            properties={"title": title, "alarms": list(arns)},
        )
        for title, arns in _chunked(status.title, status.alarms, limits.ALARMS_PER_WIDGET)
    )
