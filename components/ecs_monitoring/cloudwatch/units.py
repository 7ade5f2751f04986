"""Units of signals and thresholds, and how a quantity reads to a person."""

from enum import StrEnum
from typing import Final

GIBIBYTE: Final = 1024**3
"""Bytes."""

_MEBIBYTE: Final = 1024**2


class Unit(StrEnum):
    """What a signal is measured in; the values are how people write it."""

    PERCENT = "%"
    SECONDS = "s"
    BYTES = "bytes"
    COUNT = "count"


def format_number(value: float) -> str:
    """A number without an exponent or trailing zeros: ``80``, ``0.02``, ``1,000,000,000``."""
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def format_quantity(value: float, unit: Unit) -> str:
    """A quantity as a person writes it: ``80 %``, ``2 s``, ``1.6 GiB``, ``5``."""
    if unit is Unit.BYTES:
        if abs(value) >= GIBIBYTE:
            return f"{format_number(round(value / GIBIBYTE, 2))} GiB"
        if abs(value) >= _MEBIBYTE:
            return f"{format_number(round(value / _MEBIBYTE, 2))} MiB"
        return f"{format_number(value)} bytes"
    if unit is Unit.COUNT:
        return format_number(value)
    return f"{format_number(value)} {unit.value}"
