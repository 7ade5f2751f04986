"""What is taken for an alarm matches some line and not another, tried on all short lines."""

from __future__ import annotations

import json
from itertools import chain, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.log_pattern import (
    LogPatternError,
    matches,
    parse_pattern,
    useful_pattern,
)
from tests.cloudwatch.refusals import said_of


@pytest.mark.parametrize(
    "pattern",
    [
        # After the end, or before the start, there is no character.
        *("%$^%", "%^$%", "%a^%", "%$a%", "%a^|$b%", "%x+^y%", r"%^\d{0}$%"),
        # No character is in the class; no event is so long: "1 MB (maximum)",
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
        *(r"%[^\s\S]%", r"%a[^\d\D]+%", "%a{1048577}%"),
        *("[x != *]", '[x != "*", ...]', "[x != %.*%]", "[x = %a^%]", "[x = 1 && x != 1]"),
        *("{ $.a != * }", "{ $.a != %b?% }", r"{ $.a = %[^\s\S]% }", "{ $.a = %x% && $.a != %x% }"),
        # Whatever the other one asks, the first allows a single value.
        *('{ $.a = "x" && $.a = %y% }', '{ $.a = "x" && $.a > 5 }'),
        *("{ $.a = 1 && ($.a = 2 || $.a = 3) }", "{ ($.a = 1 || $.a = 2) && $.a > 2 }"),
        # A value has no properties.
        *("{ $.a = 1 && $.a.b = 2 }", "{ $.a.b IS NULL && $.a NOT EXISTS }"),
        *("{ $.a.b = 1 && $.a[0] = 2 }", "{ $.a.* = 1 && $.a = 2 }", "{ $.a[*] = 1 && $.a.* = 2 }"),
        # What both an expression and another test ask for.
        *("{ $.a = %^x% && $.a = %^y% }", "{ $.a = %xy% && $.a != %y% }"),
        *('{ $.a = "*xy*" && $.a != %x% }', "[a = %^[0-9]+$% && a = *x*, ...]"),
        *("{ $.a > 5 && $.a = %^x% }", "{ $.a = %^a{2}$% && $.a = %^a{3}$% }"),
    ],
)
def test_a_pattern_that_no_line_can_match_is_told_so(pattern: str) -> None:
    assert "no line can match" in said_of(pattern)


@pytest.mark.parametrize(
    ("pattern", "offered", "beside"),
    [
        ("{ $.a = 1 || $.a != 1 }", '{ $.a = "*" }', ""),
        ("{ $.a != 1 || $.a != 2 }", "{ $.a != 1 && $.a != 2 }", '{ $.a = "*" }'),
        ("{ $.a < 5 || $.a > 3 }", "{ $.a < 5 && $.a > 3 }", '{ $.a = "*" }'),
        # Every line of the format has a level.
        ("{ $.level != A || $.level != B }", '{ $.level != "A" && $.level != "B" }', ""),
        ("{ $.a = %x% || $.b = 1 || $.a != %x% }", '{ $.a = "*" }', ""),
        ("{ $.a NOT EXISTS || $.a = * }", '{ $.a = "*" }', ""),
    ],
)
def test_alternatives_of_which_one_always_holds_are_told_so(
    pattern: str, offered: str, beside: str
) -> None:
    message = said_of(pattern)
    shown = f" ({beside} asks for these)" if beside else ""
    assert message.endswith(f"so it matches every event that has it{shown}; write {offered}")
    for offer in filter(None, (offered, beside)):
        useful_pattern(offer)


@pytest.mark.parametrize(
    "pattern",
    ["[a = 1 || a != 1]", "[a != x || a != y, rest]", "[a = * || a = 1, ..., b != x || b != y]"],
)
def test_fields_of_which_any_value_does_are_told_so(pattern: str) -> None:
    assert "hold for whatever the fields are" in said_of(pattern)


def test_what_no_line_can_match_gets_the_alternatives_that_some_match() -> None:
    message = said_of("{ $.a > 5 && $.a < 3 }")
    assert message.endswith("or let either do; write { $.a > 5 || $.a < 3 }")
    repaired = useful_pattern("{ $.a > 5 || $.a < 3 }")
    assert [n for n in range(9) if matches(repaired, f'{{"a": {n}}}')] == [0, 1, 2, 6, 7, 8]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("%^a|b$%", "a"),
        ("%b?^a%", "a"),
        ("%a$b*%", "a"),
        (r"%x^|[^\s\S]|y%", "y"),
        ("%a{3}%", "aaa"),
        ('{ $.a = "" }', '{"a": ""}'),
        # Only an empty text has its end before its start, and a value may be one.
        ("{ $.a = %$^% }", '{"a": ""}'),
        ("{ $.a IS NULL || $.a NOT EXISTS }", '{"a": null}'),
        ("{ ($.a != 1 || $.a != 2) && $.b = 3 }", '{"a": 5, "b": 3}'),
        ('{ $.a != 200 || $.a = "-" }', '{"a": 500}'),
        ('{ $.a = "x*" && $.a = "*b*" && $.a != "*~*" }', '{"a": "xb"}'),
        ('{ $.a = "ab*" && $.a = "*bc" && $.a != "*~*" && $.a != "abbc" }', '{"a": "abc"}'),
        ("{ $.a[*] = 1 && $.a[*] != 1 }", '{"a": [1, 2]}'),
        ("{ $.a = %x.*y% && $.a != %^[xy]+$% }", '{"a": "xzy"}'),
        ("{ $.a = %^a{2,4}$% && $.a = %^a{3}% && $.a != aaaa }", '{"a": "aaa"}'),
        # Too many states to follow: taken, since nobody knows.
        ("{ $.a = %x.{250}y% && $.a = %^.{252}$% }", '{"a": "x' + "-" * 250 + 'y"}'),
        ("[a != x && a != y, ...]", "z"),
        ("[status >= 500 && status < 600, ...]", "503"),
    ],
)
def test_a_pattern_with_both_sides_is_taken(pattern: str, line: str) -> None:
    assert matches(useful_pattern(pattern), line)


