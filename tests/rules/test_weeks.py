"""Weekly schedules in minutes since Monday, and the clocks by which they come."""

import io
import re
import struct
from zoneinfo import ZoneInfo

import pytest

from ecs_monitoring.rules import off_hours
from ecs_monitoring.rules.off_hours import Clock, OffHours, clock_of
from ecs_monitoring.rules.schedule import weekly_minutes

MON, TUE, WED, THU, FRI, SAT, SUN = (day * 24 * 60 for day in range(7))
WEEK = 7 * 24 * 60


@pytest.mark.parametrize(
    ("expression", "minutes"),
    [
        ("cron(0 0 ? * MON *)", [MON]),
        ("cron(5 20 ? * MON-FRI *)", [day + 20 * 60 + 5 for day in (MON, TUE, WED, THU, FRI)]),
        # Of AWS's days 1 is Sunday; here Monday is the first.
        ("cron(59 23 ? * 1,7 *)", [SAT + 1439, SUN + 1439]),
        ("cron(0 1 * * ? *)", [day + 60 for day in (MON, TUE, WED, THU, FRI, SAT, SUN)]),
        ("cron(0 1 ? * * *)", [day + 60 for day in (MON, TUE, WED, THU, FRI, SAT, SUN)]),
        ("cron(0 1 ? * sat-mon *)", [MON + 60, SAT + 60, SUN + 60]),
    ],
)
def test_when_a_weekly_schedule_comes(expression: str, minutes: list[int]) -> None:
    assert weekly_minutes(expression) == minutes


NO_WEEK = (
    "is no weekly schedule: write cron(<minute> <hour> ? * <days of the week> *), such as "
    "cron(0 20 ? * MON-FRI *)"
)
OF_EVERY_WEEK = "as day-of-week: write days of every week, such as MON-FRI"


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("cron(0 20 1 * ? *)", NO_WEEK),
        ("cron(0 20 ? JAN MON *)", NO_WEEK),
        ("cron(0 20 ? * MON 2027)", NO_WEEK),
        ("rate(7 days)", NO_WEEK),
        ("cron(0 20 ? * L *)", f"has L {OF_EVERY_WEEK}"),
        ("cron(0 20 ? * FRI#2 *)", f"has FRI#2 {OF_EVERY_WEEK}"),
        (
            "cron(0 20 ? * MON)",
            "has 5 fields: write six, cron(<minutes> <hours> <day-of-month> <month> <day-of-week> "
            "<year>)",
        ),
        (
            "cron(0 20 1 JAN MON *)",
            "gives day-of-month and day-of-week as 1 and MON: write ? for exactly one of them",
        ),
        (
            "cron(0 9 31 6 ? *)",
            "has 31 as day-of-month in month 6, which have no such day, so that it never comes: "
            "write a day that the month has, or L for its last one",
        ),
        (
            "cron(0 24 ? * MON *)",
            "has 24 as hours: write one number, 0 to 23: a reminder comes once a day",
        ),
        ("cron(0 20 ? * FRY *)", "has FRY as day-of-week: write 1 to 7 or SUN to SAT"),
        (
            "rate(7300 days)",
            "first comes after 20 years: write at most 3650 days, such as rate(91 ",
        ),
    ],
)
def test_what_is_no_week(expression: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        weekly_minutes(expression)


def test_a_schedule_has_256_characters_at_most() -> None:
    # Blanks between the fields count as they are written: 16 characters around these 240.
    longest = f"cron(0 0 * *{' ' * 240}? *)"
    assert len(longest) == 256
    assert len(weekly_minutes(longest)) == 7
    with pytest.raises(ValueError, match="is no recurring schedule"):
        weekly_minutes(longest.replace("?", " ?"))


NIGHTS = {"stop": "cron(0 20 ? * MON-FRI *)", "start": "cron(0 7 ? * MON-FRI *)"}
EVENING, MORNING = 20 * 60, 7 * 60


def test_the_nights_of_a_week_and_its_weekend() -> None:
    assert OffHours.model_validate(NIGHTS).stretches() == [
        (MON + EVENING, TUE + MORNING),
        (TUE + EVENING, WED + MORNING),
        (WED + EVENING, THU + MORNING),
        (THU + EVENING, FRI + MORNING),
        (FRI + EVENING, WEEK + MORNING),
    ]


@pytest.mark.parametrize(
    ("stop", "start", "stretches"),
    [
        # Of several stops before a start the first counts, of several starts the first after it.
        ("cron(0 1 ? * MON,TUE,WED *)", "cron(0 2 ? * WED,THU *)", [(MON + 60, WED + 120)]),
        ("cron(0 1 ? * SAT,SUN *)", "cron(0 2 ? * TUE *)", [(SAT + 60, WEEK + TUE + 120)]),
        ("cron(0 2 ? * MON *)", "cron(0 1 ? * MON *)", [(MON + 120, WEEK + MON + 60)]),
    ],
)
def test_stops_and_starts_in_turn(stop: str, start: str, stretches: list[tuple[int, int]]) -> None:
    assert OffHours(stop=stop, start=start).stretches() == stretches


def test_what_metric_math_asks_in_utc() -> None:
    hours = OffHours(stop="cron(0 20 ? * SAT *)", start="cron(0 7 ? * MON *)")
    # Into the next week: until its end, and from its beginning on.
    assert hours.steps("m") == {
        "week": "((DAY(m) - 1) * 24 + HOUR(m)) * 60 + MINUTE(m)",
        "off": f"(week >= {SAT + EVENING} AND week < {WEEK}) OR (week >= 0 AND week < {MORNING})",
    }
    assert hours.switches() == (MORNING, SAT + EVENING)
    assert hours.words() == (
        "Off hours, cron(0 20 ? * SAT *) to cron(0 7 ? * MON *) UTC, do not count."
    )


def test_a_stretch_that_ends_with_the_week_has_no_part_in_the_next() -> None:
    hours = OffHours(stop="cron(0 20 ? * SUN *)", start="cron(0 0 ? * MON *)")
    assert hours.steps("m")["off"] == f"(week >= {SUN + EVENING} AND week < {WEEK})"


def test_what_metric_math_asks_where_clocks_change() -> None:
    day = {"stop": "cron(0 12 ? * TUE *)", "start": "cron(0 14 ? * TUE *)"}
    hours = OffHours(**day, timezone="Europe/Berlin")
    noon = TUE + 12 * 60
    # One hour ahead of UTC, and two in summer: from the last Sunday of March to that of October.
    assert hours.steps("m") == {
        "week": "((DAY(m) - 1) * 24 + HOUR(m)) * 60 + MINUTE(m)",
        "sunday": "DATE(m) - IF(DAY(m) < 7, DAY(m), 0)",
        "summer": "(MONTH(m) > 3 AND MONTH(m) < 10) OR (MONTH(m) == 3 AND sunday >= 25) "
        "OR (MONTH(m) == 10 AND sunday < 25)",
        "off": f"IF(summer, (week >= {noon - 120} AND week < {noon}), "
        f"(week >= {noon - 60} AND week < {noon + 60}))",
    }
    assert hours.switches() == (noon - 120, noon - 60, noon, noon + 60)
    # South of the equator from the first Sunday of October to that of April.
    assert OffHours(**day, timezone="Australia/Sydney").steps("m")["summer"] == (
        "(MONTH(m) > 10 OR MONTH(m) < 4) OR (MONTH(m) == 10 AND sunday >= 1) "
        "OR (MONTH(m) == 4 AND sunday < 1)"
    )


# https://www.iana.org/time-zones
@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("UTC", Clock(0, 0)),
        ("Asia/Kolkata", Clock(330, 330)),
        ("America/Phoenix", Clock(-420, -420)),
        ("Europe/Berlin", Clock(60, 120, (3, 25), (10, 25))),
        ("America/New_York", Clock(-300, -240, (3, 8), (11, 1))),
        ("Pacific/Auckland", Clock(720, 780, (9, 24), (4, 1))),
        # By half an hour.
        ("Australia/Lord_Howe", Clock(630, 660, (10, 1), (4, 1))),
    ],
)
def test_the_clocks_of_places(zone: str, clock: Clock) -> None:
    assert clock_of(zone) == clock


