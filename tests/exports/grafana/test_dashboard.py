"""Read back from the file: the dashboard shows what CloudWatch's shows."""

import json
import re
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.cloudwatch.widget import SEVERITY_COLOURS
from exports.grafana.writer import SYSTEM
from exports.system import ExportError
from stack.program import ProgramRun
from tests.components.bodies import body_widgets
from tests.exports.grafana.written import dashboard, panels
from tests.exports.stacks import monitoring

GUIDE = [
    *("ECS CPU Utilization", "ECS Memory Utilization", "ALB Response Codes"),
    *("ALB Response Time", "RDS CPU Utilization", "RDS Connections"),
]


def widget_lines(widget: dict[str, Any]) -> list[tuple[Any, ...]]:
    """A CloudWatch widget's lines: namespace, metric, dimensions, statistic, period, hidden."""
    found: list[tuple[Any, ...]] = []
    properties = widget["properties"]
    for row in properties["metrics"]:
        options = row[-1] if isinstance(row[-1], dict) else {}
        names = row[:-1] if options else row
        if "expression" in options:
            found.append((options["expression"], options["id"]))
            continue
        namespace, name, *pairs = names
        found.append(
            (
                namespace,
                name,
                dict(zip(pairs[::2], pairs[1::2], strict=True)),
                options.get("stat", properties["stat"]),
                str(options.get("period", properties["period"])),
                not options.get("visible", True),
            )
        )
    return found


def target_lines(panel: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (target["expression"], target["id"])
        if target["metricEditorMode"] == 1
        else (
            target["namespace"],
            target["metricName"],
            target["dimensions"],
            target["statistic"],
            target["period"],
            target.get("hide", False),
        )
        for target in panel["targets"]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_each_graph_asks_for_what_the_cloudwatch_dashboard_asks_for(
    stack: str, request: pytest.FixtureRequest
) -> None:
    run: ProgramRun = request.getfixturevalue(stack)
    shown = panels(stack=stack)
    compared = 0
    for widget in body_widgets(run):
        title = widget["properties"].get("title", "")
        if widget["type"] != "metric" or "stat" not in widget["properties"]:
            continue
        assert target_lines(shown[title]) == widget_lines(widget), title
        compared += 1
    assert compared > 20


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_each_threshold_is_drawn_in_its_severitys_colour(
    stack: str, request: pytest.FixtureRequest
) -> None:
    run: ProgramRun = request.getfixturevalue(stack)
    shown = panels(stack=stack)
    drawn = 0
    for widget in body_widgets(run):
        lines = widget["properties"].get("annotations", {}).get("horizontal", [])
        if not lines:
            continue
        panel = shown[widget["properties"]["title"]]
        defaults = panel["fieldConfig"]["defaults"]
        first, *steps = defaults["thresholds"]["steps"]
        assert first["value"] is None
        # Of two lines at one value Grafana can draw one: the graver.
        graver_last = sorted(
            lines, key=lambda line: line["color"] == SEVERITY_COLOURS[Severity.CRITICAL]
        )
        assert {step["value"]: step["color"] for step in steps} == {
            line["value"]: line["color"] for line in graver_last
        }
        assert [step["value"] for step in steps] == sorted(step["value"] for step in steps)
        assert defaults["custom"]["thresholdsStyle"] == {"mode": "line"}
        for line in lines:
            assert line["label"] in panel["description"]
        drawn += len(lines)
    assert drawn > 15


def test_alarms_that_no_graph_shows_have_panels_of_their_own() -> None:
    shown = panels()
    low = shown["ECS tasks low (web)"]
    *metrics, missing = low["targets"]
    assert [target["metricName"] for target in metrics] == ["DesiredTaskCount", "RunningTaskCount"]
    assert all(target["hide"] for target in metrics)
    assert missing["expression"] == "IF(desired > 2, desired, 2) - running"
    assert [target["id"] for target in low["targets"]] == ["desired", "running", "missing"]
    assert low["fieldConfig"]["defaults"]["thresholds"]["steps"][1:] == [
        {"color": "#d62728", "value": 0}
    ]
    balance = shown["Database I/O credits low (main)"]
    assert target_lines(balance) == [
        (
            *("AWS/RDS", "EBSIOBalance%", {"DBInstanceIdentifier": "django-db"}),
            *("Average", "60", False),
        )
    ]


def test_thresholds_are_in_view_whatever_the_values() -> None:
    """Grafana's axis ends where the values do: a line far above them would not be seen."""
    for panel in panels().values():
        defaults = panel["fieldConfig"]["defaults"]
        values = [step["value"] for step in defaults.get("thresholds", {}).get("steps", [])[1:]]
        if values:
            assert defaults["custom"]["axisSoftMin"] == 0
            assert defaults["custom"]["axisSoftMax"] == max(values)


def test_every_alarm_is_drawn_somewhere() -> None:
    text = json.dumps(dashboard())
    for found in monitoring().rules:
        assert f"Alarm {found.rule.address}" in text


def test_the_guides_six_graphs_come_first_two_in_a_row() -> None:
    first = dashboard()["panels"][:6]
    assert [panel["title"] for panel in first] == GUIDE
    assert [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in first] == [
        *((0, 0), (12, 0), (0, 8), (12, 8), (0, 16), (12, 16)),
    ]


def test_sections_are_in_cloudwatchs_order(prod: ProgramRun) -> None:
    rows = [panel["title"] for panel in dashboard()["panels"] if panel["type"] == "row"]
    headings = [
        widget["properties"]["markdown"].removeprefix("## ")
        for widget in body_widgets(prod)
        if widget["type"] == "text" and widget["properties"]["markdown"].startswith("## ")
    ]
    assert rows == [*headings, "More alarms"]


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_panels_do_not_overlap(stack: str) -> None:
    cells: set[tuple[int, int]] = set()
    for panel in dashboard(stack=stack)["panels"]:
        place = panel["gridPos"]
        covered = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not covered & cells, panel["title"]
        assert all(0 <= x < 24 for x, _ in covered)
        cells |= covered


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("ECS CPU Utilization", "percent"),
        ("ALB Response Time", "s"),
        ("ALB Response Codes", "short"),
        ("RDS Free Storage", "gbytes"),
        ("RDS Read Latency (p90)", "s"),
        ("Cache hit rate", "percent"),
        ("Response time by route (p95)", "s"),
        ("Requests by route", "short"),
        ("RDS days until storage is full (pace of 14 days)", "d"),
        ("Log events by pattern", "short"),
    ],
)
def test_values_have_their_unit(title: str, unit: str) -> None:
    assert panels()[title]["fieldConfig"]["defaults"]["unit"] == unit


