"""The figures, held against plotly's own schema, and what they show."""

from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest

from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit
from review.model import AlarmReview
from review.report.charts.curve import curve_figure
from review.report.charts.hours import hours_figure
from review.report.charts.scale import Counts, padded, scale_of
from review.report.charts.series import series_figure
from tests.review import reviews
from tests.review.reviews import review
from tests.review.values import at

ALARMS = [reviews.cpu(), reviews.storage(), reviews.latency(), reviews.nasty()]
Figure = dict[str, Any]


def series(alarm: AlarmReview) -> Figure:
    figure = series_figure(alarm, review(alarm))
    assert figure is not None
    return figure


def curve(alarm: AlarmReview) -> Figure:
    figure = curve_figure(alarm, review(alarm))
    assert figure is not None
    return figure


def wall(time: int) -> int:
    """Milliseconds on a clock in Tokyo."""
    return (time + 9 * 3600) * 1000


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.address[:12])
def test_series_are_what_plotly_knows(alarm: AlarmReview) -> None:
    go.Figure(series(alarm))


@pytest.mark.parametrize("alarm", ALARMS[:3], ids=lambda alarm: alarm.address)
def test_curves_are_what_plotly_knows(alarm: AlarmReview) -> None:
    go.Figure(curve(alarm))


def test_hours_are_what_plotly_knows() -> None:
    go.Figure(hours_figure({"critical": [1] * 24, "": [2] * 24}))


def test_the_watched_end_of_the_range_is_the_line() -> None:
    trace = reviews.cpu().trace
    assert trace is not None
    line = next(t for t in series(reviews.cpu())["data"] if "customdata" in t)
    assert line["x"][:2] == [wall(at(0)), wall(at(0, 3))]
    assert line["y"][0] == pytest.approx(trace.high[0], rel=1e-3)
    assert line["y"][240:280] == [None] * 40
    low = next(t for t in series(reviews.storage())["data"] if "customdata" in t)
    # Storage is watched for low values, and shown in GiB: (20 + 40) / 2, and a tenth less.
    assert (low["y"][0], low["customdata"][0]) == (27.0, 30.0)


def test_the_band_stops_at_gaps() -> None:
    band = next(t for t in series(reviews.cpu())["data"] if t.get("fillcolor") == "var(--range)")
    # Two stretches, there and back, each ended: 240 and 440 times.
    assert band["x"].count(None) == 2
    assert len(band["x"]) == 2 * (240 + 440) + 2
    assert band["x"].index(None) == 480


def test_current_and_suggested_thresholds_are_lines_with_names() -> None:
    layout = series(reviews.cpu())["layout"]
    lines = [(shape["y0"], shape["line"]["dash"]) for shape in layout["shapes"]]
    assert lines == [(80, "solid"), (92, "dash")]
    texts = [note["text"] for note in layout["annotations"]]
    assert "now ≥ 80 %" in texts
    assert "suggested ≥ 92 %" in texts


def test_both_thresholds_are_within_the_axis() -> None:
    for alarm in ALARMS:
        layout = series(alarm)["layout"]
        low, high = layout["yaxis2"]["range"]
        assert layout["yaxis2"]["domain"] == layout["yaxis"]["domain"]
        assert all(low < shape["y0"] < high for shape in layout["shapes"])


def test_strips_show_what_would_have_been_what_was_and_the_incidents() -> None:
    figure = series(reviews.cpu())
    names = [note["text"] for note in figure["layout"]["annotations"] if note.get("yref") == "y3"]
    assert names == [
        "in ALARM, definition as it is",
        "in ALARM, as suggested",
        "in ALARM, as recorded by CloudWatch",
        "incidents",
    ]
    marks = [trace for trace in figure["data"] if trace.get("hovertext")]
    assert [len(mark["x"]) for mark in marks] == [6, 2, 3, 2]
    assert marks[0]["x"][0] == wall(at(5, 2))
    assert marks[0]["hovertext"][0] == "in ALARM<br>2026-07-06 02:00, 30 min"
    # What was recorded is known from day 40 on.
    strips = [t for t in figure["data"] if t["yaxis"] == "y3" and t["mode"] == "lines"]
    known = [strip for strip in strips if strip["line"]["width"] == 1]
    assert known[2]["x"] == [wall(at(40)), wall(at(90))]


def test_times_in_alarm_are_shaded() -> None:
    shades = [t for t in series(reviews.cpu())["data"] if t.get("yaxis") == "y"]
    incidents, alarm = shades
    assert len(incidents["x"]) == 2 * 5
    assert alarm["x"][:5] == [wall(at(5, 2))] * 2 + [wall(at(5, 2, 30))] * 2 + [None]


def test_nothing_is_drawn_without_data() -> None:
    for alarm in (reviews.silent(), reviews.problematic()):
        assert series_figure(alarm, review(alarm)) is None
        assert curve_figure(alarm, review(alarm)) is None


def test_a_single_threshold_is_no_curve() -> None:
    alarm = reviews.storage()
    point = replace(
        alarm.curves[0], thresholds=alarm.curves[0].thresholds[:1], firings=(0,), hours=(0.0,)
    )
    assert curve_figure(replace(alarm, curves=(point,)), review(alarm)) is None


