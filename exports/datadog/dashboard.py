"""The dashboard as Datadog's API has it: a group of graphs a section, thresholds as lines.

https://docs.datadoghq.com/api/latest/dashboards/
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ecs_monitoring.cloudwatch.graph import Graph, Line, Threshold
from ecs_monitoring.cloudwatch.metric_math.syntax import (
    Node,
    Number,
    Operation,
    Reference,
    nodes,
    parse,
)
from ecs_monitoring.cloudwatch.rule import Severity
from exports.datadog.query import series_query
from exports.formula import ARITHMETIC
from exports.monitoring import PlacedPanel, StackMonitoring
from exports.result import NotCarriedError
from exports.texts import plain_number

_LINES: Final = {Severity.CRITICAL: "error dashed", Severity.WARNING: "warning dashed"}


def dashboard(
    monitoring: StackMonitoring, widgets: Mapping[str, Sequence[dict[str, Any]]]
) -> dict[str, Any]:
    """The dashboard.

    Args:
        monitoring: whose it is.
        widgets: of each section, as ``widget`` makes them.
    """
    return {
        "title": f"{monitoring.project} {monitoring.stack}",
        "description": (
            "Lines across graphs are thresholds of alarms: red wakes someone, yellow is for today."
        ),
        "layout_type": "ordered",
        "widgets": [
            {
                "definition": {
                    "type": "group",
                    "title": section,
                    "layout_type": "ordered",
                    "widgets": list(shown),
                }
            }
            for section, shown in widgets.items()
        ],
    }


def widget(placed: PlacedPanel, monitoring: StackMonitoring) -> tuple[dict[str, Any], list[str]]:
    """A graph, and how it is otherwise than on CloudWatch, a sentence each.

    Raises:
        NotCarriedError: nothing of it can be shown.
    """
    panel = placed.panel
    if not isinstance(panel, Graph):
        raise NotCarriedError(
            "its lines are found by a search, or in log lines, of which Datadog has none of the "
            "stack's"
        )
    region = panel.region or monitoring.region
    requests, reasons = [], []
    for line in panel.lines:
        try:
            requests.append(_request(line, region))
        except NotCarriedError as error:
            reasons.append(str(error))
    if not requests:
        raise NotCarriedError(reasons[0])
    definition = {
        "type": "timeseries",
        "title": panel.title,
        "show_legend": len(requests) > 1,
        "requests": requests,
        "markers": list(_markers(panel.thresholds)),
    }
    differences = [f"A line is left out: {reason}." for reason in dict.fromkeys(reasons)]
    return {"definition": definition}, differences


def _request(line: Line, region: str) -> dict[str, Any]:
    if line.others:
        raise NotCarriedError("it is computed from several metrics")
    query = series_query(line.metric, region)
    formula = {"formula": _formula(line.formula)}
    alias = {"alias": line.label} if line.label else {}
    return {
        "response_format": "timeseries",
        "display_type": "line",
        "queries": [{"data_source": "metrics", "name": "query1", "query": query}],
        "formulas": [{**formula, **alias}],
    }


def _formula(text: str) -> str:
    """A line's formula over its one metric, which in widgets here is a change of unit alone."""
    if not text:
        return "query1"
    tree = parse(text.replace("{id}", "query1"))
    if not _is_arithmetic(tree):
        raise NotCarriedError(f"it is computed by {text}, which means nothing there")
    return text.replace("{id}", "query1")


def _is_arithmetic(tree: Node) -> bool:
    return all(
        node.operator in ARITHMETIC
        if isinstance(node, Operation)
        else isinstance(node, Number | Reference)
        for node in nodes(tree)
    )


def _markers(thresholds: tuple[Threshold, ...]) -> Iterator[dict[str, str]]:
    for threshold in thresholds:
        yield {
            "value": f"y = {plain_number(threshold.value)}",
            "display_type": _LINES[threshold.severity],
            "label": f"{', '.join(threshold.addresses)} ({threshold.schedule})",
        }
