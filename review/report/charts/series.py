"""What an alarm watched, with its threshold, and when it was on."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from ecs_monitoring.cloudwatch.units import Unit
from replay.levels import is_rising
from review.model import AlarmReview, Review, Trace
from review.report.charts.figure import LINE, MARGIN, NONE, SURFACE, Figure, axis, figure, label
from review.report.charts.marks import Mark, marks_of
from review.report.charts.scale import NUMBER, Scale, padded, scale_of
from review.report.charts.strips import STRIP, Interval, strip_names, strip_traces, strips_of
from review.report.wording import ReaderClock, threshold

_PLOT: Final = 230
"""Pixels of the series' own height."""

_BETWEEN: Final = 38
"""Pixels between the series and the first strip, for the axis' numbers."""


def series_figure(alarm: AlarmReview, review: Review) -> Figure | None:
    """What an alarm watched, and below it when it was, or would have been, on.

    ``None`` where nothing was replayed or there is no data.
    """
    if alarm.current is None or alarm.trace is None:
        return None
    clock = ReaderClock(review.zone)
    marks = marks_of(alarm, review)
    is_high = is_rising(alarm.current.definition.comparison)
    values = [value for value in (*alarm.trace.low, *alarm.trace.high) if value is not None]
    values += [mark.definition.threshold for mark in marks]
    scale = scale_of(alarm.unit, values)
    strips = strips_of(alarm, review)
    height = MARGIN["t"] + _PLOT + _BETWEEN + STRIP * len(strips) + 8
    plots = height - MARGIN["t"]
    return figure(
        [
            *_shading(alarm, clock),
            *_watched(alarm.trace, scale, clock, is_high=is_high),
            *strip_traces(strips, clock),
        ],
        height,
        margin={**MARGIN, "b": 0},
        xaxis=axis(
            type="date",
            range=[clock.wall(review.start), clock.wall(review.end)],
            showgrid=False,
            anchor="free",
            position=1 - _PLOT / plots,
            ticks="outside",
            tickcolor=LINE,
            nticks=8,
        ),
        yaxis=_hidden(domain=[1 - _PLOT / plots, 1], range=[0, 1]),
        yaxis2=axis(
            overlaying="y",
            # Taken from the other axis only where that one has something on it.
            domain=[1 - _PLOT / plots, 1],
            side="left",
            range=padded([scale.of(value) for value in values]),
            ticksuffix=scale.suffix,
            nticks=6,
            automargin=True,
        ),
        yaxis3=_hidden(domain=[0, STRIP * len(strips) / plots], range=[-len(strips), 0]),
        shapes=[_line(mark, scale) for mark in marks],
        annotations=[
            *(_threshold(mark, alarm.unit, scale, is_left=mark is marks[0]) for mark in marks),
            *strip_names(strips),
        ],
    )


def _hidden(**particular: Any) -> dict[str, Any]:
    return {"visible": False, "fixedrange": True, **particular}


def _watched(
    trace: Trace, scale: Scale, clock: ReaderClock, *, is_high: bool
) -> Iterator[dict[str, Any]]:
    """The range of values as a band, and the end of it that the alarm watches as a line."""
    times = [clock.wall(time) for time in trace.times]
    low, high = scale.drawn(trace.low), scale.drawn(trace.high)
    outline_x: list[int | None] = []
    outline_y: list[float | None] = []
    rows = zip(times, low, high, strict=True)
    for has_value, run in groupby(rows, key=lambda row: row[2] is not None):
        if has_value:
            at, lows, highs = zip(*run, strict=True)
            outline_x += [*at, *at[::-1], None]
            outline_y += [*highs, *lows[::-1], None]
    yield {
        "x": outline_x,
        "y": outline_y,
        "yaxis": "y2",
        "fill": "toself",
        "fillcolor": "var(--range)",
        "line": {"width": 0},
        "mode": "lines",
        "hoverinfo": "skip",
    }
    least, most = ("customdata", "y") if is_high else ("y", "customdata")
    yield {
        "x": times,
        "y": high if is_high else low,
        "customdata": low if is_high else high,
        "yaxis": "y2",
        "mode": "lines",
        "line": {"color": "var(--series)", "width": 1.2},
        "hovertemplate": f"%{{x|%a %Y-%m-%d %H:%M}}<br>%{{{least}:{NUMBER}}} to "
        f"%{{{most}:{NUMBER}}}{scale.suffix}<extra></extra>",
    }


def _shading(alarm: AlarmReview, clock: ReaderClock) -> Iterator[dict[str, Any]]:
    """When it was wrong, and when the alarm would have been on, over the series' whole height."""
    incidents = [(incident.start, incident.end) for incident in alarm.incidents]
    if incidents:
        yield _shade(incidents, clock, "var(--incident)", "var(--incident-fill)")
    if alarm.current and alarm.current.outcome.bands:
        yield _shade(alarm.current.outcome.bands, clock, "var(--alarm-edge)", "var(--alarm-fill)")


def _shade(
    intervals: Iterable[Interval], clock: ReaderClock, colour: str, fill: str
) -> dict[str, Any]:
    times = [(clock.wall(began), clock.wall(ended)) for began, ended in intervals]
    return {
        "x": [x for began, ended in times for x in (began, began, ended, ended, None)],
        "y": [y for _ in times for y in (0, 1, 1, 0, None)],
        "yaxis": "y",
        "fill": "toself",
        "fillcolor": fill,
        # The edge keeps what is shorter than a pixel visible.
        "line": {"color": colour, "width": 1},
        "mode": "lines",
        "hoverinfo": "skip",
    }


def _line(mark: Mark, scale: Scale) -> dict[str, Any]:
    height = scale.of(mark.definition.threshold)
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y2",
        "y0": height,
        "y1": height,
        "line": {"color": mark.colour, "width": 1.5, "dash": mark.dash},
    }


def _threshold(mark: Mark, unit: Unit, scale: Scale, *, is_left: bool) -> dict[str, Any]:
    """A threshold's name: that of now on the left, the other on the right, so that none clash."""
    return label(
        f"{mark.name} {threshold(mark.definition, unit)}",
        xref="paper",
        x=0.005 if is_left else 0.995,
        xanchor="left" if is_left else "right",
        yref="y2",
        y=scale.of(mark.definition.threshold),
        yanchor="bottom",
        yshift=2,
        bgcolor=SURFACE,
        opacity=0.9,
        borderpad=1,
        bordercolor=NONE,
        font={"size": 12, "color": mark.colour},
    )
