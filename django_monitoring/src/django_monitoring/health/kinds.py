"""The kinds of checks that the settings may name."""

from collections.abc import Callable, Mapping
from inspect import iscoroutinefunction
from secrets import token_hex
from typing import Final

from django.core.cache import caches
from django.utils.module_loading import import_string

from ..cache import uncounted_reads
from .checks import CheckFailedError, CheckKind, CheckSettings, one_of
from .database import alias_mistake, ask_database
from .migrations import ask_migrations
from .storage import ask_storage, storage_mistake
from .workers import WORKER_WORDS, WORKERS, ask_celery, celery_mistake

# Seconds; a key that is left behind goes away by itself.
_CACHE_KEY_LIFE: Final = 60


def _ask_cache(settings: CheckSettings) -> Callable[[], None]:
    alias = settings.subject
    # Of this process alone: others check at the same time.
    key = f"django_monitoring.health.{token_hex(8)}"

    def ask() -> None:
        # Some backends swallow connection errors; only the way there and back tells.
        value = token_hex(8)
        caches[alias].set(key, value, _CACHE_KEY_LIFE)
        # A probe's read says nothing about how well the application's cache works.
        with uncounted_reads():
            stored = caches[alias].get(key)
        if stored != value:
            raise CheckFailedError("the cache does not give back what was stored")

    return ask


def _cache_mistake(alias: str) -> str | None:
    return None if alias in caches.settings else one_of("an alias of CACHES", caches.settings)


def _ask_function(settings: CheckSettings) -> Callable[[], None]:
    function = import_string(settings.subject)

    def ask() -> None:
        if function() is False:
            raise CheckFailedError(f"{settings.subject} returned False")

    return ask


def _function_mistake(path: str) -> str | None:
    try:
        function = import_string(path)
    except ImportError as error:
        return (
            f"it cannot be imported ({error}); write the dotted path of a callable, such as "
            '"shop.health.search"'
        )
    if not callable(function) or iscoroutinefunction(function):
        return "write the dotted path of a plain function; it is called in a thread of its own"
    return None


DATABASE: Final = CheckKind(
    "DATABASE", "<alias>", alias_mistake, ask_database, good="connected", bad="disconnected"
)
MIGRATIONS: Final = CheckKind("MIGRATIONS", "<alias>", alias_mistake, ask_migrations)
CACHE: Final = CheckKind("CACHE", "<alias>", _cache_mistake, _ask_cache)
STORAGE: Final = CheckKind("STORAGE", "<alias>", storage_mistake, ask_storage)
CELERY: Final = CheckKind(
    "CELERY", "<dotted path>", celery_mistake, ask_celery, options={WORKERS: WORKER_WORDS}
)
CALL: Final = CheckKind("CALL", "<dotted path>", _function_mistake, _ask_function)

KINDS: Final[Mapping[str, CheckKind]] = {
    kind.key: kind for kind in (DATABASE, MIGRATIONS, CACHE, STORAGE, CELERY, CALL)
}
