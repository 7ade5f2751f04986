"""Schedule expressions, as EventBridge Scheduler takes them for reminders.

Scheduler itself says what is wrong only when the schedule is made, when half a stack may be
there already; and it takes whatever would remind people every minute. Syntax and ranges:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
from datetime import date
from typing import Final

from ecs_monitoring.cron import MONTHS, WEEKDAYS, CronField, is_whole, months_have

QUARTERLY: Final = "cron(0 9 1 1,4,7,10 ? *)"
"""At nine on the first day of every quarter."""

# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
_LENGTH: Final = 256

_DAY: Final = rf"([1-7]|{'|'.join(WEEKDAYS)})"

_MONTHDAY: Final = CronField(
    name="day-of-month", low=1, high=31, special=r"\?|L|LW|([1-9]|[12]\d|3[01])W"
)
_WEEKDAY: Final = CronField(
    name="day-of-week", low=1, high=7, words=WEEKDAYS, special=rf"\?|{_DAY}?L|{_DAY}#[1-5]"
)
_MONTH: Final = CronField(name="month", low=1, high=12, words=MONTHS)
# A reminder comes once a day at most: with "*" for the minute it would come sixty times.
_FIELDS: Final = (
    CronField(name="minutes", low=0, high=59, single=True),
    CronField(name="hours", low=0, high=23, single=True),
    _MONTHDAY,
    _MONTH,
    _WEEKDAY,
    CronField(name="year", low=1970, high=2199),
)
_YEAR: Final = _FIELDS[-1]

# A choice: AWS documents no limit, and what comes after more than ten years reminds nobody.
_LONGEST_RATE: Final = 3650


def recurring_schedule(expression: str) -> str:
    """The expression as AWS writes it, if it recurs, once a day at most.

    Raises:
        ValueError: it does not, or Scheduler would refuse it; the message says what to write.
    """
    kind, _, rest = expression.partition("(")
    if len(expression) > _LENGTH or kind not in ("cron", "rate") or not rest.endswith(")"):
        raise ValueError(
            f"is no recurring schedule: write cron(<minute> <hour> <day-of-month> <month> "
            f"<day-of-week> <year>) such as {QUARTERLY}, or rate(<number> days)"
        )
    if kind == "rate":
        return f"rate({_checked_rate(rest[:-1])})"
    return f"cron({_checked_cron(rest[:-1].upper())})"


def weekly_minutes(expression: str) -> list[int]:
    """When a weekly cron expression comes, in minutes since Monday 00:00.

    Raises:
        ValueError: it is none with one minute, one hour and days of the week alone.
    """
    fields = recurring_schedule(expression).removeprefix("cron(").removesuffix(")").split()
    if len(fields) != len(_FIELDS) or fields[2] not in ("?", "*") or fields[3::2] != ["*", "*"]:
        raise ValueError(
            "is no weekly schedule: write cron(<minute> <hour> ? * <days of the week> *), such as "
            "cron(0 20 ? * MON-FRI *)"
        )
    minute, hour, _, _, days, _ = fields
    return [day * 1440 + int(hour) * 60 + int(minute) for day in _weekdays(days)]


def _weekdays(text: str) -> list[int]:
    """The days of the week that a field names, 0 for Monday."""
    if text == "?":
        return list(range(7))
    if "L" in text or "#" in text:
        raise ValueError(
            f"has {text} as {_WEEKDAY.name}: write days of every week, such as MON-FRI"
        )
    return sorted((number + 5) % 7 for number in _WEEKDAY.values(text))


def _checked_rate(text: str) -> str:
    value, *unit = text.split() or [""]
    if not (is_whole(value) and int(value) >= 1 and unit in (["day"], ["days"])):
        raise ValueError("is no number of days: write rate(<number> days), such as rate(91 days)")
    if int(value) > _LONGEST_RATE:
        raise ValueError(
            f"first comes after {int(value) // 365:,} years: write at most {_LONGEST_RATE} days, "
            "such as rate(91 days)"
        )
    return f"{value} {unit[0]}"


def _checked_cron(text: str) -> str:
    fields = text.split()
    if len(fields) != len(_FIELDS):
        names = " ".join(f"<{field.name}>" for field in _FIELDS)
        raise ValueError(f"has {len(fields)} fields: write six, cron({names})")
    for field, value in zip(_FIELDS, fields, strict=True):
        if not field.takes(value):
            raise ValueError(f"has {value} as {field.name}: {_advice(field)}")
    if (fields[2] == "?") == (fields[4] == "?"):
        raise ValueError(
            f"gives {_MONTHDAY.name} and {_WEEKDAY.name} as {fields[2]} and {fields[4]}: write ? "
            "for exactly one of them"
        )
    if not _ever_comes(fields[2], fields[3], fields[5]):
        of_years = "" if fields[5] == "*" else f" of {fields[5]}"
        raise ValueError(
            f"has {fields[2]} as {_MONTHDAY.name} in month {fields[3]}{of_years}, which have no "
            "such day, so that it never comes: write a day that the month has, or L for its last "
            "one"
        )
    return " ".join(fields)


def _ever_comes(days: str, months: str, years: str) -> bool:
    """Whether one of the months of one of the years has one of the days, all as cron has them."""
    firsts = [re.match(r"\d+", day) for day in days.split(",")]
    if not all(firsts):
        return True
    numbers = tuple(int(match.group()) for match in firsts if match)
    return months_have(numbers, _MONTH.values(months), _YEAR.values(years))


def comes_after(expression: str, day: date) -> bool:
    """Whether a recurring schedule may still come on a day, or after it.

    Args:
        expression: as :func:`recurring_schedule` returns it.
        day: by the clocks of the schedule.
    """
    if expression.startswith("rate"):
        return True
    fields = expression.removeprefix("cron(").removesuffix(")").split()
    last = max(_YEAR.values(fields[5])), max(_MONTH.values(fields[3]))
    if last != (day.year, day.month):
        return last > (day.year, day.month)
    days = fields[2].split(",")
    # L, W and days of the week may be the last day of the month.
    return not all(map(is_whole, days)) or max(map(int, days)) >= day.day


def _advice(field: CronField) -> str:
    """What to write in a field."""
    if field.single:
        return f"write one number, {field.low} to {field.high}: a reminder comes once a day"
    return f"write {field.range_in_words}"
