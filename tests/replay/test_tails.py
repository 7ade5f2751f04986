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
