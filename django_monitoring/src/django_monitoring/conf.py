"""What a project may say of metrics in ``DJANGO_MONITORING``, and what is wrong with it."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from .several_sinks import SeveralSinks
from .sinks import STDOUT, AnySink
from .tokens import MAX_LENGTH, safe_token

SETTING: Final = "DJANGO_MONITORING"

SERVICE_VARIABLE: Final = "DJANGO_MONITORING_SERVICE"
"""The environment variable that names the service where the settings do not."""

# An alarm looks at every minute, and an interval that is longer leaves minutes without data.
_INTERVALS: Final = (1, 60)
_KEYS: Final = (2, 10_000)
_THREADS: Final = (1, 10_000)

_DEFAULTS: Final[Mapping[str, Any]] = {
    "SERVICE": None,
    "INTERVAL": 60,
    "MAX_KEYS": 500,
    "ROUTES": None,
    "EXCLUDED_PATHS": ("/livez", "/health/", "/readyz"),
    "THREADS": None,
    "DATABASE": False,
    "SINK": STDOUT,
    "ENABLED": True,
    "IN_TESTS": False,
}

# Read elsewhere in the package.
_OTHER_KEYS: Final = ("HEALTH",)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of the metrics.

    Attributes:
        service: the value of the dimension ``Service``, under which alarms look for metrics.
        interval: seconds between two times of publishing, 1 to 60.
        max_keys: pairs of method and route that are published by themselves, with the one that
            stands for all others; the same ones in every process.
        excluded_paths: requests for them are not measured. One that ends in ``/`` stands for
            everything below it too.
        make_sink: makes where the metrics go.
        enabled: whether anything is measured.
        database: whether the queries of requests are counted.
        in_tests: whether a test run publishes, too.
        routes: the only routes with metrics of their own; ``None`` for the first ones of the URL
            configuration.
        threads: requests that a process can answer at once; ``None`` to ask the server.
    """

    service: str
    interval: float
    max_keys: int
    excluded_paths: tuple[str, ...]
    make_sink: Callable[[], AnySink]
    enabled: bool
    database: bool = False
    in_tests: bool = False
    routes: tuple[str, ...] | None = None
    threads: int | None = None


def read_config() -> Config:
    """Read ``settings.DJANGO_MONITORING``; every key but the service may be left out.

    Raises:
        ImproperlyConfigured: names each wrong setting, its value and what to write instead.
    """
    given = _given()
    values = {**_DEFAULTS, **given}
    service = values["SERVICE"]
    if service is None:
        service = os.environ.get(SERVICE_VARIABLE)
    enabled = _flag("ENABLED", values["ENABLED"])
    mistakes = [
        *_unknown(given),
        *(_service_mistakes(service) if enabled else ()),
        *_number_mistakes("INTERVAL", values["INTERVAL"], (int, float), _INTERVALS, " of seconds"),
        *_number_mistakes("MAX_KEYS", values["MAX_KEYS"], (int,), _KEYS, ""),
        *_route_mistakes(values["ROUTES"]),
        *_path_mistakes(values["EXCLUDED_PATHS"]),
        *_threads_mistakes(values["THREADS"]),
        *_sink_mistakes(values["SINK"]),
    ]
    if mistakes:
        raise ImproperlyConfigured("\n".join(mistakes))
    return Config(
        service=str(service or ""),
        interval=float(values["INTERVAL"]),
        max_keys=values["MAX_KEYS"],
        excluded_paths=tuple(values["EXCLUDED_PATHS"]),
        make_sink=_sink_maker(values["SINK"]),
        enabled=enabled,
        database=_flag("DATABASE", values["DATABASE"]),
        in_tests=_flag("IN_TESTS", values["IN_TESTS"]),
        routes=None if values["ROUTES"] is None else tuple(values["ROUTES"]),
        threads=values["THREADS"],
    )


def is_enabled(key: str = "ENABLED") -> bool:
    """Whether anything is to be measured, or what another key turns on.

    The other settings are not looked at: a command such as ``collectstatic`` runs where an image
    is built, and the service has no name there.

    Raises:
        ImproperlyConfigured: the key's value is neither true nor false.
    """
    return _flag(key, _given().get(key, _DEFAULTS[key]))


