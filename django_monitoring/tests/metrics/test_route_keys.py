"""The pairs of method and route that are paid for are the same in every process."""

import random
from types import ModuleType
from typing import Any

import pytest
from django.test import override_settings
from django.urls import get_resolver, resolve
from django.utils.translation import override

from django_monitoring.aggregate import Aggregate
from django_monitoring.emf import encode_line
from django_monitoring.route_keys import PlannedRoutes, unknown_route_mistakes
from tests.metrics import route_urls
from tests.metrics.emf_lines import checked_line
from tests.metrics.keeping import requests_by_route

CAP = 500
WORKERS = 4


def published(aggregate: Aggregate) -> dict[tuple[str, str], int]:
    lines = (encode_line(record) for record in aggregate.take(1_700_000_000.0))
    return requests_by_route(map(checked_line, lines))


@pytest.fixture
def urls(request: pytest.FixtureRequest) -> Any:
    with override_settings(ROOT_URLCONF=request.param):
        yield request.param


@pytest.mark.parametrize("urls", [route_urls.MANY], indirect=True)
def test_four_workers_with_2_000_routes_and_a_cap_of_500_pay_for_500(urls: ModuleType) -> None:
    pairs: set[tuple[str, str]] = set()
    counted = 0
    for seed in range(WORKERS):
        chance = random.Random(seed)
        worker = Aggregate("shop", CAP, admit=PlannedRoutes(CAP))
        for _ in range(5000):
            method = chance.choice(("GET", "GET", "POST", "BREW"))
            worker.add((method, f"page-{chance.randrange(2000)}/", 200, 0.1))
        for method in ("GET", "POST", "DELETE", "LINK"):
            worker.add((method, None, 404, 0.1))
        found = published(worker)
        pairs |= found.keys()
        counted += sum(found.values())
    assert counted == WORKERS * 5004
    # 9 methods without a route and the pair for all others; the rest are GET of the first routes.
    expected = {("GET", f"page-{number}/") for number in range(CAP - 10)}
    assert {pair for pair in pairs if pair[1].startswith("page-")} <= expected
    assert len(pairs) <= CAP
    assert len(pairs) > CAP * 0.9


@pytest.mark.parametrize("urls", [route_urls.MIXED], indirect=True)
@pytest.mark.parametrize(
    ("route", "methods"),
    [
        ("", "GET POST PUT PATCH DELETE HEAD OPTIONS OTHER TRACE"),
        ("^old/(?P<pk>[0-9]+)$", "GET POST PUT PATCH DELETE HEAD OPTIONS OTHER TRACE"),
        ("api/v(?P<version>[0-9])/$", "GET POST PUT PATCH DELETE HEAD OPTIONS OTHER TRACE"),
        ("reading/", "GET HEAD OPTIONS"),
        ("viewset/", "GET POST HEAD"),
        ("elsewhere/", ""),
    ],
)
def test_a_route_has_the_methods_of_its_view(urls: ModuleType, route: str, methods: str) -> None:
    planned = PlannedRoutes(CAP)
    every = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "OTHER", "TRACE"]
    assert [method for method in every if planned(method, route)] == methods.split()


@pytest.mark.parametrize("urls", [route_urls.MIXED], indirect=True)
@pytest.mark.parametrize("asked", ["/", "/old/7", "/api/v3/", "/api/", "/reading/", "/page/"])
def test_the_plan_knows_what_django_resolves(urls: ModuleType, asked: str) -> None:
    planned = PlannedRoutes(CAP)
    assert planned("GET", resolve(asked).route) is not None


@pytest.mark.parametrize("urls", [route_urls.MIXED], indirect=True)
def test_get_comes_before_post(urls: ModuleType) -> None:
    # 9 without a route, 1 for all others; 7 of the 8 that are left are GET of each route.
    planned = PlannedRoutes(18)
    routes = ["", "^old/(?P<pk>[0-9]+)$", "api/v(?P<version>[0-9])/$", "api/", "reading/"]
    routes += ["viewset/", "page/"]
    assert all(planned("GET", route) for route in routes)
    assert [route for route in routes if planned("POST", route)] == [""]


