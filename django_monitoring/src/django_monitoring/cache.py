"""Counts hits and misses of Django's caches."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.core.cache import CacheHandler
from django.core.cache.backends.base import BaseCache

from . import contract
from .events import CountEvent
from .recorder import recorder

_MISSING: Final = object()

# Methods of a backend call each other: get_or_set() calls get(), and incr() may. Only the call
# that the application made is counted. A context variable, because the asynchronous methods run
# the synchronous ones in other threads.
_inside: Final[ContextVar[bool]] = ContextVar("inside a cache's method", default=False)

_classes: Final[dict[tuple[type[BaseCache], str], type[BaseCache]]] = {}

# They answer without giving a value to the application, or change one that must be there.
_NOT_READS: Final = ("has_key", "incr", "decr", "incr_version", "decr_version")

if TYPE_CHECKING:
    # The methods below go before those of a backend, and call them.
    _Backend = BaseCache
else:
    _Backend = object


def count_cache_reads(handler: CacheHandler) -> None:
    """Count the reads of every cache that the handler has and will have.

    Nothing else about the caches changes: they are of the classes that they were of, and every
    call returns and raises what it did.
    """
    create = handler.create_connection

    @wraps(create)
    def create_counting(alias: str) -> BaseCache:
        return counting(create(alias), alias)

    handler.create_connection = create_counting  # type: ignore[method-assign]
    # A module that was imported before may hold one of its own.
    made = getattr(handler, "_connections", None)
    for alias in handler:
        backend = getattr(made, alias, None)
        if backend is not None:
            counting(backend, alias)


def counting(backend: BaseCache, alias: str) -> BaseCache:
    """The same backend, its reads counted under the alias; as it was where that cannot be."""
    if isinstance(backend, _CountedReads) or not isinstance(backend, BaseCache):
        return backend
    # A class may forbid to be derived from.
    with suppress(TypeError):
        backend.__class__ = _counted_class(type(backend), alias)
    return backend


def _counted_class(backend: type[BaseCache], alias: str) -> type[BaseCache]:
    # Django makes a backend for each thread, and for each request of an ASGI application.
    counted = _classes.get((backend, alias))
    if counted is not None:
        return counted
    names = {
        "__module__": backend.__module__,
        "__qualname__": backend.__qualname__,
        "__doc__": backend.__doc__,
        "_counted_as": alias,
    }
    counted = type(backend.__name__, (_CountedReads, backend), names)
    return _classes.setdefault((backend, alias), counted)


class _CountedReads(_Backend):
    """Goes before a backend's own class: counts, and leaves the rest to it."""

    _counted_as: str

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return super().get(key, default, *args, **kwargs)
        with uncounted_reads():
            value = super().get(key, _MISSING, *args, **kwargs)
        self._count(0 if value is _MISSING else 1, 1)
        return default if value is _MISSING else value

    async def aget(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return await super().aget(key, default, *args, **kwargs)
        with uncounted_reads():
            value = await super().aget(key, _MISSING, *args, **kwargs)
        self._count(0 if value is _MISSING else 1, 1)
        return default if value is _MISSING else value

    def get_many(self, keys: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return super().get_many(keys, *args, **kwargs)
        wanted = list(keys)
        with uncounted_reads():
            values = super().get_many(wanted, *args, **kwargs)
        self._count_many(values, wanted)
        return values

    async def aget_many(self, keys: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return await super().aget_many(keys, *args, **kwargs)
        wanted = list(keys)
        with uncounted_reads():
            values = await super().aget_many(wanted, *args, **kwargs)
        self._count_many(values, wanted)
        return values

    def get_or_set(self, key: Any, default: Any, *args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return super().get_or_set(key, default, *args, **kwargs)
        watched = _Default(default)
        with uncounted_reads():
            value = super().get_or_set(key, watched, *args, **kwargs)
        self._count(0 if watched.was_needed else 1, 1)
        return value

    async def aget_or_set(self, key: Any, default: Any, *args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return await super().aget_or_set(key, default, *args, **kwargs)
        watched = _Default(default)
        with uncounted_reads():
            value = await super().aget_or_set(key, watched, *args, **kwargs)
        self._count(0 if watched.was_needed else 1, 1)
        return value

    def _count_many(self, values: Any, wanted: list[Any]) -> None:
        # A key need not be hashable to be missing.
        with suppress(TypeError):
            self._count(len(values), len(set(wanted)))

    def _count(self, hits: int, reads: int) -> None:
        if hits:
            recorder.add(CountEvent(contract.CACHE, self._counted_as, contract.CACHE_HITS, hits))
        if reads > hits:
            recorder.add(
                CountEvent(contract.CACHE, self._counted_as, contract.CACHE_MISSES, reads - hits)
            )


class _Default:
    """Stands in for the default of ``get_or_set``, and knows whether it was asked for."""

    def __init__(self, default: Any) -> None:
        self._default = default
        self.was_needed = False

    def __call__(self) -> Any:
        self.was_needed = True
        if not callable(self._default):
            return self._default
        # The application's own function: what it reads from a cache counts.
        token = _inside.set(False)
        try:
            return self._default()
        finally:
            _inside.reset(token)


@contextmanager
def uncounted_reads() -> Iterator[None]:
    """What is read from caches inside of it is not counted: neither hit nor miss."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def _uncounted(name: str) -> Callable[..., Any]:
    @wraps(getattr(BaseCache, name))
    def method(self: _CountedReads, *args: Any, **kwargs: Any) -> Any:
        with uncounted_reads():
            return getattr(super(_CountedReads, self), name)(*args, **kwargs)

    return method


def _uncounted_later(name: str) -> Callable[..., Awaitable[Any]]:
    @wraps(getattr(BaseCache, name))
    async def method(self: _CountedReads, *args: Any, **kwargs: Any) -> Any:
        with uncounted_reads():
            return await getattr(super(_CountedReads, self), name)(*args, **kwargs)

    return method


for _name in _NOT_READS:
    setattr(_CountedReads, _name, _uncounted(_name))
    setattr(_CountedReads, f"a{_name}", _uncounted_later(f"a{_name}"))
