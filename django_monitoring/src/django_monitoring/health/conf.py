"""What a project may say in ``DJANGO_MONITORING["HEALTH"]``, and what is wrong with it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from inspect import iscoroutinefunction
from typing import Any, Final

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.module_loading import import_string

SETTING: Final = 'DJANGO_MONITORING["HEALTH"]'

# PostgreSQL's client library waits two seconds for a connection at the least. With a shorter
# interval the status could not follow a recovery within two intervals.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CONNECT-TIMEOUT
_INTERVALS: Final = (2.0, 300.0)
_SHORTEST_DEADLINE: Final = 0.1
_STATUSES: Final = (500, 503)

_DEFAULTS: Final[Mapping[str, Any]] = {
    "CHECKS": {"database": {"DATABASE": DEFAULT_DB_ALIAS}},
    "INTERVAL": 10,
    "DEADLINE": 2,
    "UNHEALTHY_STATUS": 500,
}


class CheckKind(StrEnum):
    """What a check asks; the value is the key that names its subject."""

    DATABASE = "DATABASE"
    CACHE = "CACHE"
    CALL = "CALL"


@dataclass(frozen=True)
class CheckSettings:
    """One named check.

    Attributes:
        name: its key in the answer.
        kind: what it asks.
        subject: database alias, cache alias, or dotted path of a callable.
        deadline: seconds after which it counts as failed.
    """

    name: str
    kind: CheckKind
    subject: str
    deadline: float


@dataclass(frozen=True)
class HealthSettings:
    """What is checked, how often, and what an unhealthy answer looks like.

    Attributes:
        checks: the named checks.
        interval: seconds from the start of a check to the start of the next.
        unhealthy_status: HTTP status of an unhealthy answer, 500 or 503.
    """

    checks: tuple[CheckSettings, ...]
    interval: float
    unhealthy_status: int


def health_settings() -> HealthSettings:
    """Read ``settings.DJANGO_MONITORING["HEALTH"]``; every key may be left out.

    Raises:
        ImproperlyConfigured: names the setting, its value and what to write instead.
    """
    everything = getattr(settings, "DJANGO_MONITORING", {})
    _refuse_unless(
        isinstance(everything, Mapping), "DJANGO_MONITORING", everything, 'write {"HEALTH": {…}}'
    )
    given = everything.get("HEALTH", {})
    _refuse_unless(isinstance(given, Mapping), SETTING, given, 'write {"INTERVAL": 10, …}')
    _refuse_unknown(SETTING, given, tuple(_DEFAULTS))
    values = {**_DEFAULTS, **given}
    interval = _seconds(f'{SETTING}["INTERVAL"]', values["INTERVAL"], *_INTERVALS)
    status = values["UNHEALTHY_STATUS"]
    _refuse_unless(
        status in _STATUSES, f'{SETTING}["UNHEALTHY_STATUS"]', status, "write 500 or 503"
    )
    checks = values["CHECKS"]
    _refuse_unless(
        isinstance(checks, Mapping),
        f'{SETTING}["CHECKS"]',
        checks,
        'write {"database": {"DATABASE": "default"}}, or {} for no checks',
    )
    return HealthSettings(
        checks=tuple(
            _check(name, check, values["DEADLINE"], interval) for name, check in checks.items()
        ),
        interval=interval,
        unhealthy_status=status,
    )


def _check(name: Any, given: Any, deadline: Any, interval: float) -> CheckSettings:
    place = f'{SETTING}["CHECKS"]'
    _refuse_unless(
        isinstance(name, str) and name not in ("", "status"),
        place,
        name,
        'write a name that is text, other than "status", which the answer uses itself',
    )
    place = f'{place}["{name}"]'
    example = 'write {"DATABASE": "<alias>"}, {"CACHE": "<alias>"} or {"CALL": "<dotted path>"}'
    _refuse_unless(isinstance(given, Mapping), place, given, example)
    _refuse_unknown(place, given, (*CheckKind, "DEADLINE"))
    kinds = [kind for kind in CheckKind if kind in given]
    _refuse_unless(len(kinds) == 1, place, dict(given), f"{example}, one of them")
    (kind,) = kinds
    return CheckSettings(
        name=name,
        kind=kind,
        subject=_subject(f'{place}["{kind}"]', kind, given[kind]),
        deadline=_seconds(
            f'{place}["DEADLINE"]' if "DEADLINE" in given else f'{SETTING}["DEADLINE"]',
            given.get("DEADLINE", deadline),
            _SHORTEST_DEADLINE,
            # A deadline beyond the interval would hide that a check is never on time.
            interval,
        ),
    )


def _subject(place: str, kind: CheckKind, value: Any) -> str:
    _refuse_unless(isinstance(value, str) and value != "", place, value, "write text")
    subject = str(value)
    match kind:
        case CheckKind.DATABASE:
            _refuse_unless(
                subject in connections.databases
                and not connections.databases[subject]["ENGINE"].endswith(".dummy"),
                place,
                subject,
                "write an alias of DATABASES that has an ENGINE, "
                f'or {SETTING}["CHECKS"] = {{}} where there is no database',
            )
        case CheckKind.CACHE:
            _refuse_unless(
                subject in caches.settings,
                place,
                subject,
                f"write an alias of CACHES: {', '.join(caches.settings)}",
            )
        case CheckKind.CALL:
            try:
                called = import_string(subject)
            except ImportError as error:
                raise ImproperlyConfigured(
                    f"{place} is {subject!r}, which cannot be imported ({error}): "
                    'write the dotted path of a callable, such as "shop.health.search"'
                ) from error
            _refuse_unless(
                callable(called) and not iscoroutinefunction(called),
                place,
                subject,
                "write the dotted path of a plain function; it is called in a thread of its own",
            )
    return subject


def _seconds(place: str, value: Any, lowest: float, highest: float) -> float:
    _refuse_unless(
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and lowest <= value <= highest,
        place,
        value,
        f"write seconds from {lowest:g} to {highest:g}",
    )
    return float(value)


def _refuse_unknown(place: str, given: Mapping[Any, Any], known: tuple[str, ...]) -> None:
    for key in given:
        near = get_close_matches(str(key).upper(), known, n=1)
        _refuse_unless(
            key in known,
            f"a key of {place}",
            key,
            f'write "{near[0]}"' if near else f"write one of {', '.join(known)}",
        )


def _refuse_unless(fine: bool, place: str, value: Any, instead: str) -> None:
    if not fine:
        raise ImproperlyConfigured(f"{place} is {value!r}: {instead}")
