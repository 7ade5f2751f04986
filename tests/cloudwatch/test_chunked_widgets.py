"""Alarm lists, log tables and search graphs: as many widgets as their limits demand."""

import pytest

from ecs_monitoring.cloudwatch.graph import (
    AlarmStatus,
    LogTable,
    Search,
    SearchGraph,
    Text,
)
from ecs_monitoring.cloudwatch.widget import Widget, search_expression
from tests.cloudwatch.written import written


def alarm_status(title: str, arns: list[str]) -> tuple[Widget, ...]:
    return written([AlarmStatus(title=title, alarms=tuple(arns))])


def log_table(names: list[str]) -> tuple[Widget, ...]:
    return written([LogTable(title="Errors", query="fields @message", groups=tuple(names))])


def search(dimensions: tuple[str, ...], where: dict[str, str], statistic: str) -> Search:
    return Search(
        namespace="Django/API",
        dimensions=dimensions,
        metric="Requests",
        where=where,
        statistic=statistic,
    )


def search_graph(*routes: str) -> tuple[Widget, ...]:
    searches = tuple(search(("Route",), {"Route": route}, "Sum") for route in routes)
    return written([SearchGraph(title="Requests", searches=searches)])


@pytest.mark.parametrize(
    ("alarms", "sizes"),
    # "The array can have 1-100 ARNs.":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])],
)
def test_alarm_widgets_hold_a_hundred_alarms_each(alarms: int, sizes: list[int]) -> None:
    arns = [f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a{n}" for n in range(alarms)]
    made = alarm_status("Alarms", arns)
    assert [len(widget.properties["alarms"]) for widget in made] == sizes
    assert [arn for widget in made for arn in widget.properties["alarms"]] == arns
    assert len({widget.properties["title"] for widget in made}) == len(sizes)


@pytest.mark.parametrize("alarms", [1, 7, 100])
def test_alarm_widgets_fit_the_grid(alarms: int) -> None:
    (widget,) = alarm_status("Alarms", ["arn"] * alarms)
    assert (widget.type, widget.width, widget.regional) == ("alarm", 24, False)
    assert widget.height >= 3


def test_a_log_table_names_its_groups_before_its_query() -> None:
    (widget,) = log_table(["/ecs/web", "/ecs/api"])
    assert widget.properties == {
        "query": "SOURCE '/ecs/web' | SOURCE '/ecs/api' | fields @message",
        "title": "Errors",
        "view": "table",
    }
    assert (widget.type, widget.width, widget.regional) == ("log", 24, True)


@pytest.mark.parametrize(("groups", "sizes"), [(50, [50]), (51, [50, 1])])
def test_a_log_table_reads_at_most_fifty_groups(groups: int, sizes: list[int]) -> None:
    made = log_table([f"/ecs/{n}" for n in range(groups)])
    assert [widget.properties["query"].count("SOURCE '") for widget in made] == sizes
    assert all(widget.properties["query"].endswith(" | fields @message") for widget in made)


@pytest.mark.parametrize(
    ("value", "escaped"),
    # "When you perform an exact match search, the following characters must be escaped with a
    # backslash: " \ ( )":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
    [
        ("web", "web"),
        ("web (eu)", r"web \(eu\)"),
        (r"a\b", r"a\\b"),
        ('a"b', r"a\"b"),
        ("a/b", "a/b"),
    ],
)
def test_search_terms_are_exact_and_escaped(value: str, escaped: str) -> None:
    found = search(("Service", "Route"), {"Service": value}, "p95")
    assert search_expression(found) == (
        'SEARCH(\'{Django/API,Service,Route} MetricName="Requests" '
        f"Service=\"{escaped}\"', 'p95', 300)"
    )


def expression(route: str) -> str:
    terms = f'MetricName="Requests" Route="{route}"'
    return f"SEARCH('{{Django/API,Route}} {terms}', 'Sum', 300)"


def test_a_search_graph_finds_its_lines_when_it_is_opened() -> None:
    (widget,) = search_graph("a", "b")
    assert (widget.type, widget.regional, widget.metric_count) == ("metric", True, 2)
    assert widget.properties == {
        "metrics": [
            # An empty label leaves the metrics' own.
            [{"expression": expression("a"), "id": "s0", "label": ""}],
            [{"expression": expression("b"), "id": "s1", "label": ""}],
        ],
        "view": "timeSeries",
        "stacked": False,
        "title": "Requests",
        "period": 300,
    }


@pytest.mark.parametrize(("searches", "sizes"), [(0, []), (100, [100]), (101, [100, 1])])
def test_a_graph_has_at_most_a_hundred_searches(searches: int, sizes: list[int]) -> None:
    made = search_graph(*map(str, range(searches)))
    assert [len(widget.properties["metrics"]) for widget in made] == sizes
    assert [widget.metric_count for widget in made] == sizes


def test_a_text_widget_is_as_wide_as_the_dashboard() -> None:
    (widget,) = written([Text(markdown="# Overview", height=2)])
    assert (widget.type, widget.width, widget.height) == ("text", 24, 2)
    assert widget.properties == {"markdown": "# Overview"}
