"""What values a metric can have, and what its history says of that."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.words import iso
from replay.detectors import DetectorKind
from replay.history import Floats, MetricHistory
from replay.noise import finest_step

SUMMED: Final = ("Sum", "SampleCount")
"""Statistics that go as far beyond the values as there are samples."""

_HIGHEST_PERCENTAGE: Final = 100.0

_FEW_OTHERS: Final = 100
"""One in so many values may differ from all others, in one place, and a history says nothing."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The values that a metric can have.

    Attributes:
        lowest: the least one; ``None`` where there is none.
        highest: the greatest one; ``None`` where there is none.
        highest_seen: in the history.
        is_whole: whether all values are whole numbers.
    """

    lowest: float | None
    highest: float | None
    highest_seen: float
    is_whole: bool

    @classmethod
    def of(
        cls,
        history: MetricHistory,
        statistic: str,
        unit: Unit,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
    ) -> "Bounds":
        """The bounds of a metric.

        Args:
            history: of it.
            statistic: of each period.
            unit: of the values; percentages go from 0 to 100.
            minimum: the least value; by default 0, unless the history has a negative one.
            maximum: the greatest value; ``None`` where there is none.
        """
        if minimum is None and float(history.minimums.min()) >= 0:
            minimum = 0.0
        if maximum is None and unit is Unit.PERCENT:
            maximum = _HIGHEST_PERCENTAGE
        columns = (history.totals, history.minimums, history.maximums)
        is_whole = all(np.array_equal(column, np.rint(column)) for column in columns)
        return cls(
            lowest=minimum,
            highest=None if statistic in SUMMED else maximum,
            highest_seen=float(history.maximums.max()),
            is_whole=is_whole and history.has_single_samples,
        )

    def allow(self, kind: DetectorKind, sign: int, threshold: float) -> bool:
        """Whether the metric can go beyond a threshold.

        Args:
            kind: what is held against the threshold.
            sign: 1 for high values, -1 for low ones.
            threshold: in the metric's unit.
        """
        if kind is DetectorKind.LEVEL:
            end = self.highest if sign > 0 else self.lowest
            return end is None or sign * threshold < sign * end
        top = self.highest if sign > 0 else self.highest_seen
        if top is None or self.lowest is None:
            return True
        return abs(threshold) < top - self.lowest


@dataclass(frozen=True, kw_only=True)
class Distinct:
    """What the distinct values of a history say.

    Attributes:
        finest: the least difference of two: what varies less is not known to vary less.
        says_nothing: what the history is, where it hardly varies; empty where it does.
    """

    finest: float
    says_nothing: str

    @classmethod
    def of(cls, history: MetricHistory) -> "Distinct":
        """Look at a history."""
        values = history.totals / history.counts
        distinct = np.unique(values)
        return cls(finest=finest_step(distinct), says_nothing=_of_few(values, distinct, history))


def _of_few(values: Floats, distinct: Floats, history: MetricHistory) -> str:
    """What a history is whose values are nearly all the same; empty of another."""
    middle = float(np.median(values))
    usual = f"{middle:g}"
    if len(distinct) == 1:
        return f"all {len(values):,} values are {usual}: they do not say how far it usually varies"
    other = np.flatnonzero(values != middle)
    few = len(values) / _FEW_OTHERS
    if len(other) < few and other[-1] - other[0] < few:
        at = iso(int(history.times[other[0]]))
        return (
            f"all values are {usual} but for {len(other):,} from {at} on: one excursion does not "
            "say how far it usually varies"
        )
    return ""


def tidy(level: float, spread: float, *, whole: bool) -> float:
    """A level of few digits, no lower and less than a tenth of a spread higher."""
    step = 10.0 ** math.floor(math.log10(spread / 10))
    if whole:
        step = max(step, 1.0)
    return float(f"{math.ceil(round(level / step, 6)) * step:.12g}")
