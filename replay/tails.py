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


@dataclass(frozen=True, eq=False)
class Tail:
    """The values beyond some limit.

    Attributes:
        limit: every value beyond it is here.
        places: where the values are among all of them, ascending.
        values: of each place.
    """

    limit: float
    places: _Ints
    values: _Floats


class _Found:
    """What was found of a tail so far."""

    def __init__(self) -> None:
        self._places = [np.empty(0, dtype=np.int64)]
        self._values = [np.empty(0)]

    def add(self, first: int, values: _Floats, are_beyond: NDArray[np.bool_]) -> None:
        """Take in some of the values, given the place of the first one."""
        places = np.flatnonzero(are_beyond)
        self._values.append(values.take(places))
        places += first
        self._places.append(places)

    def tail(self, limit: float) -> Tail:
        """All of it."""
        return Tail(limit, np.concatenate(self._places), np.concatenate(self._values))


@dataclass(frozen=True, eq=False)
class Tails:
    """The values that are far from most of the others.

    Attributes:
        low: those below its limit.
        high: those above its limit.
    """

    low: Tail
    high: Tail

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
        lows, highs = _Found(), _Found()
        # By parts that stay in the processor's cache.
        for first in range(0, count, _PART):
            values = read(slice(first, first + _PART))
            lows.add(first, values, values < low)
            highs.add(first, values, values > high)
        return cls(lows.tail(low), highs.tail(high))

    def beyond(self, comparison: Comparison, threshold: float) -> _Ints | None:
        """The places of all values that breach a threshold, ascending; ``None`` where values
        that are not in a tail may breach it too.
        """
        is_high = comparison in (Comparison.ABOVE, Comparison.AT_LEAST)
        tail = self.high if is_high else self.low
        is_beyond = threshold > tail.limit if is_high else threshold < tail.limit
        is_strict = comparison in (Comparison.ABOVE, Comparison.BELOW)
        if not is_beyond and not (is_strict and threshold == tail.limit):
            return None
        beyond: _Ints = tail.places[BREACHES[comparison](tail.values, threshold)]
        return beyond
