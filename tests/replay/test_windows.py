"""Sums of sliding windows are correctly rounded; counts and extremes are those of the windows."""

import math
from collections.abc import Sequence
from itertools import product
from typing import Final
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from replay.history import Floats
from replay.windows import (
    ExactNumbers,
    largest_of_newest,
    parts,
    sliding_count,
    sliding_largest,
    sliding_maximum,
    sliding_minimum,
    sliding_rank,
)

CASES: Final = 300

# Ties, cancellation, subnormal numbers, huge ranges; small enough for no sum to overflow.
NASTY: Final = st.sampled_from(
    (
        *(0.0, 0.1, -0.1, 0.3, 1.0, -1.0, 1 / 3, 6.4e9, 1e16, -1e16, 1e-16, 1e300, -1e300),
        *(2.0**-53, 2.0**-54, 3 * 2.0**-53, 2.0**53, -(2.0**53)),
        *(5e-324, -5e-324, 2.2250738585072014e-308),
    )
) | st.floats(-1e300, 1e300)


def windows(values: Sequence[float], width: int, stride: int = 1) -> list[list[float]]:
    reach = (width - 1) * stride
    return [list(values[at - reach : at + 1 : stride]) for at in range(reach, len(values))]


def certain(values: Floats | Sequence[float], width: int) -> dict[int, float]:
    """The sums that are certain, by their index."""
    sums, uncertain = ExactNumbers(np.array(values, dtype=np.float64)).sliding_sum(width)
    assert len(sums) == max(len(values) - width + 1, 0)
    left = set(range(len(sums))) - set(uncertain.tolist())
    return {index: float(sums[index]) for index in sorted(left)}


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(st.lists(NASTY, min_size=1, max_size=40), st.integers(1, 12))
@example([2.0**53, 1.0, 1.0], 3)
@example([1.0, 2.0**-53, 2.0**-106], 3)
@example([1e300, 1.0, -1e300, 2.0**-53], 4)
def test_a_sum_is_correctly_rounded_or_said_to_be_uncertain(
    values: list[float], width: int
) -> None:
    expected = [math.fsum(window) for window in windows(values, width)]
    for index, found in certain(values, width).items():
        assert found == expected[index]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 7, 60, 288, 1000, 1440])
@pytest.mark.parametrize(
    "kind", ["decimals", "logarithmic", "with ties", "cancelling", "whole", "subnormal"]
)
def test_long_sums_are_correctly_rounded(kind: str, width: int) -> None:
    random = np.random.default_rng(width)
    count = 1440 + 20
    values = {
        "decimals": random.integers(0, 1000, count) / 10,
        "logarithmic": 10 ** random.uniform(-3, 9, count),
        "with ties": random.choice([1.0, 2.0**-53, 2.0**-52], count),
        "cancelling": random.choice([1e15 / 3, -1e15 / 3, 0.1], count),
        "whole": random.integers(-(10**9), 10**9, count).astype(np.float64),
        "subnormal": random.integers(0, 9, count) * 5e-324,
    }[kind]
    listed = values.tolist()
    found = certain(values, width)
    assert all(total == math.fsum(listed[at : at + width]) for at, total in found.items())
    # The caller adds the rest one by one, so that there must not be many.
    if kind not in ("with ties", "cancelling"):
        assert len(found) == count - width + 1


def test_numbers_with_a_rest_are_added_with_it() -> None:
    # 1e16 + 1 is no float; the two cells are 1e16 + 1 and 1.
    numbers = ExactNumbers(np.array([1e16, 1.0]), np.array([1.0, 0.0]))
    sums, uncertain = numbers.sliding_sum(2)
    assert sums.tolist() == [1e16 + 2]
    assert not len(uncertain)


def uncertain(values: list[float], width: int, rest: list[float] | None = None) -> list[int]:
    numbers = ExactNumbers(np.array(values), None if rest is None else np.array(rest))
    left: list[int] = numbers.sliding_sum(width)[1].tolist()
    return left


