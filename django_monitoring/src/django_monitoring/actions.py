"""Counts what users do in the application, where the application says so."""

from functools import partial

from django.db import DEFAULT_DB_ALIAS, connections

from . import contract
from .events import CountEvent
from .recorder import recorder


def record_action(name: str, *, using: str | None = None) -> None:
    """Count an important action that a user has completed, such as ``"checkout"``.

    Inside a transaction it is counted when that commits, and not at all when it is rolled back;
    otherwise at once. Names are few and fixed: each is a metric that costs money, and a process
    counts all beyond the first 99 as ``(other)``. Nothing is raised.

    Args:
        name: what was done.
        using: alias of the database whose transaction counts; the default one if left out.
    """
    try:
        count = partial(recorder.add, CountEvent(contract.ACTION, name, contract.ACTIONS))
        connection = connections[using or DEFAULT_DB_ALIAS]
        # Asked for first: on_commit() outside of a transaction opens a connection.
        if connection.in_atomic_block:
            connection.on_commit(count)
        else:
            count()
    except Exception:
        return
