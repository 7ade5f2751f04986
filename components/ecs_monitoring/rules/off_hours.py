"""Hours of the week in which a target is switched off on purpose, such as a night without tasks.

Alarms that would be on then look at something else while they last: metric math puts a value of
its own in the place of the metric, as AWS shows for planned work. Its functions of time speak UTC
and have a value for each period, whether the metric has a datapoint there or not:
https://docs.aws.amazon.com/IDR/latest/userguide/suppress-alarms-tutorial-suppress.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ecs_monitoring.cron import time_zone
from ecs_monitoring.rules.schedule import weekly_minutes

WEEK: Final = 7 * 1440
"""Minutes of a week."""

# Years whose changes of the clocks are looked at: the rules of a zone, not this year's dates.
_YEARS: Final = range(2027, 2037)


def _weekly(value: str) -> str:
    weekly_minutes(value)
    return value


def _zone(value: str) -> str:
    clock_of(time_zone(value))
    return value


@dataclass(frozen=True)
class Clock:
    """A time zone as metric math can tell it, in minutes ahead of UTC.

    Attributes:
        standard: outside summer time.
        summer: in summer time; the same as ``standard`` where there is none.
        begins: month and earliest day of the Sunday on which summer time begins.
        ends: the same of the Sunday on which it ends.
    """

    standard: int
    summer: int
    begins: tuple[int, int] = (0, 0)
    ends: tuple[int, int] = (0, 0)


@cache
def clock_of(zone: str) -> Clock:
    """A time zone of the IANA database.

    Raises:
        ValueError: its clocks do not change on the same Sundays each year, or not at all.
    """
    years = [_days(ZoneInfo(zone), year) for year in _YEARS]
    offsets = {offset for year in years for _, *both in year for offset in both}
    if len(offsets) == 1:
        (offset,) = offsets
        return Clock(offset, offset)
    begins = [[day for day, before, after in year if after > before] for year in years]
    ends = [[day for day, before, after in year if after < before] for year in years]
    first, last = _sunday(begins), _sunday(ends)
    if first is None or last is None or len(offsets) != 2:
        raise ValueError(
            "changes its clocks by no rule that metric math can tell: write a zone without summer "
            "time, such as UTC"
        )
    return Clock(min(offsets), max(offsets), first, last)


def _days(zone: ZoneInfo, year: int) -> list[tuple[datetime, int, int]]:
    """The days of a year, each with the offset of the day before and its own."""
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    days = (first + timedelta(days=day) for day in range(-1, 365 + calendar.isleap(year)))
    offsets = ((day, _offset(zone, day)) for day in days)
    return [(day, before, after) for (_, before), (day, after) in pairwise(offsets)]


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 60


def _sunday(years: list[list[datetime]]) -> tuple[int, int] | None:
    """Month and earliest day of a Sunday that comes once a year, such as the last of March."""
    days = [day for year in years for day in year]
    months = {day.month for day in days}
    if any(len(year) != 1 for year in years) or len(months) != 1:
        return None
    (month,) = months
    last = calendar.monthrange(_YEARS[0], month)[1] - 6
    for earliest in (1, 8, 15, 22, last):
        if all(d.isoweekday() == 7 and earliest <= d.day <= earliest + 6 for d in days):
            return month, earliest
    return None


class OffHours(BaseModel):
    """When a target is switched off each week: its alarms take that for what it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    stop: Annotated[str, AfterValidator(_weekly), Field(examples=["cron(0 20 ? * MON-FRI *)"])]
    """When it is switched off, ``cron(<minute> <hour> ? * <days of the week> *)``, as in a
    scheduled action of Application Auto Scaling.
    """

    start: Annotated[str, AfterValidator(_weekly), Field(examples=["cron(0 7 ? * MON-FRI *)"])]
    """When it is there again, in the same form: its alarms count from then on."""

    timezone: Annotated[str, AfterValidator(_zone), Field(examples=["Asia/Tokyo"])] = "UTC"
    """Of both, a name of the IANA database. Where clocks change, they do so to the day."""

    @model_validator(mode="after")
    def _both_happen(self) -> Self:
        if set(weekly_minutes(self.stop)) & set(weekly_minutes(self.start)):
            raise ValueError("stop and start come at the same minute: write different ones")
        return self

    def stretches(self) -> list[tuple[int, int]]:
        """From when to when it is off, in minutes since Monday 00:00 of its own time zone.

        The last stretch may reach into the next week.
        """
        starts = sorted(weekly_minutes(self.start))
        stops: dict[int, int] = {}
        for stop in sorted(weekly_minutes(self.stop)):
            start = next((moment for moment in starts if moment > stop), starts[0] + WEEK)
            # Of several stops before a start the first one counts.
            stops.setdefault(start % WEEK, stop)
        return [
            (stop, start if start > stop else start + WEEK)
            for start, stop in sorted(stops.items(), key=lambda item: item[1])
        ]

    def switches(self) -> tuple[int, ...]:
        """When it stops and starts, in minutes since Monday 00:00 UTC, in each season."""
        clock = clock_of(self.timezone)
        return tuple(
            sorted(
                {
                    (moment - offset) % WEEK
                    for offset in (clock.standard, clock.summer)
                    for stretch in self.stretches()
                    for moment in stretch
                }
            )
        )

    def steps(self, metric: str) -> dict[str, str]:
        """Metric math by id, of which ``off`` is 1 in off hours and 0 outside them.

        Args:
            metric: the id of a metric, whose periods are looked at.
        """
        clock = clock_of(self.timezone)
        week = {"week": f"((DAY({metric}) - 1) * 24 + HOUR({metric})) * 60 + MINUTE({metric})"}
        if clock.standard == clock.summer:
            return {**week, "off": self._within(clock.standard)}
        # The latest Sunday, as a day of its own month; 0 or less before the month's first one.
        sunday = f"DATE({metric}) - IF(DAY({metric}) < 7, DAY({metric}), 0)"
        return {
            **week,
            "sunday": sunday,
            "summer": _season(metric, clock),
            "off": f"IF(summer, {self._within(clock.summer)}, {self._within(clock.standard)})",
        }

    def _within(self, offset: int) -> str:
        """Whether ``week`` is in a stretch, in a time zone so many minutes ahead of UTC."""
        return " OR ".join(
            f"(week >= {begin} AND week < {end})" for begin, end in self._in_utc(offset)
        )

    def _in_utc(self, offset: int) -> Iterator[tuple[int, int]]:
        for begin, end in self.stretches():
            low = (begin - offset) % WEEK
            high = low + end - begin
            yield low, min(high, WEEK)
            if high > WEEK:
                yield 0, high - WEEK

    def words(self) -> str:
        """The off hours as a sentence of an alarm's description."""
        return f"Off hours, {self.stop} to {self.start} {self.timezone}, do not count."


OffHoursField = Annotated[
    OffHours | None,
    Field(
        examples=[
            None,
            {
                "stop": "cron(0 20 ? * MON-FRI *)",
                "start": "cron(0 7 ? * MON-FRI *)",
                "timezone": "Asia/Tokyo",
            },
        ]
    ),
]
"""The field of a target that may be switched off each week, with its examples."""


def _season(metric: str, clock: Clock) -> str:
    (first, begins), (last, ends) = clock.begins, clock.ends
    month = f"MONTH({metric})"
    # South of the equator summer begins in one year and ends in the next.
    joined = "AND" if first < last else "OR"
    return (
        f"({month} > {first} {joined} {month} < {last}) "
        f"OR ({month} == {first} AND sunday >= {begins}) "
        f"OR ({month} == {last} AND sunday < {ends})"
    )
