"""docs/django-transport.md: each of its ways out is started as it stands."""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from django.test import override_settings

from django_monitoring.conf import read_config
from django_monitoring.otlp import OtlpSink
from django_monitoring.otlp.sink import ENDPOINT_VARIABLES, HEADERS_VARIABLE
from django_monitoring.recorder import recorder
from tests.docs import block, pages
from tests.metrics.emf_lines import metric_documents
from tests.metrics.keeping import total
from tests.metrics.site_client import get, site
from tests.otlp.collector import Collector, collector

REQUESTS = 3


def settings_shown(start: str) -> Mapping[str, Any]:
    given: dict[str, Any] = {}
    head = 'DJANGO_MONITORING = {\n    "SERVICE": "django-app-service",\n    "SINK": '
    exec(block("python", f"{head}{start}"), given)
    shown: Mapping[str, Any] = given["DJANGO_MONITORING"]
    return shown


@contextmanager
def counting(settings: Mapping[str, Any]) -> Iterator[None]:
    """The project with these settings; what it counts is published at the end."""
    with override_settings(DJANGO_MONITORING=settings):
        recorder.activate(read_config())
    try:
        with site(DJANGO_MONITORING=settings):
            yield
    finally:
        assert recorder.deactivate()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that OpenTelemetry's variable names, without the path."""
    for variable in (*ENDPOINT_VARIABLES, HEADERS_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    with collector() as found:
        monkeypatch.setenv(ENDPOINT_VARIABLES[1], found.address.removesuffix("/v1/metrics"))
        yield found


def test_otlp_alone(endpoint: Collector, capfd: pytest.CaptureFixture[str]) -> None:
    with counting(settings_shown('"django_monitoring.otlp')):
        for _ in range(REQUESTS):
            get("/")
    assert endpoint.total("Requests") == REQUESTS
    assert "_aws" not in capfd.readouterr().out


def test_both_at_once(endpoint: Collector, capfd: pytest.CaptureFixture[str]) -> None:
    with counting(settings_shown("[")):
        for _ in range(REQUESTS):
            get("/")
    assert endpoint.total("Requests") == REQUESTS
    lines = metric_documents(capfd.readouterr().out.encode())
    assert total(lines, "Requests", Service="django-app-service") == REQUESTS


def test_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = dict(re.findall(r"^\| `(OTEL_\w+)=(\S+)` \|", page(), re.MULTILINE))
    assert set(shown) == {*ENDPOINT_VARIABLES, HEADERS_VARIABLE}
    for variable in shown:
        monkeypatch.delenv(variable, raising=False)
    default = OtlpSink()
    monkeypatch.setenv(ENDPOINT_VARIABLES[1], shown[ENDPOINT_VARIABLES[1]])
    assert OtlpSink()._endpoint == default._endpoint == "http://localhost:4318/v1/metrics"
    monkeypatch.setenv(ENDPOINT_VARIABLES[0], shown[ENDPOINT_VARIABLES[0]])
    cloudwatch = OtlpSink()
    assert cloudwatch._endpoint == shown[ENDPOINT_VARIABLES[0]]
    assert cloudwatch._region == "ap-northeast-1"
    monkeypatch.setenv(HEADERS_VARIABLE, shown[HEADERS_VARIABLE])
    assert OtlpSink()._headers["Authorization"].startswith("Bearer ")


def test_a_sink_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("own_sink")
    exec(block("python", "class MySink:\n    def send_all"), module.__dict__)
    given: list[str] = []

    class Watched(module.MySink):  # type: ignore[name-defined, misc]
        def send_all(self, records: Any, timeout: float) -> Any:
            given.extend(metric.name for record in records for metric in record.metrics)
            return super().send_all(records, timeout)

        def close(self) -> None:
            given.append("closed")
            super().close()

    module.MySink = Watched  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "own_sink", module)
    with counting({"SERVICE": "shop", "SINK": "own_sink.MySink"}):
        get("/")
    assert "Requests" in given
    assert given[-1] == "closed"


def page() -> str:
    return pages()["docs/django-transport.md"]
