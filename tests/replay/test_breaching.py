"""Which records tell that an alarm may breach."""

from typing import Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, Query
from ecs_monitoring.cloudwatch.rule import Comparison
from replay.breaching import may_breach
from replay.history import MetricHistory
from tests.evaluation.alarms import START, alarm, timing
from tests.replay.alarms import history, statistic_sets

Values = list[float | None]

ALL: Final = 1_000_000


def found(
    definition: AlarmDefinition, of: MetricHistory, *, rows: slice | None = None, most: float = ALL
) -> list[int] | None:
    chosen = may_breach(definition, of, rows or slice(0, len(of)), most)
    return None if chosen is None else chosen.tolist()


@pytest.mark.parametrize(
    ("comparison", "threshold", "rows"),
    [
        # What equals the threshold is looked at, and what falls short of it by a rounding.
        (Comparison.ABOVE, 10.0, [1, 2, 3]),
        (Comparison.AT_LEAST, 10.0, [1, 2, 3]),
        (Comparison.BELOW, 10.0, [0, 1, 2, 4, 5]),
        (Comparison.AT_MOST, 10.0, [0, 1, 2, 4, 5]),
        (Comparison.ABOVE, 0.0, [0, 1, 2, 3]),
        (Comparison.AT_LEAST, 0.0, [0, 1, 2, 3, 4]),
        (Comparison.BELOW, 0.0, [5]),
        (Comparison.ABOVE, -10.0, [0, 1, 2, 3, 4, 5]),
        (Comparison.AT_MOST, -10.0, [5]),
    ],
)
def test_records_beyond_the_threshold(
    comparison: Comparison, threshold: float, rows: list[int]
) -> None:
    of = history([9.9, 10.0 - 1e-9, 10.0, 10.1, 0.0, -10.0])
    for statistic in ("Average", "Sum", "Minimum", "Maximum"):
        definition = alarm(statistic, comparison=comparison, threshold=threshold)
        assert found(definition, of) == rows, statistic


# Of each record the count, the sum, the least and the greatest value.
SETS: Final = statistic_sets(
    [(0, 1, 30, 30, 30), (60, 5, 60, 0, 50), (120, 20, 100, 5, 5), (180, 12, 108, 11, 12)]
)


@pytest.mark.parametrize(
    ("statistic", "rows"),
    [
        # Averages of 30, 12, 5 and 9.
        ("Average", [0, 1]),
        ("Sum", [0, 1, 2, 3]),
        ("Minimum", [0, 3]),
        ("Maximum", [0, 1, 3]),
        ("SampleCount", [2, 3]),
        ("p99", None),
    ],
)
def test_each_statistic_is_read_from_its_own_column(statistic: str, rows: list[int] | None) -> None:
    assert found(alarm(statistic), SETS) == rows


def test_of_an_expression_no_record_tells() -> None:
    queries = (*alarm("Sum").queries, Query(id="e1", source="m1 * 2"))
    assert found(alarm(queries=queries, watched="e1"), SETS) is None


def test_no_more_records_than_are_worth_having() -> None:
    of = history([20.0, 0.0, 20.0, 20.0])
    assert found(alarm(), of, most=3) == [0, 2, 3]
    assert found(alarm(), of, most=2) is None
    assert found(alarm(), of, rows=slice(1, 3), most=1) == [2]
    assert found(alarm(), of, rows=slice(2, 3)) == [2]
    assert found(alarm(), of, rows=slice(0, 2)) == [0]


def test_of_a_long_history_the_highest_records_are_known() -> None:
    # Of more than 4,096 records, those in the tails are found once for all alarms.
    values = np.zeros(5000)
    values[[7, 70, 700, 4000]] = 20.0
    of = MetricHistory.of_values(START + 60 * np.arange(5000), values)
    assert found(alarm(), of) == [7, 70, 700, 4000]
    assert found(alarm(), of, rows=slice(8, 4001), most=3) == [70, 700, 4000]
    assert found(alarm(), of, rows=slice(7, 4000), most=3) == [7, 70, 700]
    assert found(alarm(), of, rows=slice(7, 4000), most=2) is None


@pytest.mark.parametrize(
    ("statistic", "period", "comparison", "threshold", "rows"),
    [
        # Of a minute each; a window of one record needs no share.
        ("Sum", 60, Comparison.BELOW, 6.0, [0, 1, 3, 4]),
        ("Sum", 60, Comparison.ABOVE, -1.0, [0, 1, 2, 3, 4]),
        # Two are below 6 together where none is, and above -1.
        ("Sum", 120, Comparison.BELOW, 6.0, None),
        ("Sum", 120, Comparison.AT_MOST, 6.0, None),
        ("Sum", 120, Comparison.ABOVE, 0.0, None),
        ("Sum", 120, Comparison.AT_LEAST, -1.0, None),
        ("SampleCount", 120, Comparison.BELOW, 6.0, None),
        ("Sum", 120, Comparison.ABOVE, 0.5, [0, 1, 2, 4]),
        # An average of two is below 6 only where one of them is: 9 and 0, but not 9 and 5.
        ("Average", 120, Comparison.BELOW, 6.0, [0, 1, 3, 4]),
        ("Average", 120, Comparison.BELOW, -1.0, []),
    ],
)
def test_where_windows_of_several_records_are_told_by_one(
    statistic: str, period: int, comparison: Comparison, threshold: float, rows: list[int] | None
) -> None:
    of = history([5.0, 5.0, 9.0, 0.0, 5.0])
    definition = alarm(statistic, period=period, comparison=comparison, threshold=threshold)
    assert found(definition, of) == rows


