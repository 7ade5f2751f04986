"""Counts the queries of a request and their time, and looks at the pools of connections.

Off by default. It explains a response time; it does not watch the database, whose own metrics do.
"""

import math
from collections.abc import Callable, Iterable
from contextvars import ContextVar, Token
from time import perf_counter
from typing import Any, Final

from django.db import connections
from django.db.backends.signals import connection_created

from . import contract
from .records import MetricDatum, Record
from .tokens import safe_token

_FULL: Final = 100.0


class QueryTally:
    """The queries of one request until now."""

    __slots__ = ("queries", "seconds")

    def __init__(self) -> None:
        self.queries = 0
        self.seconds = 0.0


# Copied into the threads in which asynchronous code runs synchronous code, tally and all.
_tally: Final[ContextVar[QueryTally | None]] = ContextVar("the request's queries", default=None)


def begin_tally() -> tuple[QueryTally, Token[QueryTally | None]]:
    """Count the queries of this context from now on; the token ends it."""
    tally = QueryTally()
    return tally, _tally.set(tally)


def end_tally(token: Token[QueryTally | None]) -> None:
    """Count no more."""
    _tally.reset(token)


def count_queries() -> None:
    """Count the queries of this thread's connections, and of every one that is made from now on."""
    connection_created.connect(_wrap, dispatch_uid="django_monitoring")
    for connection in connections.all(initialized_only=True):
        _wrap(connection)


def _wrap(connection: Any = None, **_: object) -> None:
    # It comes with each reconnection, too.
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)


def _timed(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """https://docs.djangoproject.com/en/stable/topics/db/instrumentation/."""
    tally = _tally.get()
    if tally is None:
        return execute(sql, params, many, context)
    started = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        tally.queries += 1
        tally.seconds += perf_counter() - started


class PoolSampler:
    """The use of the connection pools that Django has with PostgreSQL (``OPTIONS["pool"]``).

    https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool
    https://www.psycopg.org/psycopg3/docs/advanced/pool.html#pool-stats
    """

    def __init__(self) -> None:
        # Percent in use, and requests that wait for a connection: the most of both.
        self._seen: dict[str, tuple[float, int]] = {}

    def sample(self) -> None:
        """Look at the pools that there are; none is made for it. See ``Sampler``."""
        for alias in connections:
            # Django says it nowhere else; asking for its "pool" would make one.
            pools = getattr(connections[alias], "_connection_pools", {})
            if alias in pools:
                stats = pools[alias].get_stats()
                in_use = stats["pool_size"] - stats["pool_available"]
                used = _FULL * in_use / max(stats["pool_max"], 1)
                before = self._seen.get(alias, (-math.inf, 0))
                waiting = stats.get("requests_waiting", 0)
                self._seen[alias] = (max(used, before[0]), max(waiting, before[1]))

    def take(self, milliseconds: int, service: str) -> Iterable[Record]:
        """What was seen since the last time; see ``Sampler``."""
        seen, self._seen = self._seen, {}
        for alias, (used, waiting) in seen.items():
            yield Record(
                milliseconds,
                {contract.SERVICE: service, contract.DATABASE: safe_token(alias)},
                (contract.BY_SERVICE, contract.BY_DATABASE),
                (
                    MetricDatum(contract.POOL_USE, contract.PERCENT, used),
                    MetricDatum(contract.POOL_WAITING, contract.COUNT, waiting),
                ),
                measurements=0,
            )
