"""Regular expressions in filter patterns, with AWS's examples.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
"""

from __future__ import annotations

import warnings

import pytest

from ecs_monitoring.cloudwatch.log_pattern import LogPatternError, matches, parse_pattern


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        # All of the page above.
        (
            "%AUTHORIZED%",
            ["[ERROR 401] UNAUTHORIZED REQUEST", "[SUCCESS 200] AUTHORIZED"],
            ["auth"],
        ),
        (r"%\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}%", ["from 10.10.0.1 to"], ["10.10.0"]),
        ("%[Ee]rror|[Ff]ail%", ["Error", "an error", "Failed", "fail"], ["ERROR", "FAIL"]),
        ("%^[hc]at%", ["hat", "cats"], ["a hat", "bat"]),
        ("%[hc]at$%", ["hat", "a cat"], ["hats", "cat\n"]),
        ("%colou?r%", ["color", "colour"], ["colouur"]),
        ("%[abc]%", ["a", "b", "c"], ["d"]),
        ("%[a-z]%", ["m"], ["M", "5"]),
        ("%[abcx-z]%", ["a", "b", "c", "x", "y", "z"], ["d", "-"]),
        ("%^a{3,5}$%", ["aaa", "aaaa", "aaaaa"], ["aa", "aaaaaa"]),
        ("%gra|ey%", ["gray", "grey"], ["gry"]),
        (
            "%^starting|^initializing|^shutting down%",
            ["starting ...", "initializing ...", "shutting down"],
            ["skipping initializing ..."],
        ),
        (r"%\[.\]%", ["[a]", "[b]", "[7]", "[@]", "[]]", "[ ]"], ["[]", "[ab]"]),
        (r"%10\.10\.0\.1%", ["10.10.0.1"], ["10010,051"]),
        ("%10.10.0.1%", ["10010,051"], ["10.10.0"]),
        ("%ab*c%", ["ac", "abc", "abbbc"], ["ab"]),
        ("%^ab[0-9]*$%", ["ab", "ab0", "ab129"], ["abc"]),
        ("%ab+c%", ["abc", "abbc", "abbbc"], ["ac"]),
        ("%.at%", ["hat", "cat", "bat", "4at", "#at", " at"], ["at"]),
        (r"%\d%", ["0", "9"], ["a", "٣"]),
        (r"%\D%", ["a"], ["0"]),
        (r"%a\sb%", ["a b", "a\tb", "a\nb"], ["ab"]),
        (r"%a\Sb%", ["axb"], ["a b"]),
        (r"%\w%", ["a", "Z", "_", "0"], ["-", "é"]),
        (r"%\W%", ["-", "é"], ["a", "_"]),
        (r"%\x3A%", [":"], [";", "x3A"]),
        (r"%\x28%", ["("], [")"]),
        # Hand-worked.
        ("%^a{,2}$%", ["", "a", "aa"], ["aaa"]),
        ("%^a{2,}$%", ["aa", "aaaa"], ["a"]),
        ("%[^a-c]%", ["d"], ["a", "b"]),
        (r"%^[\d:.*-]+$%", ["1:2", "3.4", "*", "-"], ["x"]),
        (r"%^[a\]]+$%", ["a]"], ["["]),
        ("%^[a[]$%", ["[", "a"], ["]"]),
        ("%a.b%", ["a\nb"], ["ab"]),
        (" %x% ", ["x"], ["y"]),
    ],
)
def test_expressions(pattern: str, found: list[str], not_found: list[str]) -> None:
    with warnings.catch_warnings():
        # Python warns of [[ and -- in a class, which must not reach it unescaped.
        warnings.simplefilter("error")
        parsed = parse_pattern(pattern)
    assert [text for text in found + not_found if matches(parsed, text)] == found


@pytest.mark.parametrize(
    ("pattern", "column", "hint"),
    [
        ("%something!%", 11, r"write \x21"),  # the page above
        ("%a(b)%", 3, "no groups"),  # the page above
        ("%é%", 2, "ASCII only"),  # the page above
        (r"%a\b%", 4, r"\b is not an escape"),
        (r"%\x3a%", 3, "upper-case digits"),
        (r"%\xFF%", 3, "ASCII code"),
        ("%a\\%", 4, "not an escape"),
        ("%a**%", 4, "single thing to repeat"),
        ("%a*?%", 4, "single thing to repeat"),
        ("%*a%", 2, "single thing to repeat"),
        ("%^*%", 3, "single thing to repeat"),
        ("%a{,}%", 3, "single thing to repeat"),
        ("%a{x}%", 3, "single thing to repeat"),
        ("%a{5,3}%", 2, "smaller end first"),
        ("%a{99999999999}%", 2, "too large"),
        ("%[c-a]%", 2, "smaller end first"),
        (r"%[a-\d]%", 2, "smaller end first"),
        ("%a]%", 3, r"write \]"),
        ("%a}%", 3, r"write \}"),
        ("%ab[c%", 4, "never closed"),
        ("%a[]%", 3, "holds no character"),
        ("%%", 2, "match everything"),
        ("%a|%", 4, "match everything"),
        ("%|a%", 2, "match everything"),
        ("%a||b%", 4, "match everything"),
        ("%a", 1, "close it with %"),
        ("%a% b", 5, "holds nothing else"),
        ("b %a%", 3, "cannot stand beside other terms"),
        ("-%a%", 2, "after ? or -"),
    ],
)
def test_what_is_no_supported_expression(pattern: str, column: int, hint: str) -> None:
    with pytest.raises(LogPatternError) as raised:
        parse_pattern(pattern)
    assert raised.value.column == column
    assert hint in str(raised.value)


@pytest.mark.parametrize(
    ("pattern", "column"),
    [
        ("{ $.a = %x% && $.b = %y% && $.c = %z% }", 35),
        ("[a = %x%, b = %y%, c = %z%]", 24),
    ],
)
def test_a_pattern_holds_at_most_two_expressions(pattern: str, column: int) -> None:
    with pytest.raises(LogPatternError, match=rf"^column {column}: .*at most 2"):
        parse_pattern(pattern)
