"""Ask whether a database has every migration of the code."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder

from .checks import CheckFailedError, CheckSettings
from .database import own_cursor

Name = tuple[str, str]
"""App label and name of a migration."""

_NAMED = 3


def ask_migrations(settings: CheckSettings) -> Callable[[], None]:
    """Compare what the database has recorded with the migrations on disk.

    What the database has recorded besides is fine: so it is while a newer version is rolled out,
    or after a step back.

    Returns:
        A function that raises where a migration is not applied, or the database does not answer.
    """
    # The files of a running process do not change.
    on_disk = cache(_on_disk)

    def ask() -> None:
        with own_cursor(settings.subject, settings.deadline) as (wrapper, cursor):
            table = wrapper.ops.quote_name(MigrationRecorder.Migration._meta.db_table)
            cursor.execute(f"SELECT app, name FROM {table}")
            recorded = {(app, name) for app, name in cursor.fetchall()}
        if pending := sorted(pending_migrations(on_disk(), recorded)):
            names = ", ".join(".".join(name) for name in pending[:_NAMED])
            more = ", …" if len(pending) > _NAMED else ""
            raise CheckFailedError(f"{len(pending)} not applied: {names}{more}")

    return ask


def pending_migrations(
    on_disk: Mapping[Name, Migration], recorded: Iterable[Name]
) -> frozenset[Name]:
    """The migrations that ``migrate`` would still have to do something about.

    A squashed migration counts as applied when all that it replaces are, as it does for
    ``migrate``; what it replaces need not be applied where it is.
    https://docs.djangoproject.com/en/stable/topics/migrations/#squashing-migrations
    """
    done_before = set(recorded)

    def applied(name: Name) -> bool:
        migration = on_disk.get(name)
        replaces = [] if migration is None else migration.replaces
        return name in done_before or (bool(replaces) and all(map(applied, map(_name, replaces))))

    done = {name for name in on_disk if applied(name)}
    for name in tuple(done):
        done.update(map(_name, on_disk[name].replaces))
    return frozenset(on_disk.keys() - done)


def _on_disk() -> Mapping[Name, Migration]:
    # Without a connection it looks at files alone.
    return MigrationLoader(None).disk_migrations


def _name(replaced: Iterable[str]) -> Name:
    app, name = replaced
    return app, name
