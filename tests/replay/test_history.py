"""Histories: columns in the order of time."""

from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.evaluation import Sample
from replay.history import FINEST, MetricHistory
from tests.replay.alarms import history_of

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


@given(st.lists(st.tuples(st.integers(0, 99), st.floats(-9, 9)), max_size=30))
def test_the_evaluator_gets_back_what_it_gave(pairs: list[tuple[int, float]]) -> None:
    samples = [Sample.of(time, value) for time, value in pairs]
    found = history_of(samples).samples()
    assert found == sorted(samples, key=lambda sample: sample.time)
