"""``manage.py check``: ids and hints, in the words with which a server refuses to start."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import celery.signals
import pytest
from django.conf import settings
from django.core import checks
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import override_settings

from django_monitoring.checks import check_monitoring

HEALTH = "django_monitoring.health.HealthMiddleware"
METRICS = "django_monitoring.middleware.metrics"
REQUEST_ID = "django_monitoring.logs.RequestIdMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
ALL = (HEALTH, METRICS, REQUEST_ID, SECURITY)
SERVICE: Mapping[str, Any] = {"SERVICE": "shop"}


def told(
    given: Any = SERVICE, middleware: Sequence[str] = ALL, **others: Any
) -> list[checks.CheckMessage]:
    """What Django's check framework is told."""
    urls = {"ROOT_URLCONF": "tests.health.handlers", **others}
    with override_settings(DJANGO_MONITORING=given, MIDDLEWARE=middleware, **urls):
        return check_monitoring(app_configs=None)


def only(messages: list[checks.CheckMessage]) -> tuple[str, str, str]:
    (message,) = messages
    return str(message.id).partition(".")[2], message.msg, str(message.hint)


def test_manage_py_check_asks() -> None:
    assert check_monitoring in registry.get_checks()


def test_nothing_is_said_where_all_is_well() -> None:
    assert told() == []
    assert told(middleware=[METRICS, HEALTH, SECURITY]) == []
    assert told({"SERVICE": "shop", "HEALTH": {}}) == []


@pytest.mark.parametrize(
    ("given", "code", "said", "hint"),
    [
        (["SERVICE"], "E001", "DJANGO_MONITORING is ['SERVICE']", 'Write {"SERVICE": "<name>"}'),
        (
            {**SERVICE, "INTERVAL": 90},
            *("E001", 'DJANGO_MONITORING["INTERVAL"] is 90'),
            "Write a number of seconds from 1 to 60",
        ),
        (
            {**SERVICE, "INTERVALL": 30},
            *("E002", "DJANGO_MONITORING has no key 'INTERVALL'"),
            'Did you mean "INTERVAL"? write one of: SERVICE, ',
        ),
        (
            {**SERVICE, "ENABLED": "yes"},
            *("E001", "DJANGO_MONITORING[\"ENABLED\"] is 'yes'", "Write True or False"),
        ),
        (
            {**SERVICE, "SINK": "logging.StreamHandler"},
            *("E001", "DJANGO_MONITORING[\"SINK\"] is 'logging.StreamHandler'"),
            'Write the dotted path of a class with a method "send_all", which is made without',
        ),
        (
            {},
            *("W001", 'DJANGO_MONITORING["SERVICE"] is missing'),
            "Write the name under which the alarms know this service, or set the environment",
        ),
        (
            {**SERVICE, "HEALTH": {"CHECKS": {"db": {"DATABASE": "replica"}}}},
            *("E001", 'DJANGO_MONITORING["HEALTH"]["CHECKS"]["db"]["DATABASE"] is \'replica\''),
            "Write an alias of DATABASES that has an ENGINE: default",
        ),
        (
            {**SERVICE, "HEALTH": {"PATHS": ["/up"]}},
            *("E002", "DJANGO_MONITORING[\"HEALTH\"] has no key 'PATHS'"),
            'Did you mean "LIVE_PATHS"? write one of: ',
        ),
    ],
)
def test_a_wrong_setting_has_an_id_and_a_hint_and_stops_a_server_with_the_same_words(
    given: Any, code: str, said: str, hint: str
) -> None:
    found = only(told(given))
    assert found[:2] == (code, said)
    assert found[2].startswith(hint)
    with (
        override_settings(DJANGO_MONITORING=given, MIDDLEWARE=ALL),
        pytest.raises(ImproperlyConfigured) as refused,
    ):
        WSGIHandler()
    remedy = found[2][0].lower() + found[2][1:]
    assert str(refused.value) == f"{said}: {remedy}"


def test_the_level_is_that_of_the_id() -> None:
    (missing,), (wrong,) = told({}), told({**SERVICE, "INTERVAL": 0})
    assert (missing.level, wrong.level) == (checks.WARNING, checks.ERROR)


def test_all_mistakes_are_told_at_once() -> None:
    given = {"INTERVAL": 0, "SINK": "nowhere", "HEALTH": {"INTERVAL": 0, "DEADLINE": 0}}
    assert sorted(str(message.id)[-4:] for message in told(given)) == [*["E001"] * 4, "W001"]


def test_health_settings_that_nobody_uses_are_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    # A project without a database need not say so.
    monkeypatch.setitem(connections.databases, "default", {"ENGINE": "django.db.backends.dummy"})
    assert told(middleware=[METRICS]) == []
    assert only(told())[0] == "E001"


