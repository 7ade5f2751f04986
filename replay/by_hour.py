"""Thresholds that differ by hour of day and day of week, as few as people read."""

from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.by_hour import Table
from replay.history import Floats
from replay.hourly import WEEK

_STEPS: Final = np.array([10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82, 100])
"""Two digits of a threshold: the preferred numbers E12 of IEC 60063, each about a fifth above the
one before. So hours that differ by chance alone have the same threshold."""

_MOST_EXCEPTIONS: Final = 24
"""How many times of the week may have a threshold of their own; more are no exceptions."""


def rounded(table: Floats) -> Floats:
    """Thresholds of few digits, no lower, and of no more times than can be told.

    Args:
        table: a row a day of a week, a column an hour; above 0.
    """
    exponents = np.floor(np.log10(table)) - 1
    steps = _STEPS[np.searchsorted(_STEPS, np.round(table / 10.0**exponents, 6))]
    # Both ways are the float that is nearest to the decimal number.
    whole, parts = 10.0 ** np.maximum(exponents, 0), 10.0 ** np.maximum(-exponents, 0)
    result: Floats = steps * whole / parts
    beyond = np.where(result > result.min(axis=0), result, 0.0)
    begins = (beyond > 0) & (beyond != np.column_stack((np.zeros(WEEK), beyond[:, :-1])))
    if np.count_nonzero(begins) > _MOST_EXCEPTIONS:
        result[:] = result.max(axis=0)
    return result


def table_of(levels: Floats) -> Table:
    """Thresholds as a table of plain numbers; row 0 is Monday."""
    return tuple(tuple(row) for row in levels.tolist())
