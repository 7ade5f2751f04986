"""Records of one day from two fetches, joined without losing or doubling a point."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from history.rows import joined, no_rows, percentile, rows
from replay.history import Bools, MetricHistory


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
    kept = no_rows()
    for resolution in np.unique(np.concatenate([old.resolutions, new.resolutions])):
        coming = rows(new, new.resolutions == resolution)
        staying = rows(old, old.resolutions == resolution)
        staying = rows(staying, ~np.isin(staying.times, coming.times))
        kept, staying = _joined_to(kept, staying, _none(staying))
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
    return rows(finer, ~within), rows(coarser, chosen)


def _spread(first: NDArray[np.intp], last: NDArray[np.intp], length: int) -> Bools:
    """A mask that is set from each first index up to, and without, its last one."""
    edges = np.zeros(length + 1, dtype=np.int64)
    np.add.at(edges, first, 1)
    np.add.at(edges, last, -1)
    return np.cumsum(edges)[:length] > 0


def _none(history: MetricHistory) -> Bools:
    return np.zeros(len(history), dtype=np.bool_)


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
