"""The dashboard begins with the monitoring guide's six graphs, thresholds drawn on them."""

import re
from typing import Any, Final, NamedTuple

import pytest

from stack.program import ProgramRun
from tests.components.bodies import body_widgets, thresholds, titled
from tests.components.small import RunWith

ECS: Final = ["ServiceName", "django-app-service", "ClusterName", "django-ecs-cluster"]
ALB: Final = ["LoadBalancer", "app/django-alb/1234567890"]
RDS: Final = ["DBInstanceIdentifier", "django-db"]


class Graph(NamedTuple):
    """A graph of the guide's dashboard body, word for word, with its place there."""

    x: int
    y: int
    title: str
    stat: str
    metrics: list[list[str]]


# The guide writes "." for what a row shares with the one before it.
GUIDE: Final = (
    Graph(0, 0, "ECS CPU Utilization", "Average", [["AWS/ECS", "CPUUtilization", *ECS]]),
    Graph(12, 0, "ECS Memory Utilization", "Average", [["AWS/ECS", "MemoryUtilization", *ECS]]),
    Graph(
        0,
        6,
        "ALB Response Codes",
        "Sum",
        [
            ["AWS/ApplicationELB", "HTTPCode_Target_2XX_Count", *ALB],
            ["AWS/ApplicationELB", "HTTPCode_Target_4XX_Count", *ALB],
            ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", *ALB],
        ],
    ),
    Graph(
        12,
        6,
        "ALB Response Time",
        "Average",
        [["AWS/ApplicationELB", "TargetResponseTime", *ALB]],
    ),
    Graph(0, 12, "RDS CPU Utilization", "Average", [["AWS/RDS", "CPUUtilization", *RDS]]),
    Graph(12, 12, "RDS Connections", "Average", [["AWS/RDS", "DatabaseConnections", *RDS]]),
)


def first_graphs(run: ProgramRun) -> list[dict[str, Any]]:
    """The first six graphs, below a header without any."""
    return [widget for widget in body_widgets(run) if widget["type"] == "metric"][:6]


def test_the_six_graphs_come_first_and_in_order(stack: ProgramRun) -> None:
    titles = [graph["properties"]["title"] for graph in first_graphs(stack)]
    assert titles == [graph.title for graph in GUIDE]
    assert [widget["type"] for widget in body_widgets(stack)[:3]] == ["text", "alarm", "metric"]


def drawn_period(properties: dict[str, Any]) -> int:
    """The seconds of a datapoint that the thresholds' labels name, such as ``(3 of 5 x 60 s)``."""
    labels = [line["label"] for line in properties.get("annotations", {}).get("horizontal", [])]
    return min((int(re.findall(r"x (\d+) s\)$", label)[0]) for label in labels), default=300)


@pytest.mark.parametrize("number", range(6), ids=[graph.title for graph in GUIDE])
def test_a_graph_is_the_guides(stack: ProgramRun, number: int) -> None:
    expected, graph = GUIDE[number], first_graphs(stack)[number]
    properties = graph["properties"]
    rows = [[cell for cell in row if isinstance(cell, str)] for row in properties["metrics"]]
    assert rows == expected.metrics
    assert properties["stat"] == expected.stat
    assert properties["period"] == drawn_period(properties)
    assert properties["view"] == "timeSeries"
    assert properties["stacked"] is False
    assert properties["region"] == "ap-northeast-1"
    # No line of these graphs has a statistic or a period of its own.
    options = [cell for row in properties["metrics"] for cell in row if isinstance(cell, dict)]
    assert all(set(option) <= {"label"} for option in options)


def test_the_grid_is_the_guides_below_the_header(stack: ProgramRun) -> None:
    """Two columns of 12 x 6, from the row at which the header ends."""
    graphs = first_graphs(stack)
    header = [w for w in body_widgets(stack) if w["y"] < graphs[0]["y"]]
    top = max(widget["y"] + widget["height"] for widget in header)
    placed = [(g["x"], g["y"] - top, g["width"], g["height"]) for g in graphs]
    assert placed == [(graph.x, graph.y, 12, 6) for graph in GUIDE]


