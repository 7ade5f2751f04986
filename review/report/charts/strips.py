"""Strips below a series: when the alarm was on, by which definition, and when it was wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ecs_monitoring.words import duration
from replay.outcome import Outcome
from review.model import AlarmReview, Review
from review.report.charts.figure import LINE, label
from review.report.wording import ReaderClock

STRIP: Final = 40
"""Pixels of a strip, its name included."""

_NAME: Final = 0.12
"""Where in a strip its name begins, from the top."""

_LINE: Final = 0.76
"""Where in a strip its line is, from the top."""

Interval = tuple[int, int]


@dataclass(frozen=True)
class Strip:
    """A line on which it shows when something was so.

    Attributes:
        name: what.
        colour: of it.
        span: the stretch of which it is known.
        intervals: when it was so, in seconds since 1970 UTC.
        notes: words for each interval.
    """

    name: str
    colour: str
    span: Interval
    intervals: tuple[Interval, ...]
    notes: tuple[str, ...]


def strips_of(alarm: AlarmReview, review: Review) -> list[Strip]:
    """The strips of an alarm: what would have been, what was recorded, and the incidents."""
    then = alarm.suggested
    outcomes = (
        ("in ALARM, definition as it is", "alarm", alarm.current and alarm.current.outcome),
        ("in ALARM, as suggested", "suggested", then and then.outcome),
        ("in ALARM, as recorded by CloudWatch", "recorded", alarm.happened),
    )
    strips = [_of_alarm(name, outcome, colour) for name, colour, outcome in outcomes if outcome]
    if alarm.incidents:
        strips.append(
            Strip(
                name="incidents",
                colour="var(--incident)",
                span=(review.start, review.end),
                intervals=tuple((incident.start, incident.end) for incident in alarm.incidents),
                notes=tuple(f"incident {n}" for n, _ in enumerate(alarm.incidents, start=1)),
            )
        )
    return strips


def _of_alarm(name: str, outcome: Outcome, colour: str) -> Strip:
    return Strip(
        name=name,
        colour=f"var(--{colour})",
        span=(outcome.start, outcome.end),
        intervals=outcome.bands,
        notes=("in ALARM",) * len(outcome.bands),
    )


def strip_traces(strips: Sequence[Strip], clock: ReaderClock) -> Iterator[dict[str, Any]]:
    """The strips under each other, on the axis ``y3``, which ends at 0 above the first one."""
    for row, strip in enumerate(strips):
        height = -row - _LINE
        times = [(clock.wall(began), clock.wall(ended)) for began, ended in strip.intervals]
        shared = {"yaxis": "y3", "mode": "lines", "hoverinfo": "skip"}
        yield {
            **shared,
            "x": [clock.wall(time) for time in strip.span],
            "y": [height, height],
            "line": {"color": LINE, "width": 1},
        }
        yield {
            **shared,
            "x": [x for began, ended in times for x in (began, ended, None)],
            "y": [y for _ in times for y in (height, height, None)],
            "line": {"color": strip.colour, "width": 10},
        }
        yield {
            **shared,
            "x": [began for began, _ in times],
            "y": [height for _ in times],
            "mode": "markers",
            "marker": {
                "symbol": "line-ns",
                "size": 10,
                "color": strip.colour,
                "line": {"color": strip.colour, "width": 2},
            },
            "hoverinfo": "text",
            "hovertext": [
                f"{note}<br>{clock.minute(began)}, {duration(ended - began)}"
                for note, (began, ended) in zip(strip.notes, strip.intervals, strict=True)
            ],
        }


def strip_names(strips: Sequence[Strip]) -> Iterator[dict[str, Any]]:
    """The name of each strip, above it."""
    for row, strip in enumerate(strips):
        yield label(
            strip.name,
            xref="paper",
            x=0,
            xanchor="left",
            yref="y3",
            y=-row - _NAME,
            yanchor="top",
            font={"size": 11, "color": "var(--muted)"},
        )
