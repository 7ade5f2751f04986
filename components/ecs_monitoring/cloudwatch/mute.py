"""When CloudWatch's alarm mute rules mute, and what becomes of what they muted.

A rule's schedule is ``cron(minutes hours day-of-month month day-of-week)`` or
``at(yyyy-MM-ddThh:mm)``, in a time zone, and mutes for a duration each time:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html

A muted alarm goes on changing its state, and none of its actions is carried out. At the end of
the window, or of the last of windows that overlap, the action is carried out where the alarm is
still in the state in which it was muted:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property, partial
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cron import MONTHS, WEEKDAYS, CronField, months_have, time_zone
from ecs_monitoring.words import DAY, HOUR, MINUTE, iso
from ecs_monitoring.words import duration as in_words

_EXAMPLES: Final = (
    "cron(<minutes> <hours> <day-of-month> <month> <day-of-week>) such as cron(0 2 * * SUN), or "
    "at(<yyyy-MM-ddThh:mm>) such as at(2027-01-31T22:00)"
)

# "The characters *, -, and , are supported in all fields. English names can be used for the
# month (JAN-DEC) and day of week (SUN-SAT) fields." Whether Sunday is 0, 1 or 7, and what a
# range from Friday to Monday means, AWS does not say.
_Field = partial(CronField, steps=False, ascending=True)
_FIELDS: Final = (
    _Field(name="minutes", low=0, high=59),
    _Field(name="hours", low=0, high=23),
    _Field(name="day-of-month", low=1, high=31),
    _Field(name="month", low=1, high=12, words=MONTHS),
    _Field(name="day-of-week", low=0, high=6, words=WEEKDAYS, numbers=False),
)
_AT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)

_ISO: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_SHORT: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")

# Each 29 February is a weekday of another year within so many days; leap years are at most 8
# years apart.
_LONGEST_WAIT: Final = 41 * 366
LONGEST_SILENCE: Final = 62 * DAY
"""Seconds without a gap between windows that count as no end of the silence. A choice: no single
window is longer than 15 days, and two whole months are nobody's maintenance."""