def test_curves_have_a_panel_for_each_number() -> None:
    texts = [note["text"] for note in curve(reviews.cpu())["layout"]["annotations"]]
    assert texts == [
        "firings",
        "hours in ALARM",
        "incidents caught, of 2",
        "now ≥ 80 %, 1 of 1",
        "suggested ≥ 92 %, 3 of 5",
    ]
    without = [note["text"] for note in curve(reviews.storage())["layout"]["annotations"]]
    assert without == ["firings", "hours in ALARM", "now < 10 GiB, 1 of 1".replace("<", "&lt;")]


def test_curves_of_the_marked_m_of_n_stand_out() -> None:
    lines = {
        t["name"]: t["line"]
        for t in curve(reviews.cpu())["data"]
        if t["mode"] == "lines" and t["yaxis"] == "y"
    }
    assert {name: line["dash"] for name, line in lines.items()} == {
        "1 of 1": "solid",
        "3 of 5": "dash",
        "2 of 3": "solid",
    }
    assert lines["2 of 3"]["width"] < lines["1 of 1"]["width"] == lines["3 of 5"]["width"]


def test_marks_are_where_the_replay_says() -> None:
    points = [t for t in curve(reviews.cpu())["data"] if t["mode"] == "markers"]
    in_caught = [(p["x"], p["y"], p["marker"]["symbol"]) for p in points if p["yaxis"] == "y3"]
    assert in_caught == [([80], [2], "circle"), ([92], [2], "diamond")]


def test_equal_neighbours_are_left_out_of_curves() -> None:
    caught = next(
        t for t in curve(reviews.cpu())["data"] if t["mode"] == "lines" and t["yaxis"] == "y3"
    )
    # 2 at 20, 60, 80, 85 and 92, and 0 at 99.
    assert (caught["x"], caught["y"]) == ([20, 92, 99], [2, 2, 0])


@pytest.mark.parametrize(
    ("comparison", "shape"),
    [
        (Comparison.AT_LEAST, "vh"),
        (Comparison.ABOVE, "hv"),
        (Comparison.BELOW, "vh"),
        (Comparison.AT_MOST, "hv"),
    ],
)
def test_steps_are_on_the_side_of_equality(comparison: Comparison, shape: str) -> None:
    """A level of 5 fires ">= 5" and not "> 5": the step at 5 belongs to one side."""
    alarm = reviews.cpu()
    assert alarm.current is not None
    changed = replace(alarm.current.definition, comparison=comparison)
    found = curve(replace(alarm, current=replace(alarm.current, definition=changed)))
    lines = [t for t in found["data"] if t["mode"] == "lines"]
    assert {line["line"]["shape"] for line in lines} == {shape}


def test_far_thresholds_make_the_axis_logarithmic() -> None:
    layout = curve(reviews.latency())["layout"]
    assert layout["xaxis"]["type"] == "log"
    # Annotations on such an axis are placed by the exponent.
    assert layout["annotations"][2]["x"] == pytest.approx(0.301, abs=0.001)
    assert "type" not in curve(reviews.cpu())["layout"]["xaxis"]


def test_large_counts_are_drawn_on_an_axis_that_narrows() -> None:
    counts = Counts(5000)
    assert counts.at(0) == 0
    assert counts.at(999) == 3
    assert counts.axis()["ticktext"] == ["0", "10", "100", "1,000"]
    assert Counts(100).axis()["ticktext"] == ["0", "1", "3", "10", "30", "100"]
    assert Counts(12).at(7) == 7


def test_pages_by_hour_have_a_bar_each() -> None:
    critical, warning = hours_figure({"critical": [0] * 23 + [3], "warning": [1] * 24})["data"]
    assert critical["y"][23] == 3
    assert critical["marker"]["pattern"]["shape"] != warning["marker"]["pattern"]["shape"]


@pytest.mark.parametrize(
    ("unit", "value", "drawn", "suffix"),
    [
        (Unit.BYTES, 3.0 * 1024**3, 3, " GiB"),
        (Unit.BYTES, 3.0 * 1024**2, 3, " MiB"),
        (Unit.BYTES, 3.0, 3, " bytes"),
        (Unit.PERCENT, 3.0, 3, " %"),
        (Unit.COUNT, 3.0, 3, ""),
    ],
)
def test_units_on_axes(unit: Unit, value: float, drawn: float, suffix: str) -> None:
    scale = scale_of(unit, [value])
    assert (scale.of(value), scale.suffix) == (drawn, suffix)


def test_axes_begin_at_zero_unless_all_is_far_from_it() -> None:
    assert padded([10, 100]) == pytest.approx([-2, 110])
    assert padded([98, 100]) == pytest.approx([97.8, 100.2])
    assert padded([5, 5]) == pytest.approx([4.5, 5.5])


def test_words_in_figures_are_no_markup() -> None:
    texts = [note["text"] for note in series(reviews.storage())["layout"]["annotations"]]
    assert "now &lt; 10 GiB" in texts
