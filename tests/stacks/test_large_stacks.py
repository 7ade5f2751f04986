"""A stack of any size previews: what one dashboard does not hold moves to further ones."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from settings import SettingsError
from stack.config import read_stack_config
from stack.cost import monthly_cost
from stack.preview import preview
from stack.program import ProgramRun, run_program
from tests.components.registered import ALARM, DASHBOARD

COUNT: Final = 65

TARGETS: Final[dict[str, Callable[[int], dict[str, Any]]]] = {
    "ecs": lambda n: {"cluster": "c", "service": f"s{n}", "container_insights": True},
    "alb": lambda n: {
        "load_balancer": f"app/alb{n}/1234567890",
        "target_groups": {"web": f"targetgroup/tg/{n:016x}"},
    },
    "rds": lambda n: {
        "instance": f"db{n}",
        "engine": "postgres",
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 100,
    },
    "logs": lambda n: {"group": f"/ecs/app{n}"},
    "app": lambda n: {"service": f"s{n}"},
    "health": lambda n: {"url": f"https://www{n}.example.com/"},
}


@pytest.fixture(scope="module")
def large() -> ProgramRun:
    """65 services of every kind."""
    changes = [
        f"{kind}={json.dumps({f't{n}': target(n) for n in range(COUNT)})}"
        for kind, target in TARGETS.items()
    ]
    return run_program(read_stack_config("prod", settings=changes))


def bodies(run: ProgramRun) -> dict[str, list[dict[str, Any]]]:
    """The widgets of each dashboard by what its name ends with."""
    base = run.exports["dashboard_name"]
    return {
        one.inputs["dashboardName"].removeprefix(base): json.loads(one.inputs["dashboardBody"])[
            "widgets"
        ]
        for one in run.of_type(DASHBOARD)
    }


def test_every_alarm_is_there_and_its_state_on_the_overview(large: ProgramRun) -> None:
    alarms = {one.arn for one in large.of_type(ALARM)}
    assert len(alarms) > 25 * COUNT
    shown = [
        arn
        for name, widgets in bodies(large).items()
        if not name or name.startswith("_alarms")
        for widget in widgets
        for arn in widget["properties"].get("alarms", [])
    ]
    assert sorted(shown) == sorted(alarms)


def test_the_overview_has_the_guides_graphs_and_links_to_a_dashboard_a_kind(
    large: ProgramRun,
) -> None:
    found = bodies(large)
    # So many alarms need a further page for their states, too.
    of_states = {name for name in found if name.startswith("_alarms")}
    assert set(found) - of_states == {"", *(f"_{kind}" for kind in TARGETS)}
    assert [w["properties"]["title"] for w in found[""] if w["type"] == "metric"] == [
        "ECS CPU Utilization",
        "ECS Memory Utilization",
        "ALB Response Codes",
        "ALB Response Time",
        "RDS CPU Utilization",
        "RDS Connections",
    ]
    for suffix, widgets in found.items():
        header = widgets[0]["properties"]["markdown"]
        for other in found:
            is_linked = f"#dashboards/dashboard/{large.exports['dashboard_name']}{other})" in header
            assert is_linked == (other != suffix)
    assert set(large.exports["dashboards"]) == {
        large.exports["dashboard_name"] + suffix for suffix in found
    }


def test_the_bill_counts_them(large: ProgramRun) -> None:
    # AWS bills a dashboard with 3 USD a month: https://aws.amazon.com/cloudwatch/pricing/
    (line,) = (
        found
        for found in monthly_cost(large, [], "ap-northeast-1").lines
        if found.what == "dashboards"
    )
    # The overview, one a kind, and one more for the states of so many alarms.
    assert line.count == 1 + 6 + 1
    assert line.total == 8 * 3


def test_a_stack_without_dashboards_has_all_else() -> None:
    without = preview("prod", ["dashboard.enabled=false"])
    usual = preview("prod", [])
    assert without.run.of_type(DASHBOARD) == []
    assert not {name for name in without.run.exports if name.startswith("dashboard")}
    assert len(without.run.registrations) == len(usual.run.registrations) - 2
    assert usual.cost.total - without.cost.total == 3


def test_what_is_no_answer_to_whether_there_are_dashboards_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"dashboard\.enabled"):
        run_program(read_stack_config("prod", settings=["dashboard.enabled=perhaps"]))
