"""Lays panels out on CloudWatch's 24-column grid, on as many dashboards as its limits demand.

A picture never stops an alarm: what one dashboard does not hold moves to further ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic_core import to_json

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.graph import AlarmStatus, DashboardPart, Panel, Section, Text
from ecs_monitoring.cloudwatch.widget import Widget, widgets

ALARMS_PER_PAGE: Final = 2000
"""Alarms whose state one dashboard shows: with names of any length, they leave room for graphs."""

# The longest beginning of an alarm's ARN, a name, and JSON around it.
_ALARM_BYTES: Final = 80 + limits.ALARM_NAME_LENGTH
# A widget's place and type, and the region that is filled in.
_FRAME_BYTES: Final = 120
# The text on top, with links to all other dashboards.
_HEADER_BYTES: Final = 32_768

# "Each graph's period setting always being obeyed": with the default, auto, a sum grows with the
# time range that is looked at, and is far above its alarm's threshold where no alarm is on.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
_RESPECT_PERIODS: Final = {"periodOverride": "inherit"}

MORE: Final = "more"
"""The page of panels that belong to no kind."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One dashboard of a stack.

    Attributes:
        key: empty for the overview; otherwise what its name ends with, such as ``ecs-2``.
        title: what links to it call it.
        alarms: which of the stack's alarms it shows the state of: the first, and the one behind.
        overview: widgets above all sections.
        sections: headings with their widgets.
    """

    key: str = ""
    title: str = "Overview"
    alarms: tuple[int, int] = (0, 0)
    overview: tuple[Widget, ...] = ()
    sections: tuple[tuple[str, tuple[Widget, ...]], ...] = ()


@dataclass
class _Room:
    """What one dashboard still takes."""

    widgets: int = limits.WIDGETS_PER_DASHBOARD - 1
    metrics: int = limits.METRICS_PER_DASHBOARD
    bytes: int = limits.DASHBOARD_BODY_BYTES - _HEADER_BYTES

    def reserve_alarms(self, count: int) -> None:
        self.widgets -= -(-count // limits.ALARMS_PER_WIDGET)
        self.bytes -= count * _ALARM_BYTES

    def take(self, *taken: Widget) -> bool:
        """Take some widgets, if there is room for all of them."""
        count = self.widgets - len(taken)
        metrics = self.metrics - sum(widget.metric_count for widget in taken)
        size = self.bytes - sum(_size(widget) for widget in taken)
        if min(count, metrics, size) < 0:
            return False
        self.widgets, self.metrics, self.bytes = count, metrics, size
        return True


@dataclass
class _Growing:
    """The pages of one kind while they are filled."""

    key: str
    title: str
    room: _Room = field(default_factory=_Room)
    pages: list[dict[str, list[Widget]]] = field(default_factory=lambda: [{}])

    def add(self, section: str, widget: Widget) -> None:
        heading = () if section in self.pages[-1] else (_heading(section),)
        if not self.room.take(*heading, widget):
            if self.pages[-1]:
                self.pages.append({})
            self.room = _Room()
            self.room.take(_heading(section), widget)
        self.pages[-1].setdefault(section, []).append(widget)

    def finished(self) -> Iterator[Page]:
        for number, page in enumerate(self.pages, start=1):
            if page:
                yield Page(
                    key=self.key if number == 1 else f"{self.key}-{number}",
                    title=self.title if number == 1 else f"{self.title} ({number})",
                    sections=tuple((title, tuple(content)) for title, content in page.items()),
                )


def sections_in_order(parts: Iterable[DashboardPart]) -> list[Section]:
    """The sections of all parts; those with the same title become one, empty ones none."""
    merged: dict[str, tuple[Panel, ...]] = {}
    for part in parts:
        for section in part.sections:
            merged[section.title] = merged.get(section.title, ()) + section.widgets
    return [Section(title=title, widgets=panels) for title, panels in merged.items() if panels]


def pages(parts: Sequence[DashboardPart]) -> tuple[Page, ...]:
    """The dashboards of a stack, the overview first.

    Where one dashboard holds everything, it is the only one. Otherwise the overview keeps the
    graphs of every part's own overview and the state of the alarms, as far as it has room; what
    is below moves to dashboards of its kind.

    Args:
        parts: what the components offer, in reading order.
    """
    alarms = sum(part.alarms for part in parts)
    whole = Page(
        alarms=(0, alarms),
        overview=_written(panel for part in parts for panel in part.overview),
        sections=tuple((s.title, _written(s.widgets)) for s in sections_in_order(parts)),
    )
    room = _Room()
    room.reserve_alarms(alarms)
    headings = (_heading(title) for title, _ in whole.sections)
    content = (widget for _, section in whole.sections for widget in section)
    if room.take(*whole.overview, *headings, *content):
        return (whole,)
    return _several(parts, alarms)


def _several(parts: Sequence[DashboardPart], alarms: int) -> tuple[Page, ...]:
    status = [
        (start, min(start + ALARMS_PER_PAGE, alarms)) for start in range(0, alarms, ALARMS_PER_PAGE)
    ] or [(0, 0)]
    room = _Room()
    room.reserve_alarms(status[0][1])
    overview: list[Widget] = []
    kinds: dict[str, _Growing] = {}
    for part in parts:
        key = part.kind or MORE
        kind = kinds.setdefault(key, _Growing(key=key, title=part.title or "More"))
        for panel in part.overview:
            first, *further = widgets(panel)
            if room.take(first):
                overview.append(first)
            else:
                further = [first, *further]
            for widget in further:
                kind.add(kind.title, widget)
        for section in part.sections:
            for widget in _written(section.widgets):
                kind.add(section.title, widget)
    return (
        Page(alarms=status[0], overview=tuple(overview)),
        *(
            Page(key=f"alarms-{number}", title=f"All alarms ({number})", alarms=shown)
            for number, shown in enumerate(status[1:], start=2)
        ),
        *(page for kind in kinds.values() for page in kind.finished()),
    )


def page_body(page: Page, header: Sequence[Panel], arns: Sequence[str], *, region: str) -> str:
    """The JSON body of a dashboard.

    Args:
        page: what it shows.
        header: panels across the top.
        arns: of all alarms of the stack.
        region: the region that regional widgets read from.
    """
    start, end = page.alarms
    status = [AlarmStatus(title="All alarms", alarms=tuple(arns[start:end]))]
    placed: list[dict[str, Any]] = []
    row = _place(_written([*header, *status]), 0, region, placed)
    row = _place(page.overview, row, region, placed)
    for title, content in page.sections:
        row = _place([_heading(title)], row, region, placed)
        row = _place(content, row, region, placed)
    return to_json({**_RESPECT_PERIODS, "widgets": placed}).decode()


def _written(panels: Iterable[Panel]) -> tuple[Widget, ...]:
    return tuple(widget for panel in panels for widget in widgets(panel))


def _heading(title: str) -> Widget:
    (heading,) = widgets(Text(markdown=f"## {title}", height=1))
    return heading


def _size(widget: Widget) -> int:
    """Bytes of a placed widget, at most."""
    return _FRAME_BYTES + len(to_json(widget.properties))


def _place(written: Iterable[Widget], top: int, region: str, placed: list[dict[str, Any]]) -> int:
    """Place widgets left to right, top to bottom, from row ``top``; returns the row below."""
    x, y, tallest = 0, top, 0
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
