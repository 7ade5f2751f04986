"""Ask a file storage to give back what was stored."""

from collections.abc import Callable
from secrets import token_hex

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from .checks import CheckFailedError, CheckSettings, one_of

DIRECTORY = "django-monitoring-health"
"""Where the check's files are; each goes away with the attempt that made it."""


def ask_storage(settings: CheckSettings) -> Callable[[], None]:
    """Store a small file, read it and delete it.

    Returns:
        A function that raises where one of the three fails.
    """

    def ask() -> None:
        storage = storages[settings.subject]
        content = token_hex(8).encode()
        name = storage.save(f"{DIRECTORY}/{token_hex(8)}", ContentFile(content))
        try:
            with storage.open(name) as file:
                stored = file.read()
        finally:
            storage.delete(name)
        if stored != content:
            raise CheckFailedError("the storage does not give back what was stored")

    return ask


def storage_mistake(alias: str) -> str | None:
    """What to write instead of an alias that is no storage's."""
    aliases = storages.backends
    return None if alias in aliases else one_of("an alias of STORAGES", aliases)
