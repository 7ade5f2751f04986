"""Thresholds of each hour of the week, of few digits and few exceptions."""

import numpy as np
import pytest

from replay.by_hour import rounded, table_of
from replay.hourly import HOURS, WEEK

# E12 of IEC 60063: 1.0 1.2 1.5 1.8 2.2 2.7 3.3 3.9 4.7 5.6 6.8 8.2.
PREFERRED = [1.0, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2]
HIGHER = [*PREFERRED[1:], 10.0]


@pytest.mark.parametrize("times", [1e-4, 0.01, 1.0, 10.0, 1e5])
def test_preferred_numbers_stay_and_others_become_the_next(times: float) -> None:
    row = [value * times for value in [*PREFERRED, *(value + 0.01 for value in PREFERRED)]]
    expected = [float(f"{value * times:.6g}") for value in [*PREFERRED, *HIGHER]]
    assert rounded(np.tile(row, (WEEK, 1))).tolist() == [expected] * WEEK


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("hours", [(1, 2), (0, 3), (22, 24)])
def test_no_more_than_two_dozen_exceptions(hours: tuple[int, int], more: bool) -> None:
    table = np.full((WEEK, HOURS), 10.0)
    first, last = hours
    expected = table.copy()
    # Two runs on each day but Sunday make twelve, and at the same hours two different ones.
    for day in range(WEEK - 1):
        table[day, first:last], expected[day, first:last] = 20.0, 22.0
        table[day, 10:12], expected[day, 10:12] = 25.0, 27.0
        table[day, 12], expected[day, 12] = 30.0, 33.0
        table[day, 15], expected[day, 15] = 15.0, 15.0
    if more:
        table[WEEK - 1, 18] = 11.0
        expected[:, first:last], expected[:, 10:12], expected[:, 12] = 22.0, 27.0, 33.0
        expected[:, 15], expected[:, 18] = 15.0, 12.0
    assert rounded(table).tolist() == expected.tolist()


def test_hours_that_are_alike_on_all_days_are_no_exceptions() -> None:
    table = np.tile(np.arange(10.0, 34.0), (WEEK, 1))
    steps = [10, 12, 12, 15, 15, 15, 18, 18, 18, 22, 22, 22, 22, 27, 27, 27, 27, 27, *[33] * 6]
    assert rounded(table).tolist() == [steps] * WEEK


def test_a_table_is_of_plain_numbers_from_monday_on() -> None:
    assert table_of(np.array([[1.0, 2.0], [3.0, 4.0]])) == ((1.0, 2.0), (3.0, 4.0))
    assert type(table_of(np.array([[1.0]]))[0][0]) is float