@pytest.mark.parametrize(
    ("middleware", "code", "said"),
    [
        ([HEALTH, SECURITY], "W002", f'MIDDLEWARE lacks "{METRICS}"; no request is measured'),
        ([METRICS, SECURITY, HEALTH], "W003", f"MIDDLEWARE has {SECURITY} above {HEALTH}"),
        ([HEALTH, SECURITY, METRICS], "W004", f"MIDDLEWARE has {SECURITY} above {METRICS}"),
        ([HEALTH, METRICS, METRICS], "W006", f'MIDDLEWARE has "{METRICS}" twice'),
        ([HEALTH, METRICS, HEALTH], "W006", f'MIDDLEWARE has "{HEALTH}" twice'),
        ([HEALTH, METRICS, REQUEST_ID, REQUEST_ID], "W006", f'MIDDLEWARE has "{REQUEST_ID}" twice'),
    ],
)
def test_the_order_of_the_middleware(middleware: list[str], code: str, said: str) -> None:
    assert only(told(middleware=middleware))[:2] == (code, said)


@pytest.mark.parametrize(
    ("routes", "codes"),
    [
        (["orders/<int:pk>/"], []),
        (["oders/<int:pk>/"], ["W010"]),
        ("orders/", ["E001"]),
        ([7], ["E001"]),
    ],
)
def test_routes_that_the_url_configuration_does_not_have(routes: Any, codes: list[str]) -> None:
    given = {**SERVICE, "ROUTES": routes}
    others = {"ROOT_URLCONF": "tests.metrics.metrics_site"}
    assert [only([message])[0] for message in told(given, **others)] == codes
    # Django's own check says what is wrong there.
    assert told({**given, "ROUTES": ["orders/"]}, ROOT_URLCONF="no_such_module") == []
    assert told({**given, "ENABLED": False, "ROUTES": ["oders/"]}, **others) == []


def test_where_nothing_is_measured_the_metrics_middleware_may_be_missing() -> None:
    assert told({"ENABLED": False}, [HEALTH, SECURITY]) == []


PLAIN = """
from django.core.asgi import get_asgi_application
application = get_asgi_application()
"""
WRAPPED = """
from django.core.asgi import get_asgi_application
from django_monitoring import asgi
application = asgi.publish_on_shutdown(get_asgi_application())
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package ``kiosk`` that can be imported; the test writes its files."""
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "kiosk"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "urls.py").write_text("urlpatterns = []\n")
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == "kiosk"]:
        del sys.modules[name]


BESIDE_THE_URLS: Mapping[str, Any] = {"ROOT_URLCONF": "kiosk.urls"}


@pytest.mark.parametrize(
    "others", [BESIDE_THE_URLS, {**BESIDE_THE_URLS, "ASGI_APPLICATION": "kiosk.main.application"}]
)
def test_an_asgi_application_without_its_wrapper(project: Path, others: Mapping[str, Any]) -> None:
    path = project / ("main.py" if "ASGI_APPLICATION" in others else "asgi.py")
    # uvicorn is installed with what the tests need.
    path.write_text(PLAIN)
    code, said, hint = only(told(**others))
    assert code == "W005"
    assert said == f"{path} does not use publish_on_shutdown, and uvicorn is installed"
    assert hint.startswith("Write application = publish_on_shutdown(get_asgi_application()), from")
    path.write_text(WRAPPED)
    assert told(**others) == []
    path.write_text(PLAIN)
    assert told({"ENABLED": False}, **others) == []


def test_where_no_asgi_server_is_installed_there_is_nothing_to_wrap(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "asgi.py").write_text(PLAIN)
    monkeypatch.setattr("django_monitoring.checks._ASGI_SERVERS", ("no_such_server",))
    assert told(**BESIDE_THE_URLS) == []


def test_a_project_without_urls() -> None:
    """As one that only runs tasks: Celery's workers run the checks when they start."""
    with override_settings(DJANGO_MONITORING=SERVICE, MIDDLEWARE=ALL):
        assert not hasattr(settings, "ROOT_URLCONF")
        assert check_monitoring(app_configs=None) == []
    with override_settings(DJANGO_MONITORING=SERVICE):
        assert check_monitoring(app_configs=None) == []


@pytest.mark.parametrize("text", [None, "application = (", ""])
def test_a_project_whose_asgi_file_is_missing_or_broken(project: Path, text: str | None) -> None:
    if text is not None:
        (project / "asgi.py").write_text(text)
    codes = [only([message])[0] for message in told(**BESIDE_THE_URLS)]
    assert codes == (["W005"] if text == "" else [])


JSON_LOG = {"formatters": {"json": {"()": "django_monitoring.logs.JsonFormatter"}}}
TEXT_LOG = {"formatters": {"plain": {"format": "%(message)s"}}}


@pytest.mark.parametrize(
    ("log", "receivers", "codes"),
    [(JSON_LOG, [], ["W007"]), (JSON_LOG, [print], []), (TEXT_LOG, [], []), ({}, [], [])],
)
def test_a_json_log_that_celerys_workers_would_replace(
    log: Mapping[str, Any],
    receivers: list[Any],
    codes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(celery.signals.setup_logging, "receivers", receivers)
    # Not overridden as a setting: Django 6.1 would configure the logging of the tests with it.
    monkeypatch.setattr(settings, "LOGGING", log)
    assert [only([message])[0] for message in told()] == codes
    monkeypatch.delitem(sys.modules, "celery.signals")
    assert told() == []
