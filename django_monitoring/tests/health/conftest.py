"""Fixtures of the health tests: a monitor for each test, and a database to lose."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

_PACKAGE: Final = Path(__file__).parents[2]
sys.path[:0] = [path for path in (str(_PACKAGE), str(_PACKAGE / "src")) if path not in sys.path]

from django_monitoring.health import process  # noqa: E402
from tests.health.postgres import Postgres  # noqa: E402


@pytest.fixture(autouse=True)
def _own_monitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test makes a monitor of its own, and leaves no threads behind."""
    monkeypatch.setattr(process, "_monitor", None)
    yield
    if process._monitor is not None:
        process._monitor.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server that runs; a test that ends it starts it again."""
    # Not below pytest's own directory, where the server's user does not get through.
    with TemporaryDirectory(prefix="postgres-") as directory:
        server = Postgres(Path(directory))
        server.start()
        yield server
        server.kill()
