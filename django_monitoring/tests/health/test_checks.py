"""The named checks: caches and callables."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache

from django_monitoring.health.checks import (
    Check,
    CheckFailedError,
    CheckKind,
    CheckSettings,
    check_of,
)
from django_monitoring.health.kinds import CACHE, CALL, DATABASE


def made(kind: CheckKind, subject: str) -> Check:
    return check_of(CheckSettings("it", kind, subject))


def test_words() -> None:
    database, cache = made(DATABASE, "default"), made(CACHE, "default")
    assert (database.good, database.bad) == ("connected", "disconnected")
    assert (cache.good, cache.bad) == ("ok", "failed")


def test_a_cache_that_works() -> None:
    made(CACHE, "default").run()


def test_a_cache_whose_client_hides_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocMemCache, "get", lambda *_: None)
    with pytest.raises(CheckFailedError, match="does not give back what was stored"):
        made(CACHE, "default").run()


def test_a_cache_that_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(LocMemCache, "set", gone)
    with pytest.raises(ConnectionError):
        made(CACHE, "default").run()


@pytest.mark.parametrize("answer", [None, True, 0, "", []])
def test_a_callable_that_returns_anything_but_false_works(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    callable_that(monkeypatch, lambda: answer).run()


def test_a_callable_that_returns_false(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CheckFailedError, match=r"platform.node returned False"):
        callable_that(monkeypatch, lambda: False).run()


def test_a_callable_that_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        callable_that(monkeypatch, lambda: 1 // 0).run()


def callable_that(monkeypatch: pytest.MonkeyPatch, does: Callable[[], object]) -> Check:
    monkeypatch.setattr("platform.node", does)
    return made(CALL, "platform.node")