def _given() -> Mapping[str, Any]:
    given = getattr(settings, SETTING, {})
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured(f'{SETTING} is {given!r}: write {{"SERVICE": "<name>"}}')
    return given


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ImproperlyConfigured(_mistake(key, value, "write True or False"))
    return value


def _mistake(key: str, value: Any, remedy: str) -> str:
    return f'{SETTING}["{key}"] is {value!r}: {remedy}'


def _unknown(given: Mapping[str, Any]) -> Iterable[str]:
    known = (*_DEFAULTS, *_OTHER_KEYS)
    for key in given:
        if key not in known:
            close = get_close_matches(str(key).upper(), known, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else ""
            yield f"{SETTING} has no {key!r}{hint} Write one of: {', '.join(known)}"


def _service_mistakes(service: Any) -> Iterable[str]:
    if service is None or service == "":
        yield (
            f'{SETTING}["SERVICE"] is missing: write the name under which the alarms know this '
            f"service, or set the environment variable {SERVICE_VARIABLE}"
        )
    elif not isinstance(service, str):
        yield _mistake("SERVICE", service, "write text")
    elif len(service) > MAX_LENGTH:
        yield _mistake("SERVICE", service, f"write at most {MAX_LENGTH} characters")
    elif service != safe_token(service) or "'" in service:
        # Changed silently, it would no longer be the name that the alarms look for.
        yield _mistake(
            "SERVICE",
            service,
            'write printable ASCII without % and single quotes, without "error" or another word '
            "that log filters look for (exception, unauthorized, forbidden, csrf), and with a "
            "letter or digit at the start",
        )


def _number_mistakes(
    key: str, value: Any, types: tuple[type[int | float], ...], bounds: tuple[int, int], of: str
) -> Iterable[str]:
    least, most = bounds
    is_number = isinstance(value, types) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        whole = "" if float in types else "whole "
        yield _mistake(key, value, f"write a {whole}number{of} from {least} to {most}")


def _threads_mistakes(threads: Any) -> Iterable[str]:
    if threads is not None:
        yield from _number_mistakes(
            "THREADS", threads, (int,), _THREADS, ", as many as your server's option says,"
        )


def _route_mistakes(routes: Any) -> Iterable[str]:
    remedy = 'write a list of routes as the metrics name them, such as ["orders/<int:pk>/"]'
    if routes is None:
        return
    if not isinstance(routes, list | tuple) or not routes:
        yield _mistake("ROUTES", routes, remedy)
        return
    for route in routes:
        if not isinstance(route, str) or route.startswith("/"):
            yield f'{SETTING}["ROUTES"] has {route!r}: {remedy}, without the slash in front'


def _path_mistakes(paths: Any) -> Iterable[str]:
    remedy = 'write a list of paths that begin with /, such as ["/livez", "/health/"]'
    if not isinstance(paths, list | tuple | set | frozenset):
        yield _mistake("EXCLUDED_PATHS", paths, remedy)
        return
    for path in paths:
        if not isinstance(path, str) or not path.startswith("/") or path == "/":
            yield f'{SETTING}["EXCLUDED_PATHS"] has {path!r}: {remedy}'


def _sink_mistakes(sink: Any) -> Iterable[str]:
    remedy = (
        f'write the dotted path of a class with a method "send_all", such as "{STDOUT}", or a '
        "list of such paths"
    )
    names = sink if isinstance(sink, list | tuple) and sink else [sink]
    for name in names:
        if not isinstance(name, str):
            yield _mistake("SINK", sink, remedy)
            return
        try:
            found = import_string(name)
        except ImportError as failure:
            yield _mistake("SINK", sink, f"{failure}; {remedy}")
            return
        if not callable(found):
            yield _mistake("SINK", sink, remedy)
            return


def _sink_maker(sink: Any) -> Callable[[], AnySink]:
    if isinstance(sink, str):
        made: Callable[[], AnySink] = import_string(sink)
        return made
    return partial(SeveralSinks, [import_string(name) for name in sink])
