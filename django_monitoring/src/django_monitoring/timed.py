"""Counts with the seconds that each took, kept up to a bound."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .contract import COUNT, SECONDS
from .emf import MAX_VALUES
from .records import MetricDatum

MAX_SAMPLES: Final = 100_000
"""Times kept a process and interval: 3 MB. What took them is still counted beyond that."""


@dataclass(slots=True)
class SampleBudget:
    """How many times may still be kept in this interval; shared by all that are measured."""

    most: int
    kept: int = 0
    dropped: int = 0

    def take(self) -> bool:
        """Whether one more may be kept; if not, it is counted as dropped."""
        if self.kept < self.most:
            self.kept += 1
            return True
        self.dropped += 1
        return False


def chunks(seconds: list[float]) -> Iterator[tuple[float, ...]]:
    """The times in pieces that an array may hold."""
    for start in range(0, len(seconds), MAX_VALUES):
        yield tuple(seconds[start : start + MAX_VALUES])


@dataclass(slots=True)
class Timed:
    """So many of something, and the seconds of those whose time was kept."""

    count: int = 0
    seconds: list[float] = field(default_factory=list)

    def metrics(self, count: str, time: str) -> Iterator[tuple[tuple[MetricDatum, ...], int]]:
        """The two metrics: several times where there are more times than an array may have.

        Each time says how many it speaks for, so that the counts add up. What has no time is
        counted in the first one.

        Args:
            count: name of the metric that counts.
            time: name of the metric with the seconds.
        """
        untimed = self.count - len(self.seconds)
        if not self.seconds:
            yield (MetricDatum(count, COUNT, untimed),), untimed
        for chunk in chunks(self.seconds):
            counted = len(chunk) + untimed
            yield (MetricDatum(count, COUNT, counted), MetricDatum(time, SECONDS, chunk)), counted
            untimed = 0
