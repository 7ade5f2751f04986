"""What one dashboard does not hold moves to further ones; nothing is refused and nothing lost.

500 widgets, and 500 metrics each:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
2,500 metrics a dashboard:
https://github.com/awsdocs/amazon-cloudwatch-user-guide/blob/011761933cd4cd49cfbe64fca4ad93c7eda2dbd6/doc_source/cloudwatch_limits.md
"""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.dashboard import Page, page_body, pages
from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Line, Panel, Section, Text
from ecs_monitoring.cloudwatch.metric import Metric

REGION = "ap-northeast-1"
LINE = Line(metric=Metric(namespace="AWS/ECS", name="CPUUtilization", statistic="Average"))


def note(name: str = "") -> Text:
    return Text(markdown=name, height=6, width=12)


def graph(title: str, lines: int) -> Graph:
    return Graph(title=title, lines=(LINE,) * lines)


def part(kind: str, overview: list[Panel], *below: Panel, alarms: int = 0) -> DashboardPart:
    sections = (Section(title=f"Below {kind}", widgets=below),)
    title = kind.upper()
    return DashboardPart(
        kind=kind, title=title, overview=tuple(overview), sections=sections, alarms=alarms
    )


def widgets_of(page: Page, alarms: int = 0) -> list[dict[str, Any]]:
    arns = [f"arn:aws:cloudwatch:{REGION}:123456789012:alarm:a{n}" for n in range(alarms)]
    body = page_body(page, [note("header")], arns, region=REGION)
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def titles(page: Page) -> list[str]:
    return [w["properties"]["title"] for w in widgets_of(page) if w["type"] == "metric"]


def assert_within_limits(page: Page, alarms: int = 0) -> None:
    found = widgets_of(page, alarms)
    assert len(found) <= 500
    metrics = [len(w["properties"].get("metrics", [])) for w in found]
    assert max(metrics, default=0) <= 500
    assert sum(metrics) <= 2500
    assert len(json.dumps(found).encode()) <= 1_048_576


@pytest.mark.parametrize(
    ("below", "keys"),
    [
        # Under the overview's header of one widget: 499 with the heading.
        ((note(),) * 498, [""]),
        ((note(),) * 499, ["", "ecs", "ecs-2"]),
        ((graph("g", 250),) * 10, [""]),
        ((graph("g", 250),) * 10 + (graph("g", 1),), ["", "ecs", "ecs-2"]),
        ((graph("g", 250),) * 20, ["", "ecs", "ecs-2"]),
        ((note("x" * 1_000_000),), [""]),
        ((note("x" * 600_000),) * 2, ["", "ecs", "ecs-2"]),
        # A backslash takes two bytes of JSON.
        ((note("\\" * 300_000),) * 2, ["", "ecs", "ecs-2"]),
    ],
)
def test_what_does_not_fit_moves_to_pages_of_its_kind(
    below: tuple[Panel, ...], keys: list[str]
) -> None:
    found = pages([part("ecs", [], *below)])
    assert [page.key for page in found] == keys
    for page in found:
        assert_within_limits(page)


def test_the_overview_keeps_every_parts_overview_graphs() -> None:
    kinds = ["ecs", "alb", "rds"]
    parts = [
        part(kind, [graph(f"{kind} 1", 3), graph(f"{kind} 2", 3)], graph(f"{kind} below", 900))
        for kind in kinds
    ]
    overview, *further = pages(parts)
    assert titles(overview) == [f"{kind} {n}" for kind in kinds for n in (1, 2)]
    assert [page.key for page in further] == kinds
    assert [page.title for page in further] == ["ECS", "ALB", "RDS"]
    for page in further:
        assert titles(page) == [f"{page.key} below ({n} of 4)" for n in range(1, 5)]
        assert widgets_of(page)[1]["properties"] == {"markdown": f"## Below {page.key}"}


def test_the_overview_keeps_the_first_of_graphs_that_are_several() -> None:
    """600 services: each of the guide's graphs would be three, and 3,600 metrics."""
    parts = [
        part(kind, [graph(f"{kind} {n}", 600) for n in (1, 2)]) for kind in ("ecs", "alb", "rds")
    ]
    overview, *further = pages(parts)
    assert titles(overview) == [f"{k} {n} (1 of 3)" for k in ("ecs", "alb", "rds") for n in (1, 2)]
    assert titles(further[0]) == [f"ecs {n} ({m} of 3)" for n in (1, 2) for m in (2, 3)]


@pytest.mark.parametrize(
    ("alarms", "shown"),
    [(0, [0]), (2000, [2000]), (2001, [2000, 1]), (4500, [2000, 2000, 500])],
)
def test_every_alarms_state_is_on_one_of_the_pages(alarms: int, shown: list[int]) -> None:
    found = pages([part("ecs", [], *[note()] * 500, alarms=alarms)])
    counts = [
        sum(
            len(w["properties"]["alarms"]) for w in widgets_of(page, alarms) if w["type"] == "alarm"
        )
        for page in found
    ]
    assert [count for count in counts if count] == [count for count in shown if count]
    assert [page.key for page in found if page.key.startswith("alarms")] == [
        f"alarms-{n}" for n in range(2, len(shown) + 1)
    ]


# Lines of a graph, or the length of a text.
PANELS = st.one_of(
    st.builds(lambda lines: ("lines", lines), st.integers(1, 700)),
    st.builds(lambda size: ("text", size), st.sampled_from([1, 100_000, 400_000])),
)
PARTS = st.tuples(
    st.sampled_from(["ecs", "alb"]),
    st.lists(PANELS, max_size=4),
    st.lists(PANELS, max_size=4),
    st.integers(0, 3000),
)


def panel(what: str, size: int) -> Panel:
    return graph("g", size) if what == "lines" else note("x" * size)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=4))
def test_nothing_is_lost_and_every_page_is_within_the_limits(drawn: list[Any]) -> None:
    parts = [
        part(kind, [panel(*p) for p in overview], *(panel(*p) for p in below), alarms=count)
        for kind, overview, below, count in drawn
    ]
    found = pages(parts)
    alarms = sum(one.alarms for one in parts)
    panels = [made for _, overview, below, _ in drawn for made in (*overview, *below)]
    lines = sum(size for what, size in panels if what == "lines")
    notes = sum(what == "text" for what, _ in panels)
    placed = [widget for page in found for widget in widgets_of(page, alarms)]
    assert sum(len(w["properties"].get("metrics", [])) for w in placed) == lines
    assert sum(w["properties"].get("markdown", "").startswith("x") for w in placed) == notes
    assert sum(len(w["properties"].get("alarms", [])) for w in placed) == alarms
    assert len({page.key for page in found}) == len(found)
    for page in found:
        assert_within_limits(page, alarms)