def test_which_sums_are_uncertain() -> None:
    # A tie, of numbers that are not far apart, is decided; beside zeros too.
    assert uncertain([0.0, 1.0, 2.0**-30 + 2.0**-53], 3) == []
    # Not where something lies far below it: a sum of two floats has twice 53 bits.
    tie = [1.0, 2.0**-53, 2.0**-105]
    assert uncertain(tie, 3) == [0]
    assert uncertain([*[1.0] * 4, *tie, *[3.0] * 5], 3) == [4]
    with patch("replay.windows._PART", 2):
        assert uncertain([*[1.0] * 4, *tie, *[3.0] * 5], 3) == [4]
        # A part in which all numbers are 0.
        assert uncertain([0.0] * 6 + [0.1] * 2, 2) == []
    # With a rest nobody knows how far down the numbers reach.
    assert uncertain([1.0, 2.0**-53], 2, [0.0, 0.0]) == [0]


def test_whole_numbers_whose_sum_is_too_great_to_be_exact() -> None:
    # 2^53 + 3 lies between two floats, and would become 2^53 + 4 before 1 is taken away.
    values = np.array([2.0**52 + 1, 2.0**52 + 2, -1.0])
    sums, left = ExactNumbers(values).sliding_sum(3)
    assert (sums.tolist(), left.tolist()) == ([2.0**53 + 2], [])


ROW: Final = [
    3.0,
    1.0,
    4.0,
    1.0,
    5.0,
    9.0,
    2.0,
    6.0,
    5.0,
    3.0,
    5.0,
    8.0,
    9.0,
    7.0,
    -np.inf,
    3.0,
    2.0,
]


@pytest.mark.parametrize(("part", "laid_out"), [(16_384, 2**20), (3, 7), (1, 1)])
def test_all_windows_of_a_row(part: int, laid_out: int) -> None:
    column = np.array(ROW)
    flags = column > 3
    with patch("replay.windows._PART", part), patch("replay.windows._LAID_OUT", laid_out):
        for width, stride in product(range(1, 7), (1, 2, 3)):
            ordered = [sorted(window, reverse=True) for window in windows(ROW, width, stride)]
            counts = [sum(value > 3 for value in window) for window in ordered]
            assert sliding_count(flags, width, stride).tolist() == counts
            assert sliding_maximum(column, width, stride).tolist() == [w[0] for w in ordered]
            assert sliding_minimum(column, width, stride).tolist() == [w[-1] for w in ordered]
            for rank in range(1, width + 1):
                ranked = sliding_rank(column, rank, width, stride)
                assert ranked.tolist() == [window[rank - 1] for window in ordered]
                largest = sliding_largest(column, rank, width, stride)
                assert [list(row) for row in zip(*largest, strict=True)] == [
                    window[:rank] for window in ordered
                ]
            tenths = np.array(ROW[:14]) / 10
            sums = [math.fsum(window) for window in windows(tenths.tolist(), width)]
            assert certain(tenths, width) == dict(enumerate(sums))


def test_windows_are_of_values_side_by_side_unless_told_otherwise() -> None:
    column = np.array([3.0, 1.0, 4.0, 1.0])
    # (3 1 4), (1 4 1)
    assert sliding_rank(column, 2, 3).tolist() == [3.0, 1.0]
    assert [row.tolist() for row in sliding_largest(column, 2, 3)] == [[4.0, 4.0], [3.0, 1.0]]
    assert sliding_maximum(column, 3).tolist() == [4.0, 4.0]
    assert sliding_minimum(column, 3).tolist() == [1.0, 1.0]
    assert sliding_count(column > 2, 3).tolist() == [2, 1]


@pytest.mark.parametrize("stride", [1, 2])
def test_the_largest_of_the_newest_datapoints(stride: int) -> None:
    row = [9.0, 8.0, None, 7.0, 6.0, None, None, None, 1.0, 2.0, 3.0, 0.0, -1.0, *[None] * 5, 4.0]
    column = np.repeat(np.array(row, dtype=np.float64), stride)
    for reach, periods in ((1, 1), (3, 1), (3, 2), (5, 2), (5, 3), (5, 5)):
        windows = [row[at : at + reach] for at in range(len(row) - reach + 1)]
        newest = [[value for value in w if value is not None][-periods:] for w in windows]
        expected = [max(values, default=-np.inf) for values in newest]
        found = largest_of_newest(column, periods, reach, stride)[::stride].tolist()
        assert (reach, periods, found) == (reach, periods, expected)


