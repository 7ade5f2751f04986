"""The highest level of each hour: which evaluations make it, and what comes again and again."""

from math import inf

import numpy as np
import pytest

from replay.history import Floats
from replay.hourly import HOURS, WEEK, HourlyLevels
from replay.hours import Hours, column_medians, median, of_three, quantile
from tests.replay.alarms import DAY, MONDAY


def half_hourly(
    newest: list[float], older: list[float], *, start: int, delay: int = 0, has_hours: bool = True
) -> HourlyLevels:
    """An evaluation every half an hour, the first one half an hour after ``start``."""
    times = start + 1800 * np.arange(1, len(newest) + 1, dtype=np.int64)
    starts = times - delay - 1800
    columns = (np.full(len(newest), 99.0), np.array(newest)), (np.array(older),)
    return HourlyLevels(times, starts, *columns, 1800, has_hours)


def table(days: int, known: dict[tuple[int, int], float], *, base: float = -inf) -> Floats:
    """A row a day, a column an hour; some of them are given."""
    rows = np.full((days, HOURS), base)
    for place, height in known.items():
        rows[place] = height
    return rows


def hours_of(maxima: Floats, at_midnight: dict[int, float] | None = None) -> Hours:
    """Hours of which nothing more becomes known after midnight, but for some days."""
    known = maxima[:, -1].copy()
    for day, height in (at_midnight or {}).items():
        known[day] = height
    return Hours(MONDAY, maxima, known)


# At midnight, then four on Monday; the third of those is on at any threshold, for lack of data.
LATE_SUNDAY = [3.0, 5.0, 7.0, inf, 2.0]


def test_an_alarm_without_hours_counts_by_when_its_newest_period_begins() -> None:
    # The evaluation at midnight is of the half hour from 23:30 on, and belongs to Sunday.
    levels = half_hourly(LATE_SUNDAY, [80.0] * 5, start=MONDAY - 1800, has_hours=False)
    found = Hours.of(levels)
    assert (found.start, len(found)) == (MONDAY - DAY, 2)
    expected = table(2, {(0, 23): 3.0, (1, 0): 7.0, (1, 1): 2.0})
    assert found.maxima.tolist() == expected.tolist()
    assert found.at_midnight.tolist() == [3.0, -inf]


def test_hours_without_data_are_quiet_where_that_is_known() -> None:
    levels = half_hourly(LATE_SUNDAY, [80.0] * 5, start=MONDAY - 1800, has_hours=False)
    found = Hours.of(levels, quiet=2.5)
    expected = table(2, {(0, 23): 3.0, (1, 0): 7.0}, base=2.5)
    assert found.maxima.tolist() == expected.tolist()
    assert found.at_midnight.tolist() == [3.0, 2.5]


def test_older_levels_are_of_the_hour_before() -> None:
    # The first evaluation's older ones are of the day before, of which nothing else is known.
    levels = half_hourly([1.0, 2.0, 3.0, 4.0], [80.0, 70.0, 6.0, 5.0], start=MONDAY)
    found = Hours.of(levels)
    assert found.start == MONDAY
    assert found.maxima.tolist() == table(1, {(0, 0): 6.0, (0, 1): 4.0}).tolist()
    assert found.at_midnight.tolist() == [-inf]


@pytest.mark.parametrize(
    ("delay", "known", "maxima"),
    [
        # Evaluated are those that begin at 23:00, 23:30, 00:00 and 00:30.
        (0, 2.0, {(0, 22): 8.0, (0, 23): 7.0, (1, 0): 4.0}),
        # Half an hour late, it is those of 22:30 and 23:00, and after midnight 23:30 and 00:00.
        (1800, 2.0, {(0, 21): 8.0, (0, 22): 7.0, (0, 23): 5.0, (1, 0): 4.0}),
        # An hour late, nothing from 23:00 on was evaluated before midnight.
        (3600, -inf, {(0, 21): 8.0, (0, 22): 7.0, (0, 23): 4.0}),
    ],
)
def test_a_day_ends_with_what_was_evaluated_by_midnight(
    delay: int, known: float, maxima: dict[tuple[int, int], float]
) -> None:
    newest = [1.0, 2.0, 3.0, 4.0]
    older = [8.0, 6.0, 7.0, 5.0]
    # Evaluations at 23:30, 00:00, 00:30 and 01:00.
    levels = half_hourly(newest, older, start=MONDAY + DAY - 3600, delay=delay)
    found = Hours.of(levels)
    assert found.start == MONDAY
    assert found.maxima.tolist() == table(2, maxima).tolist()
    assert found.at_midnight.tolist() == [known, -inf]


