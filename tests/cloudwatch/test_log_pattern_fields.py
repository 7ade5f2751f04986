"""Space-delimited filter patterns."""

from __future__ import annotations

import pytest

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern

# The events and patterns marked "guide" are those of
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
APACHE = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
TOP = "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200"
CHILD = "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310"
WARNING = "WARNING 09/25/2014 12:00:02 Invalid user request"
ERROR = "ERROR 09/25/2014 12:00:02 Failed to process request"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # Guide.
        (
            r"[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, "
            "status_code = 4*, bytes]",
            True,
        ),
        ("[..., request =*.html*, status_code = 4*, bytes]", True),
        (
            "[ip, user, username, timestamp, request =*.html*, "
            "status_code = 404 || status_code = 410, bytes]",
            True,
        ),
        # From the guide of 2020:
        # https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/5ae5c9a/doc_source/FilterAndPatternSyntax.md
        ("[..., request=*.html*, status_code=4*,]", True),
        ("[..., status_code, bytes]", True),
        ("[ip, user, ..., status_code, bytes]", True),
        ("[ip, user, ...]", True),
        ("[ip, user, username, timestamp, request, status_code, bytes > 1000]", True),
        ("[ip, user, username, timestamp, request, status_code = 200, bytes]", False),
        (
            "[ip, user, username, timestamp, request, status_code = 4* && status_code != 403, "
            "bytes]",
            True,
        ),
        # Hand-worked.
        ('[..., timestamp="10/Oct/2000:13:25:15 -0700", request, status, bytes]', True),
        ('[..., request="GET /index.html HTTP/1.0", status, bytes]', True),
        ("[..., status_code = 4* && status_code != 404, bytes]", False),
        ("[..., status = 500 || status = 4* && status != 410, bytes]", True),
        ("[..., bytes > 1534]", False),
        ("[..., bytes >= 1534.0]", True),
        ("[ip, user=Prod, ..., bytes=1534]", True),
        ("[ip, user=Dev, ...]", False),
        ("[ip, user, username, timestamp, ..., request, status_code, bytes]", True),
        ("[a, b, c, d, e, f, ..., g]", True),
        ("[a, b, c, d, e, f, g, ..., h]", False),
        ("[a, b, c, d, e, f, g, h]", False),
        ("[...]", True),
    ],
)
def test_an_access_log_event(pattern: str, expected: bool) -> None:
    assert matches(parse_pattern(pattern), APACHE) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # Guide.
        ("[w1=ERROR, w2]", [ERROR]),
        ("[w1=ERROR || w1=WARNING, w2]", [WARNING, ERROR]),
        ("[w1!=ERROR && w1!=WARNING, w2]", [TOP, CHILD]),
        ("[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]", [TOP]),
        (
            "[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, "
            "response_time]",
            [CHILD],
        ),
        # Hand-worked.
        ("[level, date, time, method, url, ms > 1200]", [CHILD]),
        ("[level, date, time, method, url, ms < 1300]", [TOP]),
        ("[level, date, time, method, url, ms != 1200]", [CHILD, WARNING, ERROR]),
        ("[level=*ING, ...]", [WARNING]),
        ("[w1=ERROR]", []),
    ],
)
def test_an_application_log(pattern: str, expected: list[str]) -> None:
    parsed = parse_pattern(pattern)
    assert [event for event in (TOP, CHILD, WARNING, ERROR) if matches(parsed, event)] == expected


def test_without_an_ellipsis_the_last_field_takes_the_rest() -> None:
    assert matches(parse_pattern('[w1, rest="b c  d"]'), "a b c  d\n")
    assert matches(parse_pattern('[w1, rest="[b] c"]'), "a [b] c")
    assert matches(parse_pattern("[w1, last=b]"), "a [b]")
    assert matches(parse_pattern('[all="*b*" && all!="*d*"]'), "a b c")
    assert not matches(parse_pattern('[all="*b*" && all!="*d*"]'), "a b d")


def test_an_event_with_too_few_fields_does_not_match() -> None:
    assert not matches(parse_pattern("[w1=ERROR, w2]"), "ERROR")
    assert not matches(parse_pattern("[w1]"), "  ")


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("a\tb\nc", ["a", "b", "c"]),
        ('"" [] x', ["", "", "x"]),
        ('"a [b" c]', ["a [b", "c]"]),
        ("[a b c", ["[a", "b", "c"]),
        ('x"a b" c', ['x"a', 'b"', "c"]),
        ("[a b]c d", ["[a", "b]c", "d"]),
    ],
)
def test_how_an_event_divides_into_fields(event: str, fields: list[str]) -> None:
    quoted = ['"' + field.replace('"', '\\"') + '"' for field in fields]
    conditions = ", ".join(f"f{number} = {value}" for number, value in enumerate(quoted))
    assert matches(parse_pattern(f"[..., {conditions}]"), event)
    assert not matches(parse_pattern("[..., " + "f, " * len(fields) + "one_more]"), event)
