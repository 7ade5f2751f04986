"""Rows of metric histories: chosen, joined, ordered."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from replay.history import Floats, MetricHistory

COLUMNS: Final = ("times", "resolutions", "counts", "totals", "minimums", "maximums")


def no_rows() -> MetricHistory:
    """A history without records."""
    return MetricHistory.of_values([], [])


def rows(history: MetricHistory, chosen: NDArray[Any]) -> MetricHistory:
    """The chosen rows, by a mask or by indices in the order wanted."""
    return MetricHistory(
        **{name: getattr(history, name)[chosen] for name in COLUMNS},
        percentiles={name: column[chosen] for name, column in history.percentiles.items()},
    )


def joined(parts: Sequence[MetricHistory]) -> MetricHistory:
    """All rows of several histories in the order of time; percentiles unknown to one are nan."""
    if not parts:
        return no_rows()
    names = dict.fromkeys(name for part in parts for name in part.percentiles)
    together = MetricHistory(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS},
        percentiles={
            name: np.concatenate([percentile(part, name) for part in parts]) for name in names
        },
    )
    if np.all(together.times[1:] >= together.times[:-1]):
        return together
    return rows(together, np.argsort(together.times, kind="stable"))


def percentile(history: MetricHistory, name: str) -> Floats:
    """A percentile's column; nan throughout where the history does not have it."""
    column = history.percentiles.get(name)
    return np.full(len(history), np.nan) if column is None else column
