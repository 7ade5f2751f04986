"""Sums and extremes of sliding windows, for every position of the window at once.

A window is joined from windows of the powers of two, so that any width costs about as many passes
as it has binary digits. A window covers the values at ``i``, ``i - stride``, …,
``i - (width - 1) * stride``; the results begin with the first position that has a whole window.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from replay.history import Bools, Floats, Ints

A = TypeVar("A")
B = TypeVar("B", bound=np.generic)
Counts = NDArray[np.integer]

_PART: Final = 16_384
"""How many windows are summed at a time."""

_LAID_OUT: Final = 2**20
"""How many values are laid out side by side at a time: 8 MiB."""

_FEW: Final = 64

_ROUNDOFF: Final = 2.0**-53
"""The relative error of one rounding of a 64-bit float."""


def sliding_count(flags: Bools, width: int, stride: int = 1, newest: Bools | None = None) -> Counts:
    """How many of the flags in each window are set.

    Args:
        flags: the flags.
        width: of the windows.
        stride: from one flag of a window to the next.
        newest: the newest flag of each window, instead of that among the others.
    """
    if newest is not None:
        own: Counts = newest.astype(np.int32)
        return own if width == 1 else own + sliding_count(flags[:-stride], width - 1, stride)
    # Bytes are the fastest to add, as long as they can hold the sum of two counts.
    fits = 2 * width <= np.iinfo(np.uint8).max
    counts: Counts = flags.view(np.uint8) if fits else flags.astype(np.int32)
    return _joined(counts, width, stride, np.add, _part)


def sliding_minimum(values: Floats, width: int, stride: int = 1) -> Floats:
    """The least value in each window."""
    return _overlapped(values, width, stride, np.minimum)


def sliding_maximum(values: Floats, width: int, stride: int = 1) -> Floats:
    """The greatest value in each window."""
    return _overlapped(values, width, stride, np.maximum)


def largest_of_newest(values: Floats, periods: int, reach: int, stride: int) -> Floats:
    """The largest of the newest datapoints of each range; minus infinity where there is none.

    Args:
        values: nan where there is no datapoint.
        periods: how many datapoints count at most.
        reach: how many values wide the ranges are.
        stride: from one value of a range to the next.
    """
    real = ~np.isnan(values)
    filled = np.where(real, values, -np.inf)
    best = sliding_maximum(filled, reach, stride)
    # The oldest datapoints are passed over where the newer ones are enough.
    for width in range(reach - 1, periods - 1, -1):
        newer = (reach - width) * stride
        is_enough = sliding_count(real[newer:], width, stride) >= periods
        np.copyto(best, sliding_maximum(filled[newer:], width, stride), where=is_enough)
    return best


def sliding_rank(values: Floats, rank: int, width: int, stride: int = 1) -> Floats:
    """The value of a rank, 1 for the largest, in each window; any value where one is nan."""
    if rank == 1:
        return sliding_maximum(values, width, stride)
    if rank == width:
        return sliding_minimum(values, width, stride)
    result = np.empty(max(len(values) - (width - 1) * stride, 0))
    for part in parts(len(result), width):
        places = np.arange(part.start, part.stop)[:, None] + stride * np.arange(width)
        result[part] = np.partition(values[places], width - rank, axis=1)[:, width - rank]
    return result


def sliding_largest(values: Floats, rank: int, width: int, stride: int = 1) -> tuple[Floats, ...]:
    """The largest values of each window, up to a rank, the largest first.

    Args:
        values: none of them nan.
        rank: how many, up to the width.
        width: of the windows.
        stride: from one value of a window to the next.
    """
    count = len(values) - (width - 1) * stride
    results = tuple(np.empty(max(count, 0)) for _ in range(rank))

    def merged(newer: tuple[Floats, ...], older: tuple[Floats, ...]) -> tuple[Floats, ...]:
        """The largest of two descending rows together: of each rank the best way to it."""
        result = []
        for place in range(1, min(rank, len(newer) + len(older)) + 1):
            ways = []
            for of_one in range(max(0, place - len(older)), min(place, len(newer)) + 1):
                of_other = place - of_one
                if not of_one or not of_other:
                    ways.append(older[of_other - 1] if not of_one else newer[of_one - 1])
                else:
                    ways.append(np.minimum(newer[of_one - 1], older[of_other - 1]))
            result.append(reduce(np.maximum, ways))
        return tuple(result)

    def part(columns: tuple[Floats, ...], rows: slice) -> tuple[Floats, ...]:
        return tuple(column[rows] for column in columns)

    for first in range(0, count, _PART):
        last = min(first + _PART, count)
        needed: tuple[Floats, ...] = (values[first : last + (width - 1) * stride],)
        largest: tuple[Floats, ...] = _joined(needed, width, stride, merged, part)
        for into, of_rank in zip(results, largest, strict=True):
            into[first:last] = of_rank
    return results


@dataclass(frozen=True, eq=False)
class ExactNumbers:
    """Numbers that are kept as a sum of two: the rounded number and what rounding took away.

    Attributes:
        rounded: the numbers, each correctly rounded.
        rest: what is to be added to each; ``None`` where there is nothing.
    """

    rounded: Floats
    rest: Floats | None = None

    def sliding_sum(self, width: int) -> tuple[Floats, Ints]:
        """The sum of each window, and the indices of the sums whose last bit is not certain.

        The evaluator's sums are correctly rounded (``math.fsum``), so that whether a value lies
        exactly at a threshold depends on no order of the samples. Two floats a sum give twice
        the precision of one; the sums that lie so near the middle of two floats that even this
        does not decide are left to the caller.
        """
        none = np.empty(0, dtype=np.int64)
        count = len(self.rounded) - width + 1
        if width == 1 or count <= 0:
            return self.rounded[: max(count, 0)], none
        if self.rest is None and _are_whole(self.rounded, width):
            return _joined(self.rounded, width, 1, np.add, _part), none
        sums = np.empty(count)
        uncertain = [none]
        # By parts that stay in the processor's cache, temporary results included.
        for first in range(0, count, _PART):
            part = slice(first, min(first + _PART, count))
            needed = self._part(slice(part.start, part.stop + width - 1))
            total = _joined(needed, width, 1, _add_exactly, ExactNumbers._part)
            assert total.rest is not None
            np.add(total.rounded, total.rest, out=sums[part])
            magnitudes = np.abs(needed.rounded)
            # The rests of a sum add up to no more than this.
            most = 4 * width**2 * _ROUNDOFF * float(magnitudes.max())
            if needed.rest is not None or most > _exact_reach(magnitudes):
                # Fewer than 2 * width additions, each wrong by at most a roundoff of that; and
                # a tie between two floats is not decided here either.
                error = 2 * width * _ROUNDOFF * most + 2 * _ROUNDOFF * np.abs(total.rest)
                below = total.rounded + (total.rest - error)
                above = total.rounded + (total.rest + error)
                uncertain.append(first + np.flatnonzero(below != above))
        return sums, np.concatenate(uncertain)

    def _part(self, part: slice) -> "ExactNumbers":
        return ExactNumbers(self.rounded[part], None if self.rest is None else self.rest[part])


def parts(count: int, width: int) -> Iterator[slice]:
    """Windows by so many that, laid out side by side, they take a bounded amount of memory.

    Args:
        count: how many windows there are.
        width: how many values each has.
    """
    size = max(1, _LAID_OUT // width)
    return (slice(first, min(first + size, count)) for first in range(0, count, size))


def _part(values: NDArray[B], part: slice) -> NDArray[B]:
    return values[part]


def _are_whole(values: Floats, width: int) -> bool:
    """Whether values are whole numbers whose sums in windows are exact as they are."""
    # Most values that are not whole are so from the beginning.
    few = values[:_FEW]
    is_whole = all(bool(np.array_equal(some, np.rint(some))) for some in (few, values))
    return is_whole and width * float(np.abs(values).max()) <= 2.0**53


def _exact_reach(magnitudes: Floats) -> float:
    """Up to where sums of the rests of some numbers are exact.

    All the numbers, and so all that rounding takes away, are multiples of the last bit of the
    smallest one; a float holds every multiple of that up to 2 to the power of 53.
    """
    smallest = float(np.min(magnitudes))
    if not smallest:
        smallest = float(np.min(np.where(magnitudes > 0, magnitudes, np.inf)))
    return 2.0**53 * float(np.spacing(smallest)) if np.isfinite(smallest) else np.inf


def _add_exactly(left: ExactNumbers, right: ExactNumbers) -> ExactNumbers:
    """Knuth's TwoSum: the sum and, exactly, the error of its rounding."""
    total = left.rounded + right.rounded
    added = total - left.rounded
    rest = total - added
    np.subtract(left.rounded, rest, out=rest)
    np.subtract(right.rounded, added, out=added)
    rest += added
    for carried in (left.rest, right.rest):
        if carried is not None:
            rest += carried
    return ExactNumbers(total, rest)


def _joined(
    values: A,
    width: int,
    stride: int,
    add: Callable[[A, A], A],
    part: Callable[[A, slice], A],
) -> A:
    """Windows of any width, from those of the powers of two that add up to it."""

    def join(newer: A, newer_width: int, older: A, older_width: int) -> A:
        return add(
            part(newer, slice(older_width * stride, None)),
            part(older, slice(0, -newer_width * stride)),
        )

    result: A | None = None
    covered = 0
    power, reach = values, 1
    while True:
        if width & reach:
            result = power if result is None else join(result, covered, power, reach)
            covered += reach
        if covered == width:
            assert result is not None
            return result
        power = join(power, reach, power, reach)
        reach *= 2


def _overlapped(
    values: Floats, width: int, stride: int, extreme: Callable[[Floats, Floats], Floats]
) -> Floats:
    """Windows of any width from two that overlap: an extreme may look at a value twice."""
    reach = 1
    while reach * 2 <= width:
        values = extreme(values[reach * stride :], values[: -reach * stride])
        reach *= 2
    beyond = (width - reach) * stride
    return extreme(values[beyond:], values[:-beyond]) if beyond else values
