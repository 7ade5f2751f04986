"""Thresholds that differ by hour of day and day of week, as metric math that CloudWatch evaluates.

``HOUR`` and ``DAY`` of a metric are UTC's, and Monday is 1
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from replay.history import Floats
from replay.hourly import HOURS, WEEK

_DIGITS: Final = 2
"""Significant digits of a threshold."""

_MOST_EXCEPTIONS: Final = 24
"""How many times of the week may have a threshold of their own; each takes up to 60 of the 2,048
characters that an expression may have
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html)."""

Run = tuple[int, int, float]
"""The first hour, the hour after the last one, and the threshold."""


def rounded(table: Floats) -> Floats:
    """Thresholds of few digits, no lower, and of no more times than an expression can name.

    Args:
        table: a row a day of a week, a column an hour; above 0.
    """
    exponents = np.floor(np.log10(table)) - (_DIGITS - 1)
    steps = np.ceil(np.round(table / 10.0**exponents, 6))
    # Both ways are the float that is nearest to the decimal number.
    whole, parts = 10.0 ** np.maximum(exponents, 0), 10.0 ** np.maximum(-exponents, 0)
    result: Floats = steps * whole / parts
    beyond = np.where(result > result.min(axis=0), result, 0.0)
    begins = (beyond > 0) & (beyond != np.column_stack((np.zeros(WEEK), beyond[:, :-1])))
    if np.count_nonzero(begins) > _MOST_EXCEPTIONS:
        result[:] = result.max(axis=0)
    return result


def runs(row: Sequence[float]) -> Iterator[Run]:
    """The stretches of a day with one threshold."""
    first = 0
    for hour in range(1, HOURS + 1):
        if hour == HOURS or row[hour] != row[first]:
            yield first, hour, row[first]
            first = hour


def exceptions(table: Floats) -> Iterator[tuple[int, Run]]:
    """The times of the week whose threshold is higher than the same hours' on another day.

    Yields:
        The day, 0 for Monday, and the stretch.
    """
    usual = table.min(axis=0)
    for day in range(WEEK):
        row = np.where(table[day] > usual, table[day], 0.0).tolist()
        yield from ((day, run) for run in runs(row) if run[2])


def expressions(table: Floats, metric: str, names: Sequence[str]) -> dict[str, str]:
    """Metric math whose last expression is the threshold of each period.

    Args:
        table: as ``rounded`` gives it; row 0 is Monday.
        metric: the id of what is watched.
        names: three free ids.

    Returns:
        By id; of the sums every term but one is 0, so that they are exact.
    """
    usual, beyond, both = names
    terms = [_during(value, first, last, metric) for first, last, value in runs(table.min(axis=0))]
    more = [
        f"{_during(value, first, last, metric)}*(DAY({metric})=={day + 1})"
        for day, (first, last, value) in exceptions(table)
    ]
    by_id = {usual: " + ".join(terms)}
    if not more:
        return by_id
    return by_id | {beyond: " + ".join(more), both: f"MAX([{usual}, {beyond}])"}


def _during(value: float, first: int, last: int, metric: str) -> str:
    after = f"*(HOUR({metric})>={first})" if first else ""
    before = f"*(HOUR({metric})<{last})" if last < HOURS else ""
    # A number alone is no time series, and MAX takes none beside one.
    always = f"*(HOUR({metric})>=0)" if not after and not before else ""
    return f"{_number(value)}{after}{before}{always}"


def _number(value: float) -> str:
    """A number as metric math takes it, without an exponent."""
    places = max(0, _DIGITS - 1 - math.floor(math.log10(value)))
    return f"{value:.{places}f}"
