"""Records of two fetches of a day: nothing lost, nothing doubled, finer ones win."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.merge import merged
from replay.history import MetricHistory
from tests.history.recorded import history

DAY = 86_400


def rows_of(found: MetricHistory) -> list[tuple[int, int, float]]:
    columns = (found.times, found.resolutions, found.totals)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_what_is_new_is_added() -> None:
    old, new = history((0, 60, 1)), history((120, 60, 2))
    assert rows_of(merged(old, new, known_until=60)) == [(0, 60, 1), (120, 60, 2)]


def test_the_same_seconds_once_with_what_arrived_late() -> None:
    old, new = history((0, 60, 1), (60, 60, 2)), history((0, 60, 1), (60, 60, 5))
    assert rows_of(merged(old, new, known_until=120)) == [(0, 60, 1), (60, 60, 5)]


def test_coarser_records_fill_only_what_has_no_finer_ones() -> None:
    """Fetched again after its minutes are gone: 00:05 had no sample then, and now has late ones."""
    old = history((0, 60, 1), (240, 60, 2), (600, 60, 3))
    new = history((0, 300, 3), (300, 300, 9), (600, 300, 3))
    found = merged(old, new, known_until=DAY)
    assert rows_of(found) == [(0, 60, 1), (240, 60, 2), (300, 300, 9), (600, 60, 3)]


def test_finer_records_replace_coarser_ones() -> None:
    old = history((0, 300, 3), (300, 300, 7))
    new = history((0, 60, 1), (60, 60, 2))
    assert rows_of(merged(old, new, known_until=DAY)) == [(0, 60, 1), (60, 60, 2), (300, 300, 7)]


def test_the_record_in_which_the_older_fetch_ended() -> None:
    """It ended at 00:07, so its two minutes from 00:05 on are not all of that record."""
    old = history((0, 60, 1), (300, 60, 2), (360, 60, 3))
    new = history((0, 300, 1), (300, 300, 20), (600, 300, 4))
    found = merged(old, new, known_until=420)
    assert rows_of(found) == [(0, 60, 1), (300, 300, 20), (600, 300, 4)]


def test_a_fetch_that_ended_with_the_record_is_whole() -> None:
    old, new = history((300, 60, 2)), history((300, 300, 2))
    assert rows_of(merged(old, new, known_until=600)) == [(300, 60, 2)]


def test_seconds_in_a_day_of_minutes() -> None:
    old = history((0, 60, 6), (60, 60, 6), (120, 60, 6))
    new = history(*((time, 10, 1) for time in range(60, 120, 10)))
    found = merged(old, new, known_until=180)
    assert rows_of(found) == [(0, 60, 6), *((t, 10, 1) for t in range(60, 120, 10)), (120, 60, 6)]
    # And the minutes again, later.
    again = merged(found, history((0, 60, 6), (60, 60, 6), (120, 60, 7)), known_until=180)
    assert rows_of(again) == [*rows_of(found)[:-1], (120, 60, 7)]


def test_percentiles() -> None:
    """``p90`` is read no more and kept; ``p99`` is new and unknown of what was finer."""
    old = history((0, 60, 1), (300, 60, 2), percentiles={"p90": [8, 9]})
    same = merged(old, history((0, 60, 1), percentiles={"p99": [5]}), known_until=DAY)
    np.testing.assert_array_equal(same.percentiles["p90"], [8, 9])
    np.testing.assert_array_equal(same.percentiles["p99"], [5, np.nan])
    coarser = history((300, 300, 2), (600, 300, 3), percentiles={"p99": [6, 7]})
    filled = merged(old, coarser, known_until=DAY)
    np.testing.assert_array_equal(filled.percentiles["p90"], [8, 9, np.nan])
    np.testing.assert_array_equal(filled.percentiles["p99"], [np.nan, np.nan, 7])


SECONDS = {10: 60, 60: 60, 300: 24, 3600: 6}
"""Resolution to how many records of it the generated days may begin with."""


@st.composite
def records(draw: st.DrawFn, *resolutions: int) -> MetricHistory:
    """Records of some resolutions that do not overlap."""
    taken: set[int] = set()
    rows = []
    for resolution in sorted(resolutions):
        for slot in sorted(draw(st.sets(st.integers(0, SECONDS[resolution] - 1)))):
            seconds = set(range(slot * resolution, (slot + 1) * resolution, 10))
            if not seconds & taken:
                taken |= seconds
                rows.append((slot * resolution, resolution, float(draw(st.integers(0, 9)))))
    return history(*sorted(rows))


def seconds_of(found: MetricHistory) -> dict[int, int]:
    """Every ten seconds that some record stands for, with its resolution."""
    pairs = [
        (second, resolution)
        for time, resolution, _ in rows_of(found)
        for second in range(time, time + resolution, 10)
    ]
    assert len(dict(pairs)) == len(pairs), "no second is in two records"
    return dict(pairs)


@given(
    old=records(10, 60, 300, 3600),
    new=st.sampled_from([10, 60, 300, 3600]).flatmap(records),
)
def test_whatever_is_known_of_either_is_known_after_both(
    old: MetricHistory, new: MetricHistory
) -> None:
    found = merged(old, new, known_until=DAY)
    before, fetched, after = seconds_of(old), seconds_of(new), seconds_of(found)
    assert list(found.times) == sorted(found.times)
    finest = {
        second: min(before.get(second, 9999), fetched.get(second, 9999))
        for second in before | fetched
    }
    for second in set(after):
        assert after[second] <= finest[second]
    # Every finest record is there as it was, the new one of two that stand for the same.
    told = {(time, resolution): value for time, resolution, value in rows_of(found)}
    known = {(time, resolution): value for time, resolution, value in rows_of(old)}
    known |= {(time, resolution): value for time, resolution, value in rows_of(new)}
    for (time, resolution), value in known.items():
        if all(finest[s] == resolution for s in range(time, time + resolution, 10)):
            assert told[time, resolution] == value
    assert told.items() <= known.items()


@given(old=records(60), new=st.sampled_from([300, 3600]).flatmap(records), cut=st.integers(0, 60))
def test_no_sample_is_counted_twice_where_the_older_fetch_was_cut_off(
    old: MetricHistory, new: MetricHistory, cut: int
) -> None:
    known_until = cut * 60
    found = merged(old.between(0, known_until), new, known_until=known_until)
    seconds_of(found)
    told = rows_of(found)
    # A record that reaches beyond the cut sums up what the minutes before it do not have.
    for time, resolution, value in rows_of(new):
        if time + resolution > known_until:
            assert (time, resolution, value) in told


@given(new=st.sampled_from([10, 60, 300, 3600]).flatmap(records))
def test_the_same_again_changes_nothing(new: MetricHistory) -> None:
    assert rows_of(merged(new, new, known_until=DAY)) == rows_of(new)


@pytest.mark.parametrize("known_until", [0, DAY])
def test_the_first_fetch_and_an_empty_one(known_until: int) -> None:
    some = history((0, 60, 1), percentiles={"p99": [3]})
    assert rows_of(merged(history(), some, known_until=known_until)) == rows_of(some)
    assert rows_of(merged(some, history(), known_until=known_until)) == rows_of(some)
