"""Metric math over columns and over rows is what the evaluator has one range after another."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Frame, MathProgram
from replay.history import Floats
from replay.metric_math import NeedsWholeRangeError, evaluate

Values = tuple[float | None, ...]

PERIOD: Final = 25_260
"""Seven hours and one minute, so that minutes, hours, days and months pass within few periods."""

BEGINS: Final = (1_709_160_120, 1_703_980_740, 1_735_603_200, 0, 951_696_000, 1_700_000_040)
"""Before the end of a leap February, of two years, at the beginning of all, and anywhere else."""

# Rows of five periods: without a gap, with gaps at either end and in the middle, with one value,
# with none. The first column of each has numbers whose sum depends on their order.
M1: Final[tuple[Values, ...]] = (
    (0.1, 2.0, -3.5, 0.0, 5.0),
    (None, 1.0, None, None, 7.0),
    (4.0, None, 6.0, 1e16, None),
    (None, None, 3.0, None, None),
    (None, None, None, None, None),
    (1e16, 1.0, 1.0, -1e16, 0.5),
)
M2: Final[tuple[Values, ...]] = (
    (0.2, 0.0, 2.0, None, -1.0),
    (3.0, None, None, 4.0, 7.0),
    (4.0, 5.0, None, 1.0, None),
    (None, None, None, None, None),
    (1.0, 1.0, 1.0, 1.0, 1.0),
    (None, 1.0, 2.0, 3.0, None),
)
M3: Final[tuple[Values, ...]] = (
    (0.3, -2.5, 0.5, 3.0, 5.0),
    (0.0, 1.0, None, None, 8.0),
    (None, 9.0, 6.0, 1.0, None),
    (2.0, None, 4.0, None, 2.0),
    (None, None, None, None, None),
    (-1e16, 1.0, 0.0, 1e16, None),
)
ROWS: Final[Mapping[str, tuple[Values, ...]]] = {"m1": M1, "m2": M2, "n3": M3}

OF_EACH_PERIOD: Final = (
    "m1",
    "m1 + m2",
    "m1 - m2",
    "m1 * n3",
    "m1 / m2",
    "1 / m1",
    "m1 ^ 0.5",
    "m1 ^ -1",
    "2 ^ m1",
    "m1 ^ m2",
    "-m1 + 3",
    "m1 == m2",
    "m1 != m2",
    "m1 <= m2",
    "m1 >= m2",
    "m1 < m2",
    "m1 > m2",
    "m1 == 1",
    "3 >= m1",
    "m1 AND m2",
    "m1 OR m2",
    "0 OR m1",
    "m1 * (1 / 0)",
    "m1 + (2 > 1) - (1 AND 0)",
    "ABS(m1)",
    "CEIL(m1 / 2)",
    "FLOOR(m1 / 2)",
    "LOG(m1)",
    "LOG10(m1)",
    "YEAR(m1)",
    "MONTH(m1)",
    "DATE(m1)",
    "DAY(m1)",
    "HOUR(m1)",
    "MINUTE(m1)",
    "EPOCH(m1) / PERIOD(m1)",
    "HOUR(m1) + HOUR(m2) * MINUTE(n3)",
    "TIME_SERIES(3)",
    "TIME_SERIES(1 / 0)",
    "FILL(m1, 2)",
    "FILL(m1, 1 / 0)",
    "FILL(m1, m2)",
    "FILL(FILL(m1, m2), -n3)",
    "SUM([m1, m2])",
    "SUM([m1, m2, n3])",
    "SUM([[m1, n3], m2])",
    "SUM(METRICS())",
    'SUM(METRICS("m"))',
    'SUM(METRICS("3"))',
    "AVG([m1, m2, n3])",
    "AVG([m1, m2])",
    "MAX([m1, m2, n3])",
    "MIN([m1, m2, n3])",
    "FIRST([m1, n3])",
    "LAST([m1, n3])",
    "DATAPOINT_COUNT([m1, m2, n3])",
    "m1 * METRIC_COUNT([m1, m2])",
    "SUM(-[m1, m2])",
    "SUM([m1, m2] * 2)",
    "SUM(m1 - [m2, n3])",
    "SUM([m1, m2] / n3)",
    "SUM(FILL([m1, m2], 5))",
    "SUM(FILL([m1, m2], n3))",
    "MAX(ABS([m1, m2]))",
    "[m1 + 1]",
    "IF(m1, m2, n3)",
    "IF(m1 > 1, m2, n3)",
    "IF(m1, m2)",
    "IF(m1 > 1, 4)",
    "IF(m1 > 1, 4, 5)",
    "IF(m1 > 1, 4, m2)",
    "IF(m1 > 1, m2, 4)",
    "IF(m1 > 1, 1 / 0, 4)",
    "e1 * 2 + e1",
)

OF_THE_RANGE: Final = (
    "m1 - AVG(m1)",
    "m1 * SUM(m1)",
    "m1 + MAX(m1) - MIN(m1)",
    "m1 / DATAPOINT_COUNT(m1)",
    "SUM(m1) - m2",
    "SUM(m1) * 2 > m1",
    "m1 * (SUM(m2) + AVG(n3))",
    "m1 - -SUM(m2)",
    "m1 * (3 - DATAPOINT_COUNT(m1)) ^ 0.5",
    "m1 * (SUM(m2) > SUM(n3))",
    "FILL(m1, SUM(m2))",
    "FILL(m1, REPEAT)",
    "FILL(m1, LINEAR)",
    "SUM(FILL([m1, m2], REPEAT))",
    "MAX(FILL([m1, n3], LINEAR))",
    "DIFF(m1)",
    "DIFF_TIME(m1)",
    "RATE(m1)",
    "RUNNING_SUM(m1)",
    "SUM(RATE([m1, m2]))",
    "RUNNING_SUM(DIFF(m1))",
    "m1 - MIN(RUNNING_SUM(m2))",
    "TIME_SERIES(MAX(m1))",
    "IF(SUM(m1) > 2, m1, m2)",
    "IF(SUM(m1) > 2, m1)",
    "IF(SUM(m2), m1, n3)",
    "SUM([DIFF(m1), m2])",
    "MAX([m1, m2] - MAX(m1))",
    "EPOCH(m1) - MAX(EPOCH(m1))",
)

OTHER_TYPES: Final = (
    # Whether they are a number, one series or several depends on the data or cannot be told.
    "SUM(REMOVE_EMPTY([m1, m2]))",
    "IF(SUM(m1) > 2, m1, 0)",
    "IF(SUM(m1) > 2, 0, m1)",
    "IF(m1 > 1, SUM(m1), 0)",
    "IF(m1 > 1, 0, SUM(m1))",
    "IF(m1 > 1, [m1, m2], 0)",
    "IF(3, m1, m2)",
    "m1 + REPEAT",
    "ABS(3) * m1",
    "FILL(m1, [m2, n3])",
    "FILL(3, m1)",
    "[m1, 3]",
    'm1 + SUM(METRICS("no metric"))',
    "SUM(DIFF([m1, 3]))",
)
"""Expressions that are left to the evaluator, ranges of periods as rows or not."""


def columns() -> dict[str, Floats]:
    return {name: np.array(rows, dtype=np.float64) for name, rows in ROWS.items()}


def starts() -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(BEGINS, dtype=np.int64)[:, None] + PERIOD * np.arange(5, dtype=np.int64)


def expressions(text: str) -> dict[str, str]:
    # What it refers to is written after it, as an alarm's queries may be.
    return {"e9": text, "e1": "m1 / 2 + m2"}


def expected(text: str) -> list[list[float | None]]:
    """What the evaluator makes of each row."""
    program = MathProgram(tuple(ROWS), expressions(text), "e9")
    rows = []
    for row, of_row in enumerate(starts().tolist()):
        metrics = {name: values[row] for name, values in ROWS.items()}
        rows.append(list(program.evaluate(Frame(tuple(of_row), PERIOD), metrics)))
    return rows


def listed(rows: Floats) -> list[list[float | None]]:
    return [[None if value != value else value for value in row] for row in rows.tolist()]


def test_ranges_as_rows_are_the_evaluators() -> None:
    given = columns()
    for text in (*OF_EACH_PERIOD, *OF_THE_RANGE):
        found = evaluate(expressions(text), given, "e9", starts(), PERIOD)
        assert (text, listed(found)) == (text, expected(text))
    # Whoever evaluates the next expression finds the metrics as they were.
    assert {name: listed(rows) for name, rows in given.items()} == {
        name: [list(row) for row in rows] for name, rows in ROWS.items()
    }


def test_periods_by_themselves_are_the_evaluators() -> None:
    in_a_row = {name: column.ravel() for name, column in columns().items()}
    for text in OF_EACH_PERIOD:
        found = evaluate(expressions(text), in_a_row, "e9", starts().ravel(), PERIOD)
        assert (text, listed(found.reshape(-1, 5))) == (text, expected(text))


def test_a_period_by_itself_does_not_tell() -> None:
    in_a_row = {name: column.ravel() for name, column in columns().items()}
    for text in (*OF_THE_RANGE, *OTHER_TYPES):
        with pytest.raises(NeedsWholeRangeError):
            pytest.fail(str(evaluate(expressions(text), in_a_row, "e9", starts().ravel(), PERIOD)))


def test_rows_of_different_types_are_left_to_the_evaluator() -> None:
    for text in OTHER_TYPES:
        with pytest.raises(NeedsWholeRangeError):
            pytest.fail(str(evaluate(expressions(text), columns(), "e9", starts(), PERIOD)))


@pytest.mark.parametrize("text", ["SUM(m1)", "3", "[m1, m2]", "DATAPOINT_COUNT(m1) > 2"])
def test_an_alarm_watches_no_number_and_no_array(text: str) -> None:
    message = "^expression e9: an alarm watches a single time series$"
    with pytest.raises(CannotEvaluateError, match=message):
        evaluate(expressions(text), columns(), "e9", starts(), PERIOD)
    with pytest.raises(CannotEvaluateError, match="e9: an alarm watches a single time series"):
        expected(text)
