"""Unstructured filter patterns: words, phrases, ``?`` and ``-``."""

from __future__ import annotations

import pytest

from ecs_monitoring.cloudwatch.log_pattern import (
    MAX_PATTERN_LENGTH,
    LogPatternError,
    matches,
    parse_pattern,
)

# The events of AWS's examples:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
BAD_REQUEST = "[ERROR 400] BAD REQUEST"
UNAUTHORIZED = "[ERROR 401] UNAUTHORIZED REQUEST"
MISSING = "[ERROR 419] MISSING ARGUMENTS"
INVALID = "[ERROR 420] INVALID ARGUMENTS"
INTERNAL = "[ERROR 500] INTERNAL SERVER ERROR"

TRACEBACK = """Internal Server Error: /orders/
Traceback (most recent call last):
  File "views.py", line 12, in post
django.db.utils.OperationalError: server closed the connection"""


def matched(pattern: str, *messages: str) -> list[str]:
    """Return the messages that the pattern matches."""
    parsed = parse_pattern(pattern)
    return [message for message in messages if matches(parsed, message)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
        ("ERROR", [BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL]),
        ("ERROR ARGUMENTS", [MISSING, INVALID]),
        ("?ERROR ?ARGUMENTS", [BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL]),
        ('"INTERNAL SERVER ERROR"', [INTERNAL]),
        ("ERROR -ARGUMENTS", [BAD_REQUEST, UNAUTHORIZED, INTERNAL]),
        ('" "', [BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL]),
        ("", [BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL]),
        # "-ERROR" alone returns all other events:
        # https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetContainerLog.html
        ("-ARGUMENTS", [BAD_REQUEST, UNAUTHORIZED, INTERNAL]),
        # Hand-worked.
        ('-"BAD REQUEST" REQUEST', [UNAUTHORIZED]),
        ('?"400]" ?"401]"', [BAD_REQUEST, UNAUTHORIZED]),
        ("\tMISSING\n", [MISSING]),
    ],
)
def test_terms_of_the_guide(pattern: str, expected: list[str]) -> None:
    assert matched(pattern, BAD_REQUEST, UNAUTHORIZED, MISSING, INVALID, INTERNAL) == expected


@pytest.mark.parametrize("pattern", ["", "   ", '" "', '""'])
def test_blank_patterns_match_an_event_without_a_space(pattern: str) -> None:
    assert matched(pattern, "", "one-word") == ["", "one-word"]


def test_optional_terms_need_one_of_them() -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    info = "[INFO] INVALID ARGUMENTS PROVIDED"
    assert matched("?ERROR ?ARGUMENTS", info, "[INFO] DONE") == [info]


def test_terms_match_inside_words() -> None:
    # "ERROR" and "ERROR Exception" in the guide of 2020:
    # https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/5ae5c9a/doc_source/FilterAndPatternSyntax.md
    exiting = "Exiting with ERRORCODE: -1"
    caught = "[ERROR] Caught IllegalArgumentException"
    assert matched("ERROR", "[ERROR] A fatal exception has occurred", exiting) == [
        "[ERROR] A fatal exception has occurred",
        exiting,
    ]
    assert matched("ERROR Exception", exiting, caught) == [caught]
    assert matched('ERROR -"Exiting"', exiting, caught) == [caught]


def test_matching_is_case_sensitive() -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    assert matched("Error", "ERROR", "error", "ValueError: x") == ["ValueError: x"]


def test_a_phrase_is_exact_to_the_space() -> None:
    assert matched('"a  b"', "a b", "a  b", "ba  bc") == ["a  b", "ba  bc"]


def test_a_phrase_escapes_quotes_and_backslashes() -> None:
    assert matched(r'"say \"hi\""', 'say "hi"', "say hi") == ['say "hi"']
    assert matched(r'"C:\\temp"', r"C:\temp", r"C:\\temp") == [r"C:\temp"]
    assert matched(r'"C:\temp"', r"C:\temp", "C:\temp") == [r"C:\temp"]


@pytest.mark.parametrize(
    ("pattern", "message", "expected"),
    [
        ("?ERROR ?Error ?error", "ValueError: bad input", True),
        ("?ERROR ?Error ?error", "GET / 200", False),
        ("?Exception ?exception ?EXCEPTION", "raised KeyException", True),
        ("?Exception ?exception ?EXCEPTION", TRACEBACK, False),
        ("?DatabaseError ?IntegrityError ?OperationalError", TRACEBACK, True),
        ("?DatabaseError ?IntegrityError ?OperationalError", "ValueError: x", False),
        ("?Unauthorized ?Forbidden ?CSRF", "Forbidden (CSRF cookie not set.): /login/", True),
        ("?Unauthorized ?Forbidden ?CSRF", "unauthorized", False),
    ],
)
def test_patterns_for_a_django_service(pattern: str, message: str, expected: bool) -> None:
    assert matches(parse_pattern(pattern), message) is expected


def test_an_event_with_several_lines_is_one_event() -> None:
    assert matches(parse_pattern("Traceback OperationalError -WARNING"), TRACEBACK)
    assert not matches(parse_pattern("Traceback -OperationalError"), TRACEBACK)


def test_the_length_limit_is_the_one_of_the_api() -> None:
    session = pytest.importorskip("botocore.session").get_session()
    shape = session.get_service_model("logs").shape_for("FilterPattern")
    assert shape.metadata["max"] == MAX_PATTERN_LENGTH


def test_a_pattern_of_the_greatest_length_is_read_and_a_longer_one_refused() -> None:
    assert matches(parse_pattern("x" * 1024), "x" * 1024)
    with pytest.raises(LogPatternError, match=r"^column 1025: .*1025 characters.*at most 1024"):
        parse_pattern("x" * 1025)
