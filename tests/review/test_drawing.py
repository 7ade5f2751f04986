"""What the report draws of a series and of a curve: few points, without losing what matters."""

from collections.abc import Sequence

import numpy as np
import pytest

from replay.incidents import Incident
from replay.signal import SlidingSignal
from review.drawing import STRETCHES, THRESHOLDS, curve_points, trace_of
from tests.evaluation.alarms import START
from tests.replay.alarms import HOUR, hourly


def signal(
    values: Sequence[float], *, evaluations: int, first: int = 0, every: int = 1
) -> SlidingSignal:
    return SlidingSignal(
        values=np.array(values, dtype=np.float64),
        few_samples=None,
        newest=None,
        newest_few=None,
        stride=1,
        every=every,
        first=first,
        times=range(START, START + evaluations * HOUR, HOUR),
        approximate=False,
    )


def test_a_stretch_is_drawn_from_its_least_to_its_greatest_value() -> None:
    # One more than is drawn: two to a stretch, and the last by itself.
    values = [float(hour) for hour in range(STRETCHES + 1)]
    values[1], values[2], values[3] = -5.0, np.nan, 9.0
    values[4] = values[5] = np.nan
    trace = trace_of(signal(values, evaluations=STRETCHES + 1))
    assert trace is not None
    assert trace.times == tuple(range(START, START + 801 * HOUR, 2 * HOUR))
    assert trace.low[:4] == (-5, 9, None, 6)
    assert trace.high[:4] == (0, 9, None, 7)
    assert (trace.low[-1], trace.high[-1]) == (800, 800)


def test_as_many_values_as_are_drawn_are_drawn_one_by_one() -> None:
    values = [float(hour) for hour in range(STRETCHES)]
    trace = trace_of(signal(values, evaluations=STRETCHES))
    assert trace is not None
    assert trace.low == trace.high == tuple(values)


def test_only_what_is_evaluated_is_drawn() -> None:
    # A lead of two periods, an evaluation every second period, and periods after the last.
    trace = trace_of(signal([90, 91, 1, 92, 2, 93, 3, 94, 95], evaluations=3, first=2, every=2))
    assert trace is not None
    assert trace.times == (START, START + HOUR, START + 2 * HOUR)
    assert trace.low == trace.high == (1, 2, 3)


@pytest.mark.parametrize(
    "without", [signal([], evaluations=0), signal([np.nan, np.nan], evaluations=2)]
)
def test_without_data_nothing_is_drawn(without: SlidingSignal) -> None:
    assert trace_of(without) is None


def test_a_curve_of_few_levels_is_drawn_at_each_and_at_the_marked_thresholds() -> None:
    levels = [float(level) for level in range(THRESHOLDS)]
    points = curve_points((2, 3), hourly(levels), (), (2.5, 7.0, 300.0))
    assert (points.datapoints_to_alarm, points.evaluation_periods) == (2, 3)
    assert points.thresholds == (0, 1, 2, 2.5, *range(3, THRESHOLDS), 300)
    # The levels rise: on once, from the threshold on.
    assert points.firings == (1,) * (THRESHOLDS + 1) + (0,)
    assert points.hours == (200, 199, 198, 197, *range(197, 0, -1), 0)
    assert points.caught == ()


def test_a_curve_of_many_levels_is_drawn_where_they_are_many_and_over_their_whole_range() -> None:
    levels = [float(level) for level in range(THRESHOLDS)]
    # The highest level of all is neither the first nor the last.
    curve = hourly([*levels, 9900.0, 99.5])
    points = curve_points((1, 1), curve, (), (0.25,))
    # From 0 to 9,900 in a hundred steps.
    assert set(range(0, 9901, 100)) <= set(points.thresholds)
    assert len(points.thresholds) <= THRESHOLDS + 1
    assert sum(threshold < THRESHOLDS for threshold in points.thresholds) >= THRESHOLDS / 2
    assert 0.25 in points.thresholds
    assert (points.thresholds[-1], points.firings[-1], points.hours[-1]) == (9900, 1, 1)


def test_incidents_that_each_threshold_catches() -> None:
    morning, evening = (Incident(START + hour * HOUR, START + (hour + 1) * HOUR) for hour in (1, 3))
    points = curve_points((1, 1), hourly([5, 1, 8, 1]), (morning, evening), ())
    assert points.thresholds == (1, 5, 8)
    assert points.caught == (2, 2, 1)
