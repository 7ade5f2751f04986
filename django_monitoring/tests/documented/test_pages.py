"""docs/django.md and the package's README: tables and examples are those of the code."""

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from django_monitoring import conf, contract, mistakes
from django_monitoring.actions import record_action
from django_monitoring.asgi import publish_on_shutdown
from django_monitoring.recorder import recorder
from django_monitoring.testing import captured_metrics
from tests.docs import block, pages

PAGE = "docs/django.md"
README = "django_monitoring/README.md"


def first_cells(page: str, heading: str) -> list[list[str]]:
    """The code in the first cell of each row of the table with this heading."""
    table = re.search(
        rf"^\| {re.escape(heading)} \|.*\n\|[ |-]+\n((?:\|.*\n)+)", pages()[page], re.MULTILINE
    )
    assert table is not None
    rows = [row.split(" | ")[0] for row in table[1].splitlines()]
    return [re.findall(r"`([^`]+)`", row) for row in rows]


@pytest.mark.parametrize(
    ("page", "heading"), [(PAGE, "key"), (README, "key of `DJANGO_MONITORING`")]
)
def test_every_setting_has_a_row(page: str, heading: str) -> None:
    assert [cells[0] for cells in first_cells(page, heading)] == list(conf._DEFAULTS)


def test_every_check_has_a_row() -> None:
    shown = [cells[0] for cells in first_cells(PAGE, "id")]
    codes = [v for v in vars(mistakes).values() if isinstance(v, str) and re.match("[EW]0", v)]
    assert sorted(shown) == sorted(f"django_monitoring.{code}" for code in codes)


@pytest.mark.parametrize("page", [PAGE, README])
def test_every_metric_has_a_row(page: str) -> None:
    shown = {name for cells in first_cells(page, "metric") for name in cells}
    statuses = set(contract.STATUS_CLASSES.values())
    others = {
        contract.REQUESTS,
        contract.RESPONSE_TIME,
        contract.SAMPLES_DROPPED,
        contract.DISCONNECTS,
        contract.STREAMS_BROKEN,
        contract.ACTIONS,
        contract.FAILURES,
        contract.CACHE_HITS,
        contract.CACHE_MISSES,
        contract.TASKS,
        contract.TASK_TIME,
        contract.TASK_WAIT,
        contract.TASK_FAILURES,
        contract.TASK_RETRIES,
        contract.QUERIES,
        contract.DATABASE_TIME,
        *contract.GAUGES,
    }
    # A setting is named there, and the classes between the first and the last are an ellipsis.
    assert shown - statuses - {"DATABASE"} == others
    assert shown & statuses == {"StatusCode_2xx", "StatusCode_5xx"}


def checkout(request: HttpRequest) -> HttpResponse:
    record_action("checkout")
    return HttpResponse("ok")


SHOP = ModuleType("shop_urls")
SHOP.urlpatterns = [path("checkout/", checkout)]  # type: ignore[attr-defined]
MEASURED = {
    "MIDDLEWARE": ["django_monitoring.middleware.metrics"],
    "ROOT_URLCONF": SHOP,
    "ALLOWED_HOSTS": ["*"],
}


def test_the_test_that_is_shown_passes() -> None:
    given: dict[str, Callable[[Client], None]] = {}
    start = "from django_monitoring.testing import captured_metrics\n\n\ndef test"
    exec(block("python", start), given)
    with override_settings(**MEASURED):
        given["test_a_checkout_is_counted"](Client())


def test_the_readmes_test_passes() -> None:
    start = "from django_monitoring.testing import captured_metrics\n\nwith"
    with override_settings(**MEASURED):
        exec(block("python", start), {"client": Client()})


def test_the_readmes_action_is_counted() -> None:
    with captured_metrics() as metrics:
        exec(block("python", "from django_monitoring.actions import record_action"), {})
    assert metrics.total("Actions", Action="checkout") == 1


def test_the_readmes_asgi_application() -> None:
    given: dict[str, Any] = {"publish_on_shutdown": publish_on_shutdown}
    given["get_asgi_application"] = lambda: print
    exec(block("python", "# asgi.py"), given)
    assert callable(given["application"])
    assert not recorder.is_active
