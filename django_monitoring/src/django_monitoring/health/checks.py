"""The named checks: what each of them runs, and its words in the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

from django.core.cache import caches
from django.utils.module_loading import import_string

from ..cache import uncounted_reads
from .conf import CheckKind, CheckSettings
from .database import database_check

# Seconds; a key that is left behind goes away by itself.
_CACHE_KEY_LIFE = 60


class CheckFailedError(Exception):
    """A check found its subject not working, without an exception of the subject's own."""


@dataclass(frozen=True)
class Check:
    """Something to ask again and again.

    Attributes:
        name: its key in the answer.
        run: asks; raises where the answer is no.
        deadline: seconds after which no answer is a no.
        good: the answer's word for yes.
        bad: the answer's word for no.
    """

    name: str
    run: Callable[[], None]
    deadline: float
    good: str = "ok"
    bad: str = "failed"


def check_of(settings: CheckSettings) -> Check:
    """The check that some settings describe."""
    match settings.kind:
        case CheckKind.DATABASE:
            return Check(
                settings.name,
                database_check(settings.subject, settings.deadline),
                settings.deadline,
                good="connected",
                bad="disconnected",
            )
        case CheckKind.CACHE:
            return Check(settings.name, _cache_check(settings.subject), settings.deadline)
        case CheckKind.CALL:
            return Check(settings.name, _call(settings.subject), settings.deadline)


def _cache_check(alias: str) -> Callable[[], None]:
    # Of this process alone: others check at the same time.
    key = f"django_monitoring.health.{token_hex(8)}"

    def check() -> None:
        # Some backends swallow connection errors; only the way there and back tells.
        value = token_hex(8)
        caches[alias].set(key, value, _CACHE_KEY_LIFE)
        # A probe's read says nothing about how well the application's cache works.
        with uncounted_reads():
            found = caches[alias].get(key)
        if found != value:
            raise CheckFailedError("the cache does not give back what was stored")

    return check


def _call(path: str) -> Callable[[], None]:
    called = import_string(path)

    def check() -> None:
        if called() is False:
            raise CheckFailedError(f"{path} returned False")

    return check
