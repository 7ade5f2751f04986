"""The database check: each way to fail ends by itself, and nobody else's connection is used."""

import os
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections

from django_monitoring.health.checks import CheckSettings, check_of
from django_monitoring.health.database import client_timeouts
from django_monitoring.health.kinds import DATABASE
from tests.health.postgres import Postgres, free_port, require_driver
from tests.health.silent import letting_in, listening

DEADLINE = 0.5

# Where an answer is expected: a busy machine must not make a no of it.
PATIENT = 9.0

# Seconds; what the client library takes at the least before there is a connection.
LEAST_CONNECT_TIMEOUT = 2


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Settings of a PostgreSQL database with the alias ``shop``."""
    require_driver()
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": 0,
        "NAME": "postgres",
        "USER": "postgres",
        "PASSWORD": "",
        "OPTIONS": {},
        "TIME_ZONE": None,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": None},
    }
    monkeypatch.setitem(connections.databases, "shop", settings)
    yield settings
    if hasattr(connections._connections, "shop"):  # type: ignore[attr-defined]
        connections["shop"].close()
        del connections["shop"]


def ask_once(alias: str, deadline: float = PATIENT) -> None:
    check_of(CheckSettings("database", DATABASE, alias, deadline)).run()


def attempt(deadline: float = PATIENT) -> tuple[str, float]:
    """The name of the exception of one attempt, and the seconds that it took; ten at most."""
    outcome = ["hangs"]

    def once() -> None:
        try:
            ask_once("shop", deadline)
        except Exception as error:
            outcome[0] = type(error).__name__
        else:
            outcome[0] = ""

    began = time.monotonic()
    thread = Thread(target=once, daemon=True)
    thread.start()
    thread.join(10)
    return outcome[0], time.monotonic() - began


def test_a_database_that_answers(database: dict[str, Any], postgres: Postgres) -> None:
    database["PORT"] = postgres.port
    assert attempt()[0] == ""


def test_a_port_that_refuses(database: dict[str, Any]) -> None:
    database["PORT"] = free_port()
    name, seconds = attempt(DEADLINE)
    assert name == "OperationalError"
    assert seconds < LEAST_CONNECT_TIMEOUT


@pytest.mark.parametrize("accepts", [True, False], ids=["hangs", "black hole"])
def test_no_answer_to_the_connection(database: dict[str, Any], accepts: bool) -> None:
    with listening(accepts=accepts) as database["PORT"]:
        name, seconds = attempt(DEADLINE)
    assert name in ("OperationalError", "ConnectionTimeout")
    assert seconds < LEAST_CONNECT_TIMEOUT + 2


def test_no_answer_to_the_query(database: dict[str, Any]) -> None:
    with letting_in() as database["PORT"]:
        name, seconds = attempt(DEADLINE)
    assert name == "OperationalError"
    assert DEADLINE <= seconds < DEADLINE + 8


def test_the_connection_is_its_own_and_ends_with_it(
    database: dict[str, Any], postgres: Postgres
) -> None:
    database["PORT"] = postgres.port
    with connections["shop"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'")
        (before,) = cursor.fetchone()
    requests_own = connections["shop"].connection
    assert attempt()[0] == ""
    descriptors = len(os.listdir("/proc/self/fd"))

    for _ in range(5):
        assert attempt()[0] == ""

    assert connections["shop"].connection is requests_own
    assert len(os.listdir("/proc/self/fd")) <= descriptors
    # A server process ends a moment after its connection.
    time.sleep(0.3)
    with connections["shop"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'")
        assert cursor.fetchone() == (before,)


def test_a_pool_of_the_requests_is_left_alone(database: dict[str, Any], postgres: Postgres) -> None:
    database["PORT"] = postgres.port
    # With this, Django would wait for a connection of the pool that requests use up.
    database["OPTIONS"] = {"pool": {"min_size": 0, "max_size": 1, "timeout": 0.01}}
    assert attempt()[0] == ""
    assert "pool" in database["OPTIONS"]
    assert not getattr(type(connections["shop"]), "_connection_pools", {})


def test_the_projects_own_options_stay(database: dict[str, Any], postgres: Postgres) -> None:
    database["PORT"] = postgres.port
    database["OPTIONS"] = {"application_name": "shop", "connect_timeout": 60}
    assert attempt()[0] == ""
    assert database["OPTIONS"] == {"application_name": "shop", "connect_timeout": 60}


def test_a_database_in_memory() -> None:
    ask_once("default")
    assert connection.settings_dict["OPTIONS"] == {}


@pytest.mark.parametrize(
    ("vendor", "deadline", "expected"),
    [
        ("postgresql", 0.5, {"connect_timeout": 2}),
        ("postgresql", 2.5, {"connect_timeout": 3}),
        ("mysql", 0.5, {"connect_timeout": 1, "read_timeout": 1, "write_timeout": 1}),
        ("mysql", 2.5, {"connect_timeout": 3, "read_timeout": 3, "write_timeout": 3}),
        ("sqlite", 1, {}),
    ],
)
def test_timeouts_of_the_client_library(
    vendor: str, deadline: float, expected: dict[str, int]
) -> None:
    assert client_timeouts(vendor, deadline) == expected
