"""Django's system checks: what ``manage.py check`` says of this package's settings.

A server that starts refuses wrong settings with the same words; what is a warning here does not
stop one, but for the missing name of the service.
"""

import ast
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core import checks

from .conf import METRICS, SETTING, config_mistakes, given_settings, is_enabled
from .health.conf import has_health_settings, health_mistakes
from .mistakes import (
    CELERY_LOGS_TEXT,
    HEALTH_NOT_FIRST,
    METRICS_TOO_LOW,
    MISSPELT,
    NO_PROBES,
    NO_SHUTDOWN,
    NOT_MEASURED,
    TWICE,
    Mistake,
)
from .route_keys import unknown_route_mistakes

HEALTH: Final = "django_monitoring.health.HealthMiddleware"
REQUEST_ID: Final = "django_monitoring.logs.RequestIdMiddleware"

# They pass every request on.
_OWN: Final = (METRICS, HEALTH, REQUEST_ID)

# They end without atexit, and speak the lifespan protocol.
_ASGI_SERVERS: Final = ("uvicorn", "hypercorn", "granian")
_WRAPPER: Final = "publish_on_shutdown"

_ALIKE: Final = 0.85

_JSON_FORMATTER: Final = "django_monitoring.logs.JsonFormatter"


def check_monitoring(**_: Any) -> list[checks.CheckMessage]:
    """What is wrong with the settings, the order of the middleware and the ASGI application."""
    middleware = tuple(settings.MIDDLEWARE)
    mistakes = config_mistakes()
    if HEALTH in middleware or has_health_settings():
        mistakes += health_mistakes()
    mistakes += _misspelt()
    mistakes += _without_probes(middleware)
    mistakes += _twice(middleware)
    mistakes += _order(middleware)
    mistakes += _celery_logs_text()
    if is_enabled():
        mistakes += _unmeasured(middleware)
        mistakes += _unknown_routes()
        mistakes += _without_shutdown(middleware)
    # Both parts look at the setting as a whole.
    return [_message(mistake) for mistake in dict.fromkeys(mistakes)]


def _message(mistake: Mistake) -> checks.CheckMessage:
    kind = checks.Error if mistake.code.startswith("E") else checks.Warning
    hint = mistake.remedy[0].upper() + mistake.remedy[1:]
    return kind(mistake.what, hint=hint, id=f"django_monitoring.{mistake.code}")


def _misspelt() -> Iterable[Mistake]:
    others = [name for name in dir(settings) if name.isupper() and name != SETTING]
    for name in get_close_matches(SETTING, others, cutoff=_ALIKE):
        yield Mistake(
            MISSPELT,
            f"settings have {name}, which nothing reads",
            f"write {SETTING}, or leave it out",
        )


def _without_probes(middleware: Sequence[str]) -> Iterable[Mistake]:
    if has_health_settings() and HEALTH not in middleware:
        yield Mistake(
            NO_PROBES,
            f'DJANGO_MONITORING has HEALTH, and MIDDLEWARE lacks "{HEALTH}"; no probe is answered',
            "write it first, or leave HEALTH out where only manage.py health is asked",
        )


def _twice(middleware: Sequence[str]) -> Iterable[Mistake]:
    for own in _OWN:
        if middleware.count(own) > 1:
            yield Mistake(TWICE, f'MIDDLEWARE has "{own}" twice', "leave one of them out")


def _order(middleware: Sequence[str]) -> Iterable[Mistake]:
    if above := _others_above(HEALTH, middleware):
        yield Mistake(
            HEALTH_NOT_FIRST,
            f"MIDDLEWARE has {_listed(above)} above {HEALTH}",
            "write the health middleware first: a probe comes by IP address, over plain HTTP and "
            "without a session, and others may refuse it",
        )
    if above := _others_above(METRICS, middleware):
        yield Mistake(
            METRICS_TOO_LOW,
            f"MIDDLEWARE has {_listed(above)} above {METRICS}",
            "write the metrics middleware above it: what other middleware answers, and the time "
            "that it takes, is not measured",
        )


def _others_above(own: str, middleware: Sequence[str]) -> list[str]:
    if own not in middleware:
        return []
    return [name for name in middleware[: middleware.index(own)] if name not in _OWN]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _unmeasured(middleware: Sequence[str]) -> Iterable[Mistake]:
    has_requests = bool(getattr(settings, "ROOT_URLCONF", ""))
    if has_requests and METRICS not in middleware:
        yield Mistake(
            NOT_MEASURED,
            f'MIDDLEWARE lacks "{METRICS}"; no request is measured',
            'write it below the health middleware, or DJANGO_MONITORING["ENABLED"] = False',
        )


def _unknown_routes() -> Iterable[Mistake]:
    given = given_settings()
    routes = None if isinstance(given, Mistake) else given.get("ROUTES")
    if not isinstance(routes, list | tuple) or not getattr(settings, "ROOT_URLCONF", ""):
        return ()
    try:
        return tuple(unknown_route_mistakes(route for route in routes if isinstance(route, str)))
    # Django's own check says of a URL configuration what is wrong with it.
    except Exception:
        return ()


def _without_shutdown(middleware: Sequence[str]) -> Iterable[Mistake]:
    server = next((name for name in _ASGI_SERVERS if find_spec(name)), None)
    path = _asgi_file()
    if METRICS in middleware and server and path and not _mentions(path, _WRAPPER):
        yield Mistake(
            NO_SHUTDOWN,
            f"{path} does not use {_WRAPPER}, and {server} is installed",
            f"write application = {_WRAPPER}(get_asgi_application()), from "
            "django_monitoring.asgi: an ASGI server ends without publishing the last metrics",
        )


def _celery_logs_text() -> Iterable[Mistake]:
    formatters = (getattr(settings, "LOGGING", None) or {}).get("formatters", {})
    writes_json = any(given.get("()") == _JSON_FORMATTER for given in formatters.values())
    # A project that has a Celery application has imported Celery by now.
    signals = sys.modules.get("celery.signals")
    if writes_json and signals is not None and not signals.setup_logging.receivers:
        yield Mistake(
            CELERY_LOGS_TEXT,
            f"LOGGING writes JSON ({_JSON_FORMATTER}), and nothing receives Celery's signal "
            "setup_logging",
            "connect a function that calls logging.config.dictConfig(settings.LOGGING): a worker "
            "otherwise replaces the handler with one that writes plain text, which no JSON "
            "filter matches",
        )


def _asgi_file() -> Path | None:
    """The file of the ASGI application: where the settings say, or beside the URLs."""
    # Celery's workers run the checks as well, and a project that only runs tasks has no URLs.
    urls = getattr(settings, "ROOT_URLCONF", "")
    beside_urls = ".".join([*urls.split(".")[:-1], "asgi", "application"])
    application = getattr(settings, "ASGI_APPLICATION", None) or beside_urls
    try:
        # Read and not imported: importing it would start a second application.
        spec = find_spec(application.rpartition(".")[0])
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _mentions(path: Path, name: str) -> bool:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return True
    return any(
        name in (getattr(node, "id", None), getattr(node, "attr", None)) for node in ast.walk(tree)
    )
