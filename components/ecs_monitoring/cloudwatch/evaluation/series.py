"""What was published to a metric: samples in the order of time."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError


def epoch_seconds(moment: datetime) -> int:
    """Seconds since 1970 UTC, rounded down; a time without zone counts as UTC."""
    return math.floor((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@dataclass(frozen=True, slots=True)
class Sample:
    """What was published at one time: one value, the same value several times, or a summary.

    The fields are those of PutMetricData's statistic set:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_StatisticSet.html

    Attributes:
        time: seconds since 1970 UTC.
        count: how many values (``SampleCount``), above 0.
        total: their ``Sum``.
        minimum: the least of them.
        maximum: the greatest of them.

    Raises:
        CannotEvaluateError: a number that is not finite, or a count of 0 or less.
    """

    time: int
    count: float
    total: float
    minimum: float
    maximum: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.count, self.total, self.minimum, self.maximum))):
            raise CannotEvaluateError(f"sample at {self.time}: write finite numbers")
        if self.count <= 0:
            raise CannotEvaluateError(f"sample at {self.time}: a count must be above 0")

    @classmethod
    def of(cls, time: int, value: float, count: float = 1) -> "Sample":
        """A raw value, published ``count`` times."""
        return cls(time, count, value * count, value, value)


class Series:
    """The samples of one metric.

    Args:
        samples: in any order; several may share a time.
    """

    __slots__ = ("_samples", "_times")

    def __init__(self, samples: Iterable[Sample] = ()) -> None:
        self._samples = sorted(samples, key=lambda sample: sample.time)
        self._times = [sample.time for sample in self._samples]

    @classmethod
    def of(cls, values: Iterable[tuple[int, float]]) -> "Series":
        """A series of raw values, each with its time in seconds since 1970 UTC."""
        return cls(Sample.of(time, value) for time, value in values)

    def __len__(self) -> int:
        return len(self._samples)

    @property
    def first(self) -> int | None:
        """The time of the first sample; ``None`` without samples."""
        return self._times[0] if self._times else None

    @property
    def last(self) -> int | None:
        """The time of the last sample; ``None`` without samples."""
        return self._times[-1] if self._times else None

    def between(self, start: int, end: int) -> Sequence[Sample]:
        """The samples from ``start`` on and before ``end``, in seconds since 1970 UTC."""
        return self._samples[bisect_left(self._times, start) : bisect_left(self._times, end)]
