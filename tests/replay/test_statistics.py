"""Statistics of sliding windows, against the evaluator's own."""

import math
from itertools import product
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.definition import MetricStat
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Sample
from ecs_monitoring.cloudwatch.evaluation.statistics import (
    has_few_samples,
    percentile_of,
    statistic,
)
from replay.history import MetricHistory
from replay.statistics import Statistics, Window, window_statistics
from tests.evaluation.alarms import KEY, START
from tests.replay.alarms import HOUR, history, history_of, statistic_sets
from tests.replay.test_windows import NASTY


def computed(
    statistic: str,
    of: MetricHistory,
    *,
    period: int = 180,
    first: int = 180,
    last: int = 360,
    step: int = 60,
    **options: Any,
) -> Statistics:
    """A statistic in the windows that end ``first`` to ``last`` seconds after the start."""
    window = Window(first=START + first, last=START + last, period=period, step=step)
    return window_statistics(MetricStat(metric=KEY, statistic=statistic), of, window, **options)


SIX: Final = [4.0, 2.0, 9.0, 1.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        # (4 2 9), (2 9 1), (9 1 5), (1 5 5)
        ("Sum", [15, 12, 15, 11]),
        ("Average", [5, 4, 5, 11 / 3]),
        ("Minimum", [2, 1, 1, 1]),
        ("Maximum", [9, 9, 9, 5]),
        ("SampleCount", [3, 3, 3, 3]),
        # The second of three is the least that half of them do not exceed.
        ("p50", [4, 2, 5, 5]),
        ("p100", [9, 9, 9, 5]),
        ("p0", [2, 1, 1, 1]),
    ],
)
def test_windows_of_three_minutes_by_hand(statistic: str, expected: list[float]) -> None:
    found = computed(statistic, history(SIX))
    assert found.values.tolist() == expected
    assert not found.approximate


@pytest.mark.parametrize("statistic", ["Sum", "Average", "Minimum", "Maximum", "p50"])
@pytest.mark.parametrize("period", [60, 120])
def test_a_window_without_records_has_no_value(statistic: str, period: int) -> None:
    # Two windows of one minute or of two; the minutes 2 and 3 have no record.
    found = computed(statistic, history([5, None, None, 5]), period=period, first=120, last=240)
    missing = [True, True, False] if period == 60 else [False, True, False]
    assert np.isnan(found.values).tolist() == missing
    assert set(found.values[~np.isnan(found.values)].tolist()) == {5.0}


def test_statistic_sets_by_hand() -> None:
    sets = statistic_sets([(0, 4, 10, 1, 5), (60, 1, 2, 2, 2), (130, 5, 20, 0, 9)])
    by_name = {
        "Sum": 32.0,
        "Average": 3.2,
        "Minimum": 0.0,
        "Maximum": 9.0,
        "SampleCount": 10.0,
    }
    for name, expected in by_name.items():
        assert computed(name, sets, last=180).values.tolist() == [expected]
    # CloudWatch has no percentile of statistic sets whose values differ.
    assert np.isnan(computed("p50", sets, last=180).values).all()


def test_several_records_a_minute_by_hand() -> None:
    shared = MetricHistory.of_values(
        [START + at for at in (0, 10, 20, 70, 150)], [3.0, 1.0, 8.0, 4.0, 6.0]
    )
    # 1 3 8 | 4 | 6: nearest ranks of the five are ceil(2.5) = 3 and ceil(4.5) = 5.
    assert computed("p50", shared, last=180).values.tolist() == [4.0]
    assert computed("p90", shared, last=180).values.tolist() == [8.0]
    assert computed("Average", shared, last=180).values.tolist() == [22 / 5]
    assert computed("Maximum", shared, period=60, first=60, last=180).values.tolist() == [8, 4, 6]


def test_each_window_has_the_rank_of_its_own_samples() -> None:
    """Minutes of 1, 5, 1 and 1 equal samples."""
    sets = statistic_sets(
        [(0, 1, 4, 4, 4), (60, 5, 10, 2, 2), (120, 1, 9, 9, 9), (180, 1, 1, 1, 1)]
    )
    # 2 2 2 2 2 4 9, then 1 2 2 2 2 2 9: the fourth of seven; 1 9: the first of two.
    found = computed("p50", sets, first=180, last=300)
    assert found.values.tolist() == [2, 2, 1]
    # The last of each.
    assert computed("p90", sets, first=180, last=300).values.tolist() == [9, 9, 9]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 599), NASTY), min_size=1, max_size=40),
    st.sampled_from([60, 120, 300, 600]),
)
def test_sums_are_correctly_rounded_however_the_samples_lie(
    pairs: list[tuple[int, float]], period: int
) -> None:
    samples = [Sample.of(START + time, value) for time, value in pairs]
    found = computed("Sum", history_of(samples), period=period, first=60, last=600)
    for at, value in enumerate(found.values.tolist()):
        end = 60 * (at + 1)
        inside = [value for time, value in pairs if end - period <= time < end]
        assert value == math.fsum(inside) if inside else math.isnan(value)


