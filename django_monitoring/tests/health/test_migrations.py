"""The check of migrations: what is pending, and a real database before, while and after."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db.migrations.migration import Migration

from django_monitoring.health.migrations import Name, pending_migrations
from tests.documented.project import PACKAGE

FIRST, SECOND, THIRD = (("shop", name) for name in ("0001_initial", "0002_paid", "0003_sent"))
SQUASHED = ("shop", "0001_squashed_0002")
AGAIN = ("shop", "0001_squashed_0003")


def disk(*names: Name, **replaces: Iterable[Name]) -> dict[Name, Migration]:
    """Migrations as Django loads them, some of which replace others."""
    found = {}
    for app, name in names:
        found[app, name] = Migration(name, app)
        found[app, name].replaces = list(replaces.get(name.removeprefix("0001_"), ()))
    return found


@pytest.mark.parametrize(
    ("recorded", "pending"),
    [
        ([], {FIRST, SECOND}),
        ([FIRST], {SECOND}),
        ([FIRST, SECOND], set()),
        # A newer version has been there.
        ([FIRST, SECOND, THIRD, ("later", "0001_initial")], set()),
    ],
)
def test_plain_migrations(recorded: list[Name], pending: set[Name]) -> None:
    assert pending_migrations(disk(FIRST, SECOND), recorded) == pending


@pytest.mark.parametrize(
    ("recorded", "is_done"),
    [
        ([], False),
        ([FIRST], False),
        # All that it replaces, or itself: migrate has nothing to do in either case.
        ([FIRST, SECOND], True),
        ([SQUASHED], True),
        ([SQUASHED, FIRST, SECOND], True),
    ],
)
@pytest.mark.parametrize("keeps_the_old_files", [True, False])
def test_a_squashed_migration(
    recorded: list[Name], is_done: bool, keeps_the_old_files: bool
) -> None:
    names = [SQUASHED, *([FIRST, SECOND] if keeps_the_old_files else [])]
    on_disk = disk(*names, squashed_0002=[FIRST, SECOND])
    assert (pending_migrations(on_disk, recorded) == frozenset()) is is_done


def test_a_squashed_migration_of_a_squashed_one() -> None:
    on_disk = disk(SQUASHED, AGAIN, squashed_0002=[FIRST, SECOND], squashed_0003=[SQUASHED, THIRD])
    assert pending_migrations(on_disk, [FIRST, SECOND, THIRD]) == frozenset()
    assert pending_migrations(on_disk, [FIRST, SECOND]) == {AGAIN}
    assert pending_migrations(on_disk, [AGAIN]) == frozenset()


PROJECT = """
import sys
from django.conf import settings
from django.core.management import execute_from_command_line
urlpatterns = []
settings.configure(
    SECRET_KEY="only for tests",
    ROOT_URLCONF="__main__",
    INSTALLED_APPS=["django_monitoring", "django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}},
    DJANGO_MONITORING={"HEALTH": {"CHECKS": {"schema": {"MIGRATIONS": "default"}}}},
)
execute_from_command_line(sys.argv)
"""


def test_a_real_database(tmp_path: Path) -> None:
    def manage(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-c", PROJECT, *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(PACKAGE / "src")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout

    status, told = manage("health")
    # There is no table yet.
    assert (status, told.partition(" (")[0]) == (1, "schema: failed")
    assert "OperationalError: no such table: django_migrations" in told
    assert manage("migrate", "contenttypes")[0] == 0
    status, told = manage("health")
    assert status == 1
    assert told.startswith("schema: failed (CheckFailedError: ")
    assert "not applied: auth.0001_initial, auth.0002_" in told
    assert manage("migrate")[0] == 0
    assert manage("health") == (0, "schema: ok\n")
    assert manage("migrate", "auth", "0003")[0] == 0
    assert manage("health")[0] == 1
