"""Panels as the widgets that they become."""

from collections.abc import Iterable, Sequence

from ecs_monitoring.cloudwatch.dashboard import page_body, pages
from ecs_monitoring.cloudwatch.graph import DashboardPart, Panel
from ecs_monitoring.cloudwatch.widget import Widget, widgets


def written(panels: Iterable[Panel]) -> tuple[Widget, ...]:
    """The widgets of some panels, in order."""
    return tuple(widget for panel in panels for widget in widgets(panel))


def all_panels(part: DashboardPart) -> list[Panel]:
    """The panels of a part, overview first."""
    return [*part.overview, *(panel for section in part.sections for panel in section.widgets)]


def dashboard_body(header: Sequence[Panel], parts: Sequence[DashboardPart], *, region: str) -> str:
    """The body of the one dashboard that holds everything."""
    (page,) = pages(parts)
    return page_body(page, header, (), region=region)
