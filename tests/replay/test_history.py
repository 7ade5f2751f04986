"""Histories: columns in the order of time."""

from typing import Any, Final
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.evaluation import Sample
from ecs_monitoring.cloudwatch.rule import Comparison
from replay.history import FINEST, RECORDED, MetricHistory
from tests.replay.alarms import history, history_of, statistic_sets

SAMPLES: Final = [
    Sample(300, 2, 5.0, 1.0, 4.0),
    Sample.of(60, 7.0, 3),
    Sample.of(300, 9.0),
    Sample.of(120, 0.5),
]


def test_samples_are_put_in_the_order_of_time() -> None:
    history = history_of(SAMPLES)
    assert history.times.tolist() == [60, 120, 300, 300]
    assert history.counts.tolist() == [3, 1, 2, 1]
    assert history.totals.tolist() == [21, 0.5, 5, 9]
    assert history.minimums.tolist() == [7, 0.5, 1, 9]
    assert history.maximums.tolist() == [7, 0.5, 4, 9]
    assert history.resolutions.tolist() == [FINEST] * 4
    # Those that share a time stay in their order.
    assert history.samples() == [SAMPLES[1], SAMPLES[3], SAMPLES[0], SAMPLES[2]]


def test_a_value_is_one_sample() -> None:
    history = MetricHistory.of_values([60, 360], [2, 4], resolution=300)
    assert len(history) == 2
    assert history.samples() == [Sample(60, 1, 2.0, 2.0, 2.0), Sample(360, 1, 4.0, 4.0, 4.0)]
    assert history.resolutions.tolist() == [300, 300]


@pytest.mark.parametrize(
    ("start", "end", "times"),
    [
        (60, 360, [60, 120, 300, 300]),
        (61, 300, [120]),
        (60, 60, []),
        (300, 301, [300, 300]),
        (-5, 10_000, [60, 120, 300, 300]),
        (400, 10_000, []),
        (300, 60, []),
    ],
)
def test_a_part_begins_with_its_start_and_ends_before_its_end(
    start: int, end: int, times: list[int]
) -> None:
    history = history_of(SAMPLES)
    percentile = np.array([1.0, 2.0, np.nan, 4.0])
    known = MetricHistory(**(_columns(history) | {"percentiles": {"p99": percentile}}))
    part = known.between(start, end)
    assert part.times.tolist() == times
    first = history.times.tolist().index(times[0]) if times else 0
    expected = percentile[first : first + len(times)]
    np.testing.assert_array_equal(part.percentiles["p99"], expected)
    assert part.samples() == history.samples()[first : first + len(times)]


def _columns(history: MetricHistory) -> dict[str, Any]:
    names = ("times", "resolutions", "counts", "totals", "minimums", "maximums")
    return {name: getattr(history, name) for name in names}


def test_nothing_at_all() -> None:
    nothing = MetricHistory.empty()
    assert (len(nothing), nothing.samples(), len(nothing.between(0, 99))) == (0, [], 0)
    assert (nothing.coarsest, nothing.nearest, nothing.gaps(60).tolist()) == (0, 0, [])
    assert nothing.has_single_samples


@given(st.lists(st.tuples(st.integers(0, 99), st.floats(-9, 9)), max_size=30))
def test_the_evaluator_gets_back_what_it_gave(pairs: list[tuple[int, float]]) -> None:
    samples = [Sample.of(time, value) for time, value in pairs]
    found = history_of(samples).samples()
    assert found == sorted(samples, key=lambda sample: sample.time)


def at_minutes(*minutes: int, resolution: int = FINEST) -> MetricHistory:
    times = [60 * minute for minute in minutes]
    return MetricHistory.of_values(times, [1.0] * len(times), resolution=resolution)


