"""What is said of a mute rule's schedule, in full, and the edges of its windows."""

import pytest

from ecs_monitoring.cloudwatch.mute import (
    MuteSchedule,
    MuteWindow,
    iso_duration,
    merged_windows,
    mute_duration,
    mute_expression,
)
from tests.times import at

EXAMPLES = (
    "cron(<minutes> <hours> <day-of-month> <month> <day-of-week>) such as cron(0 2 * * SUN), or "
    "at(<yyyy-MM-ddThh:mm>) such as at(2027-01-31T22:00)"
)
FIELD = (
    "has {} as {}: write {}, alone, in a list with commas, as a range from the lower to the higher "
    "with -, or * for every one"
)
NO_TIME = (
    "has {}, which is no time: write at(<yyyy-MM-ddThh:mm>) such as at(2027-01-31T22:00), without "
    "seconds and time zone"
)
MINUTES = ",".join(map(str, range(60)))
HOURS = ",".join(map(str, range(24)))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        *(
            (text, f"is no schedule of a mute: write {EXAMPLES}")
            for text in ("nightly", "rate(1 day)", "cron(0 2 * * *", "at 2026-01-01T10:00)")
        ),
        ("cron(0 2 * *)", f"has 4 fields: write {EXAMPLES}"),
        ("cron(0 2 * * SUN * *)", f"has 7 fields: write {EXAMPLES}"),
        (
            "cron(0 2 ? * SUN 2026)",
            "has six fields, as EventBridge takes them, and mutes have five, without the year: "
            "write cron(0 2 * * SUN)",
        ),
        ("cron(60 2 * * *)", FIELD.format("60", "minutes", "0 to 59")),
        ("cron(* 24 * * *)", FIELD.format("24", "hours", "0 to 23")),
        ("cron(0 2 0 * *)", FIELD.format("0", "day-of-month", "1 to 31")),
        ("cron(0 2 32 * *)", FIELD.format("32", "day-of-month", "1 to 31")),
        ("cron(0 2 * 0 *)", FIELD.format("0", "month", "1 to 12 or JAN to DEC")),
        ("cron(0 2 * 13 *)", FIELD.format("13", "month", "1 to 12 or JAN to DEC")),
        ("cron(0 2 * * 0)", FIELD.format("0", "day-of-week", "SUN to SAT")),
        ("cron(0 2 * * 6)", FIELD.format("6", "day-of-week", "SUN to SAT")),
        ("cron(0 2 * * FRI-MON)", FIELD.format("FRI-MON", "day-of-week", "SUN to SAT")),
        ("cron(*/5 2 * * *)", FIELD.format("*/5", "minutes", "0 to 59")),
        ("cron(30-10 2 * * *)", FIELD.format("30-10", "minutes", "0 to 59")),
        (
            "cron(0 2 1 * sun)",
            "gives day-of-month and day-of-week as 1 and SUN, and AWS does not say whether both "
            "must hold or one: write * for one of them",
        ),
        (
            "cron(0 2 30,31 FEB *)",
            "has 30,31 as day-of-month in month FEB, which have no such day, so that it never "
            "comes: write a day that the month has",
        ),
        ("at(2026-02-30T10:00)", NO_TIME.format("2026-02-30T10:00")),
        ("at(2026-02-03 10:00)", NO_TIME.format("2026-02-03 10:00")),
        # 243 characters with three stars, of which one becomes a list of 15.
        (
            f"cron({MINUTES} {HOURS} 1,2,3,4,5,6,7,8 * *)",
            "has 257 characters: write at most 256",
        ),
    ],
)
def test_what_is_said_of_an_expression(expression: str, words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (its words are looked at)
        mute_expression(expression)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0,59 0,23 1,31 1,12 *)",
        "cron(0-59 0-23 1-31 JAN-DEC *)",
        "cron(5 2 * * SUN-SAT)",
        "cron(5 2 31 APR,MAY *)",
        f"cron({MINUTES} {HOURS} 1,2,3,4,5,6,10 * *)",
        "at(2028-02-29T23:59)",
    ],
)
def test_the_most_that_an_expression_may_say(expression: str) -> None:
    assert mute_expression(expression) == expression
    assert mute_expression(f" {expression} ") == expression


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("P1DT1H1M", 90_060),
        ("p1dt1h1m", 90_060),
        (" 1D1H1M ", 90_060),
        ("1d1m", 86_460),
        ("15d", 1_296_000),
        ("14d23h60m", 1_296_000),
        ("PT1M", 60),
    ],
)
def test_how_long_a_window_is(text: str, seconds: int) -> None:
    assert mute_duration(text) == seconds