@pytest.mark.parametrize(
    ("urls", "asked"),
    [
        (route_urls.LANGUAGES, {"en": "/en/orders/7/", "de": "/de/orders/7/"}),
        (route_urls.UNPREFIXED, {"en": "/orders/7/", "de": "/de/orders/7/"}),
    ],
    indirect=["urls"],
)
def test_the_languages_of_a_route_are_one(urls: ModuleType, asked: dict[str, str]) -> None:
    worker = Aggregate("shop", CAP, admit=PlannedRoutes(CAP))
    with override_settings(LANGUAGE_CODE="en"):
        for language, path in asked.items():
            with override(language):
                worker.add(("GET", resolve(path).route, 200, 0.1))
        worker.add(("GET", "plain/", 200, 0.1))
    assert published(worker) == {("GET", "<language>/orders/<int:pk>/"): 2, ("GET", "plain/"): 1}


@pytest.mark.parametrize("urls", [route_urls.LANGUAGES], indirect=True)
def test_a_translated_route_is_one(urls: ModuleType) -> None:
    planned = PlannedRoutes(CAP)
    with override("de"):
        german = resolve("/de/Montag").route
    with override("en"):
        english = resolve("/en/Monday").route
    assert planned("GET", german) == planned("GET", english) == "<language>/Monday"


@pytest.mark.parametrize("urls", [route_urls.MIXED], indirect=True)
def test_a_list_of_routes_decides(urls: ModuleType) -> None:
    planned = PlannedRoutes(CAP, routes=["elsewhere/", "reading/"])
    assert planned("GET", "elsewhere/") == "elsewhere/"
    assert planned("GET", "reading/") == "reading/"
    assert planned("POST", "reading/") is None
    assert planned("GET", "page/") is None


@pytest.mark.parametrize("urls", [route_urls.MIXED], indirect=True)
def test_a_mistyped_route_is_told_by_the_check_and_with_the_first_request(urls: ModuleType) -> None:
    told: list[str] = []
    routes = ["reading/", "raeding/", "errors/"]
    PlannedRoutes(CAP, routes=routes, warn=told.append)("GET", "page/")
    mistyped, elsewhere = unknown_route_mistakes(routes)
    assert mistyped.what == (
        "DJANGO_MONITORING[\"ROUTES\"] has 'raeding/', which ROOT_URLCONF does not have"
    )
    assert mistyped.remedy.startswith('did you mean "reading/"? write a route as the metrics name')
    assert elsewhere.remedy.startswith("write a route as the metrics name it; one of another URL")
    # A line of the log, in which filters look for words.
    assert told == [str(mistyped), str(elsewhere).replace("errors", "err_ors")]


@pytest.mark.parametrize("urls", [route_urls.MIXED], indirect=True)
def test_a_route_of_nowhere_is_said_once(urls: ModuleType) -> None:
    said: list[str] = []
    planned = PlannedRoutes(CAP, warn=said.append)
    for number in range(3):
        assert planned("GET", f"elsewhere-{number}/") is None
    assert planned("GET", "page/") == "page/"
    (warning,) = said
    assert "ROOT_URLCONF has no elsewhere-0/; name the routes" in warning


def test_a_url_configuration_that_cannot_be_read_loses_no_request() -> None:
    said: list[str] = []
    worker = Aggregate("shop", CAP, admit=PlannedRoutes(CAP, warn=said.append))
    with override_settings(ROOT_URLCONF="no_such_module"):
        for _ in range(3):
            worker.add(("GET", "page/", 200, 0.1))
    assert published(worker) == {("OTHER", "(other)"): 3}
    assert said == [
        'requests are counted as Route "(other)": '
        "the URL configuration cannot be read (ModuleNotFoundErr_or)"
    ]


def test_the_smallest_cap_is_kept() -> None:
    planned = PlannedRoutes(2)
    assert planned("GET", None) == "(unmatched)"
    assert planned("POST", None) is None
    with override_settings(ROOT_URLCONF=route_urls.MIXED):
        assert get_resolver(route_urls.MIXED).url_patterns  # type: ignore[arg-type]
        assert planned("GET", "page/") is None