def test_records_that_share_a_time_may_be_any_number_in_a_window() -> None:
    of = statistic_sets([(0, 1, 20, 20, 20), (0, 1, 1, 1, 1), (60, 1, 20, 20, 20)])
    assert found(alarm("Sum"), of) is None
    assert found(alarm("SampleCount"), of) is None
    assert found(alarm("Average"), of) == [0, 2]
    assert found(alarm("Average", period=120), of) == [0, 2]


# An average above 10, of three minutes. Beside what is given there are minutes of 0.
@pytest.mark.parametrize(
    ("values", "rows"),
    [
        # Three minutes must be above 30 together.
        ([0, 29, 0], []),
        ([0, 31, 0], [3]),
        ([8, 16, 8], [3]),
        ([8, 0, 16, 8, 0, 5], []),
        ([0, 16, 15, 0], [3, 4]),
        ([16, 0, 15], [2, 4]),
        ([16, 0, 0, 15], []),
        ([12, 12, 0, 12], []),
        ([12, 12, 8, 0], [2, 3]),
        # At the threshold itself sums may be rounded either way.
        ([14, 16], [2, 3]),
        # Where not all minutes are recorded, two above 20, or one, are enough.
        ([None, 19, 0], []),
        ([None, 21, 0], [2]),
        ([None, None, 11, 0], [2]),
        ([0, 11, None, None], [3]),
        ([0, None, 11, None, 0], [3]),
        ([0, None, 11, 0, None], []),
    ],
)
def test_a_record_is_looked_at_where_it_lifts_a_window_beyond(
    values: Values, rows: list[int]
) -> None:
    of = history([0.0, 0.0, *values, 0.0, 0.0])
    definition = alarm("Average", period=180)
    assert found(definition, of) == rows
    # The same of values that are below a threshold.
    opposite = history([v if v is None else -v for v in (0.0, 0.0, *values, 0.0, 0.0)])
    falling = alarm("Average", period=180, comparison=Comparison.BELOW, threshold=-10.0)
    assert found(falling, opposite) == rows


def test_before_the_first_record_and_after_the_last_one_lies_none() -> None:
    # Minutes 0 to 5; a window that ends with the first or begins with the last has no other.
    for values, rows in (
        ([11.0, 0, 0, 0, 0, 0], [0]),
        ([0.0, 0, 0, 0, 0, 11], [5]),
        ([0.0, 21, 0, 0, 0, 0], [1]),
        ([0.0, 19, 0, 0, 19, 0], []),
        ([0.0, 0, 0, 0, 21, 0], [4]),
        ([11.0], [0]),
    ):
        assert found(alarm("Average", period=180), history(values)) == rows, values


@pytest.mark.parametrize(
    ("statistic", "rows"),
    [
        # Above 10 in two minutes: the sums 6 and 5, and 9 and 5, but not 5 and 4.
        ("Sum", [2, 3, 6, 7]),
        # The counts 7 and 5, but not 5 and 4.
        ("SampleCount", [6, 7]),
    ],
)
def test_sums_of_several_records(statistic: str, rows: list[int]) -> None:
    counts = [1, 1, 1, 1, 1, 1, 7, 5, 4, 1, 1]
    totals = [0, 0, 6, 5, 4, 0, 5, 9, 1, 0, 0]
    of = statistic_sets([(60 * at, counts[at], totals[at], 0, 9) for at in range(11)])
    assert found(alarm(statistic, period=120), of) == rows


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (2, [1]), (3, []), (9, [])])
def test_an_average_weighs_each_record_by_its_samples(count: int, rows: list[int]) -> None:
    # One of 29 and so many of 0: an average of 14.5, 9.67, 7.25 or 2.9; but with that of two
    # samples on the other side, which are 5 on average, 39 / 3 = 13, whatever follows.
    following = statistic_sets(
        [(0, count, 0, 0, 0), (60, 1, 29, 29, 29), (120, count, 0, 0, 0), (180, 1, 0, 0, 0)]
    )
    definition = alarm("Average", period=120, threshold=9.0)
    assert found(definition, following) == rows
    before = statistic_sets(
        [(0, 1, 0, 0, 0), (60, 2, 10, 5, 5), (120, 1, 29, 29, 29), (180, count, 0, 0, 0)]
    )
    assert found(definition, before) == [2]


@pytest.mark.parametrize(
    ("period", "delay", "is_kept"),
    [
        (120, 0, False),
        (120, 120, False),
        # Of the newest period only the first minute has arrived.
        (120, 60, True),
        (120, 180, True),
        # Sixteen records are looked at together, and seventeen are not.
        (960, 0, False),
        (1020, 0, True),
    ],
)
def test_windows_that_are_not_looked_at_by_themselves(
    period: int, delay: int, is_kept: bool
) -> None:
    values = [0.0] * 20 + [11.0] + [0.0] * 20
    definition = alarm("Average", period=period, known_timing=timing(2, delay))
    assert found(definition, history(values)) == ([20] if is_kept else [])