@pytest.mark.parametrize("part", [1, 2, 3, 65_536])
@pytest.mark.parametrize(
    ("longest", "rows"),
    [
        # From minute 1 to 5 are 240 seconds, and from 6 to 12 are 360.
        (60, [1, 3]),
        (239, [1, 3]),
        (240, [3]),
        (359, [3]),
        (360, []),
        (0, [0, 1, 2, 3, 4]),
    ],
)
def test_gaps_are_after_records_that_none_follows_soon(
    part: int, longest: int, rows: list[int]
) -> None:
    with patch("replay.history._PART", part):
        found = at_minutes(0, 1, 5, 6, 12, 13).gaps(longest)
    assert found.tolist() == rows


@pytest.mark.parametrize("part", [1, 2, 65_536])
@pytest.mark.parametrize(
    ("minutes", "resolution", "nearest"),
    [
        ((0, 5, 7), 300, 120),
        ((0, 2, 7), 300, 120),
        # No more than a record lasts.
        ((0, 5, 10), 60, 60),
        ((3,), 300, 300),
        ((0, 5, 5, 7), 60, 0),
    ],
)
def test_the_nearest_two_records(
    part: int, minutes: tuple[int, ...], resolution: int, nearest: int
) -> None:
    with patch("replay.history._PART", part):
        assert at_minutes(*minutes, resolution=resolution).nearest == nearest


def test_the_longest_record() -> None:
    of = history_of(SAMPLES)
    mixed = MetricHistory(**(_columns(of) | {"resolutions": np.array([60, 300, 60, 60])}))
    assert (of.coarsest, mixed.coarsest) == (60, 300)


def test_statistics_of_each_record_by_itself() -> None:
    of = statistic_sets([(0, 2, 10, 3, 7), (60, 4, 2, 0, 1), (120, 1, 9, 9, 9)])
    assert not of.has_single_samples
    assert of.rows(slice(2, 3)).has_single_samples
    found = {name: of.recorded(name, slice(0, 2)).tolist() for name in RECORDED}
    assert found == {
        "Average": [5.0, 0.5],
        "Sum": [10.0, 2.0],
        "Minimum": [3.0, 0.0],
        "Maximum": [7.0, 1.0],
        "SampleCount": [2.0, 4.0],
    }
    assert of.recorded("Average").tolist() == [5.0, 0.5, 9.0]
    assert of.recorded("Average", np.array([2, 0])).tolist() == [9.0, 5.0]


def test_the_tails_are_those_of_the_statistic() -> None:
    values = np.arange(5000.0)
    of = MetricHistory.of_values(60 * np.arange(5000), values)
    assert of.tails("Maximum").beyond(Comparison.ABOVE, 4997.0).tolist() == [4998, 4999]  # type: ignore[union-attr]
    # Each is one sample.
    assert of.tails("SampleCount").beyond(Comparison.ABOVE, 4997.0).tolist() == []  # type: ignore[union-attr]
    assert of.tails("Maximum") is of.tails("Maximum")


@pytest.mark.parametrize(
    ("values", "period", "is_sparse"),
    [
        # Of ten minutes four have a record, or five.
        ([1, 1, 1, *[None] * 6, 1], 60, True),
        ([1, 1, 1, 1, *[None] * 5, 1], 60, False),
        ([0, None, None, 0, *[None] * 5, 0], 60, True),
        ([0, None, None, 0, *[None] * 5, -1], 60, False),
        # Both periods of five minutes have one, and of six periods two have.
        ([1, *[None] * 8, 1], 300, False),
        ([1, 1, *[None] * 27, 1], 300, True),
        ([1, *[None] * 9, 1, *[None] * 18, 1], 300, False),
        ([1], 60, False),
    ],
)
def test_most_periods_of_a_sparse_metric_have_no_record(
    values: list[float | None], period: int, is_sparse: bool
) -> None:
    assert history(values).is_sparse(period) is is_sparse


def test_how_long_the_last_record_lasts_counts() -> None:
    # Two of four five minutes, or of five.
    four, five = (history([1, *[None] * (n - 2), 1], step=300) for n in (4, 5))
    assert (four.is_sparse(300), five.is_sparse(300)) == (False, True)
