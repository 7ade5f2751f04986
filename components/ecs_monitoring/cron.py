"""Fields of cron expressions and time zones, as far as AWS's services take them alike.

EventBridge Scheduler has six fields and characters of its own (``rules.schedule``), CloudWatch's
mute rules have five and only ``*``, ``,`` and ``-`` (``cloudwatch.mute``).
"""

import re
import zoneinfo
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from ecs_monitoring.words import closest

MONTHS: Final = (
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
)
"""Names of the months, from 1 on."""

WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
"""Names of the days of a week, as AWS begins it."""

_LEAP_YEAR: Final = 2028

# Names in the machine's copy of the database that are no time zones of IANA's.
_NO_ZONES: Final = frozenset({"Factory", "localtime"})


@dataclass(frozen=True, kw_only=True)
class CronField:
    """One field of a cron expression.

    Attributes:
        name: what AWS calls it.
        low: the least number in it.
        high: the greatest number in it.
        words: names of its numbers, from ``low`` on.
        special: what it takes besides numbers, ranges and steps, as a regular expression.
        single: whether it takes one number alone.
        steps: whether it takes steps, such as ``1/5``.
        numbers: whether it takes numbers; its names alone otherwise.
        ascending: whether a range must not end before it starts.
    """

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    special: str = ""
    single: bool = False
    steps: bool = True
    numbers: bool = True
    ascending: bool = False

    def takes(self, text: str) -> bool:
        """Whether the field may be so."""
        if self.special and re.fullmatch(self.special, text):
            return True
        if self.single:
            return self._is_number(text)
        return all(self._takes_item(item) for item in text.split(","))

    # The fields are constants, which live as long as the cache.
    @lru_cache(maxsize=256)  # noqa: B019
    def values(self, text: str) -> tuple[int, ...]:
        """The numbers that a text without special words stands for, in order.

        A range such as FRI-MON goes on over the end.
        """
        values: set[int] = set()
        for item in text.split(","):
            ends, slash, step = item.partition("/")
            first, _, last = ends.partition("-")
            if ends == "*":
                first, last = str(self.low), str(self.high)
            start = self.number(first)
            end = self.number(last) if last else self.high if slash else start
            count = self.high - self.low + 1
            end += count * (end < start)
            numbers = range(start, end + 1, int(step or 1))
            values.update((number - self.low) % count + self.low for number in numbers)
        return tuple(sorted(values))

    def number(self, text: str) -> int:
        """The number that a word or a number stands for."""
        return self.words.index(text) + self.low if text in self.words else int(text)

    def _takes_item(self, item: str) -> bool:
        values, slash, step = item.partition("/")
        if slash and not (self.steps and is_whole(step) and int(step) >= 1):
            return False
        if values == "*":
            return True
        ends = values.split("-")
        if len(ends) > 2 or not all(self._is_number(end) for end in ends):
            return False
        return not self.ascending or self.number(ends[0]) <= self.number(ends[-1])

    def _is_number(self, text: str) -> bool:
        if text in self.words:
            return True
        return self.numbers and is_whole(text) and self.low <= int(text) <= self.high

    @property
    def range_in_words(self) -> str:
        """What to write in it, such as ``1 to 12 or JAN to DEC``."""
        words = [f"{self.words[0]} to {self.words[-1]}"] if self.words else []
        numbers = [f"{self.low} to {self.high}"] if self.numbers else []
        return " or ".join([*numbers, *words])


def months_have(
    days: Iterable[int], months: Iterable[int], years: Iterable[int] = (_LEAP_YEAR,)
) -> bool:
    """Whether one of the months has one of the days, in one of some years; by default, ever."""
    first = min(days)
    return any(first <= monthrange(year, month)[1] for year in years for month in months)


def time_zone(name: str) -> str:
    """The name, if IANA's database has a time zone of it.

    Raises:
        ValueError: it has none; the message names the nearest one.
    """
    zones = _known_zones()
    # A machine without the database cannot tell; then AWS does.
    if zones and name not in zones:
        near = closest(name, zones)
        question = f'; did you mean "{near}"?' if near else ";"
        raise ValueError(
            f"is no time zone{question} write a name of the IANA database, such as UTC or "
            "Asia/Tokyo"
        )
    return name


@cache
def _known_zones() -> frozenset[str]:
    """Every time zone of the machine's database, for which Python opens hundreds of files."""
    return frozenset(zoneinfo.available_timezones() - _NO_ZONES)


def is_whole(text: str) -> bool:
    """Whether a text is a number of digits alone."""
    return text.isascii() and text.isdigit()
