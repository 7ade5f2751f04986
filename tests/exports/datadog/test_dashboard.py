"""The dashboard: graphs of the metrics that Datadog has a name for, thresholds as lines."""

import json
from typing import Any

import pytest
from datadog_api_client.v1.model.dashboard import Dashboard

from ecs_monitoring.cloudwatch.graph import Graph
from exports.datadog.metrics import METRICS
from exports.datadog.writer import DASHBOARD, SYSTEM
from exports.monitoring import ItemKind
from tests.exports.datadog.grammar import read_series
from tests.exports.datadog.test_monitors import parsed, unknown_fields, unparsed
from tests.exports.stacks import monitoring


def sections() -> dict[str, list[dict[str, Any]]]:
    """Title of each group to the definitions of its widgets."""
    shown = json.loads(SYSTEM.export(monitoring(), {}).files[DASHBOARD])
    return {
        group["definition"]["title"]: [w["definition"] for w in group["definition"]["widgets"]]
        for group in shown["widgets"]
    }


@pytest.mark.slow
def test_the_official_client_knows_every_field_and_word() -> None:
    text = SYSTEM.export(monitoring(), {}).files[DASHBOARD]
    dashboard = parsed(text, Dashboard)
    assert isinstance(dashboard, Dashboard)
    assert not unparsed(dashboard)
    assert unknown_fields(dashboard) == set()
    widget = json.loads(text)
    widget["widgets"][0]["definition"]["widgets"][0]["definition"]["type"] = "timeserie"
    assert unparsed(parsed(json.dumps(widget), Dashboard))


def test_the_six_graphs_of_the_overview_come_first() -> None:
    title, shown = next(iter(sections().items()))
    assert title == "Overview"
    assert [widget["title"] for widget in shown] == [
        "ECS CPU Utilization",
        "ECS Memory Utilization",
        "ALB Response Codes",
        "ALB Response Time",
        "RDS CPU Utilization",
        "RDS Connections",
    ]


def test_thresholds_are_lines_in_their_severitys_colour() -> None:
    shown = {w["title"]: w for widgets in sections().values() for w in widgets}
    assert shown["ECS CPU Utilization"]["markers"] == [
        {
            "value": "y = 80",
            "display_type": "warning dashed",
            "label": "ecs.cpu-high@web (1 of 1 x 300 s)",
        }
    ]
    assert [m["display_type"] for m in shown["ALB Errors"]["markers"]] == ["error dashed"] * 2


def test_a_graph_in_gib_has_lines_and_threshold_in_gib() -> None:
    """10 % of 100 GiB."""
    shown = {w["title"]: w for widgets in sections().values() for w in widgets}
    storage = shown["RDS Free Storage"]
    assert storage["requests"][0]["formulas"][0]["formula"] == "query1 / 1073741824"
    assert storage["markers"][0]["value"] == "y = 10"


def test_each_line_is_a_metric_of_the_graph() -> None:
    graphs = {p.panel.title: p.panel for p in monitoring().panels if isinstance(p.panel, Graph)}
    for widgets in sections().values():
        for widget in widgets:
            lines = [
                line
                for line in graphs[widget["title"]].lines
                if (line.metric.namespace, line.metric.name, line.metric.statistic) in METRICS
            ]
            assert len(widget["requests"]) == len(lines)
            for request, line in zip(widget["requests"], lines, strict=True):
                (query,) = request["queries"]
                (asked,) = read_series(query["query"])
                key = (line.metric.namespace, line.metric.name, line.metric.statistic)
                assert asked.name == METRICS[key].name


def test_graphs_that_nothing_is_known_of_are_left_out_with_the_reason() -> None:
    export = SYSTEM.export(monitoring(), {})
    reasons = {o.item.name: o.reason for o in export.left_out if o.item.kind is ItemKind.GRAPH}
    assert "none of Django/API" in reasons["Application / Status classes"]
    assert "found by a search" in reasons["Application / User actions"]
    assert "Overview / RDS Connections" not in reasons
