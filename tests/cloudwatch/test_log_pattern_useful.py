"""Patterns for alarms: some lines match, others do not, and it says what was meant."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern import (
    matches,
    useful_pattern,
)
from tests.cloudwatch.refusals import refusal


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
