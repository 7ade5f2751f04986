"""The highest and the lowest values hold all that any alarm looks for, or say that they do not."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.rule import Comparison
from replay.tails import BREACHES, Tails

VALUES = st.sampled_from([-1.0, 0.0, 0.1, 1.0, 1e16, float("nan")])


@settings(max_examples=300, deadline=None)
@given(
    values=st.lists(VALUES, max_size=40),
    comparison=st.sampled_from(list(Comparison)),
    threshold=VALUES.filter(lambda value: value == value),
    sample=st.integers(1, 50),
    part=st.integers(1, 50),
)
def test_what_is_beyond_a_threshold_is_found_whole_or_not_at_all(
    values: list[float], comparison: Comparison, threshold: float, sample: int, part: int
) -> None:
    column = np.array(values, dtype=np.float64)
    with patch("replay.tails._SAMPLE", sample), patch("replay.tails._PART", part):
        found = Tails.of(len(column), column.__getitem__).beyond(comparison, threshold)
    if found is not None:
        expected = np.flatnonzero(BREACHES[comparison](column, threshold))
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("part", [65_536, 30_000, 8, 7, 1])
def test_which_values_are_in_the_tails(part: int) -> None:
    # Every tenth value tells where the tails begin: at the least and at the greatest of them.
    column = np.arange(100.0)
    column[[33, 40, 41]] = [-5.0, 200.0, -1.0]
    with patch("replay.tails._SAMPLE", 10), patch("replay.tails._PART", part):
        found = Tails.of(len(column), column.__getitem__)
    assert (found.low, found.high) == (0.0, 200.0)
    assert found.places.tolist() == [33, 41]
    assert found.values.tolist() == [-5.0, -1.0]
    column[40] = 40.0
    with patch("replay.tails._SAMPLE", 10), patch("replay.tails._PART", part):
        found = Tails.of(len(column), column.__getitem__)
    assert found.places.tolist() == [33, 41, *range(91, 100)]
    assert found.values.tolist() == [-5.0, -1.0, *np.arange(91.0, 100.0)]


def test_where_the_tails_of_many_values_begin() -> None:
    # Every 24th of 100,000 are 4,167, of which 1.25 % are 52: the 53rd from either end.
    column = np.arange(100_000.0)
    found = Tails.of(len(column), column.__getitem__)
    assert (found.low, found.high) == (52 * 24, (4166 - 52) * 24)
    assert found.places.tolist() == [*range(52 * 24), *range(4114 * 24 + 1, 100_000)]


@pytest.mark.parametrize(("count", "are_known"), [(4096, False), (4097, True)])
def test_a_few_values_have_no_tails(count: int, are_known: bool) -> None:
    column = np.arange(float(count))
    found = Tails.of(count, column.__getitem__)
    assert (found.beyond(Comparison.AT_LEAST, 1e9) is not None) is are_known
    assert (len(found.places) > 0) is are_known


def test_at_its_end_a_tail_is_whole_where_the_end_itself_does_not_breach() -> None:
    column = np.arange(4097.0)
    tails = Tails.of(len(column), column.__getitem__)
    # 1.25 % of 4,097 are 51.
    assert (tails.low, tails.high) == (51.0, 4045.0)
    found = {each: tails.beyond(each, tails.high) for each in Comparison}
    assert {
        each: None if places is None else places.tolist() for each, places in found.items()
    } == {
        Comparison.AT_LEAST: None,
        Comparison.ABOVE: [*range(4046, 4097)],
        Comparison.BELOW: None,
        Comparison.AT_MOST: None,
    }
    found = {each: tails.beyond(each, tails.low) for each in Comparison}
    assert {
        each: None if places is None else places.tolist() for each, places in found.items()
    } == {
        Comparison.AT_LEAST: None,
        Comparison.ABOVE: None,
        Comparison.BELOW: [*range(51)],
        Comparison.AT_MOST: None,
    }


@pytest.mark.parametrize(
    ("comparison", "threshold", "expected"),
    [
        (Comparison.AT_LEAST, 99_900.0, range(99_900, 100_000)),
        (Comparison.ABOVE, 99_900.0, range(99_901, 100_000)),
        (Comparison.BELOW, 100.0, range(100)),
        (Comparison.AT_MOST, 100.0, range(101)),
        # Half of the values are in no tail.
        (Comparison.ABOVE, 50_000.0, None),
        (Comparison.AT_MOST, 50_000.0, None),
    ],
)
def test_thresholds_far_from_the_middle_are_looked_up(
    comparison: Comparison, threshold: float, expected: range | None
) -> None:
    column = np.arange(100_000.0)
    found = Tails.of(len(column), column.__getitem__).beyond(comparison, threshold)
    assert (found if found is None else found.tolist()) == (expected and list(expected))


def test_the_one_value_that_most_records_have_is_in_no_tail() -> None:
    # A count of errors: none in nearly every minute, and an alarm above none.
    column = np.zeros(100_000)
    column[[7, 70_000]] = 1.0
    tails = Tails.of(len(column), column.__getitem__)
    assert tails.places.tolist() == [7, 70_000]
    found = tails.beyond(Comparison.ABOVE, 0.0)
    assert found is not None
    assert found.tolist() == [7, 70_000]
    assert tails.beyond(Comparison.AT_LEAST, 0.0) is None