TWO_DAYS = hours_of(
    table(2, {(0, 23): 9.0, (1, 0): 6.0, (1, 12): 8.0, (1, 23): 7.0}, base=0.0), {0: 4.0, 1: 5.0}
)


def test_the_last_of_some_days_is_as_it_was_known_when_it_was_over() -> None:
    first = table(1, {(0, 23): 4.0}, base=0.0)
    assert TWO_DAYS.rows(0, 1).tolist() == first.tolist()
    both = table(2, {(0, 23): 9.0, (1, 0): 6.0, (1, 12): 8.0, (1, 23): 5.0}, base=0.0)
    assert TWO_DAYS.rows(0, 2).tolist() == both.tolist()
    assert TWO_DAYS.rows(1, 2).tolist() == both[1:].tolist()
    assert TWO_DAYS.rows(2, 2).tolist() == []


def test_what_is_within_an_hour_is_near() -> None:
    first = table(1, {(0, 22): 4.0, (0, 23): 4.0}, base=0.0)
    assert TWO_DAYS.near(0, 1).tolist() == first.tolist()
    known = {(0, 22): 9.0, (0, 23): 9.0}
    known |= {(1, 0): 9.0, (1, 1): 6.0, (1, 22): 5.0, (1, 23): 5.0}
    known |= {(1, hour): 8.0 for hour in (11, 12, 13)}
    both = table(2, known, base=0.0)
    assert TWO_DAYS.near(0, 2).tolist() == both.tolist()
    assert TWO_DAYS.near(1, 2).tolist() == both[1:].tolist()
    assert TWO_DAYS.near(0, 0).tolist() == []


def test_the_middle_of_each_day_is_of_what_was_known_when_it_was_over() -> None:
    maxima = table(3, {(0, 1): 3.0, (0, 2): 4.0, (0, 3): 8.0, (0, 23): 9.0, (1, 23): 9.0})
    found = hours_of(maxima, {0: 1.0, 1: -inf}).middles
    # Of 1, 3, 4 and 8; of nothing; of nothing.
    assert found.tolist() == [3.5, inf, inf]


Peaks = dict[tuple[int, int], float]


def raised(rows: range, height: float) -> Peaks:
    """What is at five, and an hour to both sides of it."""
    return {(row, hour): height for row in rows for hour in (4, 5, 6)}


EVERY = range(WEEK)


@pytest.mark.parametrize(
    ("day", "weeks", "peaks", "expected"),
    [
        # On three days in a row, at any height up to a quarter above the least, which is 19 above
        # what is usual: 19 * 1.25 + 1 = 24.75.
        (3, 3, {0: 20, 1: 24, 2: 21}, raised(EVERY, 24.0)),
        (3, 3, {0: 20, 1: 24.75, 2: 21}, raised(EVERY, 24.75)),
        (3, 3, {0: 20, 1: 24.8, 2: 21}, {}),
        (4, 3, {0: 20, 1: 20, 2: 20}, {}),
        (4, 3, {1: 20, 2: 20, 3: 20}, raised(EVERY, 20.0)),
        (2, 3, {0: 20, 1: 20}, {}),
        # Two weeks are wanted. While a weekday was seen once alone, once is enough.
        (0, 2, {}, {}),
        (2, 2, {0: 20}, raised(range(5, 6), 20.0)),
        (2, 2, {1: 20}, raised(range(6, 7), 20.0)),
        (8, 2, {3: 20}, raised(range(2, 3), 20.0)),
        (8, 2, {7: 20}, {}),
        (8, 2, {0: 20, 7: 24}, raised(range(6, 7), 24.0)),
        (8, 2, {0: 24, 7: 20}, raised(range(6, 7), 24.0)),
        (8, 2, {0: 20, 7: 25}, {}),
        (15, 2, {1: 20, 8: 21}, raised(range(1), 21.0)),
        (15, 2, {0: 20, 7: 20}, {}),
        (15, 2, {8: 20}, {}),
        # Three weeks are wanted, or two of those weekdays that were seen no more often.
        (7, 3, {0: 20, 6: 20}, {}),
        (8, 3, {0: 20, 7: 20}, raised(range(6, 7), 20.0)),
        (8, 3, {1: 20, 6: 20}, {}),
        (15, 3, {1: 20, 8: 20}, raised(range(1), 20.0)),
        (15, 3, {7: 20, 14: 20}, {}),
        (15, 3, {0: 24, 7: 20, 14: 20}, raised(range(6, 7), 24.0)),
        (22, 3, {1: 20, 8: 20, 15: 20}, raised(range(1), 20.0)),
        (22, 3, {8: 20, 15: 20}, {}),
        # What came on all of the last days may come higher on the day of a week ago.
        (10, 2, {0: 44, 7: 40, 8: 38, 9: 42}, raised(EVERY, 42.0) | raised(range(4, 5), 44.0)),
    ],
)
def test_what_comes_again_and_again_by_hand(
    day: int, weeks: int, peaks: dict[int, float], expected: Peaks
) -> None:
    # Elsewhere it is below what is usual, 1.
    maxima = table(day, {(at, 5): height for at, height in peaks.items()}, base=0.0)
    again = hours_of(maxima).again(day, np.ones(HOURS), np.zeros(HOURS), weeks)
    assert again.tolist() == table(WEEK, expected).tolist()


