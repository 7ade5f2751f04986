"""Each kind of panel as the whole widget that it becomes, and alarms as the lines of a graph."""

from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.graph import (
    AlarmStatus,
    Graph,
    Line,
    LogTable,
    Panel,
    Search,
    SearchGraph,
    Text,
    Threshold,
    graphs,
    thresholds,
)
from ecs_monitoring.cloudwatch.rule import Comparison, NoThreshold, Severity
from ecs_monitoring.cloudwatch.widget import Widget, threshold_labels, widgets
from tests.cloudwatch.test_annotations import GIB, rule
from tests.cloudwatch.test_graphs import metric, row

LOW = Threshold(
    key="rds.memory-low",
    targets=("a", "b"),
    comparison=Comparison.BELOW,
    value=0.123456,
    schedule="5 of 5 x 60 s",
    severity=Severity.WARNING,
)


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        (
            Text(markdown="# Overview", height=2),
            Widget(
                type="text",
                width=24,
                height=2,
                properties={"markdown": "# Overview"},
                metric_count=0,
                regional=False,
            ),
        ),
        (
            AlarmStatus(title="All alarms", alarms=("arn:a", "arn:b")),
            Widget(
                type="alarm",
                width=24,
                height=3,
                properties={"title": "All alarms", "alarms": ["arn:a", "arn:b"]},
                metric_count=0,
                regional=False,
            ),
        ),
        (
            LogTable(title="Errors", query="fields @message", groups=("/ecs/web",)),
            Widget(
                type="log",
                width=24,
                height=6,
                properties={
                    "query": "SOURCE '/ecs/web' | fields @message",
                    "title": "Errors",
                    "view": "table",
                },
                metric_count=0,
                regional=True,
            ),
        ),
        (
            SearchGraph(
                title="Routes",
                searches=(
                    Search(
                        namespace="Shop",
                        dimensions=("Route",),
                        metric="Requests",
                        where={"Route": "a"},
                        statistic="Sum",
                    ),
                ),
            ),
            Widget(
                type="metric",
                width=12,
                height=6,
                properties={
                    "metrics": [
                        [
                            {
                                "expression": 'SEARCH(\'{Shop,Route} MetricName="Requests" '
                                "Route=\"a\"', 'Sum', 300)",
                                "id": "s0",
                                "label": "",
                            }
                        ]
                    ],
                    "view": "timeSeries",
                    "stacked": False,
                    "title": "Routes",
                    "period": 300,
                },
                metric_count=1,
                regional=True,
            ),
        ),
        (
            Graph(
                title="Memory",
                lines=(
                    Line(metric=metric(0), label="web"),
                    Line(
                        metric=metric(1),
                        formula="{id} / {all}",
                        others={"all": metric(2, "Sum")},
                        label="share",
                        period=60,
                    ),
                ),
                thresholds=(LOW, replace(LOW, key="rds.gone", severity=Severity.CRITICAL)),
                unit="GiB",
                region="us-east-1",
                period=900,
                days=14,
            ),
            Widget(
                type="metric",
                width=12,
                height=6,
                properties={
                    "metrics": [
                        [*row(0), {"label": "web"}],
                        [*row(1), {"period": 60, "id": "m1", "visible": False}],
                        [*row(2), {"stat": "Sum", "period": 60, "id": "all1", "visible": False}],
                        [{"expression": "m1 / all1", "id": "e1", "label": "share"}],
                    ],
                    "view": "timeSeries",
                    "stacked": False,
                    "title": "Memory",
                    "period": 900,
                    "stat": "Average",
                    "annotations": {
                        "horizontal": [
                            {
                                "label": "rds.memory-low < 0.1235 (5 of 5 x 60 s)",
                                "value": 0.123456,
                                "color": "#ff7f0e",
                            },
                            {
                                "label": "rds.gone < 0.1235 (5 of 5 x 60 s)",
                                "value": 0.123456,
                                "color": "#d62728",
                            },
                        ]
                    },
                    "yAxis": {"left": {"label": "GiB", "showUnits": False, "min": 0}},
                    "region": "us-east-1",
                    "start": "-P14D",
                },
                metric_count=4,
                regional=False,
            ),
        ),
    ],
    ids=["text", "alarms", "log", "search", "graph"],
)
def test_a_panel_is_one_widget(panel: Panel, expected: Widget) -> None:
    assert widgets(panel) == (expected,)


