"""What a field of a cron expression takes, and the numbers that it stands for."""

from typing import Final

import pytest

from ecs_monitoring import cron
from ecs_monitoring.cron import MONTHS, WEEKDAYS, CronField, is_whole, months_have, time_zone

MINUTE: Final = CronField(name="minutes", low=0, high=59)
MONTH: Final = CronField(name="month", low=1, high=12, words=MONTHS)
WEEKDAY: Final = CronField(name="weekday", low=1, high=7, words=WEEKDAYS, special=r"\?|L|[1-7]L")
NAMED: Final = CronField(name="weekday", low=0, high=6, words=WEEKDAYS, numbers=False)
PLAIN: Final = CronField(name="hours", low=0, high=23, steps=False, ascending=True)
SINGLE: Final = CronField(name="minutes", low=0, high=59, single=True)


@pytest.mark.parametrize(
    ("field", "taken", "refused"),
    [
        (
            MINUTE,
            ["*", "0", "59", "00", "5-10", "10-5", "0,30", "*/5", "3/20", "5-50/10", "1-2,7"],
            ["60", "-1", "", "a", "5-", "-5", "1-2-3", "*/0", "*/", "*/x", "1,", ",1", "+1", "1.0"],
        ),
        (
            MONTH,
            ["1", "12", "JAN", "DEC", "JAN-MAR", "NOV-FEB", "1-MAR", "JAN,6", "JAN/3"],
            ["0", "13", "jan", "JANUARY", "?", "JAN-", "JAN-XYZ"],
        ),
        (WEEKDAY, ["?", "L", "3L", "SUN", "7", "FRI-MON"], ["0", "8", "8L", "?,1", "LL"]),
        (NAMED, ["SUN", "SAT", "MON-FRI", "*"], ["0", "1", "MON-1"]),
        (PLAIN, ["*", "5", "5-10", "5-5", "1,5-10"], ["10-5", "*/5", "5/5", "24"]),
        (SINGLE, ["0", "59"], ["*", "1,2", "1-2", "60", "1/2", ""]),
    ],
)
def test_what_a_field_takes(field: CronField, taken: list[str], refused: list[str]) -> None:
    assert [text for text in taken if not field.takes(text)] == []
    assert [text for text in refused if field.takes(text)] == []


@pytest.mark.parametrize(
    ("field", "text", "numbers"),
    [
        (MINUTE, "7", [7]),
        (MINUTE, "30,0,30", [0, 30]),
        (MINUTE, "5-8", [5, 6, 7, 8]),
        (MINUTE, "*/15", [0, 15, 30, 45]),
        # From a number on to the end.
        (MINUTE, "50/4", [50, 54, 58]),
        (MINUTE, "10-20/5", [10, 15, 20]),
        # Over the end of the hour.
        (MINUTE, "58-1", [0, 1, 58, 59]),
        (MINUTE, "57-2/2", [1, 57, 59]),
        (MONTH, "*", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        (MONTH, "NOV-FEB", [1, 2, 11, 12]),
        (MONTH, "OCT/2", [10, 12]),
        (MONTH, "12", [12]),
        (WEEKDAY, "FRI-MON", [1, 2, 6, 7]),
        (NAMED, "SAT-SUN", [0, 6]),
    ],
)
def test_the_numbers_that_a_text_stands_for(
    field: CronField, text: str, numbers: list[int]
) -> None:
    assert field.values(text) == tuple(numbers)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (MINUTE, "0 to 59"),
        (MONTH, "1 to 12 or JAN to DEC"),
        (NAMED, "SUN to SAT"),
    ],
)
def test_what_to_write_in_a_field(field: CronField, said: str) -> None:
    assert field.range_in_words == said


@pytest.mark.parametrize(
    ("days", "months", "years", "found"),
    [
        ([31], [4, 6, 9, 11], (), False),
        ([31], [4, 5], (), True),
        ([30], [2], (), False),
        ([31, 30], [4], (), True),
        # By default, in any year: 2028 has a leap day, 2027 has none.
        ([29], [2], (), True),
        ([29], [2], (2027,), False),
        ([29], [2], (2027, 2028), True),
        ([28], [2], (2027,), True),
    ],
)
def test_whether_a_month_has_a_day(
    days: list[int], months: list[int], years: tuple[int, ...], found: bool
) -> None:
    assert (months_have(days, months, years) if years else months_have(days, months)) is found


def test_a_time_zone_of_the_database_is_itself() -> None:
    assert [time_zone(name) for name in ("UTC", "Asia/Tokyo")] == ["UTC", "Asia/Tokyo"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "Asia/Tokio",
            'is no time zone; did you mean "Asia/Tokyo"? write a name of the IANA database, such '
            "as UTC or Asia/Tokyo",
        ),
        ("???", "is no time zone; write a name of the IANA database, such as UTC or Asia/Tokyo"),
        # In many machines' copies, and no zones of IANA's.
        (
            "localtime",
            "is no time zone; write a name of the IANA database, such as UTC or Asia/Tokyo",
        ),
    ],
)
def test_what_is_no_time_zone(name: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"UTC", "Asia/Tokyo", "Europe/Berlin", "Factory", "localtime"}
    monkeypatch.setattr("zoneinfo.available_timezones", lambda: known)
    cron._known_zones.cache_clear()
    try:
        with pytest.raises(ValueError, match="is no time zone") as refusal:
            time_zone(name)
    finally:
        cron._known_zones.cache_clear()
    assert str(refusal.value) == message


def test_a_machine_without_the_database_refuses_no_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then AWS does."""
    monkeypatch.setattr(cron, "_known_zones", frozenset)
    assert time_zone("Asia/Tokio") == "Asia/Tokio"


@pytest.mark.parametrize(
    ("text", "whole"),
    [("0", True), ("007", True), ("", False), ("-1", False), ("1.5", False), ("٣", False)],
)
def test_a_whole_number_is_of_digits_alone(text: str, whole: bool) -> None:
    assert is_whole(text) is whole
