"""How times, durations and numbers read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.words import duration, sentence
from review.report.wording import (
    ReaderClock,
    condition,
    expectation,
    hours,
    number,
    share,
    significant,
)
from tests.review import reviews
from tests.times import at


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (45, "45 s"),
        (60, "1 min"),
        (900, "15 min"),
        (3600, "1 h"),
        (12_600, "3.5 h"),
        (86_400, "24 h"),
        (172_800, "2 days"),
        (302_400, "3.5 days"),
        (90 * 86_400, "90 days"),
    ],
)
def test_durations(seconds: int, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0"), (60, "< 0.1"), (300, "0.1"), (12_600, "3.5"), (36_000, "10"), (4_334_400, "1,204")],
)
def test_hours_of_columns(seconds: int, words: str) -> None:
    assert hours(seconds) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 4, "0 %"), (1, 4, "25 %"), (1, 1000, "< 1 %"), (999, 1000, "> 99 %"), (4, 4, "100 %")],
)
def test_shares_never_round_to_nothing_or_all(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (2 / 3, "0.7"),
        (23.0, "23"),
        (1234.5, "1,234"),
        (float("inf"), "∞"),
        (float("nan"), "unknown"),
    ],
)
def test_computed_numbers(value: float, words: str) -> None:
    assert number(value) == words


def test_four_digits_are_significant() -> None:
    assert [significant(v) for v in (123_456.0, 0.001_234_56, -9.876_54, 0.0)] == [
        123_500.0,
        0.001_235,
        -9.877,
        0.0,
    ]


def test_a_condition_has_sign_threshold_and_m_of_n() -> None:
    assert condition(reviews.CPU_THEN, Unit.PERCENT) == "≥ 92 %, 3 of 5 × 1 min"
    assert condition(reviews.STORAGE, Unit.BYTES) == "< 10 GiB, 1 of 1 × 5 min"


@pytest.mark.parametrize(
    ("words", "said"), [("it fired", "It fired."), ("Why?", "Why?"), ("", ""), ("é", "É.")]
)
def test_sentences(words: str, said: str) -> None:
    assert sentence(words) == said


def test_the_expectation_says_how_sure_it_is() -> None:
    words = expectation(reviews.cpu().suggestion)
    assert words == "Expect at most 2.4 firings a month (at 95 %)."
    assert expectation(reviews.storage().suggestion) == ""


def test_the_clock_is_the_readers() -> None:
    time = at("2026-09-02 19:10")
    assert ReaderClock(ZoneInfo("Asia/Tokyo")).minute(time) == "2026-09-03 04:10"
    assert ReaderClock(ZoneInfo("UTC")).minute(time) == "2026-09-02 19:10"


def test_charts_have_the_wall_clock_in_summer_and_winter() -> None:
    clock = ReaderClock(ZoneInfo("Europe/Berlin"))
    for utc, wall in (((2026, 7, 1, 12), 14), ((2026, 12, 1, 12), 13)):
        time = int(datetime(*utc, tzinfo=UTC).timestamp())
        assert datetime.fromtimestamp(clock.wall(time) / 1000, UTC).hour == wall
