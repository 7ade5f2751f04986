"""How times, durations and definitions read in the report and on the screen."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit, format_number, format_quantity
from ecs_monitoring.words import HOUR, MINUTE, duration
from replay.suggestion import Suggestion

_SIGNS: Final = {
    Comparison.AT_LEAST: "≥",
    Comparison.ABOVE: ">",
    Comparison.BELOW: "<",
    Comparison.AT_MOST: "≤",
}

_DIGITS: Final = 4
"""Significant digits of a computed number; more would not be read."""


@dataclass(frozen=True)
class ReaderClock:
    """Times as the reader's clock shows them.

    Attributes:
        zone: the reader's time zone.
    """

    zone: ZoneInfo

    def at(self, time: int) -> datetime:
        """The time in the zone; seconds since 1970 UTC."""
        return datetime.fromtimestamp(time, self.zone)

    def minute(self, time: int) -> str:
        """``2026-09-03 04:10``."""
        return self.at(time).strftime("%Y-%m-%d %H:%M")

    def day(self, time: int) -> str:
        """``2026-09-03``."""
        return self.at(time).strftime("%Y-%m-%d")

    def wall(self, time: int) -> int:
        """Milliseconds since 1970 for charts, which know of no zones: what the clock shows."""
        offset = self.at(time).utcoffset()
        return (time + (int(offset.total_seconds()) if offset else 0)) * 1000


def band(seconds: tuple[float, float]) -> str:
    """From when to when, in whole minutes that reach over both: ``8 to 12 min``, or one length."""
    first = duration(seconds[0] // MINUTE * MINUTE)
    last = duration(-(-seconds[1] // MINUTE) * MINUTE)
    if first == last:
        return first
    number, _, unit = first.partition(" ")
    return f"{number if last.endswith(' ' + unit) else first} to {last}"


def hours(seconds: float) -> str:
    """Hours alone, for columns: ``0``, ``< 0.1``, ``3.5``, ``1,204``."""
    in_hours = seconds / HOUR
    if in_hours < 0.05:
        return "< 0.1" if in_hours else "0"
    return f"{in_hours:.1f}" if in_hours < 10 else f"{in_hours:,.0f}"


def significant(value: float) -> float:
    """A computed number with the digits that are read."""
    if not value or not math.isfinite(value):
        return value
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))


def number(value: float) -> str:
    """A computed number, such as pages a month: ``0``, ``1.7``, ``23``."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "unknown"
    return format_number(round(value, 1)) if abs(value) < 100 else f"{value:,.0f}"


def threshold(definition: AlarmDefinition, unit: Unit) -> str:
    """``≥ 80 %``."""
    return f"{_SIGNS[definition.comparison]} {format_quantity(definition.threshold, unit)}"


def schedule(definition: AlarmDefinition) -> str:
    """``3 of 5 × 1 min``."""
    return (
        f"{definition.breaching_datapoints} of {definition.evaluation_periods} "
        f"× {duration(definition.period)}"
    )


def condition(definition: AlarmDefinition, unit: Unit) -> str:
    """``≥ 80 %, 3 of 5 × 1 min``."""
    return f"{threshold(definition, unit)}, {schedule(definition)}"


def share(part: float, whole: float) -> str:
    """``72 %``; what is there never reads as nothing, nor what lacks something as all."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 1:
        return "< 1 %"
    return "> 99 %" if 99 < percent < 100 else f"{percent:.0f} %"


def expectation(suggestion: Suggestion) -> str:
    """How many firings a month to expect, as a sentence; empty where nothing says so."""
    most = suggestion.most_pages_per_month
    if most is None:
        return ""
    return f"Expect at most {number(most)} firings a month (at 95 %)."
