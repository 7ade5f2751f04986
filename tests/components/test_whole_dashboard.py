"""All that dashboards are registered with: names, headers, links, and alarms in their order."""

import json
from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.graph import DashboardPart, as_json
from stack.program import ProgramRun
from tests.components.registered import DASHBOARD, sent
from tests.components.small import RunComponents
from tests.components.test_known_later import large
from tests.components.test_outputs import later

CONSOLE: Final = (
    "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1"
)
NAME: Final = "Django-App-Overview-django-ecs-monitoring-test"
THRESHOLDS: Final = (
    "lines across graphs are alarm thresholds: red wakes someone, orange is for today"
)


def drawn(
    run_components: RunComponents,
    name: str = "dashboard",
    known_at: Any = lambda value: value,
    **args: Any,
) -> ProgramRun:
    """A run with one dashboard; graphs and alarms may be known later."""

    def program() -> None:
        given: Any = {"graphs": [], "alarms": [], **args}
        for field in ("graphs", "alarms"):
            given[field] = list(map(known_at, given[field]))
        board = watch.Dashboard(name, watch.DashboardArgs(**given))
        pulumi.export("name", board.dashboard_name)
        pulumi.export("url", board.url)
        pulumi.export("all", board.dashboards)

    return run_components(program)


def headers(run: ProgramRun) -> dict[str, dict[str, Any]]:
    """The first widget of each dashboard."""
    return {
        one.inputs["dashboardName"]: json.loads(one.inputs["dashboardBody"])["widgets"][0]
        for one in run.of_type(DASHBOARD)
    }


@pytest.mark.parametrize("known_at", [lambda value: value, later], ids=["at once", "later"])
def test_an_overview(run_components: RunComponents, known_at: Any) -> None:
    alarms = [{"b@x": "arn:b", "a@x": "arn:a"}, {"c@x": "arn:c"}]
    run = drawn(
        run_components,
        known_at=known_at,
        graphs=[as_json(DashboardPart(kind="ecs", title="ECS services", alarms=3))],
        alarms=alarms,
        runbooks="https://wiki.example.jp/runbooks",
    )
    found = sent(run)
    assert {name: set(inputs) for name, inputs in found.items()} == {
        "Dashboard dashboard": {"dashboardName", "dashboardBody"}
    }
    header, *others = json.loads(found["Dashboard dashboard"]["dashboardBody"])["widgets"]
    assert header == {
        "type": "text",
        "x": 0,
        "y": 0,
        "width": 24,
        "height": 2,
        "properties": {
            "markdown": f"# {NAME}\n[Alarms]({CONSOLE}#alarmsV2:) | "
            f"[Logs Insights]({CONSOLE}#logsV2:logs-insights) | "
            f"[Runbooks](https://wiki.example.jp/runbooks) | {THRESHOLDS}"
        },
    }
    # Of each mapping by address: from another language, mappings come in that order.
    (states,) = (one for one in others if one["type"] == "alarm")
    assert states["properties"]["alarms"] == ["arn:a", "arn:b", "arn:c"]
    url = f"{CONSOLE}#dashboards/dashboard/{NAME}"
    assert run.exports == {"name": NAME, "url": url, "all": {NAME: url}}
    assert list(run.outputs.values()) == [
        {"dashboard_name": NAME, "url": url, "dashboards": {NAME: url}}
    ]


@pytest.mark.parametrize(
    ("runbooks", "linked"),
    [(None, ""), ("docs/runbooks.md", "Runbooks: `docs/runbooks.md` | ")],
)
def test_a_page_of_runbooks_in_the_header(
    run_components: RunComponents, runbooks: str | None, linked: str
) -> None:
    (header,) = headers(drawn(run_components, runbooks=runbooks)).values()
    *_, last = header["properties"]["markdown"].partition("#logsV2:logs-insights) | ")
    assert last == linked + THRESHOLDS


@pytest.mark.parametrize("known_at", [str, later], ids=["at once", "later"])
def test_several_dashboards_link_to_each_other(
    run_components: RunComponents, known_at: Any
) -> None:
    run = drawn(run_components, known_at=known_at, graphs=[large()])
    names = {"": NAME, "ecs": f"{NAME}_ecs", "ecs-2": f"{NAME}_ecs-2"}
    urls = {key: f"{CONSOLE}#dashboards/dashboard/{name}" for key, name in names.items()}
    assert run.exports["all"] == {names[key]: urls[key] for key in names}
    assert {one.name: one.inputs["dashboardName"] for one in run.of_type(DASHBOARD)} == {
        "dashboard": NAME,
        "dashboard-ecs": f"{NAME}_ecs",
        "dashboard-ecs-2": f"{NAME}_ecs-2",
    }
    (component,) = (one for one in run.registrations if not one.custom)
    assert {one.parent for one in run.of_type(DASHBOARD)} == {component.urn}
    found = headers(run)
    for key, name in names.items():
        assert found[name]["height"] == 3
        title, _, more = found[name]["properties"]["markdown"].partition("\n\nMore dashboards: ")
        assert title.startswith(f"# {name}\n")
        assert [link.rpartition("](")[2] for link in more.split(" | ")] == [
            f"{urls[other]})" for other in names if other != key
        ]


@pytest.mark.parametrize(
    ("name", "title", "base"),
    [
        ("dashboard", "Shop", "Shop-django-ecs-monitoring-test"),
        # A second one of the stack.
        ("second", None, "Django-App-Overview-django-ecs-monitoring-test-second"),
    ],
)
def test_a_name_of_its_own_ends_with_a_mark(
    run_components: RunComponents, name: str, title: str | None, base: str
) -> None:
    """No other stack, and no other dashboard of this one, can come to it by joining."""
    (found,) = headers(drawn(run_components, name, title=title))
    assert found[: len(base) + 1] == f"{base}-"
    assert len(found) == len(base) + 9


@pytest.mark.parametrize("title", ["a b", "ä", "a/b"])
def test_a_title_that_cloudwatch_refuses(run_components: RunComponents, title: str) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        drawn(run_components, title=title)
    assert str(refusal.value) == (
        f"Dashboard 'dashboard'.title: {title!r}: write letters, digits, - and _"
    )
    assert refusal.value.field == "title"


def test_what_is_no_graphs_says_whose_they_should_be(run_components: RunComponents) -> None:
    with pytest.raises(watch.InvalidArgsError) as refusal:
        drawn(run_components, graphs=[large(), "{}x"])
    assert refusal.value.field == "graphs[1]"
    assert str(refusal.value).endswith(": give it the graphs of a monitoring component")


def test_a_name_has_at_most_255_characters(run_components: RunComponents) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html."""
    (found,) = headers(drawn(run_components, title="a" * 255))
    assert (len(found), found[:246]) == (255, "a" * 246)
