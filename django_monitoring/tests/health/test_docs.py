"""docs/django-health.md: what it says about health works as it stands."""

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings

from django_monitoring.health import health_settings
from django_monitoring.health.checks import CheckSettings, check_of
from django_monitoring.health.kinds import DATABASE, KINDS
from tests.docs import block
from tests.health.handlers import SAFEGUARDS, ask_wsgi
from tests.health.jobs import app
from tests.health.postgres import Postgres
from tests.health.servers import gunicorn, serving


def shown_settings(start: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    exec(block("python", f'DJANGO_MONITORING = {{\n    "HEALTH": {{\n        {start}'), given)
    shown: dict[str, Any] = given["DJANGO_MONITORING"]
    return shown


def test_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = ModuleType("shop")
    for name, attribute in (("health", "search"), ("celery", "app")):
        module = ModuleType(f"shop.{name}")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(module, attribute, app if attribute == "app" else print, raising=False)
    monkeypatch.setitem(sys.modules, "shop", shop)
    monkeypatch.setitem(connections.databases, "replica", connections.databases["default"])
    with override_settings(DJANGO_MONITORING=shown_settings('"INTERVAL"')):
        shown = health_settings()
    with override_settings(DJANGO_MONITORING={}):
        defaults = health_settings()
    assert (shown.paths, shown.unhealthy_status) == (defaults.paths, defaults.unhealthy_status)
    assert shown.checks[0] == defaults.checks[0]
    assert {check.kind for check in shown.checks} == set(KINDS.values())
    assert [check.name for check in shown.checks if check not in shown.probed] == ["worker"]


def test_paths_that_leave_the_application_its_own_page() -> None:
    with override_settings(DJANGO_MONITORING=shown_settings('"LIVE_PATHS"')):
        paths = health_settings().paths
    assert (paths.live, paths.ready) == ({"/livez"}, {"/readyz"})


@pytest.mark.parametrize("path", ["/livez", "/health/", "/readyz"])
def test_the_paths(path: str) -> None:
    with override_settings(**SAFEGUARDS, DJANGO_MONITORING={"HEALTH": {"CHECKS": {}}}):
        assert ask_wsgi(path)[0] == 200


def test_the_databases_options(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = {
        **connections.databases["default"],
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": postgres.port,
        "NAME": "postgres",
        "USER": "postgres",
    }
    text = block("python", 'DATABASES["default"]["OPTIONS"] = {  # PostgreSQL')
    exec(text, {"DATABASES": {"default": shop}})
    assert "keepalives_count" in shop["OPTIONS"]
    monkeypatch.setitem(connections.databases, "shop", shop)
    check_of(CheckSettings("database", DATABASE, "shop", 10)).run()


def test_the_containers_health_check(postgres: Postgres, tmp_path: Path) -> None:
    shown = block("json", '"healthCheck": {\n  "command": [\n')
    check = json.loads(f"{{{shown}}}")["healthCheck"]
    way, python, *arguments = check["command"]
    assert (way, python) == ("CMD", "python")

    def exit_code(port: int) -> int:
        command = [argument.replace("8000", str(port)) for argument in arguments]
        done = subprocess.run(
            [sys.executable, *command], timeout=30, check=False, capture_output=True
        )
        return done.returncode

    with serving(gunicorn, directory=tmp_path, database_port=postgres.port, health={}) as server:
        assert exit_code(server.port) == 0
    assert exit_code(server.port) == 1
