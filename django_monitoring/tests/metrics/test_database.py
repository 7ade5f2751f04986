"""Queries of a request and their time, where it is asked for."""

import logging
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections

from django_monitoring.database import PoolSampler, count_queries
from tests.metrics.keeping import KeepingSink, samples, total
from tests.metrics.site_client import Answer, get, get_later, site
from tests.metrics.stacks import STACKS

ON = {"SERVICE": "shop", "DATABASE": True}


@pytest.fixture(autouse=True)
def _connected() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    count_queries()
    connection.close()
    yield
    connection.close()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
@pytest.mark.parametrize("ask", [get, get_later], ids=["wsgi", "asgi"])
@pytest.mark.parametrize("path", ["/query/", "/query/later/"], ids=["sync view", "async view"])
def test_the_queries_of_a_request_are_counted_with_their_time(
    kept: KeepingSink, stack: list[str], ask: Callable[[str], Answer], path: str
) -> None:
    with site(MIDDLEWARE=stack, DJANGO_MONITORING=ON):
        assert ask(path).body == b"3"
        ask("/")
        documents = kept.published
    route = path.removeprefix("/")
    assert total(documents, "Queries") == 3
    assert total(documents, "RouteQueries", Route=route) == 3
    seconds = total(documents, "DatabaseTime")
    assert 0 < seconds <= max(samples(documents, "ResponseTime", Route=route))
    assert total(documents, "RouteDatabaseSeconds", Route=route) == seconds


def test_it_is_off_by_default(kept: KeepingSink) -> None:
    with site():
        assert get("/query/").body == b"3"
        documents = kept.published
    assert total(documents, "Requests") == 1
    assert not any("Queries" in document for document in documents)


def test_a_query_that_fails_counts_and_fails(kept: KeepingSink) -> None:
    with site(DJANGO_MONITORING=ON):
        assert get("/query/wrong/").status == 500
        documents = kept.published
    assert total(documents, "Queries") == 1


class Pool:
    """As psycopg's: it says how it is."""

    def __init__(self, size: int, available: int, waiting: int) -> None:
        self.stats = {"pool_size": size, "pool_available": available, "pool_max": 8}
        self.stats |= {"requests_waiting": waiting} if waiting else {}

    def get_stats(self) -> dict[str, int]:
        return self.stats


def test_the_most_of_a_pool_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    sampler = PoolSampler()
    for pool in (Pool(4, 3, 0), Pool(8, 2, 5), Pool(8, 8, 0)):
        monkeypatch.setattr(
            connections["default"], "_connection_pools", {"default": pool}, raising=False
        )
        sampler.sample()
    (record,) = sampler.take(0, "shop")
    assert record.dimensions == {"Service": "shop", "Database": "default"}
    # 6 of 8 at the most.
    assert {metric.name: metric.value for metric in record.metrics} == {
        "PoolUse": 75.0,
        "PoolWaiting": 5,
    }
    assert list(sampler.take(0, "shop")) == []


def test_a_database_without_a_pool_says_nothing() -> None:
    sampler = PoolSampler()
    sampler.sample()
    assert list(sampler.take(time.time_ns() // 10**6, "shop")) == []
