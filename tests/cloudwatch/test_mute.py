"""Schedules of mute rules, and what becomes of what they mute.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
"""

from datetime import datetime

import pytest

from ecs_monitoring.cloudwatch.mute import (
    MuteSchedule,
    MuteWindow,
    carried_out,
    iso_duration,
    merged_windows,
    mute_duration,
    mute_expression,
)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    "expression",
    [
        # AWS's own examples.
        "cron(0 2 * * *)",
        "cron(0 2 * * SUN)",
        "cron(0 1 1 * *)",
        "cron(0 18 * * FRI)",
        "at(2024-05-10T14:00)",
        "cron(0,30 22-23,0-5 * JAN-MAR,12 *)",
        "cron(0 2 29 2 *)",
        "cron(15 9 * * MON-FRI)",
    ],
)
def test_what_aws_allows(expression: str) -> None:
    assert mute_expression(expression) == expression


def test_names_are_written_as_aws_has_them() -> None:
    assert mute_expression(" cron(0  2 * jan sun)") == "cron(0 2 * JAN SUN)"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("nightly", "is no schedule of a mute: write cron(<minutes>"),
        ("0 2 * * *", "is no schedule of a mute"),
        ("rate(1 day)", "is no schedule of a mute"),
        ("cron(0 2 * *)", "has 4 fields: write cron(<minutes>"),
        # EventBridge's, with the year.
        ("cron(0 2 ? * SUN *)", "mutes have five, without the year: write cron(0 2 * * SUN)"),
        ("cron(60 2 * * *)", "has 60 as minutes: write 0 to 59"),
        ("cron(0 24 * * *)", "has 24 as hours: write 0 to 23"),
        ("cron(0/15 2 * * *)", "has 0/15 as minutes"),
        ("cron(0 2 ? * SUN)", "has ? as day-of-month: write 1 to 31"),
        ("cron(0 2 L * *)", "has L as day-of-month"),
        ("cron(0 2 15W * *)", "has 15W as day-of-month"),
        ("cron(0 2 * * SUN#1)", "has SUN#1 as day-of-week: write SUN to SAT"),
        # Which day is 0, 1 or 7?
        ("cron(0 2 * * 1)", "has 1 as day-of-week: write SUN to SAT"),
        ("cron(0 22-6 * * *)", "has 22-6 as hours"),
        ("cron(0 2 * NOV-FEB *)", "has NOV-FEB as month: write 1 to 12 or JAN to DEC"),
        ("cron(0 2 1 * SUN)", "write * for one of them"),
        ("cron(0 2 30 2 *)", "never comes: write a day that the month has"),
        ("cron(0 2 31 APR,JUN *)", "never comes"),
        ("at(2026-02-30T10:00)", "is no time: write at(<yyyy-MM-ddThh:mm>)"),
        ("at(2026-12-31T23:59:59)", "without seconds and time zone"),
        ("at(tomorrow)", "is no time"),
    ],
)
def test_what_is_refused_and_what_to_write(expression: str, words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (its words are looked at)
        mute_expression(expression)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "seconds", "iso"),
    [
        ("PT4H", 14_400, "PT4H"),
        ("P2DT12H", 216_000, "P2DT12H"),
        ("P15D", 1_296_000, "P15D"),
        ("2h", 7_200, "PT2H"),
        ("90m", 5_400, "PT1H30M"),
        ("1d12h", 129_600, "P1DT12H"),
        ("1m", 60, "PT1M"),
    ],
)
def test_durations(text: str, seconds: int, iso: str) -> None:
    assert mute_duration(text) == seconds
    assert iso_duration(seconds) == iso


