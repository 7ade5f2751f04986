"""The named checks: caches and callables."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import override_settings

from django_monitoring.health import CheckKind, CheckSettings
from django_monitoring.health.checks import Check, CheckFailedError, check_of

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"


class SwallowingCache(LocMemCache):
    """Behaves as a client that hides connection errors."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return default


def made(kind: CheckKind, subject: str) -> Check:
    return check_of(CheckSettings("it", kind, subject, 1))


def test_words() -> None:
    database, cache = made(CheckKind.DATABASE, "default"), made(CheckKind.CACHE, "default")
    assert (database.good, database.bad) == ("connected", "disconnected")
    assert (cache.good, cache.bad) == ("ok", "failed")


def test_a_cache_that_works() -> None:
    made(CheckKind.CACHE, "default").run()


def test_a_cache_that_hides_its_errors() -> None:
    swallowing = f"{SwallowingCache.__module__}.{SwallowingCache.__qualname__}"
    with (
        override_settings(CACHES={"default": {"BACKEND": LOCMEM}, "remote": {"BACKEND": LOCMEM}}),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(LocMemCache, "get", SwallowingCache.get)
        assert swallowing
        with pytest.raises(CheckFailedError, match="does not give back what was stored"):
            made(CheckKind.CACHE, "remote").run()


def test_a_cache_that_raises() -> None:
    def gone(*arguments: Any, **options: Any) -> None:
        raise ConnectionError("gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocMemCache, "set", gone)
        with pytest.raises(ConnectionError):
            made(CheckKind.CACHE, "default").run()


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
    return made(CheckKind.CALL, "platform.node")
