"""Against the metric filters: how often one exception counts, and what matches what."""

import json
import logging
from collections.abc import Callable
from typing import Final

import pytest

from django_monitoring.logs import JsonFormatter
from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
from ecs_monitoring.rules.log_concerns import CONCERNS, LogFormat

ERRORS: Final = parse_pattern("?ERROR ?Error ?error")

# Django's default for production is close to the first; the second is a common choice.
TEXT_FORMATS: Final = (
    "%(levelname)s %(name)s %(message)s",
    "%(asctime)s [%(levelname)s] %(name)s: %(message)s",
)


class OperationalError(Exception):
    """As database libraries call theirs."""


def lost_connection() -> logging.LogRecord:
    """What Django logs where a view lost its database connection."""
    try:
        try:
            raise ConnectionError("connection refused")
        except ConnectionError as error:
            raise OperationalError("server closed the connection") from error
    except OperationalError as error:
        failure = error
    return record(
        logging.ERROR,
        "django.request",
        "Internal Server Error: /orders/",
        (type(failure), failure, failure.__traceback__),
    )


def record(level: int, logger: str, message: str, exc_info: object = None) -> logging.LogRecord:
    fields = {
        "levelno": level,
        "levelname": logging.getLevelName(level),
        "name": logger,
        "msg": message,
        "exc_info": exc_info,
    }
    return logging.makeLogRecord(fields)


def events(formatter: logging.Formatter, given: logging.LogRecord) -> list[str]:
    """The events in CloudWatch Logs: the awslogs driver makes one of each line."""
    return formatter.format(given).splitlines()


def concerns(given: logging.LogRecord) -> set[str]:
    """The concerns that count the record's JSON line, without ``logs.``."""
    (event,) = events(JsonFormatter(), given)
    return {
        concern.key.removeprefix("logs.")
        for concern in CONCERNS
        if matches(parse_pattern(concern.patterns[LogFormat.JSON]), event)
    }


@pytest.mark.parametrize("text_format", TEXT_FORMATS)
def test_in_text_one_exception_counts_several_times(text_format: str) -> None:
    found = events(logging.Formatter(text_format), lost_connection())
    counted = [event for event in found if matches(ERRORS, event)]
    assert len(found) > 5
    assert len(counted) >= 3


def test_in_json_one_exception_counts_once_under_each_concern() -> None:
    assert concerns(lost_connection()) == {"errors", "exceptions", "database-errors"}


def failure(make: Callable[[], BaseException]) -> object:
    error = make()
    return (type(error), error, None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (record(logging.INFO, "shop", "order 5 paid"), set()),
        (record(logging.INFO, "shop", "no errors found, 0 exceptions"), set()),
        (record(logging.WARNING, "shop", "retrying after OperationalError"), set()),
        (record(logging.INFO, "shop", "GET /help/error-codes/ 200"), set()),
        (record(logging.INFO, "shop", "ERROR_REPORTING is on"), set()),
        (record(logging.ERROR, "shop", "payment refused"), {"errors"}),
        (record(logging.CRITICAL, "shop", "no disk space"), {"errors"}),
        (
            record(logging.WARNING, "shop", "a retry", failure(lambda: ValueError("bad"))),
            {"exceptions"},
        ),
        (
            record(logging.ERROR, "shop", "bad", failure(lambda: KeyError("id"))),
            {"errors", "exceptions"},
        ),
        (
            record(logging.WARNING, "django.security.csrf", "Forbidden (CSRF cookie not set.): /"),
            {"security"},
        ),
        (record(logging.WARNING, "django.request", "Forbidden: /admin/"), {"security"}),
        (record(logging.WARNING, "django.request", "Unauthorized: /api/"), {"security"}),
        (
            record(logging.ERROR, "django.security.DisallowedHost", "Invalid HTTP_HOST header"),
            {"errors", "security"},
        ),
        (record(logging.WARNING, "django.request", "Not Found: /favicon.ico"), set()),
        (record(logging.ERROR, "shop", "nothing raised", (None, None, None)), {"errors"}),
    ],
)
def test_what_counts_as_what(given: logging.LogRecord, expected: set[str]) -> None:
    assert concerns(given) == expected


@pytest.mark.parametrize("name", ["DatabaseError", "OperationalError"])
def test_what_keeps_a_service_from_its_database(name: str) -> None:
    error = type(name, (Exception,), {"__module__": "django.db.utils"})("gone")
    given = record(logging.ERROR, "shop", "bad", (type(error), error, None))
    assert concerns(given) == {"errors", "exceptions", "database-errors"}


def test_a_duplicate_key_wakes_nobody() -> None:
    error = type("IntegrityError", (Exception,), {"__module__": "django.db.utils"})(
        'duplicate key value violates unique constraint "shop_order_pkey"'
    )
    given = record(logging.ERROR, "shop", "bad", (type(error), error, None))
    assert concerns(given) == {"errors", "exceptions"}


def test_a_failed_health_check_is_a_database_error_once() -> None:
    """As the health checks log it: a warning, with the exception."""
    given = record(
        logging.WARNING,
        "django_monitoring.health",
        "Health check database: disconnected",
        failure(lambda: OperationalError("refused")),
    )
    assert concerns(given) == {"exceptions", "database-errors"}


def test_a_shortened_line_still_counts() -> None:
    error = OperationalError("x" * 300_000)
    given = record(logging.ERROR, "shop", "y" * 300_000, (type(error), error, None))
    (event,) = events(JsonFormatter(), given)
    assert json.loads(event)["shortened"] is True
    assert concerns(given) == {"errors", "exceptions", "database-errors"}
