"""What a project may say in ``DJANGO_MONITORING["HEALTH"]``, and what is wrong with it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS

from ..conf import SETTING as DJANGO_MONITORING
from ..conf import given_settings
from ..mistakes import Mistake, refuse, unknown_keys, wrong_value
from ..paths import DEFAULT_PATHS, HealthPaths, health_path_mistakes, health_paths
from .checks import CheckKind, CheckSettings
from .kinds import KINDS

SETTING: Final = f'{DJANGO_MONITORING}["HEALTH"]'

# PostgreSQL's client library waits two seconds for a connection at the least. With a shorter
# interval the status could not follow a recovery within two intervals.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CONNECT-TIMEOUT
_INTERVALS: Final = (2.0, 300.0)
_SHORTEST_DEADLINE: Final = 0.1
_STATUSES: Final = (500, 503)

_DEFAULTS: Final[Mapping[str, Any]] = {
    **DEFAULT_PATHS,
    "CHECKS": {"database": {"DATABASE": DEFAULT_DB_ALIAS}},
    "INTERVAL": 10,
    "DEADLINE": 2,
    "UNHEALTHY_STATUS": 500,
}

_CHECK_KEYS: Final = ("DEADLINE", "INTERVAL", "COMMAND_ONLY")


@dataclass(frozen=True)
class HealthSettings:
    """What is checked, how often, and what an unhealthy answer looks like.

    Attributes:
        checks: the named checks.
        paths: where probes are answered.
        unhealthy_status: HTTP status of an unhealthy answer, 500 or 503.
    """

    checks: tuple[CheckSettings, ...]
    paths: HealthPaths
    unhealthy_status: int

    @property
    def probed(self) -> tuple[CheckSettings, ...]:
        """The checks whose words are in the answer to a probe."""
        return tuple(check for check in self.checks if not check.command_only)


def health_settings() -> HealthSettings:
    """Read ``settings.DJANGO_MONITORING["HEALTH"]``; every key may be left out.

    Raises:
        ImproperlyConfigured: names each wrong setting, its value and what to write instead.
    """
    settings, mistakes = _read()
    refuse(mistakes)
    return settings


def has_health_settings() -> bool:
    """Whether the project says anything of its health endpoints."""
    everything = given_settings()
    return not isinstance(everything, Mistake) and "HEALTH" in everything


def health_mistakes() -> list[Mistake]:
    """What is wrong with ``settings.DJANGO_MONITORING["HEALTH"]``."""
    return _read()[1]


def _read() -> tuple[HealthSettings, list[Mistake]]:
    mistakes: list[Mistake] = []
    everything = given_settings()
    if isinstance(everything, Mistake):
        mistakes.append(everything)
        everything = {}
    health = everything.get("HEALTH", {})
    if not isinstance(health, Mapping):
        mistakes.append(wrong_value(SETTING, health, 'write {"INTERVAL": 10, …}'))
        health = {}
    reader = _HealthReader({**_DEFAULTS, **health}, mistakes)
    mistakes += unknown_keys(SETTING, health, tuple(_DEFAULTS))
    mistakes += health_path_mistakes(SETTING, health)
    settings = HealthSettings(reader.checks(), health_paths(health), reader.unhealthy_status())
    return settings, mistakes


@dataclass
class _HealthReader:
    """Reads values, and notes what is wrong instead of raising, so that all of it is told."""

    values: Mapping[str, Any]
    mistakes: list[Mistake]

    def unhealthy_status(self) -> int:
        status = self.values["UNHEALTHY_STATUS"]
        if status not in _STATUSES:
            self._wrong(f'{SETTING}["UNHEALTHY_STATUS"]', status, "write 500 or 503")
        return status if status in _STATUSES else _STATUSES[0]

    def checks(self) -> tuple[CheckSettings, ...]:
        interval = self._seconds(SETTING, self.values, "INTERVAL", *_INTERVALS)
        deadline = self._seconds(SETTING, self.values, "DEADLINE", _SHORTEST_DEADLINE, interval)
        place, checks = f'{SETTING}["CHECKS"]', self.values["CHECKS"]
        if not isinstance(checks, Mapping):
            remedy = 'write {"database": {"DATABASE": "default"}}, or {} for no checks'
            self._wrong(place, checks, remedy)
            return ()
        checked = (self._check(place, item, interval, deadline) for item in checks.items())
        return tuple(check for check in checked if check is not None)

    def _check(
        self, place: str, item: tuple[Any, Any], interval: float, deadline: float
    ) -> CheckSettings | None:
        name, given = item
        if not isinstance(name, str) or name in ("", "status"):
            remedy = 'write a name that is text, other than "status", which the answer uses itself'
            self._wrong(place, name, remedy)
            return None
        place = f'{place}["{name}"]'
        kind = self._kind(place, given)
        if kind is None:
            return None
        self.mistakes += unknown_keys(place, given, (kind.key, *kind.options, *_CHECK_KEYS))
        values = {"INTERVAL": interval, "COMMAND_ONLY": False, **given}
        own_interval = self._seconds(place, values, "INTERVAL", *_INTERVALS)
        values = {"DEADLINE": min(deadline, own_interval), **values}
        command_only = values["COMMAND_ONLY"]
        if not isinstance(command_only, bool):
            self._wrong(f'{place}["COMMAND_ONLY"]', command_only, "write True or False")
        return CheckSettings(
            name=name,
            kind=kind,
            subject=self._subject(f'{place}["{kind.key}"]', kind, given[kind.key]),
            # A deadline beyond the interval would hide that a check is never on time.
            deadline=self._seconds(place, values, "DEADLINE", _SHORTEST_DEADLINE, own_interval),
            interval=own_interval,
            command_only=command_only is True,
            options=tuple(self._options(place, kind, given)),
        )

    def _kind(self, place: str, given: Any) -> CheckKind | None:
        example = f"write one of: {', '.join(kind.example for kind in KINDS.values())}"
        if not isinstance(given, Mapping):
            self._wrong(place, given, example)
            return None
        kinds = [kind for key, kind in KINDS.items() if key in given]
        if len(kinds) == 1:
            return kinds[0]
        self.mistakes += unknown_keys(place, given, (*KINDS, *_CHECK_KEYS))
        self._wrong(place, dict(given), example)
        return None

    def _subject(self, place: str, kind: CheckKind, value: Any) -> str:
        is_text = isinstance(value, str) and value != ""
        if remedy := kind.mistake(value) if is_text else "write text":
            self._wrong(place, value, remedy)
        return str(value)

    def _options(self, place: str, kind: CheckKind, given: Mapping[str, Any]) -> Any:
        for key, words in kind.options.items():
            if key in given:
                if given[key] not in words:
                    self._wrong(
                        f'{place}["{key}"]', given[key], f"write one of: {', '.join(words)}"
                    )
                yield key, given[key]

    def _seconds(
        self, place: str, values: Mapping[str, Any], key: str, lowest: float, highest: float
    ) -> float:
        value = values[key]
        if (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and math.isfinite(value)
            and lowest <= value <= highest
        ):
            return float(value)
        self._wrong(f'{place}["{key}"]', value, f"write seconds from {lowest:g} to {highest:g}")
        # Within every other bound, so that one mistake is not told twice.
        return highest

    def _wrong(self, place: str, value: Any, remedy: str) -> None:
        self.mistakes.append(wrong_value(place, value, remedy))
