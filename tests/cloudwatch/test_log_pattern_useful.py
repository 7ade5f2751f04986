"""Patterns for alarms: some lines match, others do not, and it says what was meant."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.log_pattern import (
    LogPatternError,
    matches,
    parse_pattern,
    useful_pattern,
)


def refusal(pattern: str) -> str:
    with pytest.raises(LogPatternError) as raised:
        useful_pattern(pattern)
    return str(raised.value)


@pytest.mark.parametrize(
    "pattern",
    [
        *("", " ", '" "', '""'),
        # Brackets name fields; a name alone asks for nothing.
        *("[...]", "[ERROR]", "[ip, user, ...]", "[level = *, ...]", '[a = "*"]'),
        *("%.*%", "%.%", "%a*%", "%^%", "%[^q]%", r"%\w|\W%"),
        # Every line of the format has these.
        *('{ $.level = "*" }', "{ $.message = %.*% }", "{ $.* = * }", "{ $.a = 1 || $.level = * }"),
    ],
)
def test_a_pattern_that_matches_every_line_is_told_so(pattern: str) -> None:
    assert "matches every event" in refusal(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *("ERROR -ERR", '"timed out" -timed'),
        *("{ $.a = 1 && $.a = 2 }", "{ $.a > 5 && $.a < 5 }", "{ $.a > 5 && ($.a < 5) }"),
        *('{ $.a = "x" && $.a != "x" }', '{ $.a = "x*" && $.a = "y*" }', "{ $.a = x && $.a = y }"),
        *("{ $.a IS NULL && $.a = 5 }", "{ $.a NOT EXISTS && $.a IS TRUE }"),
        "{ ($.a = 1 && $.a = 2) || ($.b = x && $.b = y) }",
        *("[a = 1 && a = 2]", "[..., status = 4* && status = 5*]"),
    ],
)
def test_a_pattern_that_contradicts_itself_is_told_so(pattern: str) -> None:
    assert "no line can match" in refusal(pattern)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("?ERROR ?Error", "Error"),
        ("-DEBUG", "INFO"),
        ("%^ERROR|timed out%", "it timed out"),
        ("[ip, user, ..., status = 5*]", "10.0.0.1 ada GET 503"),
        ("[level != DEBUG, ...]", "ERROR here"),
        ('{ $.exception = "*" }', '{"exception": "Traceback"}'),
        ("{ $.a > 1 && $.a < 2 }", '{"a": 1.5}'),
        ("{ $.a >= 1 && $.a <= 1 }", '{"a": 1}'),
        ("{ $.a = 4* && $.a = *5 }", '{"a": "45"}'),
        ('{ $.a = "a*" && $.a = "*b*" && $.a != "ab" }', '{"a": "axbx"}'),
        # Of several elements each condition may hold for another one.
        ("{ $.a[*] = 1 && $.a[*] = 2 }", '{"a": [1, 2]}'),
        ("{ ($.a = 1 && $.a = 2) || $.b = 3 }", '{"b": 3}'),
        # The words alone are words.
        ("OR", "this OR that"),
        ('"A OR B"', "A OR B"),
        ("error or warning", "warning or error"),
    ],
)
def test_a_pattern_that_tells_lines_apart_is_taken(pattern: str, line: str) -> None:
    assert matches(useful_pattern(pattern), line)
    assert not matches(useful_pattern(pattern), "DEBUG 0")


@pytest.mark.parametrize(
    ("pattern", "offered"),
    [
        ("ERROR OR WARN", "?ERROR ?WARN"),
        ("ERROR|WARN", "?ERROR ?WARN"),
        ("(ERROR|WARN|FATAL)", "?ERROR ?WARN ?FATAL"),
        ("ERROR || WARN", "?ERROR ?WARN"),
        ('"payment failed" OR refund', '?"payment failed" ?refund'),
        ("payment failed OR refund", '?"payment failed" ?refund'),
        ("?ERROR OR ?WARN", "?ERROR ?WARN"),
        ("ERROR AND payment", "ERROR payment"),
        ("ERROR && payment", "ERROR payment"),
        ("ERROR&&payment", "ERROR payment"),
        ("ERROR NOT DEBUG", "ERROR -DEBUG"),
        ("ERROR AND NOT DEBUG", "ERROR -DEBUG"),
        ("ERROR !DEBUG", "ERROR -DEBUG"),
        ("'payment failed'", '"payment failed"'),
        ("*ERROR*", "ERROR"),
        (".*ERROR.*", "ERROR"),
        ("(?i)error", "?error ?Error ?ERROR"),
        (r"/5\d\d/", r"%5\d\d%"),
    ],
)
def test_words_of_other_languages_get_what_was_meant(pattern: str, offered: str) -> None:
    assert refusal(pattern).endswith(f"; write {offered}")
    useful_pattern(offered)


def test_or_beside_not_is_no_single_pattern() -> None:
    assert refusal("ERROR OR NOT DEBUG").endswith("write two patterns, each with its own alarm")


# The condition is from https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html
@pytest.mark.parametrize("quotes", ["''", "``", "“”", "‘’"])
def test_what_is_offered_for_other_quotes_matches_the_value(quotes: str) -> None:
    wrong = f"{quotes[0]}Root{quotes[1]}"
    message = refusal(f"{{ $.userIdentity.type = {wrong} }}")
    assert message.endswith('; write "Root"')
    repaired = useful_pattern('{ $.userIdentity.type = "Root" }')
    assert matches(repaired, '{"userIdentity": {"type": "Root"}}')
    assert not matches(repaired, '{"userIdentity": {"type": "IAMUser"}}')


WORDS = st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True).filter(
    lambda word: word not in ("OR", "AND", "NOT")
)


@given(st.lists(WORDS, min_size=2, max_size=4), st.sampled_from([" OR ", "|", " || ", " | "]))
def test_alternatives_in_any_spelling_match_each_of_them(words: list[str], between: str) -> None:
    offered = refusal(between.join(words)).partition("; write ")[2]
    assert all(matches(parse_pattern(offered), word) for word in words)


@given(st.text(alphabet="aERO|&'\"/*.?-!(){}[]%$=1 <>,", max_size=30))
def test_whatever_is_offered_as_a_whole_pattern_is_one(pattern: str) -> None:
    try:
        useful_pattern(pattern)
    except LogPatternError as error:
        message = str(error)
    else:
        return
    if message.startswith("column 1: ") and (found := re.search(r"; write ([?%-].*)$", message)):
        useful_pattern(found[1])