@pytest.mark.parametrize(
    ("title", "prod_line", "staging_line"),
    [
        ("ECS CPU Utilization", {"ecs.cpu-high": 80}, {"ecs.cpu-high": 90}),
        ("ECS Memory Utilization", {"ecs.memory-high": 85}, {"ecs.memory-high": 90}),
        ("ALB Response Codes", {"alb.target-5xx": 5}, {"alb.target-5xx": 20}),
        ("ALB Response Time", {"alb.latency-high": 2}, {"alb.latency-high": 5}),
        ("RDS CPU Utilization", {"rds.cpu-high": 90}, {"rds.cpu-high": 90}),
        # 80 % of 168, as the alarm has it.
        ("RDS Connections", {"rds.connections-high": 134.4}, {"rds.connections-high": 134.4}),
        ("ALB Healthy Hosts", {"alb.no-healthy-hosts": 1}, {"alb.no-healthy-hosts": 1}),
        ("ALB Unhealthy Hosts", {"alb.unhealthy-hosts": 1}, {"alb.unhealthy-hosts": 1}),
        (
            "ALB Errors",
            {"alb.elb-5xx": 5, "alb.rejected-connections": 1},
            {"alb.elb-5xx": 20, "alb.rejected-connections": 1},
        ),
        ("ALB Response Time Percentiles", {"alb.latency-p99": 5}, {"alb.latency-p99": 5}),
        # 10 % of 2 GiB and of 100 GiB, in the axis's GiB.
        ("RDS Freeable Memory", {"rds.memory-low": 0.2}, {"rds.memory-low": 0.2}),
        ("RDS Free Storage", {"rds.storage-low": 10}, {"rds.storage-low": 10}),
        ("RDS Read Latency (p90)", {"rds.read-latency": 0.02}, {"rds.read-latency": 0.02}),
        ("RDS Write Latency (p90)", {"rds.write-latency": 0.02}, {"rds.write-latency": 0.02}),
        (
            "Log events by pattern",
            {
                "logs.errors": 10,
                "logs.exceptions": 5,
                "logs.database-errors": 1,
                "logs.security": 20,
                "logs.workers-killed": 1,
            },
            {
                "logs.errors": 10,
                "logs.exceptions": 5,
                "logs.database-errors": 5,
                "logs.security": 20,
                "logs.workers-killed": 1,
            },
        ),
        ("Status classes", {"app.server-errors": 5}, {"app.server-errors": 5}),
        ("Response time (p95)", {"app.latency-p95": 2}, {"app.latency-p95": 2}),
    ],
)
def test_alarm_thresholds_are_drawn(
    prod: ProgramRun,
    staging: ProgramRun,
    title: str,
    prod_line: dict[str, float],
    staging_line: dict[str, float],
) -> None:
    assert thresholds(titled(prod, title)) == pytest.approx(prod_line)
    assert thresholds(titled(staging, title)) == pytest.approx(staging_line)


def test_a_line_says_which_alarm_it_is_and_how_much_it_matters(prod: ProgramRun) -> None:
    """Red wakes someone, orange is for today."""
    cpu = titled(prod, "ECS CPU Utilization")["properties"]["annotations"]["horizontal"]
    codes = titled(prod, "ALB Response Codes")["properties"]["annotations"]["horizontal"]
    assert cpu == [
        {"label": "ecs.cpu-high >= 80 (1 of 1 x 300 s)", "value": 80, "color": "#ff7f0e"}
    ]
    assert codes == [
        {"label": "alb.target-5xx >= 5 (1 of 1 x 60 s)", "value": 5, "color": "#d62728"}
    ]


@pytest.mark.slow
def test_lines_of_targets_that_differ_say_whose_they_are(run_with: RunWith) -> None:
    run = run_with("ecs.api={cluster: c, service: s}", "alarms={ecs.cpu-high@api: {threshold: 60}}")
    graph = titled(run, "ECS CPU Utilization")["properties"]
    assert {line["label"]: line["value"] for line in graph["annotations"]["horizontal"]} == {
        "ecs.cpu-high web >= 80 (1 of 1 x 300 s)": 80,
        "ecs.cpu-high api >= 60 (1 of 1 x 300 s)": 60,
    }
    assert [row[-1] for row in graph["metrics"]] == [{"label": "web"}, {"label": "api"}]


@pytest.mark.slow
def test_an_alarm_switched_off_is_not_drawn(run_with: RunWith) -> None:
    run = run_with("alarms={ecs.cpu-high: {enabled: false}}")
    assert thresholds(titled(run, "ECS CPU Utilization")) == {}
