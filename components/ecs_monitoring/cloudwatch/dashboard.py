"""Lays widgets out on CloudWatch's 24-column grid and writes the dashboard's body."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.graph import DashboardPart, Panel, Section, Text
from ecs_monitoring.cloudwatch.widget import Widget, widgets


def sections_in_order(parts: Iterable[DashboardPart]) -> list[Section]:
    """The sections of all parts; those with the same title become one, empty ones none."""
    merged: dict[str, tuple[Panel, ...]] = {}
    for part in parts:
        for section in part.sections:
            merged[section.title] = merged.get(section.title, ()) + section.widgets
    return [Section(title=title, widgets=panels) for title, panels in merged.items() if panels]


def dashboard_body(header: Sequence[Panel], parts: Sequence[DashboardPart], *, region: str) -> str:
    """The JSON body of a dashboard.

    Args:
        header: panels across the top.
        parts: overview graphs of all parts follow the header, then their sections.
        region: the region that regional widgets read from.

    Raises:
        InvalidValueError: more widgets, metrics or bytes than a dashboard may hold.
    """
    placed: list[dict[str, Any]] = []
    written = [*_written(header)]
    row = _place(written, 0, region, placed)
    overview = _written(panel for part in parts for panel in part.overview)
    row = _place(overview, row, region, placed)
    written += overview
    for section in sections_in_order(parts):
        heading = _written([Text(markdown=f"## {section.title}", height=1)])
        row = _place(heading, row, region, placed)
        content = _written(section.widgets)
        row = _place(content, row, region, placed)
        written += [*heading, *content]
    body = json.dumps({"widgets": placed}, separators=(",", ":"))
    _check_limits(written, body)
    return body


def _written(panels: Iterable[Panel]) -> list[Widget]:
    return [widget for panel in panels for widget in widgets(panel)]


def _place(written: Iterable[Widget], top: int, region: str, placed: list[dict[str, Any]]) -> int:
    """Place widgets left to right, top to bottom, from row ``top``; returns the row below."""
    x = y = 0
    tallest = 0
    y = top
    for widget in written:
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


def _check_limits(written: Sequence[Widget], body: str) -> None:
    metrics = sum(widget.metric_count for widget in written)
    for what, count, most in (
        ("widgets", len(written), limits.WIDGETS_PER_DASHBOARD),
        ("metrics", metrics, limits.METRICS_PER_DASHBOARD),
        ("bytes", len(body.encode()), limits.DASHBOARD_BODY_BYTES),
    ):
        if count > most:
            raise InvalidValueError(
                f"the dashboard would have {count:,} {what} of at most {most:,}: "
                "watch fewer targets in one stack, or spread them over several stacks"
            )
