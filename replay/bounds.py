"""What values a metric can have, and what its history says of that."""

import math
from dataclasses import dataclass

import numpy as np

from ecs_monitoring.words import iso
from replay.detectors import Kind
from replay.history import MetricHistory


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

    def allow(self, kind: Kind, sign: int, threshold: float) -> bool:
        """Whether the metric can go beyond a threshold.

        Args:
            kind: what is held against the threshold.
            sign: 1 for high values, -1 for low ones.
            threshold: in the metric's unit.
        """
        if kind is Kind.LEVEL:
            end = self.highest if sign > 0 else self.lowest
            return end is None or sign * threshold < sign * end
        top = self.highest if sign > 0 else self.highest_seen
        if top is None or self.lowest is None:
            return True
        return abs(threshold) < top - self.lowest


def says_nothing(history: MetricHistory) -> str:
    """What a history is that hardly varies; empty where it does."""
    values = history.totals / history.counts
    distinct, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    most = int(np.argmax(counts))
    usual = f"{distinct[most]:g}"
    if len(distinct) == 1:
        return f"all {len(values):,} values are {usual}: they do not say how far it usually varies"
    other = np.flatnonzero(where != most)
    if other[-1] - other[0] < len(values) / 100 and len(other) < len(values) / 100:
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


def finest_difference(history: MetricHistory) -> float:
    """The least difference of two values: what varies less is not known to vary less."""
    distinct = np.unique(history.totals / history.counts)
    level = float(np.max(np.abs(distinct)))
    steps = np.diff(distinct)
    # What differs by less than this share is the same number, rounded differently.
    steps = steps[steps > 1e-12 * level]
    if len(steps):
        return float(np.min(steps))
    return max(1.0, 0.1 * level) if level.is_integer() else 0.1 * level
