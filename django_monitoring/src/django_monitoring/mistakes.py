"""What is wrong in a project's settings: the same words in ``manage.py check`` and at start-up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

WRONG_VALUE: Final = "E001"
"""A setting has a value that makes no sense."""

UNKNOWN_KEY: Final = "E002"
"""A setting that this package does not have."""

NO_SERVICE: Final = "W001"
"""The service has no name.

Only a warning: where an image is built or a database is migrated, it needs none.
"""

NOT_MEASURED: Final = "W002"
"""The app is installed, and no request is measured."""

HEALTH_NOT_FIRST: Final = "W003"
"""Other middleware sees a probe before the health endpoints do."""

METRICS_TOO_LOW: Final = "W004"
"""Other middleware answers requests before they are measured."""

NO_SHUTDOWN: Final = "W005"
"""An ASGI server would end without publishing the last metrics."""

TWICE: Final = "W006"
"""A middleware stands in ``MIDDLEWARE`` twice, and would count twice."""

CELERY_LOGS_TEXT: Final = "W007"
"""The log is JSON, and Celery's workers would replace its handler."""

MISSPELT: Final = "W008"
"""A setting's name is nearly that of this package's."""

NO_PROBES: Final = "W009"
"""The health endpoints are configured, and their middleware is not there."""

UNKNOWN_ROUTE: Final = "W010"
"""The list of routes has one that the URL configuration does not have.

Only a warning: it may be that of another URL configuration.
"""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something to mend in the settings.

    Attributes:
        code: ``E`` or ``W`` and a number; the check's id without ``django_monitoring.``.
        what: names the setting and its value.
        remedy: what to write instead.
    """

    code: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}: {self.remedy}"


def refuse(mistakes: Iterable[Mistake]) -> None:
    """Raise where there are any.

    Raises:
        ImproperlyConfigured: a line for each mistake.
    """
    if lines := [str(mistake) for mistake in mistakes]:
        raise ImproperlyConfigured("\n".join(lines))


def wrong_value(place: str, value: object, remedy: str) -> Mistake:
    """The mistake of a value that makes no sense at its place."""
    return Mistake(WRONG_VALUE, f"{place} is {value!r}", remedy)


def unknown_keys(place: str, given: Mapping[Any, Any], keys: tuple[str, ...]) -> Iterable[Mistake]:
    """A mistake for each key that is not known, with the one that may be meant."""
    for key in given:
        if key not in keys:
            near = get_close_matches(str(key).upper(), keys, n=1)
            meant = f'did you mean "{near[0]}"? ' if near else ""
            yield Mistake(
                UNKNOWN_KEY,
                f"{place} has no key {key!r}",
                f"{meant}write one of: {', '.join(keys)}",
            )
