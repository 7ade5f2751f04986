"""Whole dashboards: what is placed where, and how the pages of a large stack are made up."""

import json

import pytest

from ecs_monitoring.cloudwatch.dashboard import Page, page_body, pages
from ecs_monitoring.cloudwatch.graph import DashboardPart, Panel, Section, Text
from ecs_monitoring.cloudwatch.widget import widgets
from tests.cloudwatch.test_pages import LINE, graph, note, part

Shape = tuple[str, str, tuple[int, int], int, list[tuple[str, int]]]


def shape(page: Page) -> Shape:
    """Key, title, alarms, how many widgets are on top, and how many are in which section."""
    sections = [(title, len(content)) for title, content in page.sections]
    return page.key, page.title, page.alarms, len(page.overview), sections


def test_a_body_has_header_alarms_overview_and_sections_below_each_other() -> None:
    (wide,) = widgets(Text(markdown="wide", height=3, width=13))
    (drawn,) = widgets(graph("CPU", 1))
    page = Page(alarms=(1, 8), overview=(drawn, wide), sections=(("Tasks", (drawn, drawn)),))
    arns = [f"arn:{number}" for number in range(9)]
    body = page_body(page, [Text(markdown="links", height=2)], arns, region="eu-west-1")
    cpu = {
        "metrics": [[LINE.metric.namespace, LINE.metric.name]],
        "view": "timeSeries",
        "stacked": False,
        "title": "CPU",
        "period": 300,
        "stat": "Average",
        "region": "eu-west-1",
    }
    placed = [
        ("text", 0, 0, 24, 2, {"markdown": "links"}),
        # Seven alarms are two rows under a title of two.
        ("alarm", 0, 2, 24, 4, {"title": "All alarms", "alarms": arns[1:8]}),
        ("metric", 0, 6, 12, 6, cpu),
        # 12 and 13 columns are more than 24.
        ("text", 0, 12, 13, 3, {"markdown": "wide"}),
        ("text", 0, 15, 24, 1, {"markdown": "## Tasks"}),
        ("metric", 0, 16, 12, 6, cpu),
        ("metric", 12, 16, 12, 6, cpu),
    ]
    names = ("type", "x", "y", "width", "height", "properties")
    assert json.loads(body) == {
        "periodOverride": "inherit",
        "widgets": [dict(zip(names, values, strict=True)) for values in placed],
    }


def test_one_dashboard_has_everything_where_it_can() -> None:
    found = pages([part("ecs", [graph("a", 1)], note(), note(), alarms=3), part("alb", [], note())])
    assert [shape(page) for page in found] == [
        ("", "Overview", (0, 3), 1, [("Below ecs", 2), ("Below alb", 1)])
    ]


def test_what_does_not_fit_is_on_pages_of_its_kind() -> None:
    # 499 widgets beside the header, of which one is a heading.
    found = pages([part("ecs", [note()], *[note()] * 500, alarms=2001), part("alb", [], note())])
    assert [shape(page) for page in found] == [
        ("", "Overview", (0, 2000), 1, []),
        ("alarms-2", "All alarms (2)", (2000, 2001), 0, []),
        ("ecs", "ECS", (0, 0), 0, [("Below ecs", 498)]),
        ("ecs-2", "ECS (2)", (0, 0), 0, [("Below ecs", 2)]),
        ("alb", "ALB", (0, 0), 0, [("Below alb", 1)]),
    ]


def test_what_is_of_no_kind_is_on_a_page_of_its_own() -> None:
    section = Section(title="Notes", widgets=(note(),) * 499)
    found = pages([DashboardPart(sections=(section,)), DashboardPart(sections=(section,))])
    assert [shape(page) for page in found] == [
        ("", "Overview", (0, 0), 0, []),
        ("more", "More", (0, 0), 0, [("Notes", 498)]),
        ("more-2", "More (2)", (0, 0), 0, [("Notes", 498)]),
        ("more-3", "More (3)", (0, 0), 0, [("Notes", 2)]),
    ]


def test_what_the_overview_has_no_room_for_is_under_its_kinds_title() -> None:
    # Of a million bytes, two such notes fit on one dashboard.
    large = note("x" * 400_000)
    found = pages([part("ecs", [large, large, large], note()), part("alb", [large, note()])])
    assert [shape(page) for page in found] == [
        ("", "Overview", (0, 0), 3, []),
        ("ecs", "ECS", (0, 0), 0, [("ECS", 1), ("Below ecs", 1)]),
        ("alb", "ALB", (0, 0), 0, [("ALB", 1)]),
    ]


def test_the_state_of_alarms_takes_room_from_the_graphs_of_the_overview() -> None:
    # 2,000 alarms of 335 bytes leave a third of a million.
    large = note("x" * 400_000)
    found = pages([part("ecs", [large, note()], alarms=2000)])
    assert [shape(page) for page in found] == [
        ("", "Overview", (0, 2000), 1, []),
        ("ecs", "ECS", (0, 0), 0, [("ECS", 1)]),
    ]


def test_a_panel_that_fills_a_page_has_one() -> None:
    # Each has room for itself alone.
    filling = note("x" * 900_000)
    found = pages([part("ecs", [], filling, filling)])
    assert [shape(page) for page in found] == [
        ("", "Overview", (0, 0), 0, []),
        ("ecs", "ECS", (0, 0), 0, [("Below ecs", 1)]),
        ("ecs-2", "ECS (2)", (0, 0), 0, [("Below ecs", 1)]),
    ]


@pytest.mark.parametrize(
    ("below", "alarms", "count"),
    [
        # The header's widget, a heading's, and one for up to a hundred alarms.
        ([note()] * 497, 100, 1),
        ([note()] * 497, 101, 2),
        ([note()] * 496, 101, 1),
        ([note()] * 498, 1, 2),
        # Bytes: 1,048,576, less 32,768 for the links to other dashboards, and for each of two
        # widgets 120 and its properties: {"markdown":"## Below ecs"} are 27, and 15 beside a text.
        ([note("x" * 1_015_526)], 0, 1),
        ([note("x" * 1_015_527)], 0, 2),
        # The name of an alarm has up to 255 characters, behind 80 of its ARN.
        ([note("x" * (1_015_526 - 1000 * 335))], 1000, 1),
        ([note("x" * (1_015_527 - 1000 * 335))], 1000, 2),
    ],
)
def test_how_much_one_dashboard_holds(below: list[Panel], alarms: int, count: int) -> None:
    assert len(pages([part("ecs", [], *below, alarms=alarms)])) == count
