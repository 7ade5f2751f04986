"""Regular expressions of other programs, in the dialect of filter patterns.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
"""

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.log_pattern.dialect import compiled, in_dialect, is_expression
from ecs_monitoring.cloudwatch.log_pattern.regex import compile_regex


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("ERROR", "ERROR"),
        ("^a.b$", "^a.b$"),
        # Groups are multiplied out, in the order in which they stand.
        ("(a|b)(c|d)", "ac|ad|bc|bd"),
        ("x(?:a|b|)y", "xay|xby|xy"),
        ("x(a|b)?y", "xay|xby|xy"),
        ("a(b(c|d)|e)f", "abcf|abdf|aef"),
        ("a|(b|c)d", "a|bd|cd"),
        ("a()b", "ab"),
        ("(^a|b$)", "^a|b$"),
        # Repetitions; the shortest and the longest text are found in the same lines.
        ("ab?c*d+e{2}f{1,}", "ab?c*d+e{2}f{1,}"),
        ("a{,3}b{0,1}", "a{,3}b{0,1}"),
        ("a+?b*?c??d{1,2}?", "a+b*c?d{1,2}"),
        ("(ab)??c", "abc|c"),
        ("a+?", "a+"),
        # Classes stay as they are.
        (r"[a-c]+[^\d\]]?", r"[a-c]+[^\d\]]?"),
        # Escapes: the dialect's own, those that it writes as themselves, and codes.
        (r"\d\D\s\S\w\W", r"\d\D\s\S\w\W"),
        (r"\^\$\?\[\]\{\}\|\\\*\+\.", r"\^\$\?\[\]\{\}\|\\\*\+\."),
        (r"\/\-\:\_\ \@", "/-:_ @"),
        (r"\n\t\r", r"\x0A\x09\x0D"),
        (r"\!\(\)\"", r"\x21\x28\x29\x22"),
        (r"\x41\x7e", r"\x41\x7E"),
        ("a!'\"<>~\t", r"a\x21\x27\x22\x3C\x3E\x7E\x09"),
        ("a]b}c{d", r"a\x5Db\x7Dc\x7Bd"),
        ("a:_#=@/;, -9Z", "a:_#=@/;, -9Z"),
    ],
)
def test_what_the_dialect_has(expression: str, written: str) -> None:
    assert in_dialect(expression) == written


@pytest.mark.parametrize(
    "expression",
    [
        # What the dialect does not have: repeated groups, places between characters, flags.
        *("(a|b)*", "(ab){2}", "(ab)+c", r"\ba", r"a\B", r"\Aa", r"a\Z", "(?i)a", "a(?=b)"),
        *(r"(a)\1", "(?P<n>a)", r"\0", "a*+", r"\x80", r"\xe9", "é", r"\é", r"\€", "[é]", r"[\n]"),
        # What is no expression, or finds nothing, or everything.
        *("(a", "a)", "a)b", "*a", "a**", "[a", "a\\", r"\x4", "a{3,2}", "a{99999999999}", "{,}"),
        *("", "a|", "()", "(a)?", "a^b", "$a", "[^\\d\\D]"),
    ],
)
def test_what_the_dialect_does_not_have(expression: str) -> None:
    assert in_dialect(expression) == ""


LETTERS = [*"abcdefghijklmnopq"]


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        # At most 16 alternatives.
        ("|".join(LETTERS[:16]), "|".join(LETTERS[:16])),
        ("|".join(LETTERS), ""),
        ("a|b|(c|d)(e|f|g|h|i|j|k)", "a|b|" + "|".join(f"{x}{y}" for x in "cd" for y in "efghijk")),
        ("a|b|c|(d|e)(f|g|h|i|j|k|l)", ""),
        # At most 4 repetitions without a fixed number in an alternative, and 100 characters.
        ("a*b+c?d{1,}ef{2}", "a*b+c?d{1,}ef{2}"),
        ("a*b+c?d{1,}e{1,2}", ""),
        ("a*b*c*|d*e*", "a*b*c*|d*e*"),
        ("^a{100}$", "^a{100}$"),
        ("a{60}b{40}", "a{60}b{40}"),
        ("a{60}b{41}", ""),
        ("a*b*c*d*e*f{100}", ""),
    ],
)
def test_expressions_that_nobody_would_read_are_left_out(expression: str, written: str) -> None:
    assert in_dialect(expression) == written


PIECES = st.sampled_from(
    [
        *("a", "b", "(", "(?:", ")", "|", "?", "*", "+", "+?", "{2}", "{1,2}", "{,2}", "^", "$"),
        *(".", "!", " ", "\n", "/", "[ab]", "[^a]", "[a", "[]a]", "[[:a:]]", "[a&&b]", r"[\s\d]"),
        *(r"[\]]", r"\d", r"\s", r"\n", r"\.", r"\x41", r"\-", r"\b"),
    ]
)
LINES = ["", "a", "b", "ab", "ba", "aab", "a b", "1", "a1 b.", "a\nb", "!", "A", "/-", "a:", "[b]"]


@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_what_is_written_finds_what_the_expression_finds(expression: str) -> None:
    written = in_dialect(expression)
    if not written:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        meant = re.compile(expression, re.ASCII | re.DOTALL)
    ours = compile_regex(written, 1).compiled
    for line in LINES:
        assert bool(ours.search(line)) is bool(meant.search(line)), (expression, written, line)


@pytest.mark.parametrize(
    "text",
    [
        *("a.*b", "a.+b", r"\d", r"\bword", r"a\.b", "^ERROR", "^[a]", "^(a)", "ERROR$", "(a)$"),
        *("a*$", "[a-z]", "[^a-z]", "(ab)?", "(ab)+", "a{2}", "[ab]{2,}", "(ab){1,3}", "[ab]+"),
    ],
)
def test_texts_that_read_as_expressions(text: str) -> None:
    assert is_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        # Nothing of an expression, or hardly: AWS's own wildcards, versions, prices, questions.
        *(
            "ERROR",
            "10.0.*",
            "*.html",
            "a.b",
            "$5",
            "5$ ",
            "C++",
            "what?",
            "[a]",
            "{a}",
            "a|b",
            "(",
        ),
        # Python has no such expression.
        *("a.*b(", "[a-z", "(?x", "^a**", "a{2}{3}", "[z-a]", "a{99999999999}", "(a)?" * 99 + "["),
    ],
)
def test_texts_that_read_as_themselves(text: str) -> None:
    assert not is_expression(text)


def test_what_python_warns_of_in_a_class_is_a_character() -> None:
    # Errors in tests; [[ and && are characters to whoever wrote them.
    expression = compiled("[[&&]x")
    assert [text for text in ("[x", "&x", "ax") if expression.search(text)] == ["[x", "&x"]


def test_an_expression_reads_ascii_alone_and_a_point_any_character() -> None:
    assert compiled(r"\w.").fullmatch("a\n")
    assert not compiled(r"\w").search("é")