def test_what_is_usual_and_noise_are_those_of_the_hour() -> None:
    maxima = table(3, {(0, 5): 20.0, (1, 5): 22.0, (2, 5): 26.0}, base=0.0)
    usual, noise = np.ones(HOURS), np.zeros(HOURS)
    # A quarter more than 19 are 23.75, and 26 is 25 above usual: 1.25 more.
    noise[[4, 5]] = 1.25
    usual[4] = 20.0
    # At four they are 0, 2 and 6 above it, of which the noise explains 1.25.
    again = hours_of(maxima).again(3, usual, noise, 3)
    assert again.tolist() == table(WEEK, {(row, 5): 26.0 for row in EVERY}).tolist()
    # What just reaches it is usual.
    noise[4] = 6.0
    again = hours_of(maxima).again(3, usual, noise, 3)
    expected = {(row, hour): 26.0 for row in EVERY for hour in (4, 5)}
    assert again.tolist() == table(WEEK, expected).tolist()


def test_what_comes_again_was_known_before_the_day() -> None:
    maxima = table(4, {(day, 23): 20.0 for day in range(4)}, base=0.0)
    hours = hours_of(maxima, {2: 0.0})
    nothing = table(WEEK, {})
    ones, zeros = np.ones(HOURS), np.zeros(HOURS)
    # That of the third day was evaluated on the fourth, after midnight.
    assert hours.again(3, ones, zeros, 3).tolist() == nothing.tolist()
    # The first hour is beside the last one of the day before it; of the first of the three days
    # that is known as well, and they all are.
    expected = {(row, hour): 20.0 for row in EVERY for hour in (0, 22, 23)}
    assert hours.again(4, ones, zeros, 3).tolist() == table(WEEK, expected).tolist()


def test_the_highest_of_three_beside_each_other() -> None:
    padded = np.array([[-inf, 1.0, 5.0, 2.0, 3.0, -inf], [9.0, 1.0, 0.0, 2.0, 3.0, 4.0]])
    assert of_three(padded).tolist() == [[5, 5, 5, 3], [9, 2, 3, 4]]


@pytest.mark.parametrize(
    ("share", "expected"),
    # Of five values, a quarter of the way is the second; between two in proportion.
    [(0.0, 1.0), (0.25, 2.0), (0.3, 2.4), (0.5, 4.0), (0.875, 12.0), (1.0, 16.0)],
)
def test_quantiles_by_hand(share: float, expected: float) -> None:
    assert quantile(np.array([1.0, 2.0, 4.0, 8.0, 16.0]), share) == pytest.approx(expected)
    assert quantile(np.array([7.0]), share) == 7.0


def test_medians_are_of_what_is_known() -> None:
    rows = np.array(
        [
            [4.0, 4.0, -inf, -inf, inf],
            [1.0, -inf, 5.0, -inf, 2.0],
            [9.0, 1.0, -inf, -inf, -inf],
        ]
    )
    # Of three, of two, of one, of none, and between 2 and infinity.
    expected = [4.0, 2.5, 5.0, inf, inf]
    assert column_medians(rows).tolist() == expected
    assert [median(column) for column in rows.T] == expected
