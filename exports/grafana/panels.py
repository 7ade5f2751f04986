"""Panels from the values that the CloudWatch dashboard is written from."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ecs_monitoring.catalog.metrics import SHEETS, Reading
from ecs_monitoring.cloudwatch.graph import (
    Graph,
    Line,
    LogTable,
    SearchGraph,
    Threshold,
    thresholds,
)
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.cloudwatch.widget import SEVERITY_COLOURS, threshold_labels
from exports.grafana.targets import (
    Target,
    graph_targets,
    log_target,
    search_targets,
    signal_targets,
)
from exports.monitoring import ExportedRule, PlacedPanel, StackMonitoring

Panel = dict[str, Any]
"""A panel, as JSON, not yet placed."""

DATA_SOURCE: Final = {"type": "cloudwatch", "uid": "${datasource}"}
"""The data source that whoever opens the dashboard chooses."""

REGION: Final = "$region"
"""The region that the dashboard's variable holds: the stack's, unless somebody chooses another."""

# https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
_UNITS: Final = {
    Unit.PERCENT: "percent",
    Unit.SECONDS: "s",
    Unit.MILLISECONDS: "ms",
    Unit.BYTES: "bytes",
    Unit.COUNT: "short",
}
# Units that graphs name for their axis, in which they draw something else than the metric itself.
_AXES: Final = {"GiB": "gbytes", "seconds": "s", "days": "d", "%": "percent"}

_WIDTH: Final = 12
_HEIGHT: Final = 8
_FULL_WIDTH: Final = 24


def panel_of(placed: PlacedPanel, monitoring: StackMonitoring) -> Panel:
    """The panel of a graph or table of the dashboard."""
    shown = placed.panel
    if isinstance(shown, Graph):
        return _graph_panel(shown, monitoring)
    if isinstance(shown, SearchGraph):
        return _time_series(
            shown.title,
            search_targets(shown, REGION),
            unit=_shared(_unit(s.namespace, s.metric, s.statistic) for s in shown.searches),
        )
    assert isinstance(shown, LogTable), f"{placed.item} shows no data"
    return {
        "type": "table",
        "title": shown.title,
        "datasource": DATA_SOURCE,
        "gridPos": {"h": _HEIGHT, "w": _FULL_WIDTH},
        "fieldConfig": {"defaults": {}, "overrides": []},
        "targets": [log_target(shown, REGION)],
    }


def rule_panel(exported: ExportedRule, monitoring: StackMonitoring) -> Panel:
    """The panel of an alarm that no graph of the dashboard shows."""
    rule = exported.rule
    region = region_of(exported.region, monitoring)
    return _time_series(
        f"{rule.title} ({rule.address.watched})",
        signal_targets(rule.signal, rule.period, region),
        unit=_UNITS[rule.unit],
        lines=thresholds([rule]),
        monitoring=monitoring,
    )


def region_of(region: str, monitoring: StackMonitoring) -> str:
    """A region of its own where a metric has one; else the dashboard's variable."""
    return region if region and region != monitoring.region else REGION


def _graph_panel(graph: Graph, monitoring: StackMonitoring) -> Panel:
    return _time_series(
        graph.title,
        graph_targets(graph, region_of(graph.region, monitoring)),
        unit=_AXES.get(graph.unit, "short")
        if graph.unit
        else _shared(_unit_of(line) for line in graph.lines),
        axis="" if graph.unit in _AXES else graph.unit,
        lines=graph.thresholds,
        monitoring=monitoring,
    )


def _unit_of(line: Line) -> str:
    """The unit of a line; of what a formula computes nobody has said it."""
    metric = line.metric
    return "short" if line.formula else _unit(metric.namespace, metric.name, metric.statistic)


def _unit(namespace: str, name: str, statistic: str) -> str:
    """The unit of a metric's statistic, where a sheet says it."""
    sheet = SHEETS.get((namespace, name))
    return _UNITS[Reading(sheet, statistic).unit] if sheet else "short"


def _shared(units: Iterable[str]) -> str:
    """The unit that all have; plain numbers where they differ."""
    distinct = set(units)
    return distinct.pop() if len(distinct) == 1 else "short"


def _time_series(
    title: str,
    targets: list[Target],
    *,
    unit: str,
    axis: str = "",
    lines: Sequence[Threshold] = (),
    monitoring: StackMonitoring | None = None,
) -> Panel:
    rules = [rule for line in lines for rule in monitoring.rules_of(line)] if monitoring else []
    custom: dict[str, Any] = {
        "fillOpacity": 0,
        "lineWidth": 1,
        "showPoints": "auto",
        # As far as the values are not below it.
        "axisSoftMin": 0,
    }
    if lines:
        custom["thresholdsStyle"] = {"mode": "line"}
        # Grafana's axis ends where the values do, and a line beyond it is not drawn.
        custom["axisSoftMax"] = max(line.value for line in lines)
    if axis:
        custom["axisLabel"] = axis
    return {
        "type": "timeseries",
        "title": title,
        "description": "\n\n".join(_described(lines, rules)),
        "datasource": DATA_SOURCE,
        "gridPos": {"h": _HEIGHT, "w": _WIDTH},
        "fieldConfig": {
            "defaults": {
                "unit": unit,
                "custom": custom,
                "thresholds": {"mode": "absolute", "steps": _steps(lines)},
            },
            "overrides": [],
        },
        "options": {
            "legend": {
                "showLegend": True,
                "displayMode": "list",
                "placement": "bottom",
                "calcs": [],
            },
            "tooltip": {"mode": "multi", "sort": "none"},
        },
        "links": list(_links(rules)),
        "targets": targets,
    }


def _steps(lines: Sequence[Threshold]) -> list[dict[str, Any]]:
    """The thresholds as Grafana draws them: one line a value, of the graver severity."""
    colours: dict[float, str] = {}
    for line in sorted(lines, key=lambda line: line.severity is Severity.CRITICAL):
        colours[line.value] = SEVERITY_COLOURS[line.severity]
    # The first step is what lies below all others, which is no line.
    return [
        {"color": "transparent", "value": None},
        *({"color": colour, "value": value} for value, colour in sorted(colours.items())),
    ]


def _described(lines: Sequence[Threshold], rules: Sequence[ExportedRule]) -> Iterator[str]:
    """What the lines mean: Grafana draws them without a word."""
    for line, label in zip(lines, threshold_labels(lines), strict=True):
        yield f"**{line.severity.value}**: {label}"
    runbooks = dict.fromkeys(
        exported.rule.runbook for exported in rules if not is_link(exported.rule.runbook)
    )
    yield from (f"Runbook: {runbook}" for runbook in runbooks)


def _links(rules: Sequence[ExportedRule]) -> Iterator[dict[str, Any]]:
    runbooks = {exported.rule.runbook: exported.rule.key for exported in rules}
    for runbook, key in runbooks.items():
        if is_link(runbook):
            yield link(f"Runbook of {key}", runbook)
    for exported in rules:
        yield link(f"Alarm {exported.rule.address}", exported.console)


def is_link(runbook: str) -> bool:
    """Whether a runbook is a link; otherwise it is a text, or a path in a repository."""
    return runbook.startswith(("https://", "http://"))


def link(title: str, url: str) -> dict[str, Any]:
    """A link that opens in a tab of its own."""
    return {
        "type": "link",
        "title": title,
        "url": url,
        "targetBlank": True,
        "icon": "external link",
        "tooltip": "",
        "tags": [],
        "asDropdown": False,
        "includeVars": False,
        "keepTime": False,
    }
