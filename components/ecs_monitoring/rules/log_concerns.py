"""What in an application's log means trouble, in the words of its format."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ecs_monitoring.cloudwatch.rule import Severity

ERRORS: Final = "logs.errors"
EXCEPTIONS: Final = "logs.exceptions"
DATABASE_ERRORS: Final = "logs.database-errors"
SECURITY: Final = "logs.security"
WORKERS_KILLED: Final = "logs.workers-killed"


class LogFormat(StrEnum):
    """How the log's lines are written."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True)
class Concern:
    """Something in the log that means trouble.

    Attributes:
        key: the alarm key.
        title: a few words.
        patterns: filter pattern by log format.
        threshold: matching events in five minutes from which the alarm is on.
        severity: of the alarm.
        meaning: what it means and where to look first.
    """

    key: str
    title: str
    patterns: Mapping[LogFormat, str]
    threshold: float
    severity: Severity
    meaning: str

    @property
    def name(self) -> str:
        """The key without its kind: what settings call the pattern."""
        return self.key.removeprefix("logs.")


# The text patterns are the monitoring guide's, word for word but for IntegrityError. The JSON ones
# ask the same of the fields of a structured log line: level, logger, message, exception.
#
# The guide counts IntegrityError among the database errors, of which one in five minutes is
# critical. It means that "the relational integrity of the database is affected, e.g. a foreign key
# check fails, duplicate key" (https://peps.python.org/pep-0249/#integrityerror): the database works
# and has refused one row, often a form that was sent twice. Django's own get_or_create relies on it
# (https://docs.djangoproject.com/en/stable/ref/models/querysets/#get-or-create). Nobody is woken
# for it; where nothing handles it, it still counts among errors and exceptions, as warnings.
CONCERNS: Final = (
    Concern(
        ERRORS,
        "Errors in the log",
        {
            LogFormat.TEXT: "?ERROR ?Error ?error",
            LogFormat.JSON: '{ ($.level = "ERROR") || ($.level = "CRITICAL") }',
        },
        10,
        Severity.WARNING,
        "the application logs errors; look first at the most frequent message.",
    ),
    Concern(
        EXCEPTIONS,
        "Exceptions in the log",
        {
            LogFormat.TEXT: "?Exception ?exception ?EXCEPTION",
            LogFormat.JSON: '{ $.exception = "*" }',
        },
        5,
        Severity.WARNING,
        "the application raises exceptions; look first at the latest traceback.",
    ),
    Concern(
        DATABASE_ERRORS,
        "Database errors in the log",
        {
            LogFormat.TEXT: "?DatabaseError ?OperationalError",
            LogFormat.JSON: (
                '{ ($.exception = "*DatabaseError*") || ($.exception = "*OperationalError*") }'
            ),
        },
        1,
        Severity.CRITICAL,
        "the application cannot use its database; look first at the database's own alarms.",
    ),
    Concern(
        SECURITY,
        "Security events in the log",
        {
            LogFormat.TEXT: "?Unauthorized ?Forbidden ?CSRF",
            LogFormat.JSON: (
                '{ ($.logger = "django.security*") || ($.message = "*Unauthorized*")'
                ' || ($.message = "*Forbidden*") || ($.message = "*CSRF*") }'
            ),
        },
        20,
        Severity.WARNING,
        "many requests are refused; look first at whether they come from few addresses.",
    ),
    # Not of the guide. When gunicorn kills a worker that does not answer, or the kernel kills one
    # for memory, the container goes on: ECS sends no event, and no metric shows it. What gunicorn
    # itself logs is "WORKER TIMEOUT (pid:7)" and "Worker (pid:7) was sent SIGKILL! Perhaps out of
    # memory?": https://github.com/benoitc/gunicorn/blob/23.0.0/gunicorn/arbiter.py
    # Its lines are text in a JSON log, too, unless its logger has the application's formatter, and
    # then the words are in the line as well: so both formats ask for words.
    Concern(
        WORKERS_KILLED,
        "Workers of gunicorn killed",
        dict.fromkeys(LogFormat, '?"WORKER TIMEOUT (pid:" ?"was sent SIGKILL!"'),
        1,
        Severity.WARNING,
        "gunicorn lost a worker in the middle of a request, to its timeout or to the kernel for "
        "memory; look first at which request ran that long, and at memory.",
    ),
)
