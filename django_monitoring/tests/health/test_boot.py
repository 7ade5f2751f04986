"""A server's first answers: each worker is ready a moment after it has begun."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.health.postgres import Postgres
from tests.health.servers import VISITOR, Server, ask, gunicorn, serving, uvicorn

HEALTH: Final = {"INTERVAL": 2, "DEADLINE": 1}

SERVERS: Final = {
    "gunicorn": (gunicorn, ["--workers", "3"]),
    "gunicorn preload": (gunicorn, ["--workers", "3", "--preload"]),
    "gunicorn preload gthread": (gunicorn, ["--workers", "2", "--preload", "--threads", "2"]),
    "uvicorn": (uvicorn, ["--workers", "2"]),
}

# Seconds; all of them load at once, on a machine that may have two processors.
READY_WITHIN: Final = 6


@pytest.fixture(scope="module")
def booted(postgres: Postgres) -> Iterator[Mapping[str, Server]]:
    """All servers, some seconds after their start, without a request so far."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database_port = postgres.port
        servers = {
            name: stack.enter_context(
                serving(
                    command,
                    *arguments,
                    directory=directory,
                    database_port=database_port,
                    health=HEALTH,
                )
            )
            for name, (command, arguments) in SERVERS.items()
        }
        time.sleep(READY_WITHIN)
        yield servers


@pytest.mark.parametrize("name", SERVERS)
def test_no_worker_needs_a_probe_to_become_ready(booted: Mapping[str, Server], name: str) -> None:
    server = booted[name]
    statuses = [ask(server.port, "/health/").status for _ in range(20)]
    assert statuses == [200] * 20, server.log.read_text()
    workers = {ask(server.port, "/orders/", headers=VISITOR).body for _ in range(40)}
    assert len(workers) > 1
    # Of Python 3.12 and later, where a process with several threads forks.
    assert "DeprecationWarning" not in server.log.read_text()
