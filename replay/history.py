"""What was recorded of one metric, as columns in the order of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.evaluation import Sample

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

FINEST: Final = 60
"""Seconds that one record stands for at full resolution, but for high-resolution metrics."""


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
    def of_samples(cls, samples: Iterable[Sample], *, resolution: int = FINEST) -> "MetricHistory":
        """The history that some samples make, in any order."""
        ordered = sorted(samples, key=lambda sample: sample.time)
        return cls(
            times=np.array([sample.time for sample in ordered], dtype=np.int64),
            resolutions=np.full(len(ordered), resolution, dtype=np.int64),
            counts=np.array([sample.count for sample in ordered], dtype=np.float64),
            totals=np.array([sample.total for sample in ordered], dtype=np.float64),
            minimums=np.array([sample.minimum for sample in ordered], dtype=np.float64),
            maximums=np.array([sample.maximum for sample in ordered], dtype=np.float64),
        )

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
            resolutions=np.full(len(column), resolution, dtype=np.int64),
            counts=np.ones(len(column)),
            totals=column,
            minimums=column,
            maximums=column,
        )

    @property
    def has_single_samples(self) -> bool:
        """Whether every record is of one sample."""
        return bool((self.counts == 1).all())

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
        rows = slice(first, last)
        return MetricHistory(
            times=self.times[rows],
            resolutions=self.resolutions[rows],
            counts=self.counts[rows],
            totals=self.totals[rows],
            minimums=self.minimums[rows],
            maximums=self.maximums[rows],
            percentiles={name: column[rows] for name, column in self.percentiles.items()},
        )
