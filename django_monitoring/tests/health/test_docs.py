"""docs/django.md: what it says about health works as it stands."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from django.db import connections
from django.test import override_settings

from django_monitoring.health import health_settings
from django_monitoring.health.checks import CheckSettings, check_of
from django_monitoring.health.kinds import DATABASE
from tests.health.handlers import SAFEGUARDS, ask_wsgi
from tests.health.postgres import Postgres
from tests.health.servers import gunicorn, serving

DOCS: Final = (Path(__file__).parents[3] / "docs/django.md").read_text()


def block(language: str, start: str) -> str:
    """The first block that begins so."""
    found = re.search(rf"```{language}\n({re.escape(start)}.*?)```", DOCS, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = ModuleType("shop_health")
    monkeypatch.setattr(shop, "search", lambda: None, raising=False)
    monkeypatch.setitem(sys.modules, "shop_health", shop)
    given: dict[str, Any] = {}
    exec(block("python", "DJANGO_MONITORING = {\n").replace("shop.health", "shop_health"), given)
    with override_settings(DJANGO_MONITORING=given["DJANGO_MONITORING"]):
        shown = health_settings()
    with override_settings(DJANGO_MONITORING={}):
        defaults = health_settings()
    assert (shown.paths, shown.unhealthy_status) == (defaults.paths, defaults.unhealthy_status)
    assert shown.checks[0] == defaults.checks[0]
    assert [check.name for check in shown.checks] == ["database", "cache", "search"]


@pytest.mark.parametrize("path", re.findall(r"`(/livez|/health/|/readyz)`", DOCS))
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
    exec(block("python", "DATABASES"), {"DATABASES": {"default": shop}})
    assert "keepalives_count" in shop["OPTIONS"]
    monkeypatch.setitem(connections.databases, "shop", shop)
    check_of(CheckSettings("database", DATABASE, "shop", 1)).run()


def test_the_containers_health_check(postgres: Postgres, tmp_path: Path) -> None:
    shown = block("json", '"healthCheck"')
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
