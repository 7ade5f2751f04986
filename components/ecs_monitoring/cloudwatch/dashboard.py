"""Lays widgets out on CloudWatch's 24-column grid and writes the dashboard's body."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.widget import DashboardPart, Section, Widget, text


def sections_in_order(parts: Iterable[DashboardPart]) -> list[Section]:
    """The sections of all parts; those with the same title become one, empty ones none."""
    merged: dict[str, tuple[Widget, ...]] = {}
    for part in parts:
        for section in part.sections:
            merged[section.title] = merged.get(section.title, ()) + section.widgets
    return [Section(title=title, widgets=widgets) for title, widgets in merged.items() if widgets]


def dashboard_body(header: Sequence[Widget], parts: Sequence[DashboardPart], *, region: str) -> str:
    """The JSON body of a dashboard.

    Args:
        header: widgets across the top.
        parts: overview graphs of all parts follow the header, then their sections.
        region: the region that regional widgets read from.

    Raises:
        InvalidValueError: more widgets, metrics or bytes than a dashboard may hold.
    """
    placed: list[dict[str, Any]] = []
    row = _place(header, 0, region, placed)
    row = _place([w for part in parts for w in part.overview], row, region, placed)
    widgets = [*header, *(w for part in parts for w in part.overview)]
    for section in sections_in_order(parts):
        heading = text(f"## {section.title}", height=1)
        row = _place([heading], row, region, placed)
        row = _place(section.widgets, row, region, placed)
        widgets += [heading, *section.widgets]
    body = json.dumps({"widgets": placed}, separators=(",", ":"))
    _check_limits(widgets, body)
    return body


def _place(widgets: Iterable[Widget], top: int, region: str, placed: list[dict[str, Any]]) -> int:
    """Place widgets left to right, top to bottom, from row ``top``; returns the row below."""
    x = y = 0
    tallest = 0
    y = top
    for widget in widgets:
        if x + widget.width > limits.DASHBOARD_COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        placed.append(
            {
                "type": widget.type,
                "x": x,
                "y": y,
                "width": widget.width,
                "height": widget.height,
                "properties": {
                    **widget.properties,
                    **({"region": region} if widget.regional else {}),
                },
            }
        )
        x += widget.width
        tallest = max(tallest, widget.height)
    return y + tallest


def _check_limits(widgets: Sequence[Widget], body: str) -> None:
    metrics = sum(widget.metric_count for widget in widgets)
    for what, count, most in (
        ("widgets", len(widgets), limits.WIDGETS_PER_DASHBOARD),
        ("metrics", metrics, limits.METRICS_PER_DASHBOARD),
        ("bytes", len(body.encode()), limits.DASHBOARD_BODY_BYTES),
    ):
        if count > most:
            raise InvalidValueError(
                f"the dashboard would have {count:,} {what} of at most {most:,}: "
                "watch fewer targets in one stack, or spread them over several stacks"
            )