@pytest.mark.parametrize("text", ["", "P", "PT", "0m", "PT30S", "15d1m", "P16D", "2 hours", "-1h"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="write 1m to 15d"):
        mute_duration(text)


def test_windows_are_in_the_rules_time_zone() -> None:
    weekly = MuteSchedule.parsed("cron(0 3 * * SUN)", "90m", "Asia/Tokyo")
    # Sunday, 11 January 2026, three in the morning in Tokyo is Saturday evening in UTC.
    found = list(weekly.windows(at("2026-01-05T00:00+00:00"), at("2026-01-19T00:00+00:00")))
    assert [str(window) for window in found] == [
        "2026-01-10T18:00:00Z to 2026-01-10T19:30:00Z",
        "2026-01-17T18:00:00Z to 2026-01-17T19:30:00Z",
    ]


def test_a_window_follows_daylight_saving() -> None:
    nightly = MuteSchedule.parsed("cron(0 4 * * *)", "1h", "Europe/Berlin")
    # Clocks go forward on 29 March 2026: four o'clock is 03:00 UTC before and 02:00 after.
    found = nightly.windows(at("2026-03-28T00:00+00:00"), at("2026-03-30T00:00+00:00"))
    assert [window.start for window in found] == [
        at("2026-03-28T03:00+00:00"),
        at("2026-03-29T02:00+00:00"),
    ]


def test_a_window_that_began_before_the_span_is_among_its_windows() -> None:
    weekend = MuteSchedule.parsed("cron(0 18 * * FRI)", "P2DT12H")
    (found,) = weekend.windows(at("2026-01-11T00:00+00:00"), at("2026-01-11T01:00+00:00"))
    assert found == MuteWindow(at("2026-01-09T18:00+00:00"), at("2026-01-12T06:00+00:00"))
    # The end is not muted any more.
    assert not list(weekend.windows(found.end, found.end + 60))


def test_the_next_window() -> None:
    leap = MuteSchedule.parsed("cron(0 0 29 2 *)", "1h")
    found = leap.next_window(at("2026-01-01T00:00+00:00"))
    assert found is not None
    assert found.start == at("2028-02-29T00:00+00:00")
    once = MuteSchedule.parsed("at(2026-05-01T10:00)", "1h", "Asia/Tokyo")
    assert once.next_window(at("2026-05-01T01:59+00:00")) == (
        at("2026-05-01T01:00+00:00"),
        at("2026-05-01T02:00+00:00"),
    )
    assert once.next_window(at("2026-05-01T02:00+00:00")) is None


@pytest.mark.parametrize(
    ("expression", "duration"),
    [
        ("cron(* * * * *)", "1m"),
        ("cron(0 * * * *)", "1h"),
        ("cron(0 2 * * *)", "1d"),
        ("cron(0 2 * * SUN)", "7d"),
        ("cron(0 2 * * MON,THU)", "4d"),
    ],
)
def test_a_silence_without_an_end_is_refused(expression: str, duration: str) -> None:
    with pytest.raises(ValueError, match="the silence would not end: write a shorter duration"):
        MuteSchedule.parsed(expression, duration)


@pytest.mark.parametrize(
    ("expression", "duration"),
    [
        ("cron(0 * * * *)", "59m"),
        ("cron(0 2 * * SUN)", "6d23h59m"),
        ("cron(* 2 * * *)", "1m"),
        ("at(2026-05-01T10:00)", "15d"),
    ],
)
def test_a_silence_with_a_gap_is_not(expression: str, duration: str) -> None:
    assert not MuteSchedule.parsed(expression, duration).never_ends


WINDOWS = [MuteWindow(100, 200), MuteWindow(150, 300), MuteWindow(300, 400), MuteWindow(500, 600)]


def test_windows_that_overlap_or_touch_end_together() -> None:
    assert merged_windows(reversed(WINDOWS)) == [(100, 400), (500, 600)]


@pytest.mark.parametrize(
    ("changes", "times"),
    [
        # Outside: at once, at the very end of a window too.
        ([99, 400], [99, 400]),
        # Still on at the end of the last one that overlaps.
        ([120], [400]),
        # Gone back before the end: neither is sent.
        ([120, 180, 450], [None, 400, 450]),
        # ALARM, OK, ALARM: on at the end, so that is sent.
        ([120, 180, 210], [None, None, 400]),
        # Gone back in the minute in which it ends.
        ([120, 400], [None, 400]),
        # On before the window, OK within it: the recovery is told at its end.
        ([50, 520], [50, 600]),
    ],
)
def test_what_is_muted_is_carried_out_where_it_still_holds(
    changes: list[int], times: list[int | None]
) -> None:
    assert [carried_out(time, changes, WINDOWS) for time in changes] == times


def test_what_was_held_back_otherwise_is_muted_too() -> None:
    # On since 50, held back by something else until 120: nothing changes until the window's end.
    assert carried_out(120, [50], WINDOWS) == 400
    assert carried_out(120, [50, 380], WINDOWS) is None
