"""How times relate to incidents."""

from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.incidents import Incident, before, caught, during, inside

TIMES: Final = np.arange(0, 100, 10)


@pytest.mark.parametrize(
    ("incidents", "grace", "expected"),
    [
        ([], 0, []),
        ([(20, 40)], 0, [20, 30, 40]),
        ([(21, 39)], 0, [30]),
        ([(21, 29)], 0, []),
        ([(20, 40)], 9, [20, 30, 40]),
        ([(20, 40)], 10, [20, 30, 40, 50]),
        # Neither sorted nor apart, one in the other.
        ([(60, 70), (0, 10), (5, 20), (8, 9)], 0, [0, 10, 20, 60, 70]),
        # Before the first and after the last time.
        ([(-50, -20), (500, 600)], 0, []),
        ([(-50, 0), (90, 600)], 0, [0, 90]),
        ([(-50, -5)], 5, [0]),
        # A moment.
        ([(30, 30)], 0, [30]),
    ],
)
def test_inside(incidents: list[tuple[int, int]], grace: int, expected: list[int]) -> None:
    found = inside(TIMES, [Incident(*pair) for pair in incidents], grace)
    assert TIMES[found].tolist() == expected


def test_without_grace_an_incident_is_over_at_its_end() -> None:
    incident = Incident(21, 39)
    assert TIMES[inside(TIMES, [incident])].tolist() == [30]
    assert caught(TIMES, TIMES == 40, [incident]) == []
    assert caught(TIMES, TIMES == 40, [incident], grace=1) == [incident]


def test_no_times() -> None:
    assert inside(np.empty(0, dtype=np.int64), [Incident(0, 9)]).tolist() == []


def test_only_what_is_over_is_known() -> None:
    over, ongoing, future = Incident(0, 49), Incident(40, 50), Incident(60, 70)
    assert before([future, ongoing, over], 50) == [over]


def test_an_incident_is_caught_where_the_alarm_is_on_in_it_or_soon_after() -> None:
    on = (TIMES == 30) | (TIMES == 70)
    early, late, missed = Incident(5, 25), Incident(70, 75), Incident(40, 55)
    assert caught(TIMES, on, [late, missed, early]) == [late]
    assert caught(TIMES, on, [late, missed, early], grace=5) == [late, early]


def test_what_reaches_into_a_time_begins_by_its_end_and_ends_after_its_start() -> None:
    over, before_it, in_it, at_its_end, after = (
        Incident(*pair) for pair in ((0, 20), (0, 21), (25, 26), (30, 99), (31, 99))
    )
    reaching = [before_it, in_it, at_its_end]
    assert during([over, before_it, in_it, at_its_end, after], 20, 30) == reaching


@given(
    st.lists(st.integers(0, 50), max_size=20).map(sorted),
    st.lists(st.tuples(st.integers(-5, 55), st.integers(0, 20)), max_size=4),
    st.integers(0, 9),
)
def test_inside_is_being_in_one_of_them(
    times: list[int], spans: list[tuple[int, int]], grace: int
) -> None:
    incidents = [Incident(start, start + length) for start, length in spans]
    expected = [any(i.start <= time <= i.end + grace for i in incidents) for time in times]
    assert inside(np.array(times, dtype=np.int64), incidents, grace).tolist() == expected
