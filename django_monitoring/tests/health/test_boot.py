"""A server's first answers: each worker is ready a moment after it has begun."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.health.postgres import Postgres
from tests.health.servers import VISITOR, ask, gunicorn, serving, uvicorn

HEALTH = {"INTERVAL": 2, "DEADLINE": 1}

# Seconds: loading takes about one here, checks begin half a one after it.
READY_WITHIN = 4


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (gunicorn, ["--workers", "3"]),
        (gunicorn, ["--workers", "3", "--preload"]),
        (gunicorn, ["--workers", "2", "--preload", "--worker-class", "gthread"]),
        (uvicorn, ["--workers", "2"]),
    ],
    ids=["gunicorn", "preload", "preload gthread", "uvicorn"],
)
def test_no_worker_needs_a_probe_to_become_ready(
    command: Callable[..., Any],
    arguments: list[str],
    postgres: Postgres,
    tmp_path: Path,
) -> None:
    with serving(
        command, *arguments, directory=tmp_path, database_port=postgres.port, health=HEALTH
    ) as server:
        time.sleep(READY_WITHIN)
        statuses = [ask(server.port, "/health/").status for _ in range(30)]
        workers = {ask(server.port, "/orders/", headers=VISITOR).body for _ in range(30)}
        assert statuses == [200] * 30
        assert str(os.getpid()).encode() not in workers
        assert "DeprecationWarning" not in server.log.read_text()
