"""Graphs: lines, formulas, and lines that are too many for one graph."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.graph import Line, graphs
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.widget import Widget
from tests.cloudwatch.written import written


def metric(number: int = 0, statistic: str = "Average") -> Metric:
    return Metric(
        namespace="AWS/ECS",
        name="CPUUtilization",
        dimensions={"ClusterName": "main", "ServiceName": f"web{number}"},
        statistic=statistic,
    )


def row(number: int = 0) -> list[Any]:
    return ["AWS/ECS", "CPUUtilization", "ClusterName", "main", "ServiceName", f"web{number}"]


def properties(*lines: Line, **options: Any) -> dict[str, Any]:
    (widget,) = written(graphs("CPU", lines, **options))
    return dict(widget.properties)


def test_a_graph_has_what_cloudwatch_needs() -> None:
    assert properties(Line(metric=metric())) == {
        "metrics": [row()],
        "view": "timeSeries",
        "stacked": False,
        "title": "CPU",
        "period": 300,
        "stat": "Average",
    }


def test_a_graph_is_half_a_dashboard_wide() -> None:
    (widget,) = written(graphs("CPU", [Line(metric=metric())]))
    assert (widget.type, widget.width, widget.height) == ("metric", 12, 6)


@pytest.mark.parametrize(
    ("line", "options"),
    [
        (Line(metric=metric(1)), None),
        (Line(metric=metric(1), label="api"), {"label": "api"}),
        (Line(metric=metric(1, "p99")), {"stat": "p99"}),
        (Line(metric=metric(1), period=60), {"period": 60}),
        (
            Line(metric=metric(1, "Sum"), label="api", period=60),
            {"stat": "Sum", "period": 60, "label": "api"},
        ),
    ],
)
def test_a_line_says_only_what_differs_from_the_graph(
    line: Line, options: dict[str, Any] | None
) -> None:
    second = properties(Line(metric=metric()), line)["metrics"][1]
    assert second == (row(1) if options is None else [*row(1), options])


def test_a_formula_is_drawn_over_its_hidden_metric() -> None:
    drawn = properties(
        Line(metric=metric(0)),
        Line(metric=metric(1), formula="{id} / 1024", label="api"),
    )
    assert drawn["metrics"][1:] == [
        [*row(1), {"id": "m1", "visible": False}],
        [{"expression": "m1 / 1024", "id": "e1", "label": "api"}],
    ]


def test_a_formula_without_a_label_is_called_after_its_metric() -> None:
    _, (drawn,) = properties(Line(metric=metric(), formula="{id} * 2"))["metrics"]
    assert drawn["label"] == "CPUUtilization"


def test_formulas_of_one_graph_have_ids_of_their_own() -> None:
    lines = [Line(metric=metric(n), formula="{id} * 2") for n in range(3)]
    ids = [entry[-1]["id"] for entry in properties(*lines)["metrics"]]
    assert len(set(ids)) == 6


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, None),
        ({"axis": "GiB"}, {"left": {"label": "GiB", "showUnits": False, "min": 0}}),
    ],
)
def test_an_axis_of_ones_own_hides_cloudwatchs_units(
    options: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    assert properties(Line(metric=metric()), **options).get("yAxis") == expected


@pytest.mark.parametrize(("region", "regional"), [("", True), ("us-east-1", False)])
def test_a_graph_of_another_region_names_it(region: str, regional: bool) -> None:
    (widget,) = written(graphs("CPU", [Line(metric=metric())], region=region))
    assert widget.properties.get("region", "") == region
    assert widget.regional is regional


def test_no_lines_make_no_graph() -> None:
    assert graphs("CPU", []) == ()


def widgets(count: int, formula: str = "") -> tuple[Widget, ...]:
    lines = [Line(metric=metric(n), formula=formula) for n in range(count)]
    return written(graphs("CPU", lines))


# A graph holds "0-500 metrics and expressions", and a line with a formula is two of them.
@pytest.mark.parametrize("formula", ["", "{id} / 1024"])
@pytest.mark.parametrize("count", [1, 249, 250, 251, 500, 501, 1200])
def test_every_line_is_drawn_once_on_graphs_that_cloudwatch_takes(count: int, formula: str) -> None:
    made = widgets(count, formula)
    sizes = [len(widget.properties["metrics"]) for widget in made]
    assert all(0 < size <= 500 for size in sizes)
    assert [widget.metric_count for widget in made] == sizes
    services = [
        entry[5] for widget in made for entry in widget.properties["metrics"] if len(entry) > 1
    ]
    assert services == [f"web{n}" for n in range(count)]


def test_graphs_of_many_lines_are_numbered() -> None:
    # 1,200 lines of up to two entries each need five graphs of 250 lines.
    titles = [widget.properties["title"] for widget in widgets(1200, "{id} / 1024")]
    assert titles == [f"CPU ({n} of 5)" for n in range(1, 6)]


def test_each_graph_of_many_lines_has_its_own_statistic() -> None:
    # Entries take the statistic of their own graph's first line.
    lines = [Line(metric=metric(n, "Average" if n < 250 else "Sum")) for n in range(251)]
    first, second = written(graphs("CPU", lines))
    assert (first.properties["stat"], second.properties["stat"]) == ("Average", "Sum")
    assert second.properties["metrics"] == [row(250)]
