"""The dashboard's content: the monitoring guide's six graphs, and what stands below them."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from ecs_monitoring.cloudwatch.graph import DashboardPart
from ecs_monitoring.rules import ALB, ECS, HEALTH, KINDS, LOGS, RDS
from ecs_monitoring.rules.plan import Kind
from tests.cloudwatch.written import all_panels, dashboard_body, written


class Graph(NamedTuple):
    """A graph of the guide: where it is, and what it draws."""

    x: int
    y: int
    title: str
    metrics: set[str]
    statistic: str
    period: int


GUIDE = [
    Graph(0, 0, "ECS CPU Utilization", {"CPUUtilization"}, "Average", 300),
    Graph(12, 0, "ECS Memory Utilization", {"MemoryUtilization"}, "Average", 300),
    Graph(
        *(0, 6, "ALB Response Codes"),
        {f"HTTPCode_Target_{code}_Count" for code in ("2XX", "4XX", "5XX")},
        "Sum",
        # Where an alarm is drawn that looks at minutes, so does the graph; the guide's has 300.
        60,
    ),
    Graph(12, 6, "ALB Response Time", {"TargetResponseTime"}, "Average", 300),
    Graph(0, 12, "RDS CPU Utilization", {"CPUUtilization"}, "Average", 60),
    Graph(12, 12, "RDS Connections", {"DatabaseConnections"}, "Average", 60),
]

Draw = Callable[..., DashboardPart]


def graph(part: DashboardPart, title: str) -> dict[str, Any]:
    """The properties of the one graph with this title."""
    widgets = written(all_panels(part))
    (found,) = (w.properties for w in widgets if w.properties.get("title") == title)
    return dict(found)


def thresholds(properties: dict[str, Any]) -> list[float]:
    horizontal = properties.get("annotations", {}).get("horizontal", [])
    return sorted(line["value"] for line in horizontal)


def test_the_six_graphs_of_the_guide_come_first_in_its_grid(draw: Draw) -> None:
    parts = [draw(kind) for kind in KINDS]
    placed = json.loads(dashboard_body((), parts, region="ap-northeast-1"))["widgets"][:6]
    for widget, wanted in zip(placed, GUIDE, strict=True):
        properties = widget["properties"]
        assert (widget["x"], widget["y"]) == (wanted.x, wanted.y)
        assert (widget["width"], widget["height"]) == (12, 6)
        assert properties["title"] == wanted.title
        assert {entry[1] for entry in properties["metrics"]} == wanted.metrics
        assert (properties["stat"], properties["period"]) == (wanted.statistic, wanted.period)


# Title, and the thresholds that are drawn on it, in the axis's unit.
DRAWN = [
    (ECS, "ECS CPU Utilization", [80]),
    (ECS, "ECS Memory Utilization", [85]),
    (ALB, "ALB Response Codes", [5]),
    (ALB, "ALB Response Time", [2]),
    (ALB, "ALB Healthy Hosts", [1]),
    (ALB, "ALB Unhealthy Hosts", [1]),
    (ALB, "ALB Errors", [1, 5]),
    (ALB, "ALB Response Time Percentiles", [5]),
    (RDS, "RDS CPU Utilization", [90]),
    (RDS, "RDS Connections", [160]),
    # 10 % of 2 GiB and of 100 GiB, on axes in GiB.
    (RDS, "RDS Freeable Memory", [0.2]),
    (RDS, "RDS Free Storage", [10]),
    (RDS, "RDS Read Latency (p90)", [0.02]),
    (RDS, "RDS Write Latency (p90)", [0.02]),
    (LOGS, "Log events by pattern", [1, 1, 5, 10, 20]),
    (HEALTH, "Endpoint Status", [1]),
]


@pytest.mark.parametrize(("kind", "title", "expected"), DRAWN)
def test_thresholds_are_drawn_on_the_graphs_they_watch(
    kind: Kind[Any], title: str, expected: list[float], draw: Draw
) -> None:
    assert thresholds(graph(draw(kind), title)) == pytest.approx(expected)


@pytest.mark.parametrize("insights", [True, False])
def test_running_tasks_have_no_threshold_drawn(draw: Draw, insights: bool) -> None:
    # The alarm watches how many are missing, which is not on the graph.
    drawn = draw(ECS, web={"container_insights": insights, "min_running_tasks": 3})
    assert thresholds(graph(drawn, "ECS Running Tasks")) == []


def test_running_tasks_are_counted_minute_by_minute(draw: Draw) -> None:
    # SampleCount over five minutes would be five times the number of tasks.
    counted = graph(draw(ECS, web={"container_insights": False}), "ECS Running Tasks")
    ((*_, options),) = counted["metrics"]
    assert (counted["stat"], options["period"]) == ("SampleCount", 60)


def test_memory_and_storage_are_drawn_in_gib(draw: Draw) -> None:
    properties = graph(draw(RDS), "RDS Free Storage")
    hidden, (drawn,) = properties["metrics"]
    assert hidden[-1]["visible"] is False
    assert drawn["expression"] == f"{hidden[-1]['id']} / 1073741824"
    assert properties["yAxis"]["left"]["label"] == "GiB"


def test_aurora_has_no_storage_graph(draw: Draw) -> None:
    titles = [
        widget.properties["title"]
        for widget in written(all_panels(draw(RDS, main={"engine": "aurora-mysql"})))
    ]
    assert "RDS Freeable Memory" in titles
    assert "RDS Free Storage" not in titles


def test_lines_name_their_target_only_where_there_are_several(draw: Draw) -> None:
    def labels(**targets: Any) -> list[str | None]:
        entries = graph(draw(RDS, **targets), "RDS Connections")["metrics"]
        return [entry[-1]["label"] if isinstance(entry[-1], dict) else None for entry in entries]

    assert labels(main={}) == [None]
    assert labels(main={}, other={"instance": "other-db"}) == ["main", "other"]


def test_outside_checks_are_read_where_route_53_publishes(draw: Draw) -> None:
    assert graph(draw(HEALTH), "Endpoint Status")["region"] == "us-east-1"


def test_recent_errors_come_from_each_log_group_once(draw: Draw) -> None:
    part = draw(LOGS, a={"group": "/ecs/a"}, b={"group": "/ecs/b"}, c={"group": "/ecs/a"})
    query = graph(part, "Recent errors")["query"]
    assert query.startswith("SOURCE '/ecs/a' | SOURCE '/ecs/b' | fields @timestamp")
    assert query.count("SOURCE") == 2


# "The list of log groups to be queried. You can include up to 50 log groups.":
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
def test_a_log_query_reads_at_most_fifty_groups(draw: Draw) -> None:
    part = draw(LOGS, **{f"t{n}": {"group": f"/ecs/t{n}"} for n in range(51)})
    queries = [
        widget.properties["query"] for widget in written(all_panels(part)) if widget.type == "log"
    ]
    assert all(query.count("SOURCE") <= 50 for query in queries)
    assert sum(query.count("SOURCE") for query in queries) == 51


def test_recent_errors_are_what_counts_as_errors_in_each_group(draw: Draw) -> None:
    part = draw(
        LOGS,
        a={"group": "/ecs/a", "format": "json"},
        b={"group": "/ecs/b", "built_in": {"errors": "ERROR -DisallowedHost"}},
    )
    # A server's INFO line of the logger gunicorn.error has no level ERROR and no exception.
    assert " | ".join(graph(part, "Recent errors: /ecs/a")["query"].split(" | ")[2:3]) == (
        'filter (((level = "ERROR") or (level = "CRITICAL"))) or (ispresent(exception))'
        " or (((exception like /DatabaseError/) or (exception like /OperationalError/)))"
    )
    assert "not like /DisallowedHost/" in graph(part, "Recent errors: /ecs/b")["query"]
