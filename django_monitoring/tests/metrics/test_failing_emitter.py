"""Whatever fails in the emitter, every response is the one that there is without metrics."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core.cache import cache

from django_monitoring.aggregate import Aggregate
from django_monitoring.emitter import Emitter
from django_monitoring.recorder import recorder
from django_monitoring.records import Record
from tests.metrics.keeping import KeepingSink, config_with
from tests.metrics.site_client import Answer, get, get_later, site

PATHS = (
    "/",
    "/?status=404",
    "/orders/7/",
    "/orders/7",
    "/later/",
    "/missing/",
    "/nothing/",
    "/errors/",
    "/errors/later/",
    "/buy/",
    "/buy/",
    "/health/",
)

FAILURES = (
    OSError("Broken pipe"),
    ValueError(),
    MemoryError(),
    RecursionError(),
    SystemExit(1),
    KeyboardInterrupt(),
    GeneratorExit(),
)


class Raising:
    def __init__(self, failure: BaseException) -> None:
        self.failure = failure

    def send(self, record: Record, timeout: float) -> bool:
        raise self.failure


class Stuck:
    def __init__(self, release: threading.Event) -> None:
        self.release = release

    def send(self, record: Record, timeout: float) -> bool:
        self.release.wait(60)
        return True


class Full:
    def send(self, record: Record, timeout: float) -> bool:
        return False


class Odd:
    send = None


def raises(failure: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise failure

    return fail


@contextmanager
def sink(make_sink: Callable[[], Any]) -> Iterator[None]:
    """The emitter has this sink."""
    recorder.activate(config_with(make_sink, interval=1.0))
    try:
        yield
    finally:
        recorder.deactivate(0.2)


@contextmanager
def stuck() -> Iterator[None]:
    release = threading.Event()
    with sink(lambda: Stuck(release)):
        try:
            yield
        finally:
            release.set()


@contextmanager
def patched(owner: Any, name: str, value: object) -> Iterator[None]:
    """A part of the emitter is replaced by this."""
    with sink(KeepingSink), pytest.MonkeyPatch.context() as patching:
        patching.setattr(owner, name, value)
        yield


WAYS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    **{f"sink raises {f!r}": lambda f=f: sink(lambda: Raising(f)) for f in FAILURES},  # type: ignore[misc]
    **{f"no sink, {f!r}": lambda f=f: sink(raises(f)) for f in FAILURES},  # type: ignore[misc]
    "sink is stuck": stuck,
    "sink is always full": lambda: sink(Full),
    "sink is none": lambda: sink(lambda: None),
    "sink is odd": lambda: sink(Odd),
    "no thread": lambda: patched(Emitter, "start", raises(RuntimeError())),
    "events cannot be added": lambda: patched(Emitter, "add", raises(MemoryError())),
    "events cannot be summed up": lambda: patched(Aggregate, "add", raises(ValueError())),
    "sums cannot be taken": lambda: patched(Aggregate, "take", raises(SystemExit())),
    "no aggregate": lambda: patched(Aggregate, "__init__", raises(TypeError())),
    "the log fails": lambda: patched(
        logging.getLogger("django_monitoring"), "warning", raises(OSError())
    ),
}


@pytest.fixture(params=[get, get_later], ids=["wsgi", "asgi"])
def client(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Answer]]:
    logging.disable(logging.ERROR)
    yield request.param
    logging.disable(logging.NOTSET)


def answers(client: Callable[[str], Answer]) -> list[Answer]:
    cache.clear()
    return [client(path) for path in PATHS]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_response_changes(client: Callable[[str], Answer], way: Any) -> None:
    with site(MIDDLEWARE=["django.middleware.common.CommonMiddleware"]):
        expected = answers(client)
    assert [answer.status for answer in expected] == [
        *(200, 404, 200, 301, 200, 404, 404, 500, 500, 200, 200, 200)
    ]
    with way(), site():
        assert answers(client) == expected
        # What was recorded is on its way, and fails there.
        recorder.flush(0.1)
        assert answers(client) == expected
