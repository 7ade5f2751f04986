"""All that is said of a pattern in another language, and at which column."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern import LogPatternError, useful_pattern
from ecs_monitoring.cloudwatch.log_pattern.meant import Meant, meant_by
from tests.cloudwatch.refusals import joined

NO_EXPRESSION = "put what filters support (no groups, flags or \\b) between percent signs"
QUERY = "this is a query of Logs Insights, which has another language than filters"
NO_QUERY = 'look for words, as ?ERROR ?Error, or in lines of JSON as { $.level = "ERROR" }'
BRACES = "conditions on JSON properties stand in braces"
SLASHES = "slashes mark no regular expression here"
PERCENTS = "a regular expression stands between percent signs"
ANY_CASE = "(?i) is no part of a filter pattern"
APART = "each with its own alarm"


def text(pattern: str) -> str:
    return f' ("{pattern}" in quotes looks for exactly this text)'


@pytest.mark.parametrize(
    ("pattern", "problem", "instead"),
    [
        # Queries.
        ("filter @message like /a/", QUERY, "write a"),
        ("fields @message | limit 5", QUERY, NO_QUERY),
        (
            "filter @message like /a/ or b = 'x'",
            QUERY,
            f'use two patterns, {APART}: a, {{ $.b = "x" }}',
        ),
        # Conditions without their braces.
        ("$.a == 'x'", BRACES, 'write { $.a = "x" }'),
        ("$.a = x", BRACES, 'write { $.a = "x" }'),
        (
            "$.a is great",
            BRACES,
            'put them as { $.level = "ERROR" && $.status >= 500 }',
        ),
        # A name and a value: text of the line, or a property of one in JSON.
        (
            "a=x",
            '= compares nothing outside braces ({ $.a = "x" } does, where the lines are JSON)',
            'write "a=x"',
        ),
        (
            "a.b = -1.5",
            "= compares nothing outside braces ({ $.a.b = -1.5 } does, where the lines are JSON)",
            'write "a.b = -1.5"',
        ),
        (
            'a="5"',
            '= compares nothing outside braces ({ $.a = "5" } does, where the lines are JSON)',
            r'write "a=\"5\""',
        ),
        (
            '"a": 5',
            ": compares nothing outside braces ({ $.a = 5 } does, where the lines are JSON)",
            r'write "\"a\": 5"',
        ),
        (
            'a:"b c"',
            ': compares nothing outside braces ({ $.a = "b c" } does, where the lines are JSON)',
            r'write "a:\"b c\""',
        ),
        ('a="b*c"', "= compares nothing outside braces", r'write "a=\"b*c\""'),
        # Expressions of other programs; what is hardly in a line is not offered as text.
        ("/a b/", SLASHES + text("/a b/"), 'write "a b"'),
        ("/a.*b/", SLASHES, "write %a.*b%"),
        (r"/a\/b|c/", SLASHES + text(r"/a\\/b|c/"), 'write ?"a/b" ?c'),
        ("/aB/i", SLASHES, "write ?ab ?Ab ?AB"),
        ("(?i)a|b", ANY_CASE, "write ?a ?A ?b ?B"),
        ("(?i)a.b", ANY_CASE, NO_EXPRESSION),
        ("/(?i)a/", SLASHES, "write ?a ?A"),
        ("a.*b", PERCENTS + text("a.*b"), "write %a.*b%"),
        ("^(a|b)c", PERCENTS + text("^(a|b)c"), "write %^ac|^bc%"),
        (r"\ba", PERCENTS + text(r"\\ba"), NO_EXPRESSION),
        # Words.
        ("a OR b", joined("OR"), "write ?a ?b"),
        ("a, b", "a comma joins no words: it would be looked for in the log as part of one"
         + text("a, b"), "write ?a ?b"),
        ("a OR -b", joined("OR"), f"use two patterns, {APART}: a, -b"),
        ("a OR -b OR -c", joined("OR"), f"use three patterns, {APART}: a, -b, -c"),
        ("a OR -b OR -c OR -d", joined("OR"), f"use four patterns, {APART}: a, -b, -c, -d"),
        ("a OR -b OR -c OR -d OR -e", joined("OR"), f"use 5 patterns, {APART}: a, -b, -c, -d, -e"),
        # Of more than five, not every combination is tried.
        ("a OR -b OR -c OR -d OR -e OR -f", joined("OR"), f"use several patterns, {APART}"),
        ("a AND -a", joined("AND"), f"use several patterns, {APART}"),
    ],
)  # fmt: skip
def test_patterns_as_they_stand(pattern: str, problem: str, instead: str) -> None:
    for spelled in (pattern, f"  {pattern}\t"):
        meant = meant_by(spelled)
        assert meant == Meant(problem, instead, is_doubtful=False, column=1)
        assert str(meant) == f"{problem}; {instead}"
    with pytest.raises(LogPatternError) as raised:
        useful_pattern(pattern)
    assert str(raised.value) == f"column 1: {problem}; {instead}"


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [("a or b", "write ?a ?b"), ("a b and c", "write a b c"), ("not a", "write -a")],
)
def test_a_phrase_is_doubtful_and_taken(pattern: str, instead: str) -> None:
    word = next(word for word in pattern.split() if word in ("or", "and", "not"))
    assert meant_by(pattern) == Meant(joined(word) + text(pattern), instead, is_doubtful=True)
    useful_pattern(pattern)


JOIN = "cannot follow a condition"
AFTER = "something follows the ] that closes the pattern"
ALONE = "an unstructured pattern with a regular expression holds nothing else"


@pytest.mark.parametrize(
    ("pattern", "column", "problem", "instead"),
    [
        # Braces.
        ("{ $.a == 'x' }", 7, "== is not an operator", 'write { $.a = "x" }'),
        ("{$.a==5}", 5, "== is not an operator", "write { $.a = 5 }"),
        (" { a = 1 and $.b = y }", 4, "a property selector is missing",
         'write { $.a = 1 && $.b = "y" }'),
        ("{ $.a IN [1, 2] }", 7, "IN is not an operator", "write { $.a = 1 || $.a = 2 }"),
        ("{ $.a = 1 ; $.b = 2 }", 11, f"';' {JOIN}", ""),
        # Of what another quote marks, the value alone is offered.
        ("{ $.a = 'x' or $.b = 'y' }", 9, "", ""),
        ("{ $.a == 1", 7, "", ""),
        # Brackets.
        ("[ab]c", 5, AFTER, "write %[ab]c%"),
        ("[a-c]+ d", 3, "'-' cannot stand here", "write %[a-c]+ d%"),
        ("[a|b]", 3, "'|' cannot stand here", "write ?a ?b"),
        ("[a | b | c]", 4, "'|' cannot stand here", "write ?a ?b ?c"),
        ("[a] OR [b]", 5, AFTER, 'write ?"[a]" ?"[b]"'),
        ("[a] AND -b", 5, AFTER, 'write "[a]" -b'),
        ("[a]  b", 6, AFTER, 'write "[a]  b"'),
        ("[a b", 4, "", ""),
        ("[a]!", 4, "", ""),
        # Fields, or nearly so.
        ("[a = 1] b", 9, "", ""),
        ("[a, b] c", 8, "", ""),
        ("[a > 1] b", 9, "", ""),
        # Percent signs.
        ("%(a|b) c%", 2, "'(' is not supported in a regular expression", "write %a c|b c%"),
        ("%(a|b).c%", 2, "'(' is not supported in a regular expression", "write %a.c|b.c%"),
        ("%(?i)ab%", 2, "'(' is not supported in a regular expression", "write ?ab ?Ab ?AB"),
        ("%!%", 2, "'!' is not supported in a regular expression", r"write %\x21%"),
        ("%(a|b)%", 2, "'(' is not supported in a regular expression", "write ?a ?b"),
        ("%a% b%", 5, ALONE, r"write %a\x25 b%"),
        ("%a(", 1, "", ""),
        ("%%", 2, "", ""),
        ("%", 1, "", ""),
    ],
)  # fmt: skip
def test_patterns_in_the_marks_of_filters(
    pattern: str, column: int, problem: str, instead: str
) -> None:
    meant = meant_by(pattern)
    with pytest.raises(LogPatternError) as raised:
        useful_pattern(pattern)
    assert raised.value.column == column
    if not instead:
        assert meant is None
        return
    assert meant == Meant(problem, instead, is_doubtful=False, column=column)
    assert str(raised.value) == f"column {column}: {problem}; {instead}"


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.a = 'x' }",
        "[a, b]",
        "[a]",
        "%a|b%",
        "{ $.a = 1 }",
        " \t",
        "a",
        "a:b",
        "a : 5",
        "/a",
        "//",
    ],
)
def test_patterns_of_which_nothing_else_is_offered(pattern: str) -> None:
    assert meant_by(pattern) is None
