"""How times, counts and lists read in every message, and what was probably meant."""

import pytest

from ecs_monitoring import words


@pytest.mark.parametrize(
    ("time", "said"),
    # A day has 86,400 seconds; the second one is a leap day, 11016 days after 1970.
    [(0, "1970-01-01T00:00:00Z"), (951_782_400 + 3661, "2000-02-29T01:01:01Z")],
)
def test_a_time(time: int, said: str) -> None:
    assert words.iso(time) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (90, "2 min"),
        (3599, "60 min"),
        (3600, "1 h"),
        (12_600, "3.5 h"),
        (36_000, "10 h"),
        (37_800, "10 h"),
        (172_799, "48 h"),
        (172_800, "2 days"),
        (216_000, "2.5 days"),
        (1_036_800, "12 days"),
        (86_400_000, "1,000 days"),
    ],
)
def test_a_duration(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 alarms"), (1, "1 alarm"), (2, "2 alarms"), (1200, "1,200 alarms")],
)
def test_a_count(number: int, said: str) -> None:
    assert words.counted(number, "alarm") == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("", ""),
        ("a", "a"),
        ("aba", "a, b"),
        ("abcde", "a, b, c, d, e"),
        ("abcdef", "a, b, c, d, e and 1 more"),
        ("abcdefgaa", "a, b, c, d, e and 2 more"),
    ],
)
def test_a_list(names: str, said: str) -> None:
    assert words.listed(names) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("it is slow", "It is slow."),
        ("it is slow.", "It is slow."),
        ("is it?", "Is it?"),
        ("it is!", "It is!"),
        ("and so on…", "And so on…"),
        ("CPU", "CPU."),
    ],
)
def test_a_sentence(text: str, said: str) -> None:
    assert words.sentence(text) == said


def test_quotes_and_backslashes_are_escaped_within_quotes() -> None:
    assert words.quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("critcal", ["warning", "critical"], "critical"),
        # Half alike is enough: one letter of two.
        ("ab", ["ac"], "ac"),
        ("ab", ["acd"], None),
        ("abcd", ["abxy", "abcx", "abyy"], "abcx"),
        ("critcal", [], None),
    ],
)
def test_what_was_probably_meant(word: str, choices: list[str], meant: str | None) -> None:
    assert words.closest(word, iter(choices)) == meant


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("critcal", '; did you mean "critical"? write one of: critical, warning'),
        ("xyz", "; write one of: critical, warning"),
    ],
)
def test_a_choice_of_few(word: str, said: str) -> None:
    assert words.did_you_mean(word, iter(["critical", "warning"])) == said


def test_the_nearest_of_many() -> None:
    """Whatever their case, three at most and the best first."""
    known = ["db.t3.large", "db.t2.small", "db.t3.small", "db.r5.24xlarge"]
    near = "; nearest known: db.t3.small, db.t2.small, db.t3.large"
    assert words.nearest_known("DB.T3.SMALL", iter(known)) == near
    assert words.nearest_known("???", known) == ""
