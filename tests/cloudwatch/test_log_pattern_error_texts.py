"""All that is said about a wrong filter pattern, wherever in the pattern the fault stands."""

from __future__ import annotations

import pytest

from ecs_monitoring.cloudwatch.log_pattern import parse_pattern
from tests.cloudwatch.refusals import refusal

BLANK = (
    "a blank phrase is a pattern for all events and says nothing beside other terms; leave it out"
)
BESIDE = (
    "stands beside terms without ?, and CloudWatch Logs then ignores every ? term; write ? before "
    "all terms or before none; for other combinations use a regular expression or two filters"
)
NO_EXPRESSION_BESIDE = (
    "a regular expression cannot stand beside other terms or after ? or -; make it the whole "
    'pattern, or quote the term if % is meant literally: "100%"'
)
TERM_QUOTES = "and a term with characters other than letters, digits and _ must be in double quotes"
NO_QUOTE = (
    "the double quote that opens here is never closed; "
    'close it with ", and write \\" for a double quote inside it'
)
NO_PERCENT = (
    "the regular expression that opens here is never closed; "
    "close it with %, or put a text that holds % in double quotes"
)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (
            "  ok -a.b",
            f"column 8: the term a.b has the character '.', {TERM_QUOTES}; write -\"a.b\"",
        ),
        ('ok -" "', f"column 4: {BLANK}"),
        ('?""', f"column 1: {BLANK}"),
        ("a ?b c ?d", f"column 3: ?b {BESIDE}"),
        ('?"a b" -c', f"column 1: ?a b {BESIDE}"),
        ("a -", "column 3: - stands before no term; write it directly before its term, as -ERROR"),
        (
            "a ? b",
            "column 3: ? stands before no term; write it directly before its term, as ?ERROR",
        ),
        ('a ?"b"c', "column 7: a quoted phrase runs into the next term; put a space between"),
        ("a ?%b%", f"column 4: {NO_EXPRESSION_BESIDE}"),
        (
            " %a%  b",
            "column 7: an unstructured pattern with a regular expression holds nothing else; write "
            "everything in the expression, or only words and phrases",
        ),
        (' a -"b', f"column 5: {NO_QUOTE}"),
        ("  %a", f"column 3: {NO_PERCENT}"),
        (
            "a" * 1030,
            "column 1025: the pattern has 1030 characters, and the API takes at most 1024; shorten "
            "it or use several filters",
        ),
    ],
)
def test_patterns_of_words(pattern: str, message: str) -> None:
    assert refusal(pattern, parse_pattern) == message


