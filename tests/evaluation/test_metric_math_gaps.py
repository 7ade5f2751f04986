"""Metric math where datapoints are missing, and over several series: worked by hand."""

from collections.abc import Sequence
from typing import Final

import pytest

from tests.evaluation.alarms import START, computed

Values = Sequence[float | None]
NO: Final = None

SERIES: Final[dict[str, Values]] = {
    "m": [1, 2, 3, NO, 2, 5],
    "gaps": [NO, 0, NO, NO, NO, 8],
    "more": [4, NO, 2, NO, NO, -2],
    "none": [NO] * 6,
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m < 2", [1, 0, 0, NO, 0, 0]),
        ("m <= 2", [1, 1, 0, NO, 1, 0]),
        ("m > 2", [0, 0, 1, NO, 0, 1]),
        ("m >= 2", [0, 1, 1, NO, 1, 1]),
        ("m == 2", [0, 1, 0, NO, 1, 0]),
        ("m != 2", [1, 0, 1, NO, 0, 1]),
        ("2 - m", [1, 0, -1, NO, 0, -3]),
        ("m ^ gaps", [1, 1, 1, NO, 1, 5**8]),
        ("FILL(gaps, LINEAR)", [NO, 0, 2, 4, 6, 8]),
        ("FILL(more, LINEAR)", [4, 3, 2, 2 - 4 / 3, 2 - 8 / 3, -2]),
        ("FILL(m * gaps, LINEAR)", [0, 0, 0, 0, 0, 40]),
        ("FILL(none, LINEAR)", [NO] * 6),
        ("FILL(gaps, REPEAT)", [NO, 0, 0, 0, 0, 8]),
        ("FILL(more, REPEAT)", [4, 4, 2, 2, 2, -2]),
        ("FILL(gaps, more)", [4, 0, 2, NO, NO, 8]),
        ("FILL(gaps, MAX(none))", [NO, 0, NO, NO, NO, 8]),
        ("DIFF(m)", [NO, 1, 1, NO, -1, 3]),
        ("DIFF_TIME(m)", [NO, 60, 60, NO, 120, 60]),
        ("RATE(m)", [NO, 1 / 60, 1 / 60, NO, -1 / 120, 3 / 60]),
        ("DIFF(gaps)", [NO, NO, NO, NO, NO, 8]),
        ("DIFF_TIME(gaps)", [NO, NO, NO, NO, NO, 240]),
        ("RATE(gaps)", [NO, NO, NO, NO, NO, 8 / 240]),
        ("DIFF(none)", [NO] * 6),
        ("RUNNING_SUM(more)", [4, NO, 6, NO, NO, 4]),
        ("CEIL(more / 4)", [1, NO, 1, NO, NO, 0]),
        ("FLOOR(more / 4)", [1, NO, 0, NO, NO, -1]),
        ("ABS(more)", [4, NO, 2, NO, NO, 2]),
        ("LOG10(gaps - 7)", [NO, NO, NO, NO, NO, 0]),
        ("m * 1e308 * 10", [NO] * 6),
        # Of an array only the mean counts what is missing, as 0.
        ("SUM([m, gaps, more])", [5, 2, 5, NO, 2, 11]),
        ("AVG([m, gaps, more])", [5 / 3, 2 / 3, 5 / 3, NO, 2 / 3, 11 / 3]),
        ("MAX([gaps, more])", [4, 0, 2, NO, NO, 8]),
        ("MIN([m, gaps, more])", [1, 0, 2, NO, 2, -2]),
        ("DATAPOINT_COUNT([m, gaps, more])", [2, 2, 2, NO, 1, 3]),
        ("FIRST([gaps, m, more])", [NO, 0, NO, NO, NO, 8]),
        ("LAST([gaps, m, more])", [4, NO, 2, NO, NO, -2]),
        ("FIRST(REMOVE_EMPTY([none, m, more]))", [1, 2, 3, NO, 2, 5]),
        ("m * METRIC_COUNT([none, m, more])", [3, 6, 9, NO, 6, 15]),
        ("MAX(RUNNING_SUM([gaps, more]))", [4, 0, 6, NO, NO, 8]),
        ("MIN(METRICS('o'))", [4, NO, 2, NO, NO, -2]),
        ("AVG([])", [NO] * 6),
        # Of one series a number, of what it has alone.
        ("m - AVG(gaps)", [-3, -2, -1, NO, -2, 1]),
        ("m - SUM(more)", [-3, -2, -1, NO, -2, 1]),
        ("m * DATAPOINT_COUNT(gaps)", [2, 4, 6, NO, 4, 10]),
        ("m * MIN(more)", [-2, -4, -6, NO, -4, -10]),
        ("m + MAX(none)", [NO] * 6),
        ("TIME_SERIES(AVG(none))", [NO] * 6),
        # A choice by a number, which may be missing.
        ("IF(MAX(m), m, 9)", [1, 2, 3, NO, 2, 5]),
        ("IF(MIN(gaps), 9, m)", [1, 2, 3, NO, 2, 5]),
        ("IF(MAX(none), m, more)", [NO] * 6),
        ("IF(MAX(none), m)", [NO] * 6),
        # Each by itself: 0 for a chosen series without a datapoint, but not beside a number.
        ("IF(m > 1, gaps, more)", [4, 0, 0, NO, 0, 8]),
        ("IF(m > 1, 7, gaps)", [NO, 7, 7, NO, 7, 7]),
        ("IF(m > 2, gaps, 7)", [7, 7, 0, NO, 7, 8]),
        ("IF(m > 2, more)", [NO, NO, 2, NO, NO, -2]),
        ("IF(m > 2, MAX(none), 1)", [1, 1, NO, NO, 1, NO]),
    ],
)
def test_by_hand(expression: str, expected: Values) -> None:
    assert computed(expression, SERIES) == pytest.approx(expected)


def test_parts_of_the_time_are_those_of_each_period() -> None:
    # From Sunday, 2024-11-24 10:00 UTC on, eight days: the last ones are of the next month.
    day = 86_400
    expected = {
        "DATE": [24, 25, 26, 27, 28, 29, 30, 1],
        "DAY": [7, 1, 2, 3, 4, 5, 6, 7],
        "MONTH": [11, 11, 11, 11, 11, 11, 11, 12],
        "YEAR": [2024] * 8,
        "HOUR": [10] * 8,
        "MINUTE": [0] * 8,
        "EPOCH": [START + number * day for number in range(8)],
    }
    found = {name: computed(f"{name}(m)", {"m": [None] * 8}, period=day) for name in expected}
    assert found == expected
    assert computed("PERIOD(m) * m", {"m": [1, 2]}, period=300) == [300, 600]
    assert computed("RATE(m)", {"m": [1, 601]}, period=300) == [None, 2]