def short(alphabet: str, longest: int) -> list[str]:
    return [
        "".join(text)
        for length in range(1, longest + 1)
        for text in product(alphabet, repeat=length)
    ]


# Characters that the expressions name, one that they do not, and one beyond ASCII.
LINES = short("abcé ", 4)
ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", r"\W", r"[^\s\S]", r"[\w\W]"])
PARTS = st.one_of(
    st.sampled_from(["^", "$"]),
    st.builds("{}{}".format, ATOMS, st.sampled_from(["", "?", "*", "+", "{0}", "{1,2}", "{0,1}"])),
)
BRANCHES = st.lists(PARTS, min_size=1, max_size=3).map("".join)
EXPRESSIONS = st.lists(BRANCHES, min_size=1, max_size=2).map("|".join)


@pytest.mark.parametrize("source", [".*" * 12 + "q", "a?" * 30 + "q", "x.*" * 12 + "q"])
def test_an_expression_that_takes_python_for_ever_is_tried_at_once(source: str) -> None:
    # Each .* multiplies the ways in which a search that goes back and forth fails.
    assert said_of(f"%{source}%") == ""


@given(EXPRESSIONS)
@example(r"[^\s\S]*$^")
@example("a|^$")
def test_an_expression_is_taken_where_some_line_fits_and_another_does_not(source: str) -> None:
    pattern = f"%{source}%"
    told = said_of(pattern)
    found = {matches(parse_pattern(pattern), line) for line in LINES}
    if not told:
        assert found == {True, False}
    elif "no line can match" in told:
        assert found == {False}


ORDERS = st.builds(
    "{{}} {} {}".format, st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from("12")
)


def equalities(*operands: str) -> st.SearchStrategy[str]:
    return st.builds("{{}} {} {}".format, st.sampled_from(["=", "!="]), st.sampled_from(operands))


KEYWORDS = st.sampled_from(["{} IS NULL", "{} IS TRUE", "{} NOT EXISTS"])
TESTS = [
    ORDERS | equalities("1", "2", '"x"', '"x*"', '"*y"', '"*x*"', "*", '""', "%x%", "%^x?$%"),
    ORDERS | equalities("1", "2"),
    equalities("%x%", "%^x?$%", "%x^%", "%.*%", "%y.*x%", "%^[^x]+$%", '"x*"', '"*y"', '"xy"'),
]


def combined(tests: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        tests.map(lambda test: test.format("$.a")),
        lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||"]), inner),
        max_leaves=4,
    )


CONDITIONS = st.one_of([combined(tests | KEYWORDS) for tests in TESTS])
VALUES: list[str | float] = ["", *short("xyz", 3), "0", "1", "1.5", "2", "3", 0, 1, 1.5, 2, 3]
OTHERS = ['{"a": null}', '{"a": true}', '{"a": false}', '{"a": []}', '{"a": {}}', "{}", '{"b": 1}']


@given(CONDITIONS)
def test_a_condition_is_taken_where_some_event_satisfies_it_and_another_does_not(
    condition: str,
) -> None:
    pattern = f"{{ {condition} }}"
    try:
        parsed = parse_pattern(pattern)
    except LogPatternError:
        return
    told = said_of(pattern)
    values = {value: matches(parsed, json.dumps({"a": value})) for value in VALUES}
    others = {matches(parsed, other) for other in OTHERS}
    if not told:
        assert {*values.values(), *others} == {True, False}
    elif "no line can match" in told:
        assert {*values.values(), *others} == {False}
    else:
        assert all(matched for value, matched in values.items() if not isinstance(value, str))


def alternatives(tests: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    chain_of = st.lists(tests.map(lambda test: test.format("f")), min_size=1, max_size=2)
    return st.lists(chain_of.map(" && ".join), min_size=1, max_size=3).map(" || ".join)


FIELD = st.one_of(list(map(alternatives, TESTS)))
WORDS = ['""', *short("xyz", 3), "0", "1", "1.5", "2", "3"]


@given(FIELD)
def test_a_field_is_taken_where_some_word_satisfies_it_and_another_does_not(field: str) -> None:
    pattern = f"[{field}, ...]"
    try:
        parsed = parse_pattern(pattern)
    except LogPatternError:
        return
    told = said_of(pattern)
    found = {matches(parsed, word) for word in chain(WORDS, [f"{word} more" for word in WORDS])}
    if not told:
        assert found == {True, False}
    elif "no line can match" in told:
        assert found == {False}
