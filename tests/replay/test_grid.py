"""Histories on even grids: several records a cell, records that last for several cells."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.grid import Grid, is_coarse, spread
from replay.history import MetricHistory
from tests.evaluation.alarms import START
from tests.replay.alarms import HOUR, history, statistic_sets

# Seconds after the start, and values: two in the first minute, none in the third, and one each
# before and after the grid's four minutes.
RECORDS: Final = MetricHistory.of_values(
    [START + at for at in (-1, 0, 30, 60, 239, 240)], [90.0, 1.0, 2.0, 3.0, 4.0, 91.0]
)


def test_cells_by_hand() -> None:
    grid = Grid(RECORDS, START, START + 240, 60)
    assert grid.is_shared
    assert grid.sums(grid.history.totals).rounded.tolist() == [3, 3, 0, 4]
    assert grid.minimums().tolist() == [1, 3, np.inf, 4]
    assert grid.maximums().tolist() == [2, 3, -np.inf, 4]
    assert grid.filled.tolist() == [True, True, False, True]
    assert grid.placed(grid.history.minimums)[[0, 1, 3]].tolist() == [2, 3, 4]


def test_without_shared_cells() -> None:
    grid = Grid(RECORDS.between(START + 30, START + 240), START, START + 300, 60)
    assert not grid.is_shared
    sums = grid.sums(grid.history.totals)
    assert (sums.rounded.tolist(), sums.rest) == ([2, 3, 0, 4, 0], None)
    np.testing.assert_array_equal(
        grid.placed(grid.history.maximums), [2.0, 3.0, np.nan, 4.0, np.nan]
    )


@pytest.mark.parametrize(("before", "after"), [(0, 0), (2, 0), (0, 3), (1, 1)])
def test_a_history_without_gaps_inside_a_longer_grid(before: int, after: int) -> None:
    values = [5.0, 6.0, 7.0]
    grid = Grid(history(values), START - 60 * before, START + 60 * (3 + after), 60)
    assert grid.placed(grid.history.totals, 0.0).tolist() == [0.0] * before + values + [0.0] * after


def test_a_cell_is_shared_by_any_number_of_records() -> None:
    of = MetricHistory.of_values([START + at for at in (0, 10, 20, 60, 120, 130)], [1.0] * 6)
    grid = Grid(of, START, START + 180, 60)
    sums = grid.sums(of.totals)
    assert sums.rounded.tolist() == [3, 1, 2]
    assert sums.rest is not None
    assert sums.rest.tolist() == [0, 0, 0]


def test_an_empty_grid() -> None:
    grid = Grid(MetricHistory.empty(), START, START + 120, 60)
    assert not grid.is_shared
    assert grid.sums(grid.history.counts).rounded.tolist() == [0, 0]
    assert grid.minimums().tolist() == [np.inf, np.inf]


def test_what_rounding_takes_from_a_shared_cell_is_kept() -> None:
    # 1e16 + 1 is no float.
    records = MetricHistory.of_values([START, START + 1], [1e16, 1.0])
    grid = Grid(records, START, START + 60, 60)
    sums = grid.sums(grid.history.totals)
    assert sums.rounded.tolist() == [1e16]
    assert sums.rest is not None
    assert sums.rest.tolist() == [1.0]


HOURLY: Final = statistic_sets([(0, 60, 600, 1, 50)], resolution=HOUR)


def test_an_hour_becomes_sixty_minutes() -> None:
    found = spread(HOURLY, period=300, step=60)
    assert found.times.tolist() == [START + 60 * minute for minute in range(60)]
    assert set(found.resolutions.tolist()) == {60}
    # Its share of the count and the sum; of the extremes nobody knows when they were.
    assert set(found.counts.tolist()) == {1.0}
    assert set(found.totals.tolist()) == {10.0}
    assert set(found.minimums.tolist()) == {1.0}
    assert set(found.maximums.tolist()) == {50.0}


def test_the_percentile_of_an_hour_is_that_of_each_minute() -> None:
    known = replace(HOURLY, percentiles={"p99": np.array([40.0])})
    assert spread(known, period=60, step=60).percentiles["p99"].tolist() == [40.0] * 60


@pytest.mark.parametrize(
    ("resolution", "period", "step", "parts"),
    [
        (1, 60, 60, 1),
        (60, 60, 60, 1),
        (60, 300, 60, 1),
        # Three of them are a quarter of an hour, whichever minute it begins at.
        (300, 900, 60, 1),
        (300, 300, 60, 1),
        # In seven minutes there is now one of them and now two.
        (300, 420, 60, 5),
        (300, 60, 60, 5),
        (3600, 86_400, 3600, 1),
        (3600, 5400, 1800, 2),
        (60, 10, 10, 6),
    ],
)
def test_what_is_spread(resolution: int, period: int, step: int, parts: int) -> None:
    found = spread(history([6.0], step=resolution), period, step)
    assert found.times.tolist() == [START + step * at for at in range(parts)]
    assert found.counts.tolist() == [1 / parts] * parts


def test_mixed_resolutions() -> None:
    # An hour at a time at first, then by the minute.
    recent = history([3.0, 4.0], start=START + HOUR)
    names = ("times", "resolutions", "counts", "totals", "minimums", "maximums")
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(HOURLY, name), getattr(recent, name)]) for name in names
    }
    mixed = MetricHistory(**columns)
    found = spread(mixed, period=60, step=60)
    assert found.times.tolist() == [START + 60 * minute for minute in range(62)]
    assert found.totals.tolist() == [10.0] * 60 + [3.0, 4.0]


@given(
    st.lists(st.sampled_from([60, 120, 300, 900, 3600]), min_size=1, max_size=6),
    st.sampled_from([60, 180, 300, 420, 3600]),
)
def test_nothing_is_lost_by_spreading(resolutions: list[int], period: int) -> None:
    starts = np.cumsum([0, *resolutions[:-1]])
    whole = MetricHistory(
        times=START + starts,
        resolutions=np.array(resolutions),
        counts=np.array(resolutions) / 60,
        totals=np.array(resolutions) / 6,
        minimums=np.zeros(len(starts)),
        maximums=np.ones(len(starts)),
    )
    found = spread(whole, period, 60)
    assert np.all(np.diff(found.times) > 0)
    np.testing.assert_allclose(found.counts.sum(), whole.counts.sum(), rtol=1e-12)
    np.testing.assert_allclose(found.totals.sum(), whole.totals.sum(), rtol=1e-12)


@pytest.mark.parametrize(
    ("resolution", "start", "end", "coarse"),
    [
        (60, 0, 600, False),
        (300, 0, 600, True),
        # It lasts from 0 to 300 and reaches into the first minute, or not.
        (300, 240, 600, True),
        (300, 300, 600, False),
        (300, -600, 0, False),
        (300, -600, 60, True),
    ],
)
def test_which_records_are_coarse(resolution: int, start: int, end: int, coarse: bool) -> None:
    one = history([1.0], step=resolution)
    assert is_coarse(one, START + start, START + end, 60) is coarse


def test_nothing_is_not_coarse() -> None:
    assert not is_coarse(MetricHistory.empty(), START, START + 60, 60)
