"""Where an alarm goes on, and how high it went: worked out by hand."""

import numpy as np
import pytest

from replay.paging import bands, pages, peaks, spans, starts

ON = np.array([True, True, True, False, True, False, True])
LEVELS = np.array([8.0, 5.0, 7.0, 3.0, 9.0, 2.0, 6.0])


def test_where_an_alarm_goes_on_and_off() -> None:
    began, ended = spans(ON)
    assert began.tolist() == [0, 4, 6]
    # It is on at the end: the last firing ends with all.
    assert ended.tolist() == [3, 5, 7]
    assert starts(ON).tolist() == [0, 4, 6]
    assert bands(60 * np.arange(7), ON, 420) == ((0, 180), (240, 300), (360, 420))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (slice(0, 7), [8.0, 9.0, 6.0]),
        # What goes on from before is no new firing, however high it goes.
        (slice(1, 7), [9.0, 6.0]),
        (slice(1, 3), []),
        # It was off before.
        (slice(4, 6), [9.0]),
        (slice(3, 4), []),
        (slice(7, 7), []),
    ],
)
def test_each_firing_that_begins_in_a_part_has_its_highest_level(
    part: slice, expected: list[float]
) -> None:
    assert peaks(LEVELS[part], ON, part).tolist() == expected


def flags(*on: range, count: int = 12) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found = np.zeros(count, dtype=np.bool_)
    for part in on:
        found[part.start : part.stop] = True
    return found


@pytest.mark.parametrize(
    ("on", "echo", "after", "expected"),
    [
        ([range(2, 4), range(6, 9)], None, 3, [2, 6]),
        ([], [range(12)], 3, []),
        ([range(2, 4), range(6, 9)], [], 3, [2, 6]),
        # Whoever is on first holds the other back, and not in the same minute.
        ([range(5, 8)], [range(5, 12)], 0, [5]),
        ([range(5, 8)], [range(6, 12)], 0, [5]),
        ([range(5, 8)], [range(4, 12)], 0, []),
        # It pages once it is held back no longer, if it is still on.
        ([range(5, 8)], [range(4, 6)], 0, [6]),
        ([range(5, 8)], [range(4, 5)], 1, [6]),
        ([range(5, 8)], [range(1, 5)], 2, [7]),
        ([range(5, 8)], [range(1, 5)], 3, []),
        ([range(5, 8), range(9, 11)], [range(1, 5)], 3, [9]),
        ([range(5, 8), range(9, 11)], [range(1, 5)], 5, [10]),
        # Two that hold it back at once, and one that does to the end and after it.
        ([range(5, 10)], [range(1, 2), range(3, 4)], 5, [9]),
        ([range(5, 10)], [range(11, 12)], 5, [5]),
        ([range(11, 12)], [range(10, 12)], 5, []),
        ([range(12)], [range(12)], 0, [0]),
    ],
)
def test_what_another_alarm_holds_back(
    on: list[range], echo: list[range] | None, after: int, expected: list[int]
) -> None:
    found = pages(flags(*on), None if echo is None else flags(*echo), after)
    assert found.tolist() == expected