@pytest.mark.parametrize(
    ("smallest", "expected"),
    [
        # 1 + 2^-53 lies in the middle of two floats, of which 1 is the even one.
        ([], 1.0),
        ([2.0**-105], 1.0 + 2.0**-52),
        ([-(2.0**-105)], 1.0),
    ],
)
def test_a_tie_between_two_floats_by_hand(smallest: list[float], expected: float) -> None:
    values = [1.0, 2.0**-53, *smallest]
    found = computed("Sum", history(values), period=180, first=180, last=180)
    assert found.values.tolist() == [expected]


# Several samples, several records a minute, a gap, values that differ, one that is negative, and
# sums that depend on their order.
SETS: Final = [
    (0, 1.0, 0.1, 0.1, 0.1),
    (60, 3.0, 0.6, 0.2, 0.2),
    (120, 0.5, 0.3, 0.6, 0.6),
    (240, 2.0, 5.0, 1.0, 4.0),
    (360, 1.0, 1e16, 1e16, 1e16),
    (420, 7.0, 7.0, 1.0, 1.0),
    (480, 2.0, -2e16, -1e16, -1e16),
    (600, 9.0, 27.0, 3.0, 3.0),
    (660, 1.0, 8.0, 8.0, 8.0),
    (720, 2.0, 2.0, 1.0, 1.0),
]
# Ten times a tenth is less than 1 where each sum is rounded.
TENTHS: Final = [(60 * at, 0.1, 0.1 * at, float(at), float(at)) for at in range(10)]
BESIDE: Final = [(30, 2.0, 0.4, 0.2, 0.2), (40, 1.0, 9.0, 9.0, 9.0), (610, 4.0, 4.0, 1.0, 1.0)]


@pytest.mark.parametrize("rows", [SETS, TENTHS, [*BESIDE, *SETS], [BESIDE[1]] * 3])
def test_every_statistic_of_every_window_is_the_evaluators(rows: list[Any]) -> None:
    of = statistic_sets(sorted(rows))
    pairs = list(zip(of.times.tolist(), of.samples(), strict=True))
    names = [
        "Average",
        "Sum",
        "Minimum",
        "Maximum",
        "SampleCount",
        "p0",
        "p30",
        "p50",
        "p99",
        "p100",
    ]
    for name, period, first in product(names, (60, 120, 720), (60, 300)):
        found = computed(name, of, period=period, first=first, last=960, with_few=True)
        expected, few = [], []
        share = percentile_of(name)
        for end in range(START + first, START + 961, 60):
            samples = [sample for time, sample in pairs if end - period <= time < end]
            value = statistic(name)(samples) if samples else None
            expected.append(value)
            count = sum(sample.count for sample in samples)
            few.append(share is not None and count > 0 and has_few_samples(share, count))
        values = [None if value != value else value for value in found.values.tolist()]
        assert (name, period, values) == (name, period, expected)
        assert not found.approximate
        if share is None:
            assert found.few_samples is None
        else:
            assert found.few_samples is not None
            assert (name, period, found.few_samples.tolist()) == (name, period, few)


P99: Final = MetricHistory(
    **(
        vars(statistic_sets([(0, 1, 5, 5, 5), (60, 99, 400, 1, 70), (120, 10, 80, 2, 60)]))
        | {"percentiles": {"p99": np.array([5.0, 60.0, np.nan])}}
    )
)


def test_recorded_percentiles_of_single_minutes_are_exact() -> None:
    found = computed("p99", P99, period=60, first=60)
    np.testing.assert_array_equal(found.values[:2], [5.0, 60.0])
    # One that is not known is no data, and neither is what was never recorded.
    assert np.isnan(found.values[2:]).all()
    assert not found.approximate


