"""The dashboard's grid, sections and limits."""

import json
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.dashboard import sections_in_order
from ecs_monitoring.cloudwatch.graph import (
    DashboardPart,
    Graph,
    Line,
    LogTable,
    Panel,
    Section,
    Text,
)
from ecs_monitoring.cloudwatch.metric import Metric
from tests.cloudwatch.written import dashboard_body

REGION = "ap-northeast-1"
LINE = Line(metric=Metric(namespace="AWS/ECS", name="CPUUtilization", statistic="Average"))

Placed = dict[str, Any]


def note(width: int = 12, height: int = 6, name: str = "") -> Text:
    return Text(markdown=name, width=width, height=height)


def widgets_of(*parts: DashboardPart, header: tuple[Panel, ...] = ()) -> list[Placed]:
    placed: list[Placed] = json.loads(dashboard_body(header, parts, region=REGION))["widgets"]
    return placed


def spots(placed: list[Placed]) -> list[tuple[int, int]]:
    return [(widget["x"], widget["y"]) for widget in placed]


def overlap(one: Placed, other: Placed) -> bool:
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "width"), ("y", "height"))
    )


WIDGETS = st.builds(note, st.integers(1, 24), st.integers(1, 12), st.just("w"))
MANY = st.lists(WIDGETS, max_size=8).map(tuple)
SECTIONS = st.builds(Section, title=st.sampled_from(["Tasks", "Hosts", "Logs"]), widgets=MANY)
PARTS = st.builds(DashboardPart, overview=MANY, sections=st.lists(SECTIONS, max_size=3).map(tuple))


@pytest.mark.slow
@given(MANY, st.lists(PARTS, max_size=4))
def test_widgets_never_overlap_and_fit_the_grid(
    header: tuple[Panel, ...], parts: list[DashboardPart]
) -> None:
    placed = widgets_of(*parts, header=header)
    assert all(widget["x"] >= 0 and widget["x"] + widget["width"] <= 24 for widget in placed)
    assert all(widget["y"] >= 0 for widget in placed)
    assert not any(overlap(one, other) for one, other in combinations(placed, 2))


@pytest.mark.slow
@given(MANY, st.lists(PARTS, max_size=4))
def test_every_widget_is_placed_once_below_or_beside_the_one_before(
    header: tuple[Panel, ...], parts: list[DashboardPart]
) -> None:
    placed = widgets_of(*parts, header=header)
    given_widgets = [
        *header,
        *(widget for part in parts for widget in part.overview),
        *(widget for part in parts for section in part.sections for widget in section.widgets),
    ]
    contents = [widget for widget in placed if widget["properties"]["markdown"] == "w"]
    assert len(contents) == len(given_widgets)
    reading_order = [(widget["y"], widget["x"]) for widget in placed]
    assert reading_order == sorted(set(reading_order))


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ([12, 12, 12], [(0, 0), (12, 0), (0, 6)]),
        ([24, 24], [(0, 0), (0, 6)]),
        ([8, 8, 8, 1], [(0, 0), (8, 0), (16, 0), (0, 6)]),
        ([16, 12, 12], [(0, 0), (0, 6), (12, 6)]),
    ],
)
def test_widgets_fill_rows_from_the_left(
    widths: list[int], expected: list[tuple[int, int]]
) -> None:
    part = DashboardPart(overview=tuple(note(width) for width in widths))
    assert spots(widgets_of(part)) == expected


def test_a_row_is_as_high_as_its_tallest_widget() -> None:
    part = DashboardPart(overview=(note(12, 3), note(12, 9), note(12, 2), note(12, 4)))
    assert spots(widgets_of(part)) == [(0, 0), (12, 0), (0, 9), (12, 9)]


def test_header_overview_and_sections_follow_each_other() -> None:
    part = DashboardPart(
        overview=(note(12, 6, "graph"),),
        sections=(Section(title="Tasks", widgets=(note(12, 6, "tasks"),)),),
    )
    placed = widgets_of(part, header=(note(24, 2, "header"),))
    assert [(w["properties"]["markdown"], w["y"], w["height"]) for w in placed] == [
        ("header", 0, 2),
        ("graph", 2, 6),
        ("## Tasks", 8, 1),
        ("tasks", 9, 6),
    ]


def section(title: str, *names: str) -> Section:
    return Section(title=title, widgets=tuple(note(name=name) for name in names))


def test_sections_of_the_same_title_become_one() -> None:
    parts = [
        DashboardPart(sections=(section("Hosts", "a"), section("Tasks", "b"))),
        DashboardPart(sections=(section("Tasks", "c"), section("Hosts", "d"))),
    ]
    merged = sections_in_order(parts)
    names = {s.title: [p.markdown for p in s.widgets if isinstance(p, Text)] for s in merged}
    assert names == {"Hosts": ["a", "d"], "Tasks": ["b", "c"]}
    assert [s.title for s in merged] == ["Hosts", "Tasks"]


def test_a_section_without_widgets_has_no_heading() -> None:
    assert widgets_of(DashboardPart(sections=(section("Hosts"), section("Tasks")))) == []


def test_regional_widgets_read_from_the_stacks_region() -> None:
    here = LogTable(title="Errors", query="fields @message", groups=("/ecs/web",))
    elsewhere = Graph(title="Far", lines=(LINE,), region="us-east-1")
    placed = widgets_of(DashboardPart(overview=(here, elsewhere, note())))
    regions = [widget["properties"].get("region") for widget in placed]
    assert regions == [REGION, "us-east-1", None]


def test_an_empty_dashboard_is_one() -> None:
    assert json.loads(dashboard_body((), (), region=REGION)) == {
        # A sum is drawn beside its alarm's threshold, whatever the time range:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
        "periodOverride": "inherit",
        "widgets": [],
    }
