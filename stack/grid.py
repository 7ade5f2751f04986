"""A dashboard's grid in words, from its body."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from stack.program import ProgramRun
from stack.resource_types import DASHBOARD


@dataclass(frozen=True)
class PlacedWidget:
    """One rectangle of a dashboard.

    Attributes:
        x: first column, from 0.
        y: first row, from 0.
        width: columns.
        height: rows.
        type: ``metric``, ``text``, ``alarm`` or ``log``.
        title: what stands above it, or its text's first line.
    """

    x: int
    y: int
    width: int
    height: int
    type: str
    title: str

    def as_json(self) -> dict[str, Any]:
        """The widget for scripts."""
        return asdict(self)


def dashboard_grids(run: ProgramRun) -> dict[str, list[PlacedWidget]]:
    """Each dashboard's widgets, top to bottom, left to right.

    A dashboard whose body is not known before the deployment has none.
    """
    grids: dict[str, list[PlacedWidget]] = {}
    for registration in run.of_type(DASHBOARD):
        body = registration.inputs["dashboardBody"]
        widgets = json.loads(body)["widgets"] if isinstance(body, str) and body[:1] == "{" else []
        grids[registration.inputs["dashboardName"]] = sorted(
            (_placed(widget) for widget in widgets), key=lambda widget: (widget.y, widget.x)
        )
    return grids


def _placed(widget: dict[str, Any]) -> PlacedWidget:
    properties = widget["properties"]
    first_line = str(properties.get("markdown", "")).partition("\n")[0].lstrip("# ")
    return PlacedWidget(
        widget["x"],
        widget["y"],
        widget["width"],
        widget["height"],
        widget["type"],
        properties.get("title", first_line),
    )
