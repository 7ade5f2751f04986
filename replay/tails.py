"""The highest and the lowest of many values, found once for all alarms that look for them.

An alarm's threshold lies where values are seldom, and a metric has several alarms: one that warns
and one that pages, one for a short time and one for a long time, the one that is deployed and the
one that is suggested. Each of them needs the few values beyond its threshold, which are all among
these, and none needs the year of values in between again.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.rule import Comparison

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]

BREACHES: Final = {
    Comparison.AT_LEAST: np.greater_equal,
    Comparison.ABOVE: np.greater,
    Comparison.BELOW: np.less,
    Comparison.AT_MOST: np.less_equal,
}
"""How values are compared with a threshold, many at a time."""

_SHARE: Final = 0.0125
"""How many of the values are to be in each tail, about: eighteen minutes a day, few enough to be
looked at in no time, and more than an alarm that is worth having breaches."""

_SAMPLE: Final = 4096
"""How many of the values tell where the tails begin; fewer are all taken as they are."""

_PART: Final = 65_536
"""How many values are looked at at a time: half a megabyte, which stays in the cache."""

_WORD_BITS: Final = 3
_WORD: Final = 1 << _WORD_BITS
"""How many flags are looked at at once: the bytes of the processor's own numbers."""


@dataclass(frozen=True, eq=False)
class Tails:
    """The values that are far from most of the others.

    Attributes:
        low: every value below it is here.
        high: every value above it is here.
        places: where the values are among all of them, ascending.
        values: of each place.
    """

    low: float
    high: float
    places: _Ints
    values: _Floats

    @classmethod
    def of(cls, count: int, read: Callable[[slice], _Floats]) -> "Tails":
        """The tails of some values.

        Args:
            count: how many values there are.
            read: gives a slice of them.
        """
        low, high = -math.inf, math.inf
        if count > _SAMPLE:
            ordered = np.sort(read(slice(None, None, count // _SAMPLE)))
            few = int(_SHARE * len(ordered))
            low, high = float(ordered[few]), float(ordered[-1 - few])
        all_places, all_values = [np.empty(0, dtype=np.int64)], [np.empty(0)]
        # By parts that stay in the processor's cache, in memory that is taken once.
        above, below = np.zeros((2, -(-min(_PART, count) // _WORD) * _WORD), dtype=np.bool_)
        for first in range(0, count, _PART):
            values = read(slice(first, first + _PART))
            np.greater(values, high, out=above[: len(values)])
            np.less(values, low, out=below[: len(values)])
            above |= below
            above[len(values) :] = False
            places = _places(above)
            all_values.append(values.take(places))
            places += first
            all_places.append(places)
        return cls(low, high, np.concatenate(all_places), np.concatenate(all_values))

    def beyond(self, comparison: Comparison, threshold: float) -> _Ints | None:
        """The places of all values that breach a threshold, ascending; ``None`` where values
        that are not in a tail may breach it too.
        """
        is_in_tail = {
            Comparison.AT_LEAST: threshold > self.high,
            Comparison.ABOVE: threshold >= self.high,
            Comparison.BELOW: threshold <= self.low,
            Comparison.AT_MOST: threshold < self.low,
        }
        if not is_in_tail[comparison]:
            return None
        return self.places.compress(BREACHES[comparison](self.values, threshold))


def _places(flags: NDArray[np.bool_]) -> _Ints:
    """Where flags are set, which are as many as fill words of ``_WORD``: faster than
    ``np.flatnonzero`` alone where few are set, in many places.
    """
    words = np.flatnonzero(flags.view(np.uint64) != 0)
    inside = np.flatnonzero(flags.reshape(-1, _WORD).take(words, axis=0))
    places: _Ints = words.take(inside >> _WORD_BITS) << _WORD_BITS
    places += inside & (_WORD - 1)
    return places
