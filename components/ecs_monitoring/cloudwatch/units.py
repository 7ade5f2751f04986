"""Units of signals and thresholds, and how a quantity reads to a person."""

from enum import StrEnum
from typing import Final

GIBIBYTE: Final = 1024**3
"""Bytes."""

MEBIBYTE: Final = 1024**2
"""Bytes."""


class Unit(StrEnum):
    """What a signal is measured in; the values are CloudWatch's own words.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
    """

    PERCENT = "Percent"
    SECONDS = "Seconds"
    MILLISECONDS = "Milliseconds"
    BYTES = "Bytes"
    COUNT = "Count"

    @property
    def symbol(self) -> str:
        """The unit as people write it behind a number; empty for a count."""
        return _SYMBOLS[self]


_SYMBOLS: Final = {
    Unit.PERCENT: "%",
    Unit.SECONDS: "s",
    Unit.MILLISECONDS: "ms",
    Unit.BYTES: "bytes",
    Unit.COUNT: "",
}


def format_number(value: float) -> str:
    """A number without an exponent or trailing zeros: ``80``, ``0.02``, ``1,000,000,000``."""
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def format_quantity(value: float, unit: Unit) -> str:
    """A quantity as a person writes it: ``80 %``, ``2 s``, ``1.6 GiB``, ``5``."""
    if unit is Unit.BYTES:
        if abs(value) >= GIBIBYTE:
            return f"{format_number(round(value / GIBIBYTE, 2))} GiB"
        if abs(value) >= MEBIBYTE:
            return f"{format_number(round(value / MEBIBYTE, 2))} MiB"
        return f"{format_number(value)} bytes"
    return f"{format_number(value)} {unit.symbol}".rstrip()
