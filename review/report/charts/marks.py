"""The definitions that stand out among all thresholds: the one of now, and the suggestion."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.units import Unit
from review.model import AlarmReview, Review
from review.report.charts.figure import label
from review.report.charts.scale import Scale
from review.report.tally import Tally, tally_of
from review.report.wording import threshold

ROOM: Final = 34
"""Pixels above the panels, for the marks' names."""


@dataclass(frozen=True)
class Mark:
    """A definition that is marked.

    Attributes:
        name: in a word.
        colour: of everything that is the mark's.
        symbol: of its points.
        dash: of its curves, so that colour is not all that tells them apart.
        definition: the alarm.
        tally: what it would have done.
    """

    name: str
    colour: str
    symbol: str
    dash: str
    definition: AlarmDefinition
    tally: Tally

    @property
    def m_of_n(self) -> tuple[int, int]:
        """M and N."""
        return self.definition.breaching_datapoints, self.definition.evaluation_periods


_LOOKS: Final = (
    ("now", "var(--text)", "circle", "solid"),
    ("suggested", "var(--suggested)", "diamond", "dash"),
)


@dataclass(frozen=True)
class Across:
    """The axis of thresholds.

    Attributes:
        scale: what it counts in.
        low: the least threshold, in the metric's own unit.
        high: the greatest one.
    """

    scale: Scale
    low: float
    high: float

    # From a thousandfold on, a linear axis would show the lower thresholds as one.
    @property
    def is_logarithmic(self) -> bool:
        """Whether equal ways are equal factors."""
        return self.low > 0 and self.high > 1000 * self.low

    def at(self, value: float) -> float:
        """Where a threshold is on the axis, as annotations want it."""
        scaled = self.scale.of(value)
        return math.log10(scaled) if self.is_logarithmic else scaled

    def is_left(self, value: float) -> bool:
        """Whether a threshold is in the axis' left half."""
        return self.at(value) <= (self.at(self.low) + self.at(self.high)) / 2


def marks_of(alarm: AlarmReview, review: Review) -> list[Mark]:
    """The marks of an alarm; the suggestion is among them where there is one."""
    candidates = (alarm.current, alarm.suggested)
    return [
        Mark(*looks, candidate.definition, tally_of(candidate, alarm, review))
        for looks, candidate in zip(_LOOKS, candidates, strict=True)
        if candidate
    ]


def uprights(marks: Sequence[Mark], across: Across, plots: int) -> Iterator[dict[str, Any]]:
    """A line through all panels at each mark's threshold; ``plots`` is their height in pixels."""
    for mark in marks:
        where = across.scale.of(mark.definition.threshold)
        yield {
            "type": "line",
            "x0": where,
            "x1": where,
            "yref": "paper",
            "y0": 0,
            "y1": 1 - ROOM / plots,
            "line": {"color": mark.colour, "width": 1, "dash": mark.dash},
        }


def mark_names(marks: Sequence[Mark], across: Across, unit: Unit) -> Iterator[dict[str, Any]]:
    """The marks' names, a line each, growing towards the middle so that none is cut off."""
    for row, mark in enumerate(marks):
        m, n = mark.m_of_n
        yield label(
            f"{mark.name} {threshold(mark.definition, unit)}, {m} of {n}",
            x=across.at(mark.definition.threshold),
            xanchor="left" if across.is_left(mark.definition.threshold) else "right",
            yref="paper",
            y=1,
            yanchor="top",
            yshift=-row * ROOM / 2,
            font={"size": 12, "color": mark.colour},
        )
