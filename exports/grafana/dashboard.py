"""Lays panels out as a Grafana dashboard."""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from ecs_monitoring.catalog.regions import partition_of
from exports.grafana.panels import Panel, panel_of, rule_panel
from exports.monitoring import OVERVIEW, StackMonitoring
from exports.texts import stable_id

MORE: Final = "More alarms"
"""The section of alarms that no graph of the CloudWatch dashboard shows."""

# That of Grafana 10.4; Grafana brings older ones up to date when it reads them.
# https://github.com/grafana/grafana/blob/v10.4.0/public/app/features/dashboard/state/DashboardMigrator.ts
_SCHEMA_VERSION: Final = 39
_COLUMNS: Final = 24


def dashboard_uid(monitoring: StackMonitoring) -> str:
    """The dashboard's identifier, by which Grafana knows it again when it is imported anew."""
    return stable_id(monitoring.project, monitoring.stack, monitoring.name)


def panel_id(*parts: str) -> int:
    """A panel's identifier: of what it shows, so that a new panel changes no other one's."""
    # A whole number that JavaScript holds exactly, never 0.
    return int(hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8], 16) or 1


def dashboard(monitoring: StackMonitoring) -> dict[str, Any]:
    """The dashboard of a stack, as JSON."""
    return {
        "uid": dashboard_uid(monitoring),
        "id": None,
        "title": f"{monitoring.project} {monitoring.stack}",
        "description": (
            "Written from the stack's settings: change them, not the dashboard. Lines across "
            "graphs are alarm thresholds: red wakes someone, orange is for today."
        ),
        "tags": ["cloudwatch", monitoring.project, monitoring.stack],
        "schemaVersion": _SCHEMA_VERSION,
        "editable": True,
        # The crosshair of one panel is shown in all.
        "graphTooltip": 1,
        "time": {"from": "now-3h", "to": "now"},
        # Each refresh asks CloudWatch again, and costs.
        "refresh": "",
        "timezone": "browser",
        "annotations": {"list": []},
        "templating": {"list": _variables(monitoring)},
        "links": [],
        "panels": list(_placed(monitoring)),
    }


def _variables(monitoring: StackMonitoring) -> list[dict[str, Any]]:
    home = monitoring.region
    regions = [home, *(r for r in sorted(partition_of(home).regions) if r != home)]
    return [
        {
            "type": "datasource",
            "name": "datasource",
            "label": "Data source",
            "query": "cloudwatch",
            "regex": "",
            "hide": 0,
            "refresh": 1,
            "multi": False,
            "includeAll": False,
            "options": [],
        },
        {
            "type": "custom",
            "name": "region",
            "label": "Region",
            "query": ",".join(regions),
            "hide": 0,
            "multi": False,
            "includeAll": False,
            "current": {"selected": True, "text": home, "value": home},
            "options": [
                {"selected": region == home, "text": region, "value": region} for region in regions
            ],
        },
    ]


def _placed(monitoring: StackMonitoring) -> Iterator[Panel]:
    bottom = 0
    sections = groupby(monitoring.panels, key=lambda placed: placed.section)
    for section, shown in sections:
        panels = [
            {"id": panel_id("graph", placed.item.name), **panel_of(placed, monitoring)}
            for placed in shown
        ]
        if section != OVERVIEW:
            yield _row(section, bottom)
            bottom += 1
        bottom = yield from _flow(panels, bottom)
    rest = [
        {"id": panel_id("rule", exported.rule.address), **rule_panel(exported, monitoring)}
        for exported in monitoring.undrawn
    ]
    if rest:
        yield _row(MORE, bottom)
        yield from _flow(rest, bottom + 1)


def _row(title: str, top: int) -> Panel:
    return {
        "id": panel_id("section", title),
        "type": "row",
        "title": title,
        "collapsed": False,
        "gridPos": {"x": 0, "y": top, "w": _COLUMNS, "h": 1},
        "panels": [],
    }


def _flow(panels: Sequence[Panel], top: int) -> Generator[Panel, None, int]:
    """Panels left to right, top to bottom; gives back the row below them."""
    x, y, tallest = 0, top, 0
    for panel in panels:
        width, height = panel["gridPos"]["w"], panel["gridPos"]["h"]
        if x + width > _COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        yield {**panel, "gridPos": {"x": x, "y": y, "w": width, "h": height}}
        x += width
        tallest = max(tallest, height)
    return y + tallest