def test_joined_percentiles_are_weighted_and_said_to_be_approximate() -> None:
    found = computed("p99", P99, period=120, first=120, last=120)
    # 1 sample of 5 and 99 of 60: the rank is 99 of 100.
    assert found.values.tolist() == [60.0]
    assert found.approximate


def test_percentiles_of_minutes_joined_to_one_of_an_hour_are_said_to_be_approximate() -> None:
    # As alarms over more than a day look at them: one window an hour, from one hour to the next.
    found = computed("p99", P99, period=HOUR, first=HOUR, last=HOUR, step=HOUR)
    # 1 sample of 5 and 99 of 60: the rank is 99 of 100.
    assert (found.values.tolist(), found.approximate) == ([60.0], True)


def test_a_percentile_that_is_not_recorded_is_taken_from_the_values() -> None:
    found = computed("p50", P99, period=60, first=60, last=120)
    # All the values of the first minute are 5; those of the second are not known.
    np.testing.assert_array_equal(found.values, [5.0, np.nan])


@pytest.mark.parametrize(
    ("statistic", "count", "few"),
    [
        # AWS: fewer than 10/(1-percentile) from p50 on, 10/percentile below.
        ("p90", 99, True),
        ("p90", 100, False),
        ("p99", 999, True),
        ("p99", 1000, False),
        ("p1", 999, True),
        ("p1", 1000, False),
        ("p50", 19, True),
        ("p50", 20, False),
        ("p100", 1, False),
    ],
)
def test_few_samples(statistic: str, count: int, few: bool) -> None:
    one = statistic_sets([(0, count, 0, 0, 0)])
    found = computed(statistic, one, period=60, first=60, last=120, with_few=True)
    assert found.few_samples is not None
    # Without any sample there is no percentile to doubt.
    assert found.few_samples.tolist() == [few, False]


@pytest.mark.parametrize(
    ("resolution", "period", "step", "approximate"),
    [
        (60, 60, 60, False),
        (60, 300, 60, False),
        (1, 60, 60, False),
        # CloudWatch looks every minute, and nobody knows the single minutes.
        (300, 300, 60, True),
        (3600, 300, 60, True),
        (60, 10, 10, True),
        # Alarms over more than a day are evaluated on the hour.
        (3600, 86_400, 3600, False),
    ],
)
def test_what_is_approximate(resolution: int, period: int, step: int, approximate: bool) -> None:
    found = computed(
        "Average", history([1.0] * 30, step=resolution), period=period, first=0, last=0, step=step
    )
    assert not found.approximate
    found = computed(
        "Average",
        history([1.0] * 30, step=resolution),
        period=period,
        first=period,
        last=period + step,
        step=step,
    )
    assert found.approximate is approximate


def test_an_hour_seen_through_windows_of_five_minutes() -> None:
    hourly = statistic_sets([(0, 60, 600, 1, 50)], resolution=HOUR)
    options: dict[str, Any] = {"period": 300, "first": 300, "last": 3900}
    # Whole windows have five minutes of it, the last one none.
    sums = computed("Sum", hourly, **options).values
    np.testing.assert_allclose(sums[:56], 50.0)
    np.testing.assert_allclose(sums[56:60], [40.0, 30.0, 20.0, 10.0])
    assert np.isnan(sums[60])
    assert set(computed("Maximum", hourly, **options).values[:60].tolist()) == {50.0}
    np.testing.assert_allclose(computed("Average", hourly, **options).values[:60], 10.0)


@pytest.mark.parametrize("name", ["tm25", "wm90", "IQM", "PR(2:5)", "TC(:4)", "TS(2:)"])
def test_what_needs_each_value_is_the_evaluators_where_the_history_has_them(name: str) -> None:
    windows = [SIX[at : at + 3] for at in range(4)]
    expected = [statistic(name)([Sample.of(START, v) for v in of]) for of in windows]
    assert len(set(expected)) > 1
    found = computed(name, history(SIX))
    assert found.values.tolist() == [np.nan if v is None else v for v in expected]
    assert not found.approximate


def test_a_trimmed_count_by_hand() -> None:
    # (4 2 9), (2 9 1), (9 1 5), (1 5 5): how many are above 2 and up to 5.
    assert computed("TC(2:5)", history(SIX)).values.tolist() == [1, 0, 1, 2]


def test_what_cannot_be_evaluated() -> None:
    with pytest.raises(CannotEvaluateError, match="tm99: it needs each value"):
        computed("tm99", statistic_sets([(0, 2, 3.0, 1.0, 2.0)]))
