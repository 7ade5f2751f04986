"""Cache reads: hits and misses counted once, and every call as it was without us."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import CacheHandler
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.test import override_settings

from django_monitoring.cache import count_cache_reads, counting, uncounted_reads
from tests.metrics.keeping import KeepingSink, total

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"


class NativeAsync(LocMemCache):
    """A backend with asynchronous methods of its own, as clients of servers have."""

    async def aget(self, key: str, default: Any = None, version: int | None = None) -> Any:
        await asyncio.sleep(0)
        return LocMemCache.get(self, key, default, version)


class OneTrip(LocMemCache):
    """A backend that asks for many keys at once, and for one as for many."""

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return {
            key: value
            for key in keys
            if (value := LocMemCache.get(self, key, self, version)) is not self
        }

    def get(self, key: str, default: Any = None, version: int | None = None, **kw: Any) -> Any:
        assert kw in ({}, {"client": 1})
        return self.get_many([key], version).get(key, default)


def settings_of(backend: str) -> dict[str, dict[str, Any]]:
    return {
        "default": {"BACKEND": backend, "LOCATION": "default"},
        "sessions": {"BACKEND": backend, "LOCATION": "sessions", "VERSION": 3},
    }


@pytest.fixture(params=[LOCMEM, f"{__name__}.NativeAsync", f"{__name__}.OneTrip"])
def plain(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Caches without counting."""
    handler = CacheHandler(settings_of(request.param))
    yield handler
    for alias in handler:
        handler[alias].clear()


@pytest.fixture
def caches(plain: CacheHandler) -> CacheHandler:
    """The same caches with counting; the default one was made before."""
    assert plain["default"]
    count_cache_reads(plain)
    return plain


@pytest.fixture
def counted(kept: KeepingSink) -> Callable[..., tuple[int, int]]:
    """Hits and misses until now."""

    def read(alias: str = "default") -> tuple[int, int]:
        documents = kept.published
        return (
            total(documents, "CacheHits", Cache=alias),
            total(documents, "CacheMisses", Cache=alias),
        )

    return read


Counted = Callable[..., tuple[int, int]]


@pytest.mark.parametrize("value", [0, None, False, "", [], "text", {"a": 1}])
def test_whatever_is_stored_is_a_hit_and_comes_back(
    caches: CacheHandler, counted: Counted, value: Any
) -> None:
    cache = caches["default"]
    cache.set("key", value)
    assert cache.get("key") == value
    assert cache.get("key", "default") == value
    assert cache.get("key", default=1, version=1) == value
    assert cache.get_or_set("key", "other") == value
    assert cache.get_many(["key"]) == {"key": value}
    assert asyncio.run(cache.aget("key", "default")) == value
    assert asyncio.run(cache.aget_or_set("key", "other")) == value
    assert asyncio.run(cache.aget_many(["key"])) == {"key": value}
    assert counted() == (8, 0)


def test_what_is_not_stored_is_a_miss(caches: CacheHandler, counted: Counted) -> None:
    cache = caches["default"]
    marker = object()
    assert cache.get("key") is None
    assert cache.get("key", marker) is marker
    assert cache.get("key", default=marker) is marker
    assert cache.get("key", None, 7) is None
    assert cache.get_many(["a", "b"]) == {}
    assert asyncio.run(cache.aget("key", marker)) is marker
    assert asyncio.run(cache.aget_many(["a", "b", "c"])) == {}
    assert counted() == (0, 10)


def test_many_keys(caches: CacheHandler, counted: Counted) -> None:
    cache = caches["default"]
    cache.set_many({"a": 1, "b": None, "c": 3})
    assert cache.get_many(key for key in "abcde") == {"a": 1, "b": None, "c": 3}
    assert counted() == (3, 2)
    assert cache.get_many(["a", "a", "x"]) == {"a": 1}
    assert cache.get_many([]) == {}
    assert asyncio.run(cache.aget_many(key for key in "cx")) == {"c": 3}
    assert counted() == (5, 4)


