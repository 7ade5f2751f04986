"""Records from several files or fetches as one history, without losing or doubling a point."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from replay.history import COLUMNS, Bools, Floats, MetricHistory


def merged(old: MetricHistory, new: MetricHistory, *, known_until: int) -> MetricHistory:
    """What is known after another fetch of the same day.

    Where records overlap, the finer ones win: what was fetched at full resolution stays so after
    CloudWatch has only coarser data left. Of two that stand for the same seconds the new one
    wins: late samples are in it. The finer ones give way only where the older fetch ended within
    the coarser record's period, so that they do not hold all of what it sums up.

    Args:
        old: the archived records, of any resolutions; they do not overlap.
        new: the fetched ones, of one resolution. Every finer resolution divides every coarser
            one, and records begin at whole multiples of theirs.
        known_until: seconds since 1970 UTC up to which the old records were fetched.
    """
    new = _with_percentiles_of(old, new)
    kept = MetricHistory.empty()
    for resolution in np.unique(np.concatenate([old.resolutions, new.resolutions])):
        coming = new.rows(new.resolutions == resolution)
        staying = old.rows(old.resolutions == resolution)
        staying = staying.rows(~np.isin(staying.times, coming.times))
        kept, staying = _joined_to(kept, staying, np.zeros(len(staying), dtype=np.bool_))
        cut_off = coming.times + resolution > known_until
        kept, coming = _joined_to(kept, coming, cut_off)
        kept = joined([kept, staying, coming])
    return kept


def _joined_to(
    finer: MetricHistory, coarser: MetricHistory, prevails: Bools
) -> tuple[MetricHistory, MetricHistory]:
    """Both without what overlaps; ``prevails`` says which of the coarser ones win."""
    first = np.searchsorted(finer.times, coarser.times)
    last = np.searchsorted(finer.times, coarser.times + coarser.resolutions)
    chosen = (last == first) | prevails
    within = _spread(first[prevails], last[prevails], len(finer))
    return finer.rows(~within), coarser.rows(chosen)


def _spread(first: NDArray[np.intp], last: NDArray[np.intp], length: int) -> Bools:
    """A mask that is set from each first index up to, and without, its last one."""
    edges = np.zeros(length + 1, dtype=np.int64)
    np.add.at(edges, first, 1)
    np.add.at(edges, last, -1)
    return np.cumsum(edges)[:length] > 0


def _with_percentiles_of(old: MetricHistory, new: MetricHistory) -> MetricHistory:
    """The new records with percentiles that only the old records of the same seconds have.

    An alarm that read ``p90`` may be gone, and what was archived for it is kept all the same.
    """
    if not len(old):
        return new
    at = np.searchsorted(old.times, new.times) % len(old)
    same = (old.times[at] == new.times) & (old.resolutions[at] == new.resolutions)
    columns = dict(new.percentiles)
    for name, before in old.percentiles.items():
        fetched = percentile(new, name)
        columns[name] = np.where(np.isnan(fetched) & same, before[at], fetched)
    return replace(new, percentiles=columns)


def joined(parts: Sequence[MetricHistory]) -> MetricHistory:
    """All rows of several histories in the order of time; percentiles unknown to one are nan."""
    if not parts:
        return MetricHistory.empty()
    names = dict.fromkeys(name for part in parts for name in part.percentiles)
    together = MetricHistory(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS},
        percentiles={
            name: np.concatenate([percentile(part, name) for part in parts]) for name in names
        },
    )
    if np.all(together.times[1:] >= together.times[:-1]):
        return together
    return together.rows(np.argsort(together.times, kind="stable"))


def percentile(history: MetricHistory, name: str) -> Floats:
    """A percentile's column; nan throughout where the history does not have it."""
    column = history.percentiles.get(name)
    return np.full(len(history), np.nan) if column is None else column
