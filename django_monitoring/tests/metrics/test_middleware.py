"""What the middleware says of requests, in WSGI and in ASGI."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from django_monitoring.conf import read_config
from django_monitoring.middleware import metrics
from django_monitoring.recorder import recorder
from tests.metrics import named_sink
from tests.metrics.keeping import KeepingSink, config_with, requests_by_route, samples, total
from tests.metrics.site_client import Answer, answer_of, get, get_later, site
from tests.metrics.stacks import STACKS

Get = Callable[..., Answer]


@pytest.fixture(params=STACKS.values(), ids=STACKS)
def stack(request: pytest.FixtureRequest) -> list[str]:
    middleware: list[str] = request.param
    return middleware


@pytest.fixture(params=[get, get_later], ids=["wsgi", "asgi"])
def client(request: pytest.FixtureRequest, stack: list[str]) -> Iterator[Get]:
    logging.disable(logging.CRITICAL)
    with site(MIDDLEWARE=stack):
        yield request.param
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("path", "method", "status", "key"),
    [
        ("/", "GET", 200, ("GET", "/")),
        ("/orders/7/", "GET", 200, ("GET", "orders/<int:pk>/")),
        ("/orders/7/", "POST", 200, ("POST", "orders/<int:pk>/")),
        ("/orders/7/?status=302", "PUT", 302, ("PUT", "orders/<int:pk>/")),
        ("/later/", "GET", 200, ("GET", "later/")),
        ("/api/v3/", "HEAD", 200, ("HEAD", "api/v(?P<version>[0-9])/$")),
        ("/", "BREW", 200, ("OTHER", "/")),
        ("/missing/", "GET", 404, ("GET", "missing/")),
        ("/nothing/", "GET", 404, ("GET", "(unmatched)")),
        ("/wp-login.php", "GET", 404, ("GET", "(unmatched)")),
        ("/orders/7", "GET", 301, ("GET", "(unmatched)")),
        ("/errors/", "GET", 500, ("GET", "err_ors/")),
        ("/errors/later/", "GET", 500, ("GET", "err_ors/later/")),
    ],
)
def test_requests_are_counted_by_method_and_resolved_pattern(
    kept: KeepingSink, client: Get, path: str, method: str, status: int, key: tuple[str, str]
) -> None:
    assert client(path, method).status == status
    documents = kept.published
    assert requests_by_route(documents) == {key: 1}
    assert total(documents, f"StatusCode_{status // 100}xx") == 1
    assert total(documents, f"Status_{status // 100}xx", Route=key[1]) == 1
    assert total(documents, "Disconnects") == 0
    (seconds,) = samples(documents, "ResponseTime")
    assert 0 < seconds < 5


def test_the_health_paths_are_left_out(kept: KeepingSink, client: Get) -> None:
    for path in ("/livez", "/livez/", "/health/", "/readyz"):
        client(path)
    assert kept.published == []
    # What is below them is the application's.
    client("/health/database")
    assert requests_by_route(kept.published) == {("GET", "(unmatched)"): 1}


def test_failures_are_counted_by_type(kept: KeepingSink, client: Get) -> None:
    for path in ("/errors/", "/errors/later/", "/missing/", "/"):
        client(path)
    assert total(kept.published, "Failures") == 2
    assert total(kept.published, "Failures", Type="OddErr_or") == 2


def test_actions_and_cache_reads_in_a_view_are_counted(kept: KeepingSink, client: Get) -> None:
    cache.clear()
    for _ in range(3):
        assert client("/buy/").body == b"bought"
    assert total(kept.published, "Actions", Action="checkout") == 3
    assert total(kept.published, "CacheMisses", Cache="default") == 1
    assert total(kept.published, "CacheHits", Cache="default") == 2


def test_100_000_distinct_routes_through_the_middleware(kept: KeepingSink) -> None:
    recorder.activate(config_with(lambda: kept))

    class Match:
        def __init__(self, route: str) -> None:
            self.route = route

    with site():

        def view(request: HttpRequest) -> HttpResponse:
            request.resolver_match = Match(request.path)  # type: ignore[assignment]
            return HttpResponse()

        respond: Any = metrics(view)
        for number in range(100_000):
            request = HttpRequest()
            request.method, request.path = "GET", f"page-{number}/"
            respond(request)
        assert recorder.flush()
    # None of them is in the URL configuration, so that no process lets any of them in.
    assert requests_by_route(kept.published) == {("OTHER", "(other)"): 100_000}


class Raising:
    """An application below the middleware that raises what Django does not catch."""

    def __init__(self, failure: BaseException) -> None:
        self.failure = failure

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise self.failure

    async def later(self, request: HttpRequest) -> HttpResponse:
        raise self.failure


@pytest.mark.parametrize("failure", [ValueError(), SystemExit(1), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("is_async", [False, True])
def test_what_passes_through_is_counted_as_a_server_failure(
    kept: KeepingSink,
    failure: BaseException,
    is_async: bool,
) -> None:
    raising = Raising(failure)
    respond: Any = metrics(raising.later if is_async else raising)

    def drive() -> None:
        answer = respond(HttpRequest())
        # By hand: an event loop has its own way with exits.
        answer.send(None)

    with pytest.raises(type(failure)) as raised:
        drive()
    assert raised.value is failure
    assert total(kept.published, "StatusCode_5xx") == 1


def test_many_asynchronous_requests_at_once(kept: KeepingSink, client: Get) -> None:
    async def all_at_once() -> list[Answer]:
        application = ASGIHandler()
        return await asyncio.gather(
            *(answer_of(application, f"/{'later/' if n % 2 else ''}") for n in range(200))
        )

    assert [answer.status for answer in asyncio.run(all_at_once())] == [200] * 200
    assert requests_by_route(kept.published) == {("GET", "/"): 100, ("GET", "later/"): 100}


def test_loading_the_middleware_activates_the_settings() -> None:
    with site(
        DJANGO_MONITORING={
            "SERVICE": "other",
            "EXCLUDED_PATHS": ["/orders/*"],
            "SINK": "tests.metrics.named_sink.sink",
            "IN_TESTS": True,
        }
    ):
        get("/")
        get("/orders/7/")
        assert recorder.deactivate()
    (document, _) = named_sink.kept.published
    assert (document["Service"], document["Route"]) == ("other", "/")


def test_metrics_can_be_turned_off() -> None:
    with (
        override_settings(DJANGO_MONITORING={"ENABLED": False}),
        pytest.raises(MiddlewareNotUsed),
    ):
        metrics(lambda request: HttpResponse())


def test_the_app_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.apps.apps.is_installed", lambda name: False)
    with pytest.raises(ImproperlyConfigured, match="INSTALLED_APPS"):
        metrics(lambda request: HttpResponse())


def test_nothing_is_recorded_before_the_middleware_is_loaded() -> None:
    recorder.add(("GET", "a/", 200, 0.1))
    sink = KeepingSink()
    recorder.activate(config_with(lambda: sink))
    assert recorder.flush()
    assert sink.records == []
    recorder.deactivate()
    assert read_config().service == "shop"