def test_get_or_set_is_one_read(caches: CacheHandler, counted: Counted) -> None:
    cache = caches["default"]
    calls: list[int] = []

    def default() -> int:
        calls.append(1)
        return 0

    assert cache.get_or_set("a", default) == 0
    assert cache.get_or_set("a", default) == 0
    assert cache.get_or_set("b", 5, 60) == 5
    assert cache.get_or_set("b", default=6, timeout=60, version=1) == 5
    assert cache.get_or_set("c", None) is None
    assert asyncio.run(cache.aget_or_set("d", default)) == 0
    assert asyncio.run(cache.aget_or_set("d", 1)) == 0
    assert len(calls) == 2
    assert counted() == (3, 4)


def test_what_a_default_reads_is_counted(caches: CacheHandler, counted: Counted) -> None:
    cache = caches["default"]
    cache.set("inner", 7)
    assert cache.get_or_set("outer", lambda: cache.get("inner")) == 7
    assert counted() == (1, 1)
    assert asyncio.run(cache.aget_or_set("another", lambda: cache.get("nothing", 1))) == 1
    assert counted() == (1, 3)


def test_a_default_that_fails_is_a_failure_as_before(
    caches: CacheHandler, counted: Counted
) -> None:
    cache = caches["default"]
    with pytest.raises(ZeroDivisionError):
        cache.get_or_set("key", lambda: 1 / 0)
    assert "key" not in cache
    assert cache.get("key") is None
    assert counted() == (0, 1)


def test_calls_that_are_no_reads_are_not_counted(caches: CacheHandler, counted: Counted) -> None:
    cache = caches["default"]
    cache.set("n", 1)
    assert cache.has_key("n")
    assert "n" in cache
    assert "m" not in cache
    assert cache.incr("n") == 2
    assert cache.decr("n", 2) == 0
    assert cache.incr_version("n") == 2
    assert cache.decr_version("n", version=2) == 1
    assert cache.add("m", 1)
    assert not cache.add("m", 1)
    assert cache.touch("m")
    assert cache.delete("m")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("m")

    async def later() -> None:
        assert await cache.ahas_key("n")
        assert await cache.aincr("n") == 1
        assert await cache.adecr("n") == 0
        assert await cache.aincr_version("n") == 2
        assert await cache.adecr_version("n", version=2) == 1

    asyncio.run(later())
    assert counted() == (0, 0)


def test_reads_can_be_left_out(caches: CacheHandler, counted: Counted) -> None:
    cache = caches["default"]
    with uncounted_reads():
        assert cache.get("key", 1) == 1
        assert cache.get_many(["a"]) == {}
        assert cache.get_or_set("key", 2) == 2
        assert asyncio.run(cache.aget("key")) == 2
    assert counted() == (0, 0)


def test_each_alias_is_counted_by_itself(caches: CacheHandler, counted: Counted) -> None:
    caches["sessions"].set("key", 1)
    assert caches["sessions"].get("key") == 1
    assert caches["default"].get("key") is None
    assert counted("sessions") == (1, 0)
    assert counted("default") == (0, 1)


