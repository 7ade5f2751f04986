"""Every form of a statistic's name, on values worked by hand, and samples as they are kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, epoch_seconds
from ecs_monitoring.cloudwatch.evaluation.statistics import (
    needs_exact_values,
    percentile_of,
    statistic,
)
from tests.evaluation.test_statistics import raw

TEN = raw(7, 3, 10, 1, 9, 5, 2, 8, 4, 6)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # From above the lower bound up to the upper one; 0 % is below every value.
        ("TM(0%:100%)", 5.5),
        ("TM(0%:50%)", 3),
        ("TM(:50%)", 3),
        ("TM(50%:)", 8),
        ("TS(3:)", 49),
        ("TS(:3)", 6),
        ("TC(:50%)", 5),
        ("TC(90%:)", 1),
        ("TC(4.5:6.5)", 2),
        # 1 to 7 count as 8, and 9 and 10 as themselves.
        ("WM(80%:)", 8.3),
        # 3 to 10 count as 2.
        ("WM(:20%)", 1.9),
        ("wm80", 5.2),
        ("wm98", 5.5),
        ("ts50", 15),
        ("tc50", 5),
        ("tm50.5", 3.5),
        ("TM50", 3),
        ("iqm", 6),
        ("tm(10%:90%)", 5.5),
        ("pr(2:5)", 30),
        ("PR(0:10)", 100),
        ("PR(:0.5)", 0),
        ("PR(3.5:)", 70),
    ],
)
def test_of_ten_values(name: str, expected: float) -> None:
    assert statistic(name)(TEN) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Three times 1 and once 9: 75 % are three of the four.
        ("TM(:75%)", 1),
        ("TM(:76%)", 3),
        ("TC(:75%)", 3),
        ("WM(:75%)", 1),
        ("WM(5:)", 6),
        ("TS(1:)", 9),
        ("PR(:1)", 75),
        ("PR(1:)", 25),
        ("p75", 1),
        ("p75.1", 9),
        ("Average", 3),
    ],
)
def test_of_counted_values(name: str, expected: float) -> None:
    assert statistic(name)([Sample.of(0, 9), Sample.of(0, 1, count=3)]) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["p50", "TM(1:3)", "WM(:50%)", "TC(0:9)", "PR(:2)", "IQM"])
def test_values_that_are_not_known_or_negative_have_none(name: str) -> None:
    not_known = Sample(0, count=2, total=3, minimum=1, maximum=2)
    assert statistic(name)([*TEN, not_known]) is None
    assert statistic(name)([*TEN, Sample.of(0, -1)]) is None
    # Nothing, zero included, is no obstacle.
    assert statistic(name)([*TEN, Sample.of(0, 0)]) is not None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Mean",
            "average",
            "P99",
            "p101",
            "p100.1",
            "p",
            "p123",
            "TM",
            "TM(:)",
            "TM(1:2",
            "tm123",
        ),
        *("PR(10%:90%)", "PR(:90%)", "PR90", "XX(1:2)", "IQM50"),
    ],
)
def test_what_is_said_of_another_name(name: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        statistic(name)
    assert str(error.value) == (
        f"statistic {name}: only Average, Sum, Minimum, Maximum, SampleCount, percentiles such as "
        "p99, IQM, and TM, TC, TS, WM and PR with bounds, such as TM(10%:90%) or PR(:0.5), can be "
        "evaluated"
    )


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        *((name, False) for name in ("Average", "Sum", "Minimum", "Maximum", "SampleCount")),
        *((name, False) for name in ("p0", "p99", "p100")),
        *((name, True) for name in ("IQM", "tm99", "TM(1:2)", "PR(:1)", "wm90")),
    ],
)
def test_which_statistics_need_every_value(name: str, exact: bool) -> None:
    assert needs_exact_values(name) is exact


@pytest.mark.parametrize("name", ["p100", "p100.0", "p100.0000000000"])
def test_all_of_the_values_are_a_percentile(name: str) -> None:
    assert percentile_of(name) == 1
    assert statistic(name)(TEN) == 10


@pytest.mark.parametrize(
    ("count", "total", "extreme", "words"),
    [
        (0, 1, 1, "a count must be above 0"),
        (-1, 1, 1, "a count must be above 0"),
        (1, float("nan"), 1, "write finite numbers"),
        (1, 1, float("inf"), "write finite numbers"),
        (float("inf"), 1, 1, "write finite numbers"),
        (1, float("-inf"), float("inf"), "write finite numbers"),
    ],
)
def test_what_is_said_of_a_sample(count: float, total: float, extreme: float, words: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        Sample(60, count, total, extreme, extreme)
    assert str(error.value) == f"sample at 60: {words}"


def test_finite_numbers_are_taken_also_where_their_sum_is_none() -> None:
    assert statistic("Maximum")(
        [Sample(60, count=1, total=1e308, minimum=1e308, maximum=1e308)]
    ) == (1e308)


def test_a_value_is_a_sample_that_counts_once_or_several_times() -> None:
    assert Sample.of(60, 3.0) == Sample(60, count=1, total=3.0, minimum=3.0, maximum=3.0)
    assert Sample.of(60, 3.0, 0.5) == Sample(60, count=0.5, total=1.5, minimum=3.0, maximum=3.0)


def test_samples_of_a_stretch_begin_at_its_start_and_end_before_its_end() -> None:
    series = Series.of([(180, 4.0), (60, 1.0), (120, 3.0), (60, 2.0)])
    assert series.between(60, 120) == [Sample.of(60, 1.0), Sample.of(60, 2.0)]
    assert series.between(61, 180) == [Sample.of(120, 3.0)]
    assert series.between(180, 181) == [Sample.of(180, 4.0)]
    assert series.between(181, 999) == []
    assert (series.first, series.last, len(series)) == (60, 180, 4)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (datetime(1970, 1, 1, 0, 1), 60),
        (datetime(1970, 1, 1, 0, 1, 0, 999_999, tzinfo=UTC), 60),
        (datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC), -1),
        (datetime(1970, 1, 1, 9, 0, tzinfo=timezone(timedelta(hours=9))), 0),
    ],
)
def test_seconds_of_a_moment_are_rounded_down(moment: datetime, seconds: int) -> None:
    assert epoch_seconds(moment) == seconds
