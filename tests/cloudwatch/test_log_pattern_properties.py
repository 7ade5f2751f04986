"""What holds for every filter pattern and every message."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.log_pattern import (
    LogPattern,
    LogPatternError,
    matches,
    parse_pattern,
)

WORDS = st.text("abAB_1", min_size=1, max_size=3)
MESSAGES = st.text("abAB_1 \n", max_size=20)

# Pieces of the language, so that random texts get past the first character.
PIECES = st.sampled_from(
    [
        *["{", "}", "[", "]", "(", ")", "$.", "$.a", "=", "!=", ">", "&&", "||", "IS NULL", '"'],
        *["%", "a", "a*", "4", "-1.5", "1e3", "...", ",", "?", "-", "\\", "*", "é", ".", "^", " "],
        *["\n", "{2}", "[a-c]{1,2}", r"\d+", "|", '"a b"', "[0]", "[*]"],
    ]
)
SELECTORS = st.sampled_from(["$.a", "$.*", "$.a.['k.1']", "$.a[0]", "$.a[*]", "$.a.a[1].a"])
COMPARISONS = st.sampled_from(
    ["= 4*", "!= -1.5", "> 1e3", '= "a b"', "= *", "!= %a.*%", "<= 99999999999999999999"]
)
KEYWORDS = st.sampled_from(["IS NULL", "IS TRUE", "IS FALSE", "NOT EXISTS"])
CONNECTIVES = st.sampled_from(["&&", "||"])
CONDITIONS = st.recursive(
    st.builds("{} {}".format, SELECTORS, COMPARISONS | KEYWORDS),
    lambda inner: st.builds("({} {} {})".format, inner, CONNECTIVES, inner),
    max_leaves=4,
)
FIELDS = st.one_of(
    st.sampled_from(["a", "b", "", "..."]),
    st.builds("a {} {} a {}".format, COMPARISONS, CONNECTIVES, COMPARISONS),
)
PATTERNS = st.one_of(
    st.text(max_size=40),
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=6).map(lambda pieces: "%" + "".join(pieces) + "%"),
    st.lists(PIECES, max_size=3).map(lambda pieces: "{ $.a " + "".join(pieces) + " }"),
    CONDITIONS.map("{{ {} }}".format),
    st.lists(FIELDS, max_size=4).map(lambda fields: "[" + ", ".join(fields) + "]"),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "k.1"]) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
EVENTS = st.one_of(
    st.text(max_size=40),
    st.lists(PIECES, max_size=12).map(" ".join),
    VALUES.map(json.dumps),
    VALUES.map(lambda value: json.dumps({"a": value})),
)


def parsed_or_error(pattern: str) -> LogPattern | LogPatternError:
    """Return the parsed pattern, or the error that parsing raises."""
    try:
        return parse_pattern(pattern)
    except LogPatternError as error:
        return error


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(pattern=PATTERNS, message=EVENTS)
@example(pattern="{ $.a > 1 }", message='{"a": 1e9999999999999999999999}')
@example(pattern="{ $.a = 1 }", message='{"a":' * 20000)
def test_nothing_but_a_pattern_error_is_ever_raised(pattern: str, message: str) -> None:
    parsed = parsed_or_error(pattern)
    if isinstance(parsed, LogPatternError):
        assert 1 <= parsed.column <= len(pattern) + 1
    else:
        assert isinstance(matches(parsed, message), bool)


@given(terms=st.lists(WORDS, min_size=1, max_size=4), message=MESSAGES)
def test_words_all_or_any_or_none_occur_in_the_message(terms: list[str], message: str) -> None:
    found = [term in message for term in terms]

    def match(modifier: str) -> bool:
        return matches(parse_pattern(" ".join(modifier + term for term in terms)), message)

    assert match("") is all(found)
    assert match("?") is any(found)
    assert match("-") is (not any(found))


@given(phrase=st.text(min_size=1, max_size=10).filter(str.strip), around=st.text(max_size=5))
def test_any_phrase_can_be_quoted(phrase: str, around: str) -> None:
    quoted = '"' + phrase.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert matches(parse_pattern(quoted), around + phrase + around)
    assert not matches(parse_pattern("-" + quoted), around + phrase + around)
    assert matches(parse_pattern(quoted), around) is (phrase in around)


@given(
    alternatives=st.lists(
        st.lists(st.integers(0, 3), min_size=1, max_size=3), min_size=1, max_size=3
    ),
    value=st.integers(0, 3),
)
def test_and_binds_before_or(alternatives: list[list[int]], value: int) -> None:
    expected = any(all(value != number for number in chain) for chain in alternatives)

    def joined(name: str) -> str:
        return " || ".join(
            " && ".join(f"{name} != {number}" for number in chain) for chain in alternatives
        )

    assert matches(parse_pattern(f"{{ {joined('$.a')} }}"), f'{{"a": {value}}}') is expected
    assert matches(parse_pattern(f"[{joined('a')}, b]"), f"{value} x") is expected


@given(number=st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_number_equals_itself_in_json_and_in_a_field(number: object) -> None:
    assert matches(parse_pattern(f"{{ $.a = {number} }}"), f'{{"a": {number}}}')
    assert not matches(parse_pattern(f"{{ $.a != {number} }}"), f'{{"a": "{number}"}}')
    assert matches(parse_pattern(f"[a >= {number} && a <= {number}]"), f"{number}")


@given(fields=st.lists(WORDS, min_size=1, max_size=5), data=st.data())
def test_an_ellipsis_stands_for_any_number_of_fields(
    fields: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(fields)))
    end = data.draw(st.integers(start, len(fields)))
    leading = [f"f = {word}" for word in fields[:start]]
    trailing = [f"f = {word}" for word in fields[end:]]
    pattern = parse_pattern("[" + ", ".join([*leading, "...", *trailing]) + "]")
    assert matches(pattern, " ".join(fields))
    assert matches(pattern, " ".join([*fields[:start], *"xyz", *fields[end:]]))
