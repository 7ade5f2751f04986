"""Schedule expressions of EventBridge Scheduler, as its user guide has them.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
from datetime import date

import pytest

from ecs_monitoring import cron
from ecs_monitoring.cron import time_zone
from ecs_monitoring.rules.schedule import QUARTERLY, comes_after, recurring_schedule


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 9 1 1,4,7,10 ? *)",
        # The guide's own example: the last Friday of each month, in two years.
        "cron(15 10 ? * 6L 2022-2023)",
        # The first Monday of each quarter, by name and by number.
        "cron(30 8 ? JAN,APR,JUL,OCT MON#1 *)",
        "cron(30 8 ? 1/3 2#1 *)",
        "cron(0 0 L * ? *)",
        "cron(0 0 LW * ? *)",
        "cron(59 23 3W DEC ? 2199)",
        "cron(0 9 31W * ? *)",
        "cron(0 9 1-15 * ? 1970)",
        "cron(0 9 */10 * ? *)",
        "cron(0 9 ? * SUN-SAT *)",
        "cron(0 9 ? * L *)",
        "cron(0 9 ? 1-12/2 7#5 */2)",
        "cron(0 9 29 2 ? 2027-2028)",
        "cron(0 9 28,29 2 ? 2027)",
        "rate(91 days)",
        "rate(1 day)",
        "rate(3650 days)",
    ],
)
def test_what_the_guide_allows(expression: str) -> None:
    assert recurring_schedule(expression) == expression


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("cron(0 9 ? * mon#1 *)", "cron(0 9 ? * MON#1 *)"),
        ("cron(0  9 1 jan ? * )", "cron(0 9 1 JAN ? *)"),
        ("rate(91  days)", "rate(91 days)"),
    ],
)
def test_an_expression_is_sent_as_aws_writes_it(written: str, sent: str) -> None:
    assert recurring_schedule(written) == sent


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "write cron(<minute>"),
        ("quarterly", "write cron(<minute>"),
        ("0 9 1 1,4,7,10 ? *", "write cron(<minute>"),
        ("cron(0 9 1 * ? *", "write cron(<minute>"),
        ("CRON(0 9 1 * ? *)", "write cron(<minute>"),
        # Once, and never again.
        ("at(2030-01-01T09:00:00)", "is no recurring schedule"),
        # 256 characters are the most; 51 of these items with their commas are more.
        (f"cron(0 9 1 {','.join(['1-12/1'] * 51)} ? *)", "is no recurring schedule"),
        ("cron()", "has 0 fields: write six"),
        ("cron(0 9 1 * ?)", "has 5 fields: write six"),
        ("cron(0 0 9 1 * ? *)", "has 7 fields: write six"),
        ("cron(60 9 1 * ? *)", "has 60 as minutes: write one number, 0 to 59"),
        # Sixty reminders from nine to ten.
        ("cron(* 9 1 * ? *)", "has * as minutes: write one number"),
        ("cron(0,30 9 1 * ? *)", "has 0,30 as minutes: write one number"),
        ("cron(0 24 1 * ? *)", "has 24 as hours: write one number, 0 to 23"),
        ("cron(0 9-17 1 * ? *)", "has 9-17 as hours: write one number"),
        ("cron(0 9 0 * ? *)", "has 0 as day-of-month: write 1 to 31"),
        # Leap years are 2024, 2028 and 2032.
        ("cron(0 9 29 2 ? 2027)", "has 29 as day-of-month in month 2 of 2027, which have no such"),
        ("cron(0 9 29 FEB ? 2029-2031)", "in month FEB of 2029-2031, which have no such day"),
        ("rate(3651 days)", "first comes after 10 years: write at most 3650 days"),
        ("rate(100000 days)", "first comes after 273 years"),
        ("cron(0 9 32 * ? *)", "has 32 as day-of-month"),
        ("cron(0 9 32W * ? *)", "has 32W as day-of-month"),
        ("cron(0 9 1-2-3 * ? *)", "has 1-2-3 as day-of-month"),
        ("cron(0 9 1/0 * ? *)", "has 1/0 as day-of-month"),
        ("cron(0 9 1/ * ? *)", "has 1/ as day-of-month"),
        ("cron(0 9 1, * ? *)", "has 1, as day-of-month"),
        ("cron(0 9 -1 * ? *)", "has -1 as day-of-month"),
        ("cron(0 9 ١ * ? *)", "as day-of-month"),
        ("cron(0 9 1 13 ? *)", "has 13 as month: write 1 to 12 or JAN to DEC"),
        ("cron(0 9 1 JANUARY ? *)", "has JANUARY as month"),
        ("cron(0 9 1 ? * *)", "has ? as month"),
        ("cron(0 9 ? * 0 *)", "has 0 as day-of-week: write 1 to 7 or SUN to SAT"),
        ("cron(0 9 ? * MON#6 *)", "has MON#6 as day-of-week"),
        # "If you use a '#' character, you can define only one expression".
        ("cron(0 9 ? * 3#1,6#3 *)", "has 3#1,6#3 as day-of-week"),
        ("cron(0 9 ? * 2W *)", "has 2W as day-of-week"),
        ("cron(0 9 1 * ? 1969)", "has 1969 as year: write 1970 to 2199"),
        # "If you use it in one, you must use ? in the other."
        ("cron(0 9 * * * *)", "write ? for exactly one"),
        ("cron(0 9 1 * MON *)", "write ? for exactly one"),
        ("cron(0 9 ? * ? *)", "write ? for exactly one"),
        ("rate(5 minutes)", "write rate(<number> days)"),
        ("rate(0 days)", "write rate(<number> days)"),
        ("rate(2.5 days)", "write rate(<number> days)"),
        ("rate(13 weeks)", "write rate(<number> days)"),
        ("rate(91)", "write rate(<number> days)"),
        ("rate()", "write rate(<number> days)"),
    ],
)
def test_what_scheduler_would_refuse_or_people_would(expression: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        recurring_schedule(expression)


def test_the_default_is_the_first_day_of_each_quarter() -> None:
    minute, hour, day, months, weekday, year = QUARTERLY[5:-1].split()
    assert (minute, hour, day) == ("0", "9", "1")
    assert months.split(",") == ["1", "4", "7", "10"]
    assert (weekday, year) == ("?", "*")


@pytest.mark.parametrize("name", ["UTC", "Asia/Tokyo", "America/Argentina/ComodRivadavia"])
def test_names_of_the_iana_database(name: str) -> None:
    assert time_zone(name) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Asia/Tokio", 'did you mean "Asia/Tokyo"?'),
        ("asia/tokyo", 'did you mean "Asia/Tokyo"?'),
        ("+09:00", "such as UTC or Asia/Tokyo"),
        ("localtime", "is no time zone"),
        ("Factory", "is no time zone"),
        ("../UTC", "is no time zone"),
        ("", "is no time zone"),
    ],
)
def test_other_names_are_answered_with_the_nearest(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        time_zone(name)


def test_a_machine_without_the_database_leaves_the_name_to_aws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cron, "_known_zones", frozenset)
    assert time_zone("Asia/Tokyo") == "Asia/Tokyo"


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 9 30 2 ? *)",
        "cron(0 9 30,31 FEB ? *)",
        "cron(0 9 31 4,6,9,11 ? *)",
        "cron(0 9 31W APR ? *)",
        "cron(0 9 31 4/5 ? *)",
        "cron(0 9 30-31 2 ? *)",
    ],
)
def test_a_day_that_never_comes_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="never comes: write a day that the month has"):
        recurring_schedule(expression)


@pytest.mark.parametrize(
    "expression",
    [
        # A leap year has it.
        "cron(0 9 29 2 ? *)",
        "cron(0 9 28-31 2 ? *)",
        "cron(0 9 31 2,3 ? *)",
        "cron(0 9 31 2-3 ? *)",
        "cron(0 9 30 */2 ? *)",
        "cron(0 9 31 FEB-MAR ? *)",
        "cron(0 9 L 2 ? *)",
        "cron(0 9 31 11/1 ? *)",
    ],
)
def test_a_day_that_comes_in_one_of_the_months_is_taken(expression: str) -> None:
    assert recurring_schedule(expression) == expression


@pytest.mark.parametrize(
    ("expression", "comes"),
    [
        ("cron(0 9 1 1 ? 2020)", False),
        ("cron(0 9 1 1,4,7,10 ? 2026)", False),
        ("cron(0 9 26 11 ? 2026)", False),
        ("cron(0 9 27 11 ? 2026)", True),
        ("cron(0 9 1,28 NOV ? 2026)", True),
        # The last Friday of the month is today.
        ("cron(0 9 ? 11 6L 2026)", True),
        ("cron(0 9 L 11 ? 2026)", True),
        ("cron(0 9 1 1 ? 2020,2027)", True),
        ("cron(0 9 31 12 ? 2026)", True),
        (QUARTERLY, True),
        ("rate(91 days)", True),
    ],
)
def test_what_comes_again_after_a_day(expression: str, comes: bool) -> None:
    assert comes_after(recurring_schedule(expression), date(2026, 11, 27)) is comes
