"""The dashboards of all kinds, against the documented structure of a dashboard's body.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.graph import AlarmStatus, Text
from ecs_monitoring.rules import ALB, APP, ECS, KINDS, LOGS, RDS
from ecs_monitoring.rules.plan import Kind, Plan
from tests.cloudwatch.written import dashboard_body

REQUIRED = {
    "metric": ("region", "metrics"),
    "log": ("region", "query"),
    "alarm": ("alarms",),
    "text": ("markdown",),
}
METRIC_OPTIONS = {"color", "label", "period", "stat", "visible", "yAxis", "id", "region"}
EXPRESSION_OPTIONS = {"expression", "label", "id", "color", "visible", "period", "region"}
ID = re.compile(r"[a-z]\w*", re.ASCII)
COLOUR = re.compile(r"#[0-9a-f]{6}")


def faults(widget: Mapping[str, Any]) -> Iterator[str]:
    """What the documentation does not allow in a placed widget."""
    if widget["type"] not in REQUIRED:
        yield f"type {widget['type']}"
        return
    for name, low, high in (("x", 0, 23), ("y", 0, 10**6), ("width", 1, 24), ("height", 1, 1000)):
        if not isinstance(widget[name], int) or not low <= widget[name] <= high:
            yield f"{name} {widget[name]}"
    properties = widget["properties"]
    for name in REQUIRED[widget["type"]]:
        if not properties.get(name):
            yield f"{widget['type']} widget without {name}"
    if widget["type"] == "metric":
        yield from _graph_faults(properties)
    if widget["type"] == "alarm" and not 1 <= len(properties.get("alarms", ())) <= 100:
        yield "number of alarms"
    if widget["type"] == "log" and not properties.get("query", "").startswith("SOURCE '"):
        yield "query without SOURCE"


def _graph_faults(properties: Mapping[str, Any]) -> Iterator[str]:
    metrics = properties.get("metrics", [])
    if len(metrics) > 500:
        yield "more than 500 metrics"
    ids = [
        entry[-1]["id"] for entry in metrics if isinstance(entry[-1], dict) and "id" in entry[-1]
    ]
    if len(set(ids)) < len(ids) or not all(ID.fullmatch(id_) for id_ in ids):
        yield f"ids {ids}"
    for entry in metrics:
        yield from _entry_faults(entry)
    if properties.get("view") != "timeSeries" or not isinstance(properties.get("stacked"), bool):
        yield "view or stacked"
    if properties.get("period", 300) % 60:
        yield "period"
    for line in properties.get("annotations", {}).get("horizontal", []):
        if not isinstance(line["value"], int | float) or not COLOUR.fullmatch(line["color"]):
            yield f"annotation {line}"
    for side, axis in properties.get("yAxis", {}).items():
        if side not in ("left", "right") or set(axis) - {"label", "min", "max", "showUnits"}:
            yield f"axis {side}"


def _entry_faults(entry: Sequence[Any]) -> Iterator[str]:
    *names, last = entry
    if not isinstance(last, dict):
        names, last = list(entry), {}
    if "expression" in last:
        if names or set(last) - EXPRESSION_OPTIONS:
            yield f"expression {entry}"
        return
    # Namespace and name, then pairs of dimension and value.
    if len(names) < 2 or len(names) % 2 or not all(isinstance(name, str) for name in names):
        yield f"metric {entry}"
    if set(last) - METRIC_OPTIONS or last.get("period", 60) % 60:
        yield f"options {last}"


CORRECT: dict[str, Any] = {
    "type": "metric",
    "x": 0,
    "y": 0,
    "width": 12,
    "height": 6,
    "properties": {
        "region": "eu-west-1",
        "metrics": [["AWS/ECS", "CPU", "ServiceName", "web", {"id": "m1"}]],
        "view": "timeSeries",
        "stacked": False,
    },
}


def _changed(**properties: Any) -> dict[str, Any]:
    return {**CORRECT, "properties": {**CORRECT["properties"], **properties}}


@pytest.mark.parametrize(
    ("widget", "fault"),
    [
        ({**CORRECT, "type": "graph"}, "type graph"),
        ({**CORRECT, "x": 24}, "x 24"),
        ({**CORRECT, "width": 0}, "width 0"),
        (_changed(region=""), "metric widget without region"),
        (_changed(metrics=[["AWS/ECS", "CPU", "ServiceName"]]), "metric ['AWS/ECS'"),
        (_changed(metrics=[["AWS/ECS", "CPU", {"Id": "m1"}]]), "options {'Id'"),
        (_changed(metrics=[["AWS/ECS", "CPU", {"id": "M1"}]]), "ids ['M1']"),
        (_changed(metrics=[["a", "b", {"id": "m"}], ["a", "c", {"id": "m"}]]), "ids ['m', 'm']"),
        (_changed(metrics=[["AWS/ECS", {"expression": "m1"}]]), "expression ['AWS/ECS'"),
        (_changed(annotations={"horizontal": [{"value": "5", "color": "#d62728"}]}), "annotation"),
        (_changed(yAxis={"middle": {}}), "axis middle"),
        (_changed(view="graph"), "view or stacked"),
        (
            {**CORRECT, "type": "log", "properties": {"query": "fields"}},
            "log widget without region",
        ),
        ({**CORRECT, "type": "alarm", "properties": {"alarms": []}}, "alarm widget without alarms"),
    ],
)
def test_the_check_finds_what_is_wrong(widget: Mapping[str, Any], fault: str) -> None:
    assert list(faults(CORRECT)) == []
    assert any(found.startswith(fault) for found in faults(widget))


CASES: list[tuple[Kind[Any], Mapping[str, Mapping[str, Any]]]] = [
    *((kind, {"web": {}}) for kind in KINDS),
    *((kind, {"web": {}, "api": {}}) for kind in KINDS),
    (ECS, {"web": {"container_insights": False}, "api": {}}),
    (ALB, {"web": {"target_groups": {}}}),
    (RDS, {"main": {"engine": "aurora-mysql"}, "other": {"instance_class": "db.m7g.large"}}),
    (RDS, {"main": {"engine": "aurora-postgresql"}}),
    (LOGS, {"web": {"patterns": {"own": {"pattern": "?x"}}}, "api": {"group": "/ecs/api"}}),
    (APP, {f"t{n}": {"service": f"s{n}"} for n in range(90)}),
    (RDS, {f"t{n}": {"instance": f"db{n}"} for n in range(250)}),
]


@pytest.mark.parametrize(("kind", "targets"), CASES)
def test_every_widget_is_one_that_cloudwatch_takes(
    kind: Kind[Any],
    targets: Mapping[str, Mapping[str, Any]],
    plan_of: Callable[..., Plan],
    target_of: Callable[..., Any],
    scope_of: Callable[..., Any],
) -> None:
    made = {name: target_of(kind, **fields) for name, fields in targets.items()}
    rules = tuple(r for name, f in targets.items() for r in plan_of(kind, name=name, **f).rules)
    part = kind.dashboard(scope_of(kind), made, rules)
    status = AlarmStatus(title="Alarms", alarms=tuple(rule.name for rule in rules))
    header = (Text(markdown="# Overview", height=2), status)
    body = json.loads(dashboard_body(header, [part], region="ap-northeast-1"))
    assert set(body) == {"periodOverride", "widgets"}
    assert len(body["widgets"]) > len(header)
    assert [fault for widget in body["widgets"] for fault in faults(widget)] == []
