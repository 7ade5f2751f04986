"""Settings: defaults, and what is said of wrong ones."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from django_monitoring.conf import Config, is_enabled, read_config
from django_monitoring.several_sinks import SeveralSinks
from django_monitoring.sinks import StdoutSink


def read(**given: Any) -> Config:
    with override_settings(DJANGO_MONITORING=given):
        return read_config()


def refusal(given: Any) -> str:
    with (
        override_settings(DJANGO_MONITORING=given),
        pytest.raises(ImproperlyConfigured) as refused,
    ):
        read_config()
    return str(refused.value)


def test_defaults() -> None:
    assert read(SERVICE="shop") == Config(
        service="shop",
        interval=60.0,
        max_keys=500,
        excluded_paths=("/health", "/health/", "/livez", "/livez/", "/readyz", "/readyz/"),
        make_sink=StdoutSink,
        enabled=True,
    )


def test_the_service_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_MONITORING_SERVICE", "from-outside")
    assert read().service == "from-outside"
    assert read(SERVICE="own").service == "own"


def test_settings_of_the_health_endpoints_are_left_to_them() -> None:
    assert read(SERVICE="shop", HEALTH={"INTERVAL": 10}).service == "shop"


def test_no_service_is_needed_where_nothing_is_measured() -> None:
    assert not read(ENABLED=False).enabled
    with override_settings(DJANGO_MONITORING={"ENABLED": False}):
        assert not is_enabled()
    with override_settings(DJANGO_MONITORING={}):
        assert is_enabled()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("SERVICE", None, "DJANGO_MONITORING_SERVICE"),
        ("SERVICE", "", "is missing"),
        ("SERVICE", 7, "is 7: write text"),
        ("SERVICE", "error-service", "log filters"),
        ("SERVICE", "注文", "printable ASCII"),
        ("SERVICE", "it's", "single quotes"),
        ("SERVICE", ":a", "letter or digit"),
        ("SERVICE", "a" * 201, "at most 200 characters"),
        ("INTERVAL", 0, "is 0: write a number of seconds from 1 to 60"),
        ("INTERVAL", 61, "from 1 to 60"),
        ("INTERVAL", "60", "is '60'"),
        ("INTERVAL", True, "is True"),
        ("INTERVAL", float("nan"), "is nan"),
        ("MAX_KEYS", 1, "is 1: write a whole number from 2 to 10000"),
        ("MAX_KEYS", 5.5, "whole number"),
        ("ROUTES", [], "write a list of routes as the metrics name them"),
        ("ROUTES", "orders/", "is 'orders/'"),
        ("ROUTES", ["/orders/"], "without the slash in front"),
        ("ACTIONS", "checkout", "write a list of names as record_action() gets them"),
        ("ACTIONS", ["checkout", ""], "has ''"),
        ("THREADS", 0, "is 0: write a whole number, as many as"),
        ("THREADS", "4", "from 1 to 10000"),
        ("EXCLUDED_PATHS", "/livez", "write a list of paths"),
        ("EXCLUDED_PATHS", ["livez"], "has 'livez'"),
        ("EXCLUDED_PATHS", ["/*"], "has '/*'"),
        ("EXCLUDED_PATHS", ["/a*b"], "has '/a*b'"),
        ("EXCLUDED_PATHS", [None], "has None"),
        ("SINK", None, 'write the dotted path of a class with a method "send_all"'),
        ("SINK", "nowhere", "dotted path"),
        ("SINK", [], "or a list of such paths"),
        ("SINK", ["django_monitoring.sinks.StdoutSink", "nowhere"], "dotted path"),
        ("SINK", "no_such_module.Sink", "No module named 'no_such_module'"),
        ("SINK", "django_monitoring.sinks.NoSuchSink", "NoSuchSink"),
        ("SINK", "django_monitoring.sinks.STDOUT", "with a method"),
        ("SINK", "logging.StreamHandler", "with a method"),
        ("SINK", "math.sin", "made without arguments"),
        ("SINK", "http.client.HTTPConnection", "made without arguments"),
        ("SINK", "django_monitoring.sinks.Sink", 'such as "django_monitoring.sinks.StdoutSink"'),
        ("SINK", ["django_monitoring.sinks.StdoutSink", "logging.Handler"], "with a method"),
        ("ENABLED", "yes", "write True or False"),
        ("IN_TESTS", 1, "write True or False"),
    ],
)
def test_a_wrong_value_is_named_with_a_remedy(key: str, value: object, said: str) -> None:
    message = refusal({"SERVICE": "shop"} | {key: value})
    assert f'DJANGO_MONITORING["{key}"]' in message
    assert said in message
    assert "\n" not in message


def test_several_sinks_are_one() -> None:
    make = read(SERVICE="shop", SINK=["django_monitoring.sinks.StdoutSink"] * 2).make_sink
    assert isinstance(make(), SeveralSinks)


@pytest.mark.parametrize(
    "sink",
    [
        "django_monitoring.otlp.OtlpSink",
        "django_monitoring.sinks.StderrSink",
        "tests.metrics.keeping.KeepingSink",
        # A function that makes one.
        "tests.metrics.named_sink.sink",
    ],
)
def test_what_makes_sinks_is_taken(sink: str) -> None:
    assert callable(read(SERVICE="shop", SINK=sink).make_sink)


def test_unknown_keys_are_named() -> None:
    message = refusal({"SERVICE": "shop", "INTERVALL": 60, 7: 8})
    assert "has no key 'INTERVALL': did you mean \"INTERVAL\"? write one of: SERV" in message
    assert "has no key 7: write one of: " in message
    assert 'did you mean "SERVICE"' in refusal({"service": "shop"})


def test_all_mistakes_are_named_at_once() -> None:
    assert len(refusal({"INTERVAL": 0, "MAX_KEYS": 0, "SINK": 0}).splitlines()) == 4


def test_what_is_no_mapping_is_refused() -> None:
    assert 'write {"SERVICE": "<name>"}' in refusal(["SERVICE"])
