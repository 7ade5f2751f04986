"""The dashboard fits CloudWatch's grid and limits, and shows all there is to see.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
"""

import json
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from typing import Any, Final

import pytest

from stack.config import read_stack_config
from stack.program import ProgramRun, run_program
from tests.components.bodies import body_widgets, titled
from tests.components.registered import ALARM, DASHBOARD, only
from tests.components.small import RunWith

SIXTY: Final = json.dumps({f"s{n}": {"cluster": "c", "service": f"service-{n}"} for n in range(60)})

OUTSIDE: Final = "health.web={url: 'https://www.example.com/'}"

STACKS: Final[Mapping[str, tuple[str, ...]]] = {
    "prod": (),
    "sixty services": (f"ecs={SIXTY}",),
    "an outside check": (OUTSIDE,),
    "one load balancer": ("ecs={}", "rds={}", "logs={}", "app={}"),
    "nothing": ("ecs={}", "alb={}", "rds={}", "logs={}", "app={}"),
}


@cache
def stack_of(size: str) -> ProgramRun:
    return run_program(read_stack_config("prod", settings=STACKS[size]))


@pytest.fixture(params=list(STACKS))
def run(request: pytest.FixtureRequest) -> ProgramRun:
    """Stacks of several sizes."""
    return stack_of(request.param)


def cells(widget: dict[str, Any]) -> set[tuple[int, int]]:
    """The cells of the grid that a widget covers."""
    return {
        (x, y)
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    }


def test_no_two_widgets_overlap(run: ProgramRun) -> None:
    for one, other in combinations(body_widgets(run), 2):
        assert not cells(one) & cells(other)


def test_everything_is_within_the_grid(run: ProgramRun) -> None:
    for widget in body_widgets(run):
        assert widget["x"] >= 0
        assert widget["width"] >= 1
        assert widget["x"] + widget["width"] <= 24
        assert widget["y"] >= 0
        assert 1 <= widget["height"] <= 1000


def test_no_gap_pushes_widgets_out_of_sight(run: ProgramRun) -> None:
    covered = {y for widget in body_widgets(run) for _, y in cells(widget)}
    assert covered == set(range(max(covered) + 1))


def test_the_limits_of_a_dashboard_are_kept(run: ProgramRun) -> None:
    body = only(run.of_type(DASHBOARD)).inputs["dashboardBody"]
    assert len(body.encode()) <= 1_048_576
    assert len(body_widgets(run)) <= 500
    rows = [w["properties"].get("metrics", []) for w in body_widgets(run)]
    assert all(len(metrics) <= 500 for metrics in rows)
    assert sum(map(len, rows)) <= 2500


def test_the_status_of_every_alarm_is_shown_once(run: ProgramRun) -> None:
    """A widget shows at most a hundred of them."""
    shown = [w["properties"]["alarms"] for w in body_widgets(run) if w["type"] == "alarm"]
    assert all(1 <= len(arns) <= 100 for arns in shown)
    every = [arn for arns in shown for arn in arns]
    assert sorted(every) == sorted(alarm.arn for alarm in run.of_type(ALARM))


def test_sixty_services_need_more_than_one_status_widget() -> None:
    """Three alarms a service and more, of which a widget shows a hundred at most."""
    run = stack_of("sixty services")
    status = [w for w in body_widgets(run) if w["type"] == "alarm"]
    shown = [len(w["properties"]["alarms"]) for w in status]
    assert set(shown[:-1]) == {100}
    assert sum(shown) == len(run.of_type(ALARM)) > 180
    assert [w["properties"]["title"] for w in status] == [
        f"All alarms ({number} of {len(status)})" for number in range(1, len(status) + 1)
    ]
    assert len(titled(run, "ECS CPU Utilization")["properties"]["metrics"]) == 60


def test_the_header_links_to_where_one_looks_next(prod: ProgramRun, run_with: RunWith) -> None:
    header = body_widgets(prod)[0]
    assert (header["type"], header["x"], header["y"], header["width"]) == ("text", 0, 0, 24)
    markdown = header["properties"]["markdown"]
    console = "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1"
    assert markdown.startswith("# Django-App-Overview-django-ecs-monitoring-prod\n")
    assert f"({console}#alarmsV2:)" in markdown
    assert f"({console}#logsV2:logs-insights)" in markdown
    linked = body_widgets(run_with("runbooks=https://wiki.example.com/alarms"))[0]
    assert "(https://wiki.example.com/alarms)" in linked["properties"]["markdown"]


def test_sections_follow_the_overview(prod: ProgramRun) -> None:
    headings = [
        widget["properties"]["markdown"].removeprefix("## ")
        for widget in body_widgets(prod)[1:]
        if widget["type"] == "text"
    ]
    assert headings == [
        "Running tasks",
        "Healthy hosts",
        "Errors and latency percentiles",
        "Memory and storage",
        "Database latency",
        "Log alarms",
        "Application",
        "Application in progress",
        "Background tasks",
        "Application by route",
    ]


def test_every_graph_reads_from_the_stacks_region(prod: ProgramRun) -> None:
    drawn = [w for w in body_widgets(prod) if w["type"] in ("metric", "log")]
    assert len(drawn) > 15
    assert {w["properties"]["region"] for w in drawn} == {"ap-northeast-1"}


def test_an_outside_check_is_drawn_from_its_own_region() -> None:
    run = stack_of("an outside check")
    assert titled(run, "Endpoint Status")["properties"]["region"] == "us-east-1"