@pytest.mark.parametrize("text", ["14d23h61m", "0d0h0m", "1.5h", "2h 5m", "P1H", "1w"])
def test_what_is_said_of_another_duration(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (its words are looked at)
        mute_duration(text)
    assert str(refused.value) == (
        "is no duration of a mute: write 1m to 15d, such as 90m, 2h, 1d12h or PT2H"
    )


@pytest.mark.parametrize(
    ("seconds", "iso"),
    [
        (172_800, "P2D"),
        (90_060, "P1DT1H1M"),
        (86_460, "P1DT1M"),
        (90_000, "P1DT1H"),
        (3600, "PT1H"),
    ],
)
def test_a_duration_is_written_as_iso_has_it(seconds: int, iso: str) -> None:
    assert iso_duration(seconds) == iso


def test_a_schedule_in_words() -> None:
    weekly = MuteSchedule.parsed("cron(0 3 * * sun)", "90m", "Asia/Tokyo")
    assert str(weekly) == "cron(0 3 * * SUN) Asia/Tokyo, for 1.5 h"
    assert weekly == MuteSchedule(
        expression="cron(0 3 * * SUN)", duration=5400, timezone="Asia/Tokyo"
    )
    assert MuteSchedule.parsed("at(2026-05-01T10:00)", "1h").timezone == "UTC"
    assert [
        MuteSchedule.parsed(text, "1h").is_once
        for text in ("at(2026-05-01T10:00)", "cron(0 1 * * *)")
    ] == [True, False]


def test_a_time_zone_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="is no time zone; did you mean"):
        MuteSchedule.parsed("cron(0 3 * * SUN)", "90m", "Asia/Tokio")


@pytest.mark.parametrize(
    ("expression", "duration", "words"),
    [
        ("cron(0 * * * *)", "1h", "1 h"),
        ("cron(0 2 * * *)", "1d", "24 h"),
        # July and August are 62 days, which would still end.
        ("cron(0 0 * JUL-AUG *)", "24h1m", "24 h"),
        ("cron(0 0 * JUN-AUG *)", "1d", "24 h"),
    ],
)
def test_what_is_said_of_a_silence_without_an_end(
    expression: str, duration: str, words: str
) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (its words are looked at)
        MuteSchedule.parsed(expression, duration)
    assert str(refused.value) == (
        f"begins again before its {words} are over, so that the silence would not end: write a "
        "shorter duration, or enabled: false for the alarms"
    )


@pytest.mark.parametrize(
    ("expression", "duration"),
    [
        ("cron(0 0 * JUL-AUG *)", "1d"),
        ("cron(0 0 1 * *)", "15d"),
        ("at(2020-05-01T10:00)", "1h"),
    ],
)
def test_a_silence_that_ends(expression: str, duration: str) -> None:
    assert not MuteSchedule.parsed(expression, duration).never_ends


NIGHTLY = MuteSchedule(expression="cron(0 2 * * *)", duration=3600)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        # From the end of one to the beginning of the next, which are 23 hours.
        ("2026-01-05T03:00:00", "2026-01-06T02:00:00", []),
        ("2026-01-05T02:59:59", "2026-01-06T02:00:00", ["2026-01-05T02:00"]),
        ("2026-01-05T03:00:00", "2026-01-06T02:00:01", ["2026-01-06T02:00"]),
        ("2026-01-05T02:00:00", "2026-01-05T02:00:01", ["2026-01-05T02:00"]),
        ("2026-01-05T00:00:00", "2026-01-07T00:00:00", ["2026-01-05T02:00", "2026-01-06T02:00"]),
    ],
)
def test_windows_have_a_second_in_the_span(start: str, end: str, found: list[str]) -> None:
    windows = list(NIGHTLY.windows(at(start), at(end)))
    assert windows == [MuteWindow(at(begins), at(begins) + 3600) for begins in found]


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-01-05T01:00:00", "2026-01-05T02:00:00"),
        ("2026-01-05T02:00:00", "2026-01-05T02:00:00"),
        ("2026-01-05T02:59:59", "2026-01-05T02:00:00"),
        ("2026-01-05T03:00:00", "2026-01-06T02:00:00"),
    ],
)
def test_the_next_window_is_the_one_at_the_time_or_after_it(now: str, begins: str) -> None:
    assert NIGHTLY.next_window(at(now)) == (at(begins), at(begins) + 3600)


def test_windows_of_a_list_come_in_the_order_of_time() -> None:
    # 2026-01-04 was a Sunday, and 2026-02-01 too.
    some = MuteSchedule(expression="cron(0,30 1,2 * JAN,3 SUN,SAT)", duration=600)
    windows = list(some.windows(at("2026-01-25T01:30:00"), at("2026-03-01T01:31:00")))
    assert [window.start for window in windows] == [
        at(begins)
        for begins in (
            *("2026-01-25T01:30", "2026-01-25T02:00", "2026-01-25T02:30"),
            *("2026-01-31T01:00", "2026-01-31T01:30", "2026-01-31T02:00", "2026-01-31T02:30"),
            *("2026-03-01T01:00", "2026-03-01T01:30"),
        )
    ]


def test_one_window_alone() -> None:
    once = MuteSchedule(expression="at(2026-05-01T10:00)", duration=600, timezone="Asia/Tokyo")
    begins = at("2026-05-01T01:00")
    assert list(once.windows(begins - 600, begins)) == []
    assert list(once.windows(begins + 599, begins + 900)) == [(begins, begins + 600)]
    assert once.next_window(begins + 599) == (begins, begins + 600)
    assert once.next_window(begins + 600) is None


def test_a_day_that_seldom_comes() -> None:
    # 2100 is no leap year.
    leap = MuteSchedule(expression="cron(0 0 29 2 *)", duration=3600)
    found = leap.next_window(at("2096-02-29T01:00"))
    assert found is not None
    assert found.start == at("2104-02-29T00:00")


def test_a_window_within_another_ends_with_it() -> None:
    windows = [MuteWindow(100, 500), MuteWindow(200, 300), MuteWindow(501, 600)]
    assert merged_windows(windows) == [(100, 500), (501, 600)]
    assert merged_windows([]) == []
