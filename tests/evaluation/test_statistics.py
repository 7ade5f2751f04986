"""Statistics of one period, worked by hand.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from fractions import Fraction

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


@pytest.mark.parametrize("name", ["p101", "Mean"])
def test_other_statistics_are_refused_by_name(name: str) -> None:
    with pytest.raises(CannotEvaluateError, match="SampleCount, percentiles such as p99") as e:
        statistic(name)
    assert name in str(e.value)


@pytest.mark.parametrize(
    ("name", "enough"),
    # AWS's example: 1,000 for p99. Else 10 / (1 - percentile), or 10 / percentile below p50.
    [
        *(("p99", 1000), ("p50", 20), ("p99.9", 10_000), ("p90", 100), ("p60", 25)),
        *(("p40", 25), ("p25", 40), ("p1", 1000)),
    ],
)
def test_samples_that_a_percentile_needs(name: str, enough: int) -> None:
    share = percentile_of(name)
    assert share is not None
    assert has_few_samples(share, enough - 1)
    assert not has_few_samples(share, enough)


@pytest.mark.parametrize("name", ["p0", "p100"])
def test_extremes_need_no_number_of_samples(name: str) -> None:
    assert not has_few_samples(percentile_of(name) or Fraction(0), 1)


def test_percentiles_have_ten_decimals() -> None:
    assert percentile_of("p95.0123456789") == Fraction(950_123_456_789, 10**12)
    assert percentile_of("p95.01234567891") is None
    # The first of 10,000 above 99.99 %.
    samples = [Sample.of(0, 1.0, count=9_999), Sample.of(0, 2.0)]
    assert statistic("p99.99")(samples) == 1.0
    assert statistic("p99.9900000001")(samples) == 2.0


class TestBounds:
    """Trimmed, winsorized and ranked, as on the page above."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            # The lower bound is left out, the upper one is in: 3, 4 and 5.
            ("TM(2:5)", 4.0),
            ("TC(2:5)", 3.0),
            ("TS(2:5)", 12.0),
            ("PR(2:5)", 30.0),
            ("PR(:5)", 50.0),
            ("PR(5:)", 50.0),
            ("PR(0.5:1.5)", 10.0),
            # 1 and 2 count as 2, 6 to 10 as 5: 2 + 2 + 3 + 4 + 5 + 5 * 5.
            ("WM(2:5)", 4.1),
            # Without the lowest and the highest of ten: 2 to 9.
            ("TM(10%:90%)", 5.5),
            ("TS(10%:90%)", 44.0),
            ("TC(10%:90%)", 8.0),
            ("tm90", 5.0),
            ("tc90", 9.0),
            ("ts90", 45.0),
            # 10 counts as 9.
            ("wm90", 5.4),
            # By nearest rank from above 3 (25 % of ten) to 8 (75 %).
            ("IQM", 6.0),
        ],
    )
    def test_of_ten_values(self, name: str, expected: float) -> None:
        assert statistic(name)(raw(7, 3, 10, 1, 9, 5, 2, 8, 4, 6)) == pytest.approx(expected)

    def test_nothing_between_has_no_mean(self) -> None:
        assert statistic("TM(20:30)")(raw(1, 2)) is None
        assert statistic("TC(20:30)")(raw(1, 2)) == 0

    def test_values_that_are_not_known_give_none(self) -> None:
        sets = [Sample(0, count=3, total=6, minimum=1, maximum=3)]
        assert statistic("TM(1:3)")(sets) is None

    @pytest.mark.parametrize("name", ["TM", "TM(:)", "PR(10%:90%)", "tm100.1.1", "PR90", "XX(1:2)"])
    def test_what_is_no_statistic_is_refused(self, name: str) -> None:
        with pytest.raises(CannotEvaluateError, match="can be evaluated"):
            statistic(name)


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