@pytest.mark.parametrize("width", [4, 5, 1440])
def test_a_window_longer_than_the_data_has_no_sum(width: int) -> None:
    values = np.array([0.1, 0.2, 0.3])
    sums, uncertain = ExactNumbers(values).sliding_sum(width)
    assert (len(sums), len(uncertain)) == (0, 0)
    assert len(sliding_maximum(values, width)) == 0
    assert len(sliding_minimum(values, width)) == 0
    assert len(sliding_count(values > 0, width)) == 0
    assert len(sliding_rank(values, 2, width)) == 0
    assert [len(of_rank) for of_rank in sliding_largest(values, 2, width)] == [0, 0]


FLAGS: Final = st.lists(st.booleans(), min_size=1, max_size=60)


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(FLAGS, st.integers(1, 9), st.integers(1, 5))
def test_counts_are_those_of_the_windows(flags: list[bool], width: int, stride: int) -> None:
    found = sliding_count(np.array(flags), width, stride)
    assert found.tolist() == [sum(window) for window in windows(flags, width, stride)]


@pytest.mark.parametrize("width", [127, 128, 129, 200, 255, 256, 300, 1440])
def test_counts_that_a_byte_does_not_hold(width: int) -> None:
    flags = np.ones(width + 2, dtype=np.bool_)
    flags[0] = False
    assert sliding_count(flags, width).tolist() == [width - 1, width, width]
    less = sliding_count(flags, width - 1).astype(np.int64) - sliding_count(flags, width).max()
    assert less.tolist() == [-2, -1, -1, -1]


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(st.lists(NASTY, min_size=1, max_size=60), st.integers(1, 20), st.integers(1, 5))
def test_extremes_are_those_of_the_windows(values: list[float], width: int, stride: int) -> None:
    column = np.array(values)
    expected = windows(values, width, stride)
    assert sliding_maximum(column, width, stride).tolist() == [max(w) for w in expected]
    assert sliding_minimum(column, width, stride).tolist() == [min(w) for w in expected]


@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_the_value_of_a_rank_in_each_window(rank: int) -> None:
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0])
    # Every other value: 3 4 5 2, then 1 1 9 6, then 4 5 2 5.
    ordered = [(5, 4, 3, 2), (9, 6, 1, 1), (5, 5, 4, 2)]
    expected = [window[rank - 1] for window in ordered]
    assert sliding_rank(values, rank, 4, 2).tolist() == expected


def test_the_newest_flag_of_a_window_may_be_another() -> None:
    flags = np.array([True, False, True, True])
    of_two = sliding_count(flags, 2, newest=np.array([False, True, True]))
    # Each with the flag before it: 1 and 0, 0 and 1, 1 and 1.
    assert of_two.tolist() == [1, 1, 2]
    # With the two before it: 1, 0 and 0; 0, 1 and 1.
    assert sliding_count(flags, 3, newest=np.array([False, True])).tolist() == [1, 2]
    # Every other one: with the one two before it.
    assert sliding_count(flags, 2, 2, newest=np.array([False, False])).tolist() == [1, 0]
    alone = np.array([True, False, False, True])
    assert sliding_count(flags, 1, newest=alone).tolist() == [1, 0, 0, 1]


def test_parts_are_as_large_as_they_may_be() -> None:
    assert list(parts(5, 2**19)) == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert list(parts(2, 2**21)) == [slice(0, 1), slice(1, 2)]
    assert list(parts(2**20, 1)) == [slice(0, 2**20)]
    assert list(parts(0, 1)) == []


@given(st.integers(0, 3_000_000), st.integers(1, 1443))
def test_parts_cover_everything_once_and_stay_small(count: int, width: int) -> None:
    found = list(parts(count, width))
    edges = [0, *(part.stop for part in found)]
    assert [part.start for part in found] == edges[:-1]
    assert edges[-1] == count
    assert all((part.stop - part.start) * width <= 2**20 for part in found)


@pytest.mark.slow
@settings(max_examples=200)
@given(data=st.data())
def test_the_largest_of_each_window_in_order(data: st.DataObject) -> None:
    width, stride = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 3))
    rank = data.draw(st.integers(1, width))
    numbers = st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 2.0, 3.0])
    values = np.array(data.draw(st.lists(numbers, max_size=40)), dtype=np.float64)
    found = sliding_largest(values, rank, width, stride)
    count = max(0, len(values) - (width - 1) * stride)
    expected = [
        sorted(values[at : at + (width - 1) * stride + 1 : stride].tolist())[::-1][:rank]
        for at in range(count)
    ]
    assert [list(row) for row in zip(*(one.tolist() for one in found), strict=True)] == expected
