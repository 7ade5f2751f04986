"""Searches in all texts at once: whether any text fits several of them together."""

from itertools import product

import pytest

from ecs_monitoring.cloudwatch.log_pattern.regex import compile_regex
from ecs_monitoring.cloudwatch.log_pattern.search_states import (
    RegexSearch,
    fits_all,
    fits_every_line,
    is_impossible_together,
)
from ecs_monitoring.cloudwatch.log_pattern.syntax import Atom


def searches(*sources: str) -> list[RegexSearch]:
    """Expressions that have to be found; with ``!`` before one, must not be."""
    return [
        RegexSearch(compile_regex(source.removeprefix("!"), 1).branches, not source.startswith("!"))
        for source in sources
    ]


@pytest.mark.parametrize(
    "sources",
    [
        ("a^",),
        ("$a",),
        (r"[^\s\S]",),
        ("^a", "^b"),
        ("a$", "b$"),
        ("a", "!a"),
        ("ab", "!b"),
        ("aa", "!a+"),
        ("^a+$", "b"),
        ("^$", "."),
        ("!^$", "!."),
        (".", r"!\w", r"!\W"),
        (".", "!a", "![^a]"),
        ("^.$", ".."),
        ("^a{2}$", "^a{3}$"),
        ("^a{2,3}$", "^a{4,6}$"),
        ("^a{2,}$", "^a{,1}$"),
        ("^a?$", "aa"),
        ("^a+$", "!^a"),
        ("a|^b", "!a", "^c"),
        ("^[ab]$", "c"),
        # Beyond ASCII no character is a letter.
        (r"[^\x00-\x7F]", r"!\W"),
        # 100 steps are followed: 98 characters and two anchors.
        ("^a{98}$", "^a{97}$"),
        ("a{100}", "!a"),
        ("a{,99}b", "!b"),
    ],
)
def test_searches_that_no_text_fits(sources: tuple[str, ...]) -> None:
    assert is_impossible_together(searches(*sources))
    assert is_impossible_together(searches(*sources[::-1]))


@pytest.mark.parametrize(
    "sources",
    [
        (),
        ("a",),
        ("!a",),
        ("^$",),
        ("!.",),
        ("^a", "b$"),
        ("^a", "!b"),
        ("a+", "!aa"),
        ("^$", "!."),
        ("^a*$", "!^a"),
        (".", "!^.$"),
        ("^.$", "!.."),
        ("^a{2,4}$", "^a{4,6}$"),
        ("^a{2,}$", "^a{,2}$"),
        ("^a?b*c+$", "!a", "!b"),
        ("a", "b", "c", "!ab", "!bc", "!ca"),
        ("a|^b", "!a", "^b"),
        (r"[^\x00-\x7F]", r"!\w"),
        (r"[^\x00-\x7F]", "!x"),
        (r"\s", "! "),
        # The empty text has its end before its start.
        ("$^",),
        # More than 100 steps are left open.
        ("^a{99}$", "^a{98}$"),
        ("^a{100}$", "^a{97}$"),
        ("a{101}", "!a"),
        ("a{,100}b", "!b"),
        ("a{50}|b{51}", "!a", "!b"),
    ],
)
def test_searches_that_some_text_may_fit(sources: tuple[str, ...]) -> None:
    assert not is_impossible_together(searches(*sources))
    assert not is_impossible_together(searches(*sources[::-1]))


E_ACUTE, E_GRAVE = ((Atom("é"),),), ((Atom("è"),),)


def test_characters_beyond_ascii_are_told_apart() -> None:
    begins = [RegexSearch((("^", Atom(letter)),)) for letter in "éè"]
    assert is_impossible_together(begins)
    assert not is_impossible_together(begins[:1])
    assert is_impossible_together([begins[0], *searches("!^.")])
    assert is_impossible_together([begins[0], *searches(r"^\w")])
    # Others are left where these must not be.
    without = [RegexSearch(letter, is_wanted=False) for letter in (E_ACUTE, E_GRAVE)]
    assert not is_impossible_together([*without, *searches(r"[^\x00-\x7F]")])
    assert is_impossible_together([*without, RegexSearch(E_GRAVE)])
    assert not is_impossible_together([without[0], RegexSearch(E_GRAVE)])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (".", True),
        ("^", True),
        ("$", True),
        ("^.", True),
        (".$", True),
        (".*", True),
        ("a?", True),
        ("a{0}", True),
        ("a|[^a]", True),
        (r"\w|\W", True),
        ("a*$", True),
        ("a", False),
        ("^a*$", False),
        # A line of one character has no two.
        ("..", False),
        ("^$", False),
        (r"[^\s\S]", False),
        (r"\w|\s", False),
        # Left open.
        (".{0,101}", False),
    ],
)
def test_whether_every_line_has_it(source: str, expected: bool) -> None:
    assert fits_every_line(compile_regex(source, 1).branches) is expected


LINES = ["".join(line) for length in range(4) for line in product("abé\n", repeat=length)]


@pytest.mark.parametrize(
    "source",
    [
        *("a", "^a", "a$", "^a$", "^$", "^", "$", "$^", "ab", "a.b", "^.b", "a.$", "a|b$", "^a|b"),
        *("a?b", "^a?b", "^a*b", "^a+b", "a{2}", "^a{2}$", "a{1,2}b", "^a{2,}$", "^[^a]+$", "ba?$"),
        *(r"\s", r"^\W$", r"[^\s\S]", "a^", "$a", "a*$^b*", "a?^b?$a?", "^a?b?a?$", "^a*b*a*$"),
        *("aba", "aab|abb", "a+b+", "^^a$$", "a{0}b", "^a{0,2}b", "[b]a*b"),
    ],
)
def test_a_search_finds_what_python_finds(source: str) -> None:
    regex = compile_regex(source, 1)
    found = [line for line in LINES if fits_all(regex.branches, [line])]
    assert found == [line for line in LINES if regex.compiled.search(line)]


def test_a_search_in_several_lines() -> None:
    branches = compile_regex("^a|b$", 1).branches
    assert fits_all(branches, [])
    assert fits_all(branches, ["ax", "xb"])
    assert not fits_all(branches, ["ax", "x"])
    # What is too long is found in none.
    assert fits_all(compile_regex("a{100}", 1).branches, ["a" * 100])
    assert not fits_all(compile_regex("a{101}", 1).branches, ["a" * 101])