KEYWORDS = (
    "use IS TRUE, IS FALSE, IS NULL or NOT EXISTS in capitals, a comparison such as != 5, or = * "
    "for a property that has some string or number"
)
OPERATORS = "use =, !=, <, <=, > or >=, and = %...% for a regular expression"
NAME = (
    "a property name is missing; write letters, digits, - and _ after the full stop, or a name "
    "with other characters as .['cluster.name']"
)
ELEMENT = (
    "brackets after a property hold an element's number; write [0] or [*], or a quoted name after "
    "a full stop as .['cluster.name']"
)
JOIN = "cannot follow a condition; join conditions with && or ||, and end the pattern with }"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (" {", 'column 3: a property selector is missing; write a condition such as $.level = "x"'),
        ("{ $a = 1 }", "column 4: a property selector begins with $.; write $.name"),
        ("{ $.a.=1 }", f"column 7: {NAME}"),
        ("{ $.a.[b] = 1 }", f"column 7: {NAME}"),
        ("{ $.a[0][x] = 1 }", f"column 9: {ELEMENT}"),
        (
            "{ $.a = 1 && $.*.b.* = 2 }",
            "column 14: the selector has more than one wildcard, the most that CloudWatch Logs "
            "allows; name the other steps",
        ),
        (
            "{ $.* = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d.* = 1 }",
            "column 42: the pattern has more than 3 selectors with a wildcard, the most that "
            "CloudWatch Logs allows; name the element or the property",
        ),
        ("{ ($.a = 1)) }", "column 12: this ) closes nothing; leave it out"),
        ("{ (($.a = 1 ", "column 4: this ( is never closed; close it with )"),
        ("{ ( ($.a = 1) ", "column 3: this ( is never closed; close it with )"),
        ("{ $.a = 1 ", "column 11: the { that opens the pattern is never closed; add }"),
        ("{ $.a = 1 ; }", f"column 11: ';' {JOIN}"),
        ("{ ($.a = 1 ] }", f"column 12: ']' {JOIN}"),
        (
            "{ $.a = 1 }  x",
            "column 14: something follows the } that closes the pattern; leave it out: a JSON "
            "pattern cannot be combined with others",
        ),
        ("{ $.a IS NOT NULL }", f"column 7: CloudWatch Logs does not support IS NOT; {KEYWORDS}"),
        ("{ $.a  EXISTS }", f"column 8: CloudWatch Logs does not support EXISTS; {KEYWORDS}"),
        ("{ $.a IS true }", f"column 7: IS true is not an operator; {KEYWORDS}"),
        ("{ $.a NOT NULL }", f"column 7: NOT NULL is not an operator; {KEYWORDS}"),
        ("{ $.a IS }", f"column 7: IS is not an operator; {KEYWORDS}"),
        ("{ $.a=~5 }", f"column 6: =~ is not an operator; {OPERATORS}"),
        ("{ $.a }", f"column 7: an operator is missing; {OPERATORS}"),
    ],
)
def test_patterns_of_properties(pattern: str, message: str) -> None:
    assert refusal(pattern, parse_pattern) == message


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (
            " [,a, ]x",
            "column 8: something follows the ] that closes the pattern; leave it out, or quote a "
            'text that holds brackets: "[ERROR]"',
        ),
        (
            " [ , ]",
            "column 2: the brackets name no field; name the fields, as [ip, user, ...], or quote a "
            "text that begins with [",
        ),
        ("[a, b ", "column 7: the [ that opens the pattern is never closed; add ]"),
        (
            "[a, b; c]",
            "column 6: ';' cannot stand here; end the field with , or ]; name fields with letters, "
            "digits and _ only, and conditions as name = value, without parentheses",
        ),
        ("[a, .. ]", "column 5: an ellipsis has three full stops; write ..."),
        ("[..., a, ...]", "column 10: this is a second ellipsis; leave at most one ..."),
        (
            "[ab = 1 || c = 2]",
            "column 12: a condition on c stands in the field ab; name ab in each condition, as "
            "ab = 404 || ab = 410, and put a comma before another field",
        ),
        (
            "[ab = 1 && = 2]",
            "column 12: a condition on no field stands in the field ab; name ab in each condition, "
            "as ab = 404 || ab = 410, and put a comma before another field",
        ),
        ("[a, b ~ 2]", f"column 7: ~ is not an operator; {OPERATORS}"),
    ],
)
def test_patterns_of_fields(pattern: str, message: str) -> None:
    assert refusal(pattern, parse_pattern) == message


VALUE_QUOTES = (
    "and a value with characters other than letters, digits and _ must be in double quotes"
)
INNER = "has a * that is neither first nor last, which is no wildcard"


@pytest.mark.parametrize(
    ("comparison", "at", "message"),
    [
        # The place is counted from the operator's first character.
        ("= ", 2, '= has no value after it; write one, as = "value"'),
        ("!=", 2, '!= has no value after it; write one, as != "value"'),
        (
            ">= x",
            3,
            ">= compares numbers, and this is not one; write an unquoted number such as >= 500, or "
            "use = or !=",
        ),
        ("= a@b", 3, f'the value a@b has the character \'@\', {VALUE_QUOTES}; write "a@b"'),
        ("= 1e99999999999999999999", 2, "the number 1e99999999999999999999 is too large; write a "
         "smaller exponent"),
        ('= "a', 2, NO_QUOTE),
        ("= %a", 2, NO_PERCENT),
        # What is wrong in quotes, too, is said first.
        ("= a-*-b", 2, rf"a-*-b {INNER} (%a-\*-b% looks for the character); write %^a-.*-b$%"),
        ('= "*a*b"', 2, rf"*a*b {INNER} (%\*a\*b% looks for the character); write %a.*b$%"),
        ('= "a*b*"', 2, rf"a*b* {INNER} (%a\*b\*% looks for the character); write %^a.*b%"),
        ("= '*a*b*'", 2, rf"*a*b* {INNER} (%\*a\*b\*% looks for the character); write %a.*b%"),
        # An expression already: what it is in the dialect of filters.
        (
            r'= "a.*(b|c)"',
            2,
            rf"a.*(b|c) {INNER} (%a\.\*\x28b\|c\x29% looks for the character); "
            "write %a.*b|a.*c%",
        ),
        # é is in no expression, and . is any character.
        ('= "é!*b"', 2, f"é!*b {INNER} (%...b% looks for the character); write %^...*b$%"),
        ("!= 'a b'", 3, "' marks no text: it would be part of the value that != compares; "
         'write "a b"'),
        ("= `a`", 2, "` marks no text: it would be part of the value that = compares; "
         'write "a"'),
        ("= “*a*”", 2, "“ marks no text: it would be part of the value that = compares; "
         'write "*a*"'),
        ('= ‘a"b’', 2, "‘ marks no text: it would be part of the value that = compares; "
         'write "a\\"b"'),
        # A quote that is never closed is a character like others.
        ("= 'a", 2, f"the value 'a has the character \"'\", {VALUE_QUOTES}; write \"'a\""),
        ("= %a{x}%", 4, "{ here does not follow a single thing to repeat; write one repetition, as "
         "?, *, +, {2} or {3,5}, after a character or a class"),
    ],
)  # fmt: skip
def test_values(comparison: str, at: int, message: str) -> None:
    # "{ $.a " has 6 characters and "[ok, a " has 7.
    assert refusal(f"{{ $.a {comparison}", parse_pattern) == f"column {7 + at}: {message}"
    assert refusal(f"[ok, a {comparison}", parse_pattern) == f"column {8 + at}: {message}"


