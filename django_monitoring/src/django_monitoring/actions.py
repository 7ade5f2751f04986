"""Counts what users do in the application, where the application says so."""

from difflib import get_close_matches
from functools import partial

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.connection import ConnectionDoesNotExist

from . import contract
from .background.start import start_outside_requests
from .events import CountEvent
from .recorder import recorder


def record_action(name: str, *, using: str | None = None) -> None:
    """Count an important action that a user has completed, such as ``"checkout"``.

    Inside a transaction it is counted when that commits, and not at all when it is rolled back;
    otherwise at once. Names are few and fixed: each is a metric that costs money, and a process
    counts all beyond the first 99, or beyond those of the setting ``ACTIONS``, as ``(other)``.

    It counts in requests, in workers and in management commands, except in Django's own.

    Args:
        name: what was done.
        using: alias of the database whose transaction counts; the default one if left out.

    Raises:
        ConnectionDoesNotExist: ``DATABASES`` has no such alias. Nothing else is raised.
    """
    if using is not None and using not in connections:
        raise ConnectionDoesNotExist(_unknown_alias(using))
    try:
        start_outside_requests()
        count = partial(recorder.add, CountEvent(contract.ACTION, name, contract.ACTIONS))
        connection = connections[using or DEFAULT_DB_ALIAS]
        # Asked for first: on_commit() outside of a transaction opens a connection.
        if connection.in_atomic_block:
            connection.on_commit(count)
        else:
            count()
    except Exception:
        return


def _unknown_alias(using: str) -> str:
    aliases = list(connections)
    close = get_close_matches(str(using), aliases, n=1)
    hint = f'; did you mean "{close[0]}"?' if close else "."
    return f"DATABASES has no {using!r}{hint} Write one of: {', '.join(aliases)}"
