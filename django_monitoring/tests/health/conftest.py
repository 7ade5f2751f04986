"""Fixtures of the health tests: a monitor for each test, and a database to lose."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from django_monitoring.health import process
from tests.health.postgres import Postgres, require_driver


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
    require_driver()
    # Not below pytest's own directory, where the server's user does not get through.
    with TemporaryDirectory(prefix="postgres-") as directory:
        server = Postgres(Path(directory))
        server.start()
        yield server
        server.kill()