def test_caches_of_other_threads_and_tasks_are_counted(
    caches: CacheHandler, counted: Counted
) -> None:
    caches["default"].set("key", 1)
    threads = [
        threading.Thread(target=lambda: [caches["default"].get("key") for _ in range(100)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    async def later() -> None:
        await asyncio.gather(*(caches["default"].aget("key") for _ in range(50)))

    asyncio.run(later())
    assert counted() == (450, 0)


def test_failures_pass_and_are_neither(
    caches: CacheHandler, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = caches["default"]
    monkeypatch.setattr(LocMemCache, "get", lambda *_, **__: 1 / 0)
    monkeypatch.setattr(OneTrip, "get", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cache.get("key")
    with pytest.raises(ZeroDivisionError):
        asyncio.run(cache.aget("key"))
    monkeypatch.undo()
    assert cache.get("key") is None
    assert counted() == (0, 1)


def test_a_cache_stays_what_it_was(caches: CacheHandler) -> None:
    for alias in ("default", "sessions"):
        cache = caches[alias]
        assert isinstance(cache, LocMemCache)
        assert type(cache).__name__ in ("LocMemCache", "NativeAsync", "OneTrip")
        assert cache.version == (3 if alias == "sessions" else 1)
        assert caches[alias] is cache
    cache = caches["default"]
    with pytest.raises(TypeError):
        cache.get()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        cache.get_many(None)  # type: ignore[arg-type]


def test_a_backend_may_have_arguments_and_methods_of_its_own(counted: Counted) -> None:
    cache: Any = counting(OneTrip("extra", {}), "default")
    assert cache.get("key", client=1) is None
    assert counted() == (0, 1)
    assert counting(cache, "default") is cache
    assert cache.get("key") is None
    assert counted() == (0, 2)


def test_other_tools_may_replace_a_method(caches: CacheHandler, counted: Counted) -> None:
    # As debug toolbars do.
    cache: Any = caches["default"]
    original = cache.get
    seen = []

    def watching(*args: Any, **kwargs: Any) -> Any:
        seen.append(args)
        return original(*args, **kwargs)

    cache.get = watching
    assert cache.get("key", 1) == 1
    assert seen == [("key", 1)]
    assert counted() == (0, 1)


def test_a_backend_that_cannot_be_counted_works_as_before(counted: Counted) -> None:
    class Final(LocMemCache):
        def __init_subclass__(cls) -> None:
            raise TypeError

    final: Any = Final("final", {})
    foreign: Any = Foreign()
    for cache in (counting(final, "default"), counting(foreign, "default")):
        cache.set("key", 1)
        assert cache.get("key") == 1
    assert counted() == (0, 0)


def test_a_backend_with_slots_is_counted(counted: Counted) -> None:
    class Slotted(LocMemCache):
        __slots__ = ("own",)

    assert counting(Slotted("slotted", {}), "default").get("key") is None
    assert counted() == (0, 1)


class Foreign:
    """No cache by its class."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.set = self.values.__setitem__
        self.get = self.values.get


def test_the_same_calls_give_the_same_answers_with_and_without_counting() -> None:
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        ("get", ("a",), {}),
        ("get_or_set", ("a", 1), {}),
        ("get", ("a", 2), {}),
        ("add", ("a", 3), {}),
        ("get_many", (["a", "b"],), {}),
        ("set_many", ({"b": None},), {}),
        ("get", ("b", 4), {}),
        ("get_many", (("b", "a"),), {"version": 1}),
        ("incr", ("a",), {"delta": 5}),
        ("incr", ("nothing",), {}),
        ("has_key", ("b",), {"version": 2}),
        ("incr_version", ("a",), {}),
        ("get", ("a",), {"version": 2}),
        ("get", ("a",), {"default": "d"}),
        ("delete", ("b",), {}),
        ("get_or_set", ("b", dict), {"timeout": None}),
        ("get_or_set", ("b",), {}),
        ("get", (), {}),
        ("clear", (), {}),
        ("get_many", (["a", "b"],), {}),
    ]

    def answers(cache: BaseCache) -> list[Any]:
        found = []
        for name, args, kwargs in calls:
            try:
                found.append(getattr(cache, name)(*args, **kwargs))
            except (TypeError, ValueError) as failure:
                found.append(type(failure))
        return found

    assert answers(counting(LocMemCache("one", {}), "default")) == answers(LocMemCache("two", {}))


def test_changed_settings_keep_being_counted(counted: Counted) -> None:
    from django.core.cache import caches

    with override_settings(CACHES=settings_of(LOCMEM)):
        assert caches["sessions"].get("key") is None
    assert counted("sessions") == (0, 1)