def test_data_source_and_region_are_chosen_by_whoever_looks() -> None:
    found = dashboard()
    source, region = found["templating"]["list"]
    assert (source["name"], source["type"], source["query"]) == (
        *("datasource", "datasource"),
        "cloudwatch",
    )
    assert region["current"]["value"] == "ap-northeast-1"
    assert "us-east-1" in region["query"].split(",")
    for panel in panels().values():
        assert panel["datasource"] == {"type": "cloudwatch", "uid": "${datasource}"}
        assert {target["region"] for target in panel["targets"]} == {"$region"}


@pytest.mark.slow
def test_metrics_of_another_region_stay_there() -> None:
    shown = panels("health.site.url=https://example.com/health")
    (outside,) = (p for p in shown.values() if "AWS/Route53" in json.dumps(p["targets"]))
    assert {target["region"] for target in outside["targets"]} == {"us-east-1"}


@pytest.mark.slow
def test_panels_link_to_alarms_and_to_runbooks_that_are_links() -> None:
    urls = {
        link["title"]: link["url"]
        for link in panels("runbooks=https://wiki.example.com/alarms")["ECS CPU Utilization"][
            "links"
        ]
    }
    assert urls == {
        "Runbook of ecs.cpu-high": "https://wiki.example.com/alarms#ecscpu-high",
        "Alarm ecs.cpu-high@web": "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home"
        "?region=ap-northeast-1#alarmsV2:alarm/django-ecs-monitoring-prod-ecs-web-cpu-high",
    }
    panel = panels()["ECS CPU Utilization"]
    assert [link["title"] for link in panel["links"]] == ["Alarm ecs.cpu-high@web"]
    assert "Runbook: docs/runbooks.md#ecscpu-high" in panel["description"]


@pytest.mark.slow
def test_a_further_graph_changes_no_other_panels_identifier() -> None:
    """So that a diff shows what changed, and links to panels stay.

    Without events, whose alarm reads ten rules of EventBridge at the most: what a section brings
    may be an alarm more on those of all sections.
    """
    quiet = "events.enabled=false"
    before = {title: panel["id"] for title, panel in panels(quiet).items()}
    after = {title: panel["id"] for title, panel in panels(quiet, "rds={}").items()}
    assert after.items() <= before.items()
    assert len(after) < len(before)
    assert len(set(before.values())) == len(before)


def test_the_dashboards_identifier_is_grafanas_and_the_stacks_own() -> None:
    uids = {dashboard(stack=stack)["uid"] for stack in ("prod", "staging")}
    assert len(uids) == 2
    for uid in uids:
        assert re.fullmatch("[a-zA-Z0-9_-]{1,40}", uid)


def test_searches_are_labelled_by_what_they_leave_open() -> None:
    (target,) = panels()["Requests by route"]["targets"]
    assert target["expression"].startswith("SEARCH('{Django/API,")
    assert target["label"] == "${PROP('Dim.Method')} ${PROP('Dim.Route')}"


def test_log_lines_are_asked_for_by_the_groups_name() -> None:
    (target,) = panels()["Recent errors"]["targets"]
    assert target["queryMode"] == "Logs"
    assert target["logGroupNames"] == ["/ecs/django-app"]
    assert "SOURCE" not in target["expression"]


@pytest.mark.parametrize(
    "chosen",
    [{"alerts": True}, {"data-source": "x"}, {"alerts": True, "data-source": "my source"}],
)
def test_options_that_do_not_go_together_are_refused(chosen: dict[str, Any]) -> None:
    with pytest.raises(ExportError, match="--data-source"):
        SYSTEM.export(monitoring(), chosen)


def test_what_it_costs_is_said_with_the_prices_source() -> None:
    notes = " ".join(SYSTEM.export(monitoring(), {}).notes)
    # 0.01 USD for 1,000 metrics: components/ecs_monitoring/catalog/prices.json.
    asked = int(re.search(r"asks for (\d+) metrics", notes)[1])  # type: ignore[index]
    assert f"{asked / 100_000:.4f} USD" in notes
    assert "0.01 USD for 1,000 metrics, https://" in notes
