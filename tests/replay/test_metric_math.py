"""Metric math over columns: worked out by hand."""

from datetime import datetime
from typing import Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from replay.history import Floats
from replay.metric_math import evaluate

TIMES: Final = ("2023-12-31T23:59Z", "2024-01-01T00:00Z", "2024-02-29T12:05Z", "2024-03-01T00:00Z")
STARTS: Final = np.array([int(datetime.fromisoformat(time).timestamp()) for time in TIMES])
M1: Final = np.array([1.0, np.nan, 3.0, -4.0])
M2: Final = np.array([10.0, np.nan, np.nan, 40.0])


def of(expression: str, **metrics: Floats) -> list[float | None]:
    values = evaluate({"e1": expression}, metrics or {"m1": M1, "m2": M2}, "e1", STARTS, 60)
    return [None if np.isnan(value) else value for value in values.tolist()]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Functions of the time have a value where the metric has none.
        ("YEAR(m1)", [2023, 2024, 2024, 2024]),
        ("MONTH(m1)", [12, 1, 2, 3]),
        ("DATE(m1)", [31, 1, 29, 1]),
        # Sunday, Monday, Thursday, Friday: Monday is 1.
        ("DAY(m1)", [7, 1, 4, 5]),
        ("HOUR(m1) * 100 + MINUTE(m1)", [2359, 0, 1205, 0]),
        ("DATAPOINT_COUNT([m1, m2])", [2, None, 1, 2]),
        ("SUM(ABS(METRICS()))", [11, None, 3, 44]),
        ("MAX(-METRICS())", [-1, None, -3, 4]),
        ("SUM(FILL(METRICS(), 100))", [11, 200, 103, 36]),
        ("SUM(2 * METRICS())", [22, None, 6, 72]),
        ("[m1]", [1, None, 3, -4]),
    ],
)
def test_functions_of_times_and_arrays(expression: str, expected: list[float | None]) -> None:
    assert of(expression) == expected


@pytest.mark.parametrize("expression", ["METRICS()", "3"])
def test_a_result_is_a_single_series(expression: str) -> None:
    with pytest.raises(CannotEvaluateError, match="e1: an alarm watches a single time series"):
        of(expression)


def test_an_array_of_one_series_is_that_series() -> None:
    assert of("METRICS()", m1=M1) == [1, None, 3, -4]