def test_a_third_expression() -> None:
    message = (
        "this is regular expression number 3, and a JSON or space-delimited pattern holds at most "
        "2; join expressions with |, or use a string with *"
    )
    assert refusal("[a = %x%, b != %y%, c = %z%]", parse_pattern) == f"column 25: {message}"
    assert (
        refusal("{ $.a = %x% || $.a = %y% || $.a = %z% }", parse_pattern) == f"column 35: {message}"
    )


CODE = "is not supported in a regular expression; write"
ESCAPES = (
    "is not an escape that CloudWatch Logs supports; write \\d, \\s, \\w, their upper-case "
    "opposites, \\ before an operator, or an ASCII code such as \\x28 with upper-case digits"
)
TIMES = (
    "here does not follow a single thing to repeat; write one repetition, as ?, *, +, {2} or "
    "{3,5}, after a character or a class"
)
EMPTY = "an empty expression would match everything; write what to match"
GROUPS = "; there are no groups, so write each alternative in full, as %4..|5..%"


@pytest.mark.parametrize(
    ("source", "at", "message"),
    [
        # The place is counted from the first character between the percent signs.
        ("ab!", 2, rf"'!' {CODE} \x21 for the character itself"),
        ("a\t", 1, rf"'\t' {CODE} \x09 for the character itself"),
        ("a(b", 1, rf"'(' {CODE} \x28 for the character itself{GROUPS}"),
        ("a)", 1, rf"')' {CODE} \x29 for the character itself{GROUPS}"),
        (
            "[aé]",
            2,
            "'é' is not supported in a regular expression, which is ASCII only; "
            "write . for any one character",
        ),
        (r"\d\b", 3, rf"\b {ESCAPES}"),
        (r"\x4a", 1, rf"\x {ESCAPES}"),
        (r"[\d\é]", 4, rf"\é {ESCAPES}"),
        ("a\\", 2, f"\\ {ESCAPES}"),
        ("^+", 1, f"+ {TIMES}"),
        ("a{2}{3}", 4, f"{{ {TIMES}"),
        ("a|?", 2, f"? {TIMES}"),
        ("ab]", 2, "] closes nothing; write \\] for the character itself"),
        ("}", 0, "} closes nothing; write \\} for the character itself"),
        ("a[b-", 1, "the [ that opens here is never closed; close it with ]"),
        ("a[bc", 1, "the [ that opens here is never closed; close it with ]"),
        ("ab[^]", 2, "the class [] holds no character; write \\[ for the character ["),
        ("", 0, EMPTY),
        ("a|", 2, EMPTY),
        ("a||b", 2, EMPTY),
        ("|", 0, EMPTY),
    ],
)
def test_expressions(source: str, at: int, message: str) -> None:
    assert refusal(f"%{source}%", parse_pattern) == f"column {2 + at}: {message}"
    assert refusal(f"{{ $.a = %{source}% }}", parse_pattern) == f"column {10 + at}: {message}"


@pytest.mark.parametrize("source", ["[b-a]", "a{3,2}", "[a-\\d]", "a{99999999999}"])
def test_ranges_that_end_before_they_begin_or_far_away(source: str) -> None:
    for pattern, column in ((f"%x{source}%", 2), (f"{{ $.a = %x{source}% }}", 10)):
        message = refusal(pattern, parse_pattern)
        assert message.startswith(f"column {column}: %x{source}% is not a valid regular expression")
        assert message.endswith(
            "; write ranges as [a-z] and repetitions as {3,5}, the smaller end first"
        )
