"""The log patterns: they parse, and match the lines that they are about."""

import json
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
from ecs_monitoring.rules.log_concerns import CONCERNS, Concern, LogFormat

# The monitoring guide's patterns, word for word, but for IntegrityError: a duplicate key is no
# night's work (https://peps.python.org/pep-0249/#integrityerror).
GUIDE = {
    "logs.errors": "?ERROR ?Error ?error",
    "logs.exceptions": "?Exception ?exception ?EXCEPTION",
    "logs.database-errors": "?DatabaseError ?OperationalError",
    "logs.security": "?Unauthorized ?Forbidden ?CSRF",
}
# Of gunicorn's own lines, which the guide does not know.
OURS = "logs.workers-killed"


def concerned(format_: LogFormat, message: str) -> set[str]:
    """The concerns, without ``logs.``, that a line is counted under."""
    return {
        concern.key.removeprefix("logs.")
        for concern in CONCERNS
        if matches(parse_pattern(concern.patterns[format_]), message)
    }


def line(**changes: Any) -> str:
    fields: dict[str, Any] = {
        "timestamp": "2026-11-24T12:00:00.000Z",
        "level": "INFO",
        "logger": "django.request",
        "message": "GET /orders/ 200",
    }
    return json.dumps({**fields, **changes})


def traceback(exception: str) -> str:
    return f'Traceback (most recent call last):\n  File "views.py", line 3, in get\n{exception}'


@pytest.mark.parametrize(
    "concern", [one for one in CONCERNS if one.key != OURS], ids=lambda concern: concern.key
)
def test_the_text_patterns_are_the_guides(concern: Concern) -> None:
    assert concern.patterns[LogFormat.TEXT] == GUIDE[concern.key]


def test_there_is_a_concern_for_each_pattern_of_the_guide() -> None:
    assert [concern.key for concern in CONCERNS] == [*GUIDE, OURS]
    assert all(set(concern.patterns) == set(LogFormat) for concern in CONCERNS)


@pytest.mark.parametrize(
    ("message", "concerns"),
    [
        ("INFO GET /orders/ 200", set()),
        ("ERROR Internal Server Error: /orders/", {"errors"}),
        ("worker: Error while closing", {"errors"}),
        ("an error occurred", {"errors"}),
        ("raised ObjectDoesNotExist Exception", {"exceptions"}),
        ("unhandled exception in thread", {"exceptions"}),
        ("FATAL EXCEPTION", {"exceptions"}),
        ("django.db.utils.OperationalError: could not connect", {"errors", "database-errors"}),
        ("django.db.utils.IntegrityError: duplicate key", {"errors"}),
        ("django.db.utils.DatabaseError: gone", {"errors", "database-errors"}),
        ("WARNING Forbidden (CSRF cookie not set.): /login/", {"security"}),
        ("WARNING Unauthorized: /api/", {"security"}),
        ("WARNING Forbidden: /admin/", {"security"}),
    ],
)
def test_text_lines(message: str, concerns: set[str]) -> None:
    assert concerned(LogFormat.TEXT, message) == concerns


@pytest.mark.parametrize(
    ("message", "concerns"),
    [
        (line(), set()),
        (line(level="ERROR", message="Internal Server Error: /orders/"), {"errors"}),
        (line(level="CRITICAL", message="gone"), {"errors"}),
        # Only the level counts, not what a line speaks of.
        (line(message="no error, no exception: 0 Errors"), set()),
        (line(level="WARNING", message="retrying after OperationalError"), set()),
        (
            line(level="ERROR", exception=traceback("KeyError: 'id'")),
            {"errors", "exceptions"},
        ),
        (line(level="WARNING", exception=traceback("ValueError: x")), {"exceptions"}),
        (line(exception=None), set()),
        *(
            (
                line(level="ERROR", exception=traceback(f"django.db.utils.{name}: gone")),
                {"errors", "exceptions", "database-errors"},
            )
            for name in ("DatabaseError", "OperationalError")
        ),
        # Django's own loggers of refused requests:
        # https://docs.djangoproject.com/en/stable/ref/logging/#django-security
        (line(level="WARNING", logger="django.security.csrf"), {"security"}),
        (line(level="WARNING", logger="django.security.DisallowedHost"), {"security"}),
        (line(level="WARNING", message="Unauthorized: /api/"), {"security"}),
        (line(level="WARNING", message="Forbidden (CSRF token missing.): /"), {"security"}),
        (line(level="WARNING", message="Forbidden: /admin/"), {"security"}),
        (line(level="WARNING", message="bad CSRF token"), {"security"}),
        # A line that is no JSON is nobody's.
        ("ERROR Internal Server Error: /orders/", set()),
    ],
)
def test_json_lines(message: str, concerns: set[str]) -> None:
    assert concerned(LogFormat.JSON, message) == concerns


@pytest.mark.parametrize("concern", CONCERNS, ids=lambda concern: concern.key)
def test_patterns_fit_into_a_metric_filter(concern: Concern) -> None:
    # Shape FilterPattern: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
    assert all(0 < len(pattern) <= 1024 for pattern in concern.patterns.values())


# Lines of gunicorn 23 as its own logger writes them, and in the JSON of the Django package:
# https://github.com/benoitc/gunicorn/blob/23.0.0/gunicorn/arbiter.py
_STAMP = "[2026-11-24 12:00:00 +0000] [1]"


@pytest.mark.parametrize("format_", LogFormat)
@pytest.mark.parametrize(
    ("level", "message", "is_lost"),
    [
        ("CRITICAL", "WORKER TIMEOUT (pid:17)", True),
        ("ERROR", "Worker (pid:17) was sent SIGKILL! Perhaps out of memory?", True),
        # Of a worker that is replaced as it should be:
        ("ERROR", "Worker (pid:17) was sent SIGTERM!", False),
        ("INFO", "Worker exiting (pid: 17)", False),
        ("INFO", "Booting worker with pid: 18", False),
        ("ERROR", "upstream request timeout", False),
    ],
)
def test_gunicorns_lines_are_found_in_both_formats(
    format_: LogFormat, level: str, message: str, is_lost: bool
) -> None:
    text = f"{_STAMP} [{level}] {message}"
    assert ("workers-killed" in concerned(format_, text)) == is_lost
    structured = line(level=level, logger="gunicorn.error", message=message)
    assert ("workers-killed" in concerned(format_, structured)) == is_lost
