"""What makes a filter pattern wrong, where, and what the message says to write."""

from __future__ import annotations

import pytest

from ecs_monitoring.cloudwatch.log_pattern import LogPatternError, parse_pattern


def error(pattern: str) -> LogPatternError:
    """Return the error that the pattern raises."""
    with pytest.raises(LogPatternError) as raised:
        parse_pattern(pattern)
    return raised.value


def test_an_error_says_where_what_and_what_instead() -> None:
    raised = error("-user-id")
    assert isinstance(raised, ValueError)
    assert raised.column == 6
    assert "'-'" in raised.problem
    assert raised.instead == 'write -"user-id"'
    assert str(raised) == f"column 6: {raised.problem}; {raised.instead}"


@pytest.mark.parametrize(
    ("pattern", "column", "hint"),
    [
        # Quotes: "Enclose exact phrases and terms that include non-alphanumeric characters
        # in double quotation marks", and _ needs none by the guide of 2020.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
        # https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/5ae5c9a/doc_source/FilterAndPatternSyntax.md
        ("ERROR:", 6, 'write "ERROR:"'),
        ("a_b café", 8, 'write "café"'),
        ("?HTTP/1.1", 6, 'write ?"HTTP/1.1"'),
        ('say"hi"', 4, r'write "say\"hi\""'),
        (r"a\b", 2, r'write "a\\b"'),
        ('ERROR "timed out', 7, "close it with"),
        (r'"ends in \"', 1, "close it with"),
        ('"a""b"', 4, "put a space between"),
        ('ERROR " "', 7, "leave it out"),
        ('-""', 1, "leave it out"),
        # ? terms are ignored beside others:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
        ("?ERROR ?ARGUMENTS REQUEST", 1, "ignores every ? term"),
        ("REQUEST ?ERROR", 9, "ignores every ? term"),
        ("?ERROR -DEBUG", 1, "ignores every ? term"),
        ("? ERROR", 1, "directly before its term"),
        ('ERROR - "Exiting"', 7, "directly before its term"),
        ("?-ERROR", 2, "in double quotes"),
    ],
)
def test_terms(pattern: str, column: int, hint: str) -> None:
    raised = error(pattern)
    assert (raised.column, hint in str(raised)) == (column, True), raised


@pytest.mark.parametrize(
    ("pattern", "column", "hint"),
    [
        ("{ $.level = }", 13, "has no value"),
        ("{ $.level }", 11, "an operator is missing"),
        ("{ $.level", 10, "an operator is missing"),
        ('{ $.level = "x"', 16, "add }"),
        ('{ $.level = "x }', 13, "close it with"),
        ("{ $.level = x } y", 17, "leave it out"),
        ("{ }", 3, "write a condition"),
        ("{", 2, "write a condition"),
        ("{ level = x }", 3, "write a condition"),
        ("{ $.a = 1 && }", 14, "write a condition"),
        ("{ () }", 4, "write a condition"),
        ("{ $.a == 1 }", 7, "== is not an operator"),
        ("{ $.a =~ x }", 7, "= %...%"),
        ("{ $.a <> 1 }", 7, "<> is not an operator"),
        ("{ $.a CONTAINS x }", 7, "CONTAINS x is not an operator"),
        ("{ $.a = 1 & $.b = 2 }", 11, "join conditions with && or ||"),
        ("{ $.a = 1 $.b = 2 }", 11, "join conditions with && or ||"),
        ("{ ($.a = 1 }", 3, "close it with )"),
        ("{ $.a = 1) }", 10, "leave it out"),
        # "The variables IS NOT and EXISTS currently aren't supported."
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
        ("{ $.a IS NOT NULL }", 7, "does not support IS NOT"),
        ("{ $.a EXISTS }", 7, "does not support EXISTS"),
        ("{ $.a is null }", 7, "in capitals"),
        ("{ $.a IS }", 7, "IS is not an operator"),
        # Selectors, by the same page.
        ("{ $a = 1 }", 4, "write $.name"),
        ("{ $[0] = 1 }", 4, "write $.name"),
        ("{ $.= 1 }", 5, "a property name is missing"),
        ("{ $.a. = 1 }", 7, "a property name is missing"),
        ("{ $.[a] = 1 }", 5, ".['cluster.name']"),
        ("{ $.a[] = 1 }", 6, "write [0] or [*]"),
        ("{ $.a[0 = 1 }", 6, "write [0] or [*]"),
        ("{ $.a[-1] = 1 }", 6, "write [0] or [*]"),
        ("{ $.a['b'] = 1 }", 6, ".['cluster.name']"),
        ("{ $.a = 1 && $.*.b[*] = 1 }", 14, "more than one wildcard"),
        (
            "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }",
            45,
            "more than 3 selectors with a wildcard",
        ),
        # Values.
        ("{ $.a > x }", 9, "compares numbers"),
        ('{ $.a >= "5" }', 10, "compares numbers"),
        ("{ $.a < 4* }", 9, "compares numbers"),
        ("{ $.a <= %4% }", 10, "compares numbers"),
        ("{ $.a = eu-west-1 }", 11, 'write "eu-west-1"'),
        ("{ $.a = Ev*ent }", 9, "neither first nor last"),
        ('{ $.a = "*Ev*ent*" }', 9, "neither first nor last"),
        ("{ $.a = 1e9999999999999999999999 }", 9, "smaller exponent"),
    ],
)
def test_json_patterns(pattern: str, column: int, hint: str) -> None:
    raised = error(pattern)
    assert (raised.column, hint in str(raised)) == (column, True), raised


@pytest.mark.parametrize(
    ("pattern", "column", "hint"),
    [
        ("[ ]", 1, "name no field"),
        ("[,]", 1, "name no field"),
        ("[ERROR", 7, "add ]"),
        ("[ERROR] x", 9, '"[ERROR]"'),
        ("[a b]", 4, "end the field with , or ]"),
        ("[a, …]", 5, "end the field with , or ]"),
        ("[= 5]", 2, "end the field with , or ]"),
        ("[(a = 5)]", 2, "without parentheses"),
        ("[a = 5 & a = 6]", 8, "end the field with , or ]"),
        ("[a, .., b]", 5, "write ..."),
        ("[..., a, ...]", 10, "at most one"),
        ("[a = ]", 6, "has no value"),
        ("[a =! 5]", 4, "=! is not an operator"),
        ("[a > high]", 6, "compares numbers"),
        ("[a = 1 && ]", 11, "name a in each condition"),
        # The guide of 2020 has such a pattern, today's no more; it leaves open how many
        # fields there are.
        ("[request, status_code = 4* && bytes > 1000]", 31, "a comma before another field"),
        ('[a = "x]', 6, "close it with"),
        ("[a = %x]", 6, "close it with"),
    ],
)
def test_space_delimited_patterns(pattern: str, column: int, hint: str) -> None:
    raised = error(pattern)
    assert (raised.column, hint in str(raised)) == (column, True), raised
