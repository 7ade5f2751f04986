"""Numbers on axes: units that read well, and an axis that shows 0 and thousands at once."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ecs_monitoring.cloudwatch.units import GIBIBYTE, MEBIBYTE, Unit
from review.report.wording import significant

NUMBER: Final = ",.4~g"
"""How plotly writes a number (https://d3js.org/d3-format): four digits, no needless zeros."""

_WIDE: Final = 30
"""From here on counts are drawn on an axis that narrows upwards, so that 1 and 3 still differ."""

_FINE: Final = (0, 1, 3, 10, 30, 100, 300)
_COARSE: Final = (0, *(10**power for power in range(1, 8)))
"""Ticks of an axis that narrows upwards; those of a long one would stand on each other."""


@dataclass(frozen=True)
class Scale:
    """What an axis counts in.

    Attributes:
        divisor: of the values.
        suffix: behind each number, with a space before it; empty for plain counts.
    """

    divisor: float
    suffix: str

    def of(self, value: float) -> float:
        """A value on the axis, exactly."""
        return value / self.divisor

    def drawn(self, values: Iterable[float | None]) -> list[float | None]:
        """Values on the axis with as many digits as are seen."""
        return [None if v is None else significant(v / self.divisor) for v in values]


def scale_of(unit: Unit, values: Iterable[float]) -> Scale:
    """The unit in which values read well on an axis."""
    if unit is Unit.BYTES:
        largest = max(map(abs, values), default=0.0)
        if largest >= GIBIBYTE:
            return Scale(GIBIBYTE, " GiB")
        if largest >= MEBIBYTE:
            return Scale(MEBIBYTE, " MiB")
        return Scale(1, " bytes")
    return Scale(1, f" {unit.symbol}".rstrip())


@dataclass(frozen=True)
class Counts:
    """An axis for numbers from 0 on.

    Attributes:
        largest: the largest number on it.
    """

    largest: float

    @property
    def is_narrowing(self) -> bool:
        """Whether the axis narrows upwards."""
        return self.largest > _WIDE

    def at(self, value: float) -> float:
        """Where a number is drawn."""
        return round(math.log10(1 + value), 4) if self.is_narrowing else value

    def axis(self) -> dict[str, Any]:
        """The axis' range and ticks; room above the largest number."""
        top = max(self.largest, 1)
        if not self.is_narrowing:
            few = {"tickmode": "linear", "dtick": 1} if top <= 4 else {"nticks": 5}
            return {"range": [-0.04 * top, 1.12 * top], **few}
        ticks = _FINE if self.largest <= _FINE[-1] else _COARSE
        shown = [tick for tick in ticks if tick <= self.largest]
        return {
            "range": [-0.04 * self.at(top), 1.12 * self.at(top)],
            "tickmode": "array",
            "tickvals": [self.at(tick) for tick in shown],
            "ticktext": [f"{tick:,}" for tick in shown],
        }


def padded(values: Sequence[float]) -> list[float]:
    """A range that holds the values, with room; from 0 on unless they are all far from it."""
    low, high = min(values), max(values)
    if low >= 0 and low < 0.6 * high:
        return [-0.02 * high, 1.1 * high]
    room = 0.1 * (high - low) or abs(high) * 0.1 or 1.0
    return [low - room, high + room]
