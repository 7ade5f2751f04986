"""Firings, hours in ALARM and incidents caught, by threshold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ecs_monitoring.cloudwatch.rule import Comparison
from review.model import AlarmReview, CurvePoints, Review
from review.report.charts.figure import MARGIN, SURFACE, Figure, axis, figure, label
from review.report.charts.marks import ROOM, Across, Mark, mark_names, marks_of, uprights
from review.report.charts.scale import NUMBER, Counts, scale_of
from review.report.tally import Tally

_PLOT: Final = 104
"""Pixels of a panel's plot."""

_TITLE: Final = 26
"""Pixels above each plot, for the panel's name."""

# A curve holds up to the next threshold or from the last one on, as equality breaches or not:
# at "at least", a threshold that equals a level still fires.
_SHAPES: Final = {
    Comparison.AT_LEAST: "vh",
    Comparison.BELOW: "vh",
    Comparison.ABOVE: "hv",
    Comparison.AT_MOST: "hv",
}


@dataclass(frozen=True)
class _Panel:
    """One of the numbers by threshold.

    Attributes:
        name: what it is.
        of_curve: its values along a curve.
        of_tally: its value in a definition's numbers.
        counts: its axis.
    """

    name: str
    of_curve: Callable[[CurvePoints], Sequence[float]]
    of_tally: Callable[[Tally], float]
    counts: Counts


def curve_figure(alarm: AlarmReview, review: Review) -> Figure | None:
    """What each threshold would have done, one panel a number; ``None`` without curves."""
    thresholds = [threshold for curve in alarm.curves for threshold in curve.thresholds]
    # A single threshold is no curve: no other one would have changed anything.
    if alarm.current is None or len(set(thresholds)) < 2:
        return None
    marks, panels = marks_of(alarm, review), _panels(alarm)
    across = Across(scale_of(alarm.unit, thresholds), min(thresholds), max(thresholds))
    plots = ROOM + len(panels) * (_TITLE + _PLOT)
    shape = _SHAPES[alarm.current.definition.comparison]
    axes: dict[str, Any] = {}
    data: list[dict[str, Any]] = []
    names = []
    for row, panel in enumerate(panels):
        number = str(row + 1) if row else ""
        top = 1 - (ROOM + row * (_TITLE + _PLOT) + _TITLE) / plots
        # Rounding must not lead out of the figure.
        bottom = max(top - _PLOT / plots, 0)
        axes[f"yaxis{number}"] = axis(domain=[bottom, top], automargin=True, **panel.counts.axis())
        data += _lines(alarm.curves, panel, marks, across, {"yaxis": f"y{number}"}, shape)
        data += _points(panel, marks, across, {"yaxis": f"y{number}"})
        names.append(_name(panel, top))
    return figure(
        data,
        MARGIN["t"] + plots + MARGIN["b"],
        xaxis=axis(
            # On a logarithmic axis, a tick a power of ten.
            **(
                {"type": "log", "tickmode": "linear", "dtick": 1}
                if across.is_logarithmic
                else {"nticks": 6}
            ),
            ticksuffix=across.scale.suffix,
            anchor=f"y{len(panels)}",
            showgrid=False,
        ),
        **axes,
        shapes=list(uprights(marks, across, plots)),
        annotations=[*names, *mark_names(marks, across, alarm.unit)],
    )


def _panels(alarm: AlarmReview) -> list[_Panel]:
    def panel(
        name: str,
        of_curve: Callable[[CurvePoints], Sequence[float]],
        of_tally: Callable[[Tally], float],
    ) -> _Panel:
        return _Panel(name, of_curve, of_tally, Counts(max(map(max, map(of_curve, alarm.curves)))))

    panels = [
        panel("firings", lambda curve: curve.firings, lambda tally: tally.firings),
        panel("hours in ALARM", lambda curve: curve.hours, lambda tally: tally.seconds / 3600),
    ]
    if all(curve.caught for curve in alarm.curves):
        name = f"incidents caught, of {len(alarm.incidents)}"
        panels.append(panel(name, lambda curve: curve.caught, lambda tally: tally.caught))
    return panels


def _lines(
    curves: Sequence[CurvePoints],
    panel: _Panel,
    marks: Sequence[Mark],
    across: Across,
    where: dict[str, str],
    shape: str,
) -> Iterator[dict[str, Any]]:
    """A line for each M of N; those of the marked definitions stand out, and come last."""
    by_m_of_n = {mark.m_of_n: mark for mark in reversed(marks)}
    pairs = [
        (by_m_of_n.get((curve.datapoints_to_alarm, curve.evaluation_periods)), curve)
        for curve in curves
    ]
    for mark, curve in sorted(pairs, key=lambda pair: pair[0] is not None):
        steps = _steps(curve.thresholds, panel.of_curve(curve))
        yield {
            **where,
            "x": across.scale.drawn(threshold for threshold, _ in steps),
            "y": [panel.counts.at(value) for _, value in steps],
            "customdata": [round(value, 2) for _, value in steps],
            "name": f"{curve.datapoints_to_alarm} of {curve.evaluation_periods}",
            "mode": "lines",
            "line": {
                "shape": shape,
                "color": mark.colour if mark else "var(--faint)",
                "width": 2.2 if mark else 1,
                "dash": mark.dash if mark else "solid",
            },
            "hovertemplate": f"%{{x:{NUMBER}}}{across.scale.suffix}, %{{fullData.name}}: "
            f"%{{customdata:{NUMBER}}}<extra></extra>",
        }


def _steps(thresholds: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
    """A curve without the points between equal neighbours, which change nothing in its course."""
    last = len(values) - 1
    return [
        (thresholds[i], values[i])
        for i in range(len(values))
        if i in (0, last) or not values[i - 1] == values[i] == values[i + 1]
    ]


def _points(
    panel: _Panel, marks: Sequence[Mark], across: Across, where: dict[str, str]
) -> Iterator[dict[str, Any]]:
    for mark in marks:
        yield {
            **where,
            "x": [across.scale.of(mark.definition.threshold)],
            "y": [panel.counts.at(panel.of_tally(mark.tally))],
            "mode": "markers",
            "marker": {"symbol": mark.symbol, "size": 9, "color": mark.colour},
            "hoverinfo": "skip",
        }


def _name(panel: _Panel, top: float) -> dict[str, Any]:
    return label(
        panel.name,
        xref="paper",
        x=0,
        xanchor="left",
        yref="paper",
        y=top,
        yanchor="bottom",
        yshift=2,
        bgcolor=SURFACE,
        font={"size": 12, "color": "var(--muted)"},
    )
