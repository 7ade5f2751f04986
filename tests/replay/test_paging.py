"""Where an alarm goes on, and how high it went: worked out by hand."""

import numpy as np
import pytest

from replay.paging import bands, peaks, spans

ON = np.array([True, True, True, False, True, False, True])
LEVELS = np.array([8.0, 5.0, 7.0, 3.0, 9.0, 2.0, 6.0])


def test_where_an_alarm_goes_on_and_off() -> None:
    began, ended = spans(ON)
    assert began.tolist() == [0, 4, 6]
    # It is on at the end: the last firing ends with all.
    assert ended.tolist() == [3, 5, 7]
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
