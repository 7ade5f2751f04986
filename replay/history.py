"""What was recorded of one metric, as columns in the order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.evaluation import Sample
from replay.tails import Tails

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

B = TypeVar("B", bound=np.generic)

COLUMNS: Final = ("times", "resolutions", "counts", "totals", "minimums", "maximums")
"""What every record has, as the names of the columns."""

RECORDED: Final[Mapping[str, str]] = {
    "Average": "totals",
    "Sum": "totals",
    "Minimum": "minimums",
    "Maximum": "maximums",
    "SampleCount": "counts",
}
"""The statistics that each record has, with the column that they are made from."""

FINEST: Final = 60
"""Seconds that one record stands for at full resolution, but for high-resolution metrics."""

_PART: Final = 65_536
"""How many records are looked at at a time."""

_ALL: Final = slice(None)


@dataclass(frozen=True, kw_only=True, eq=False)
class MetricHistory:
    """The recorded statistics of one metric, a record a row; all columns are equally long.

    A record sums up what was published from its time on for as long as its resolution: a
    statistic set, as in PutMetricData. Times ascend; several records may share one.

    Attributes:
        times: seconds since 1970 UTC, at which each record's period starts.
        resolutions: seconds that each record stands for.
        counts: ``SampleCount``, above 0.
        totals: ``Sum``.
        minimums: ``Minimum``.
        maximums: ``Maximum``.
        percentiles: by CloudWatch's name (``p99``) the percentile of each record, nan where it
            is not known. A percentile that is absent is taken from the raw values.
    """

    times: Ints
    resolutions: Ints
    counts: Floats
    totals: Floats
    minimums: Floats
    maximums: Floats
    percentiles: Mapping[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.times)

    @classmethod
    def empty(cls) -> "MetricHistory":
        """A history without records."""
        return cls.of_values((), ())

    @classmethod
    def of_values(
        cls,
        times: Ints | Sequence[int],
        values: Floats | Sequence[float],
        *,
        resolution: int = FINEST,
    ) -> "MetricHistory":
        """The history of raw values, one at each time; times ascend."""
        column = np.asarray(values, dtype=np.float64)
        return cls(
            times=np.asarray(times, dtype=np.int64),
            # Of a column that has one value everywhere, that one is kept and nothing else read.
            resolutions=np.broadcast_to(np.int64(resolution), len(column)),
            counts=np.broadcast_to(np.float64(1), len(column)),
            totals=column,
            minimums=column,
            maximums=column,
        )

    @cached_property
    def has_single_samples(self) -> bool:
        """Whether every record is of one sample."""
        return bool((_distinct(self.counts) == 1).all())

    @cached_property
    def coarsest(self) -> int:
        """The most seconds that any record stands for; 0 without any record."""
        return int(_distinct(self.resolutions).max(initial=0))

    @property
    def nearest(self) -> int:
        """The least seconds between two records, and not more than the longest stands for."""
        return self._spacing[0]

    def gaps(self, longest: int) -> Ints:
        """The rows of records that no other follows within some seconds, but for the last one."""
        gaps = [np.empty(0, dtype=np.int64)]
        for first in (_PART * np.flatnonzero(self._spacing[1] > longest)).tolist():
            apart = np.diff(self.times[first : first + _PART + 1])
            gaps.append(first + np.flatnonzero(apart > longest))
        return np.concatenate(gaps)

    @cached_property
    def _spacing(self) -> tuple[int, Ints]:
        """The least seconds between two records, and the most in each part of the history."""
        nearest, farthest = self.coarsest, []
        # By parts that stay in the processor's cache, in memory that is taken once.
        steps = np.empty(min(_PART, len(self)), dtype=np.int64)
        for first in range(0, len(self) - 1, _PART):
            times = self.times[first : first + _PART + 1]
            apart = np.subtract(times[1:], times[:-1], out=steps[: len(times) - 1])
            nearest = min(nearest, int(apart.min()))
            farthest.append(int(apart.max()))
        return nearest, np.array(farthest, dtype=np.int64)

    def recorded(self, statistic: str, rows: slice | Ints = _ALL) -> Floats:
        """A statistic of some records, each by itself.

        Args:
            statistic: one of ``RECORDED``.
            rows: which records.
        """
        column: Floats = getattr(self, RECORDED[statistic])[rows]
        if statistic != "Average" or self.has_single_samples:
            return column
        return column / self.counts[rows]

    def tails(self, statistic: str) -> Tails:
        """The highest and the lowest records by one of the statistics in ``RECORDED``."""
        if statistic not in self._tails:
            self._tails[statistic] = Tails.of(len(self), partial(self.recorded, statistic))
        return self._tails[statistic]

    @cached_property
    def _tails(self) -> dict[str, Tails]:
        return {}

    def is_sparse(self, period: int) -> bool:
        """Whether most periods have no record, as of a count that exists only where there is any.

        Args:
            period: seconds.
        """
        lasts = int(self.times[-1] + self.resolutions[-1] - self.times[0])
        # Times ascend.
        recorded = 1 + int(np.count_nonzero(np.diff(self.times // period)))
        return bool((self.minimums >= 0).all()) and recorded * period < lasts / 2

    def samples(self) -> list[Sample]:
        """The records as the evaluator takes them."""
        columns = (self.times, self.counts, self.totals, self.minimums, self.maximums)
        return [Sample(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]

    def between(self, start: int, end: int) -> "MetricHistory":
        """The records that start from ``start`` on and before ``end``."""
        first, last = np.searchsorted(self.times, (start, end))
        return self.rows(slice(first, last))

    def rows(self, chosen: slice | NDArray[Any]) -> "MetricHistory":
        """Some of the records: of a slice, of a mask, or of indices in the order wanted."""
        return MetricHistory(
            **{name: getattr(self, name)[chosen] for name in COLUMNS},
            percentiles={name: column[chosen] for name, column in self.percentiles.items()},
        )


def _distinct(column: NDArray[B]) -> NDArray[B]:
    """The values of a column, of which one that it has everywhere need not be read often."""
    return column[:1] if column.strides == (0,) else column
