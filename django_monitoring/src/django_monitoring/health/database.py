"""Ask a database whether it answers, on a connection of the check's own."""

import math
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import Timer
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .checks import CheckSettings, one_of


def client_timeouts(vendor: str, deadline: float) -> dict[str, int]:
    """Options, in seconds, with which a database's client library gives up by itself.

    They end a call that hangs while there is no connection yet to be cut off.
    PostgreSQL's library takes whole seconds, two at the least:
    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CONNECT-TIMEOUT
    MySQL's takes whole seconds:
    https://dev.mysql.com/doc/c-api/8.4/en/mysql-options.html
    """
    match vendor:
        case "postgresql":
            return {"connect_timeout": max(2, math.ceil(deadline))}
        case "mysql":
            seconds = max(1, math.ceil(deadline))
            return dict.fromkeys(("connect_timeout", "read_timeout", "write_timeout"), seconds)
        case _:
            return {}


def ask_database(settings: CheckSettings) -> Callable[[], None]:
    """Connect, ask ``SELECT 1`` and disconnect.

    Returns:
        A function that raises the database library's exception where the database does not
        answer.
    """

    def ask() -> None:
        with own_cursor(settings.subject, settings.deadline) as (wrapper, cursor):
            cursor.execute(f"SELECT 1{wrapper.features.bare_select_suffix}")
            cursor.fetchone()

    return ask


@contextmanager
def own_cursor(alias: str, deadline: float) -> Iterator[tuple[BaseDatabaseWrapper, Any]]:
    """A cursor of a new connection, which is cut off at the deadline and closed at the end.

    Neither the connections of requests nor their pool are used: a request may hold them, and
    persistent ones (``CONN_MAX_AGE``) say nothing about new ones. Django's own set-up of a
    connection (time zone, role, ``connection_created``) is left out as well.

    Args:
        alias: of ``DATABASES``.
        deadline: seconds after which the connection is cut off.

    Yields:
        Django's wrapper, which has no connection itself, and the database library's cursor.
    """
    cut_off = time.monotonic() + deadline
    template = connections.create_connection(alias)
    settings = template.settings_dict
    options = {key: value for key, value in settings["OPTIONS"].items() if key != "pool"}
    options |= client_timeouts(template.vendor, deadline)
    wrapper = type(template)({**settings, "OPTIONS": options}, alias)
    connection = wrapper.get_new_connection(wrapper.get_connection_params())
    with (
        closing(connection),
        _cut_off(connection, cut_off - time.monotonic()),
        closing(connection.cursor()) as cursor,
    ):
        yield wrapper, cursor


def alias_mistake(alias: str) -> str | None:
    """What to write instead of an alias that is no database's."""
    databases = connections.databases
    usable = [name for name in databases if not databases[name]["ENGINE"].endswith(".dummy")]
    if alias in usable:
        return None
    if not usable:
        return 'no database has an ENGINE; leave the check out, with "CHECKS": {} if it is alone'
    return one_of("an alias of DATABASES that has an ENGINE", usable)


@contextmanager
def _cut_off(connection: Any, seconds: float) -> Iterator[None]:
    """End what hangs on a connection after some time, by shutting its socket down.

    Drivers without ``fileno`` have only their own timeouts.
    """
    if not hasattr(connection, "fileno"):
        yield
        return
    # A duplicate of the descriptor: the driver may close its own at any moment, and the number
    # could then be somebody else's.
    with socket.socket(fileno=os.dup(connection.fileno())) as line:

        def cut() -> None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

        timer = Timer(max(0.0, seconds), cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