@pytest.mark.parametrize(
    ("alarms", "height"),
    # Two rows for the title and one for six alarms, up to twelve in all.
    [(1, 3), (6, 3), (7, 4), (12, 4), (60, 12), (61, 12), (100, 12)],
)
def test_a_widget_of_alarms_is_as_high_as_it_has_rows(alarms: int, height: int) -> None:
    (widget,) = widgets(AlarmStatus(title="Alarms", alarms=("arn",) * alarms))
    assert widget.height == height


# A line's hidden metrics and its expression: four of the 500 of a graph.
@pytest.mark.parametrize(("lines", "sizes"), [(125, [500]), (126, [500, 4])])
def test_lines_over_several_metrics_need_room_for_each_of_them(
    lines: int, sizes: list[int]
) -> None:
    line = Line(metric=metric(), formula="{id} + {a} + {b}", others={"a": metric(), "b": metric()})
    made = widgets(Graph(title="Sum", lines=(line,) * lines))
    assert [widget.metric_count for widget in made] == sizes
    assert [len(widget.properties["metrics"]) for widget in made] == sizes


def test_a_threshold_names_its_targets_where_its_rule_has_several() -> None:
    other = replace(LOW, targets=("c",), value=2.0)
    alone = replace(LOW, key="rds.gone", comparison=Comparison.AT_LEAST, value=10_000.0)
    assert threshold_labels([LOW, other, alone]) == [
        "rds.memory-low a, b < 0.1235 (5 of 5 x 60 s)",
        "rds.memory-low c < 2 (5 of 5 x 60 s)",
        "rds.gone >= 10,000 (5 of 5 x 60 s)",
    ]


def test_rules_that_agree_are_one_line_with_all_their_addresses() -> None:
    rules = [
        rule(target="a", part="blue"),
        rule(target="b", threshold=NoThreshold("field", "", "not known")),
        rule(target="a", part="green"),
        rule(target="c", threshold=GIB),
        rule(target="d"),
    ]
    shared: dict[str, Any] = {
        "key": "rds.memory-low",
        "comparison": Comparison.BELOW,
        "schedule": "15 of 15 x 60 s",
        "severity": Severity.WARNING,
    }
    assert thresholds(rules, GIB) == (
        Threshold(
            targets=("a", "d"),
            value=2.0,
            addresses=("rds.memory-low@a/blue", "rds.memory-low@a/green", "rds.memory-low@d"),
            **shared,
        ),
        Threshold(targets=("c",), value=1.0, addresses=("rds.memory-low@c",), **shared),
    )
    assert [line.value for line in thresholds(rules)] == [2 * GIB, GIB]


def test_a_graph_and_its_lines_have_the_periods_of_their_alarms() -> None:
    fast, slow, both, free, own, same = (metric(number) for number in range(6))
    lines = [
        *(Line(metric=one) for one in (fast, slow, both, free)),
        Line(metric=own, period=3600),
        Line(metric=same, period=60),
    ]
    rules = [
        rule(signal=fast),
        rule(signal=slow, period=900),
        rule(signal=both, period=900),
        rule(signal=both, period=300),
        rule(signal=own, period=900),
    ]
    (found,) = graphs("CPU", lines, rules=rules, axis="%", region="us-east-1")
    assert (found.title, found.period, found.unit, found.region) == ("CPU", 60, "%", "us-east-1")
    # The least of the alarms' is the graph's, which no line repeats.
    assert [line.period for line in found.lines] == [None, 900, 300, None, 3600, None]
    assert found.thresholds == thresholds(rules)


def test_without_alarms_a_graph_has_five_minutes_and_lines_keep_their_own() -> None:
    lines = [Line(metric=metric()), Line(metric=metric(), period=60)]
    (found,) = graphs("CPU", lines)
    assert found == Graph(
        title="CPU", lines=tuple(lines), thresholds=(), unit="", region="", period=300, days=0
    )