def ruled(rule: str) -> ZoneInfo:
    """A zone whose clocks follow a rule of POSIX alone (RFC 9636): month, week, day of the week."""
    # No transitions, one type of time, and the four characters of its name.
    block = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block += struct.pack(">lBB", 0, 0, 0) + b"AAA\0"
    return ZoneInfo.from_file(io.BytesIO(block * 2 + f"\n{rule}\n".encode()))


@pytest.mark.parametrize(
    ("rule", "clock"),
    [
        ("AAA0BBB,M3.1.0,M10.2.0", Clock(0, 60, (3, 1), (10, 8))),
        ("AAA0BBB,M3.3.0,M10.4.0", Clock(0, 60, (3, 15), (10, 22))),
        # The last one of a month with 30 days.
        ("AAA-1BBB,M4.5.0,M9.5.0", Clock(60, 120, (4, 24), (9, 24))),
        # On the first day of 2034 and on the last one of 2028, both Sundays.
        ("AAA0BBB,M1.1.0,M12.5.0", Clock(0, 60, (1, 1), (12, 25))),
        # On a Saturday, and on a date.
        ("AAA0BBB,M3.2.6,M10.2.0", None),
        ("AAA0BBB,M3.2.0,M10.2.6", None),
        ("AAA0BBB,J80,M10.2.0", None),
    ],
)
def test_the_sundays_of_a_month(
    rule: str, clock: Clock | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(off_hours, "ZoneInfo", ruled)
    if clock:
        assert clock_of(rule) == clock
    else:
        with pytest.raises(ValueError, match="by no rule that metric math can tell: write a zone"):
            clock_of(rule)
