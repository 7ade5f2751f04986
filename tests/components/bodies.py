"""Reads dashboards back from what was registered."""

import json
from collections.abc import Mapping
from typing import Any

from stack.program import ProgramRun
from tests.components.registered import DASHBOARD, only


def body_widgets(run: ProgramRun) -> list[dict[str, Any]]:
    """The widgets of a run's one dashboard, in the order of its body."""
    body = json.loads(only(run.of_type(DASHBOARD)).inputs["dashboardBody"])
    found: list[dict[str, Any]] = body["widgets"]
    return found


def titled(run: ProgramRun, title: str) -> dict[str, Any]:
    """The one widget with a title."""
    (widget,) = (w for w in body_widgets(run) if w["properties"].get("title") == title)
    return widget


def thresholds(widget: Mapping[str, Any]) -> dict[str, float]:
    """The horizontal lines of a graph: the alarm key that labels each, and where it is."""
    annotations = widget["properties"].get("annotations", {}).get("horizontal", [])
    return {line["label"].split(" ")[0]: line["value"] for line in annotations}
