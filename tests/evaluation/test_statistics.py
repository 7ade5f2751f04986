"""Statistics of one period, worked by hand.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import pytest

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Sample, Series
from ecs_monitoring.cloudwatch.evaluation.statistics import (
    has_few_samples,
    percentile_of,
    statistic,
)


def raw(*values: float) -> list[Sample]:
    return [Sample.of(0, value) for value in values]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Average", 4.0), ("Sum", 12.0), ("Minimum", 1.0), ("Maximum", 9.0), ("SampleCount", 3.0)],
)
def test_raw_values(name: str, expected: float) -> None:
    assert statistic(name)(raw(1, 9, 2)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    # 4 values that sum up to 10 between 1 and 5, and twice the value 7.
    [("Average", 4.0), ("Sum", 24.0), ("Minimum", 1.0), ("Maximum", 7.0), ("SampleCount", 6.0)],
)
def test_statistic_sets_and_counted_values(name: str, expected: float) -> None:
    samples = [Sample(0, count=4, total=10, minimum=1, maximum=5), Sample.of(30, 7, count=2)]
    assert statistic(name)(samples) == expected


def test_sum_does_not_depend_on_the_order() -> None:
    values = (1e16, 1.0, -1e16, 1.0)
    assert statistic("Sum")(raw(*values)) == statistic("Sum")(raw(*sorted(values))) == 2.0


class TestPercentiles:
    """AWS: "p99 is the maximum value of the remaining 99%"."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("p0", 1), ("p10", 1), ("p10.1", 2), ("p50", 5), ("p90", 9), ("p99", 10), ("p100", 10)],
    )
    def test_of_ten_values(self, name: str, expected: float) -> None:
        assert statistic(name)(raw(7, 3, 10, 1, 9, 5, 2, 8, 4, 6)) == expected

    @pytest.mark.parametrize(("name", "expected"), [("p99", 5.0), ("p99.9", 5.0), ("p99.91", 80.0)])
    def test_of_counted_values(self, name: str, expected: float) -> None:
        samples = [Sample.of(0, 5.0, count=999), Sample.of(0, 80.0)]
        assert statistic(name)(samples) == expected

    def test_statistic_set_of_equal_values_counts(self) -> None:
        samples = [Sample(0, count=3, total=6, minimum=2, maximum=2), Sample.of(0, 9)]
        assert statistic("p75")(samples) == 2

    @pytest.mark.parametrize(
        "sample", [Sample(0, count=2, total=3, minimum=1, maximum=2), Sample.of(0, -1)]
    )
    def test_no_value_without_raw_values_or_of_negative_ones(self, sample: Sample) -> None:
        assert statistic("p50")([*raw(1, 2), sample]) is None


@pytest.mark.parametrize("name", ["tm90", "IQM", "TM(2%:98%)", "PR(:300)", "p101", "Mean"])
def test_other_statistics_are_refused_by_name(name: str) -> None:
    with pytest.raises(CannotEvaluateError, match="SampleCount and percentiles such as p99") as e:
        statistic(name)
    assert name in str(e.value)


@pytest.mark.parametrize(
    ("name", "enough"),
    # AWS's example: 1,000 for p99. Else 10 / (1 - percentile), or 10 / percentile below p50.
    [("p99", 1000), ("p50", 20), ("p99.9", 10_000), ("p90", 100), ("p25", 40), ("p1", 1000)],
)
def test_samples_that_a_percentile_needs(name: str, enough: int) -> None:
    hundredths = percentile_of(name)
    assert hundredths is not None
    assert has_few_samples(hundredths, enough - 1)
    assert not has_few_samples(hundredths, enough)


@pytest.mark.parametrize("name", ["p0", "p100"])
def test_extremes_need_no_number_of_samples(name: str) -> None:
    assert not has_few_samples(percentile_of(name) or 0, 1)


@pytest.mark.parametrize("values", [(0, 1, 1), (1, float("nan"), 1)])
def test_impossible_samples_are_refused(values: tuple[float, float, float]) -> None:
    count, value, extreme = values
    with pytest.raises(CannotEvaluateError, match="sample at 60"):
        Sample(60, count, value, extreme, extreme)


def test_series_gives_the_samples_of_a_window_in_order() -> None:
    series = Series.of([(120, 3.0), (0, 1.0), (60, 2.0), (60, 2.5)])
    assert [s.minimum for s in series.between(0, 120)] == [1.0, 2.0, 2.5]
    assert (series.first, series.last, len(series)) == (0, 120, 4)
    assert (Series().first, Series().last) == (None, None)