class MuteWindow(NamedTuple):
    """A time in which actions are muted: seconds since 1970 UTC, the end not included."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{iso(self.start)} to {iso(self.end)}"


@dataclass(frozen=True, kw_only=True)
class MuteSchedule:
    """When a mute rule mutes.

    Attributes:
        expression: as CloudWatch takes it.
        duration: seconds, each time.
        timezone: the IANA name of the time zone that the expression is in.
    """

    expression: str
    duration: int
    timezone: str = "UTC"

    @classmethod
    @cache
    def parsed(cls, expression: str, duration: str, timezone: str = "UTC") -> Self:
        """A schedule as it is written.

        Raises:
            ValueError: CloudWatch would refuse it, or it would never, or always, mute; the
                message says what to write.
        """
        schedule = cls(
            expression=mute_expression(expression),
            duration=mute_duration(duration),
            timezone=time_zone(timezone),
        )
        if schedule.never_ends:
            raise ValueError(
                f"begins again before its {in_words(schedule.duration)} are over, so that the "
                "silence would not end: write a shorter duration, or enabled: false for the alarms"
            )
        return schedule

    @property
    def is_once(self) -> bool:
        """Whether it mutes one time alone."""
        return self.expression.startswith("at(")

    @property
    def never_ends(self) -> bool:
        """Whether for two months each window begins before, or as, the one before it ends."""
        windows = self._windows(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()))
        first = next(windows, None)
        end = first.end if first else 0
        for window in windows:
            if window.start > end:
                return False
            end = window.end
            if first and end - first.start > LONGEST_SILENCE:
                return True
        return False

    def windows(self, start: int, end: int) -> Iterator[MuteWindow]:
        """The windows that have a second in a span, in the order of time.

        Args:
            start: the span's first second since 1970 UTC.
            end: the second after its last one.
        """
        for window in self._windows(start - self.duration):
            if window.start >= end:
                return
            if window.end > start:
                yield window

    def next_window(self, now: int) -> MuteWindow | None:
        """The window at a time, or the first one after it; ``None`` where none comes any more."""
        return next(
            (window for window in self._windows(now - self.duration) if window.end > now), None
        )

    def __str__(self) -> str:
        return f"{self.expression} {self.timezone}, for {in_words(self.duration)}"

    def _windows(self, after: int) -> Iterator[MuteWindow]:
        """Every window that starts at a time or later."""
        for moment in self._starts(after):
            start = int(moment.timestamp())
            if start >= after:
                yield MuteWindow(start, start + self.duration)

    def _starts(self, after: int) -> Iterator[datetime]:
        """Local times at which it begins, from the day of a time on."""
        zone = ZoneInfo(self.timezone)
        body = self.expression[self.expression.index("(") + 1 : -1]
        if self.is_once:
            yield datetime.fromisoformat(body).replace(tzinfo=zone)
            return
        minutes, hours, monthdays, months, weekdays = self._values
        day = datetime.fromtimestamp(after, zone).date()
        for _ in range(_LONGEST_WAIT):
            if day.month in months and day.day in monthdays and _weekday(day) in weekdays:
                for hour in hours:
                    for minute in minutes:
                        yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
            day += timedelta(days=1)

    @cached_property
    def _values(self) -> tuple[tuple[int, ...], ...]:
        texts = self.expression.removeprefix("cron(").removesuffix(")").split()
        return tuple(field.values(text) for field, text in zip(_FIELDS, texts, strict=True))


def _weekday(day: date) -> int:
    return day.isoweekday() % 7


@cache
def mute_expression(text: str) -> str:
    """A schedule's expression as CloudWatch takes it.

    Raises:
        ValueError: it is none, or none that ever comes; the message says what to write.
    """
    kind, _, rest = text.strip().partition("(")
    if kind not in ("cron", "at") or not rest.endswith(")"):
        raise ValueError(f"is no schedule of a mute: write {_EXAMPLES}")
    body = rest[:-1].strip().upper()
    expression = f"at({_checked_at(body)})" if kind == "at" else f"cron({_checked_cron(body)})"
    if len(expression) > limits.MUTE_EXPRESSION_LENGTH:
        raise ValueError(
            f"has {len(expression)} characters: write at most {limits.MUTE_EXPRESSION_LENGTH}"
        )
    return expression


def _checked_at(text: str) -> str:
    try:
        if _AT.fullmatch(text):
            return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        pass
    raise ValueError(
        f"has {text}, which is no time: write at(<yyyy-MM-ddThh:mm>) such as "
        "at(2027-01-31T22:00), without seconds and time zone"
    )


def _checked_cron(text: str) -> str:
    texts = text.split()
    if len(texts) == len(_FIELDS) + 1:
        five = " ".join("*" if field == "?" else field for field in texts[:-1])
        raise ValueError(
            f"has six fields, as EventBridge takes them, and mutes have five, without the year: "
            f"write cron({five})"
        )
    if len(texts) != len(_FIELDS):
        raise ValueError(f"has {len(texts)} fields: write {_EXAMPLES}")
    for field, field_text in zip(_FIELDS, texts, strict=True):
        if not field.takes(field_text):
            raise ValueError(
                f"has {field_text} as {field.name}: write {field.range_in_words}, alone, in a list "
                "with commas, as a range from the lower to the higher with -, or * for every one"
            )
    days, months, weekdays = texts[2:]
    if days != "*" and weekdays != "*":
        raise ValueError(
            f"gives day-of-month and day-of-week as {days} and {weekdays}, and AWS does not say "
            "whether both must hold or one: write * for one of them"
        )
    if days != "*" and not months_have(_FIELDS[2].values(days), _FIELDS[3].values(months)):
        raise ValueError(
            f"has {days} as day-of-month in month {months}, which have no such day, so that it "
            "never comes: write a day that the month has"
        )
    return " ".join(texts)


def mute_duration(text: str) -> int:
    """How long a window is, in seconds: ISO 8601 (``PT2H30M``), or short (``2h30m``).

    Raises:
        ValueError: it is no duration, or one that CloudWatch refuses.
    """
    match = _ISO.fullmatch(text.strip().upper()) or _SHORT.fullmatch(text.strip().lower())
    parts = [int(part or 0) for part in match.groups()] if match else []
    seconds = sum(part * unit for part, unit in zip(parts, (DAY, HOUR, MINUTE), strict=False))
    shortest, longest = limits.SHORTEST_MUTE_MINUTES * MINUTE, limits.LONGEST_MUTE_DAYS * DAY
    if not shortest <= seconds <= longest:
        raise ValueError(
            "is no duration of a mute: write 1m to 15d, such as 90m, 2h, 1d12h or PT2H"
        )
    return seconds


def iso_duration(seconds: int) -> str:
    """Whole minutes as ISO 8601 has them: ``P2DT12H``."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    parts = ((hours, "H"), (minutes, "M"))
    time = "".join(f"{number}{unit}" for number, unit in parts if number)
    return f"P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"


def merged_windows(windows: Iterable[MuteWindow]) -> list[MuteWindow]:
    """The windows in the order of time, those that overlap or touch as one."""
    merged: list[MuteWindow] = []
    for window in sorted(windows):
        if merged and window.start <= merged[-1].end:
            merged[-1] = MuteWindow(merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return merged


def carried_out(time: int, changes: Iterable[int], windows: Iterable[MuteWindow]) -> int | None:
    """When an alarm's actions, due at a time, are carried out.

    Args:
        time: when they would be without any rule.
        changes: when the alarm changes its state, before and after.
        windows: of every rule that mutes the alarm.

    Returns:
        The time itself; the end of the windows that it is in; or ``None`` where the alarm has left
        its state by then, so that they never are.
    """
    merged = merged_windows(windows)
    ends = next((window.end for window in merged if window.start <= time < window.end), time)
    return None if any(time < change <= ends for change in changes) else ends
