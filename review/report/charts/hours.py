"""Notifications by hour of day."""

from collections.abc import Mapping, Sequence
from typing import Final

from ecs_monitoring.cloudwatch.rule import Severity
from review.report.charts.figure import SURFACE, Figure, axis, figure

_HEIGHT: Final = 210

_LOOKS: Final = {
    Severity.CRITICAL.value: ("var(--critical-bar)", ""),
    Severity.WARNING.value: ("var(--warning-bar)", "/"),
}
"""Colour and pattern; the pattern tells severities apart without colours."""

_OTHER: Final = ("var(--faint)", "x")


def hours_figure(told: Mapping[str, Sequence[int]]) -> Figure:
    """Bars by hour of day, the severities on each other.

    Args:
        told: notifications of ALARM by severity, 24 numbers each.
    """
    total = max((sum(hour) for hour in zip(*told.values(), strict=True)), default=0)
    return figure(
        [
            {
                "type": "bar",
                "name": severity,
                "x": list(range(24)),
                "y": list(counts),
                "marker": {
                    "color": _LOOKS.get(severity, _OTHER)[0],
                    "line": {"color": SURFACE, "width": 1},
                    "pattern": {
                        "shape": _LOOKS.get(severity, _OTHER)[1],
                        "fillmode": "overlay",
                        "fgcolor": SURFACE,
                        "fgopacity": 0.7,
                        "size": 7,
                        "solidity": 0.25,
                    },
                },
                "hovertemplate": f"%{{x:02d}} h: %{{y}} {severity}<extra></extra>",
            }
            for severity, counts in told.items()
        ],
        _HEIGHT,
        barmode="stack",
        bargap=0.15,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        margin={"l": 40, "r": 8, "t": 34, "b": 28},
        xaxis=axis(
            tickmode="array",
            tickvals=list(range(0, 24, 6)),
            ticktext=[f"{hour:02d}:00" for hour in range(0, 24, 6)],
            showgrid=False,
            fixedrange=True,
        ),
        yaxis=axis(
            rangemode="tozero",
            fixedrange=True,
            automargin=True,
            **({"tickmode": "linear", "dtick": 1} if total <= 4 else {"nticks": 5}),
        ),
    )
