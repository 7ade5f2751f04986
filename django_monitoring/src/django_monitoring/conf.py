"""What a project may say of metrics in ``DJANGO_MONITORING``, and what is wrong with it."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import isabstract, isclass, signature
from typing import Any, Final

from django.conf import settings
from django.utils.module_loading import import_string

from .mistakes import NO_SERVICE, WRONG_VALUE, Mistake, refuse, unknown_keys, wrong_value
from .paths import excluded_path_mistakes, health_paths
from .several_sinks import SeveralSinks
from .sinks import SINK_METHODS, STDOUT, AnySink
from .tokens import MAX_LENGTH, safe_token

SETTING: Final = "DJANGO_MONITORING"

METRICS: Final = "django_monitoring.middleware.metrics"
"""The middleware that measures requests, as ``MIDDLEWARE`` names it."""

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
    "ACTIONS": None,
    "EXCLUDED_PATHS": None,
    "THREADS": None,
    "DATABASE": False,
    "SINK": STDOUT,
    "ENABLED": True,
    "IN_TESTS": False,
}

_FLAGS: Final = ("ENABLED", "DATABASE", "IN_TESTS")

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
        excluded_paths: requests for them are not measured. ``/static/*`` stands for everything
            below ``/static/``.
        make_sink: makes where the metrics go.
        enabled: whether anything is measured.
        database: whether the queries of requests are counted.
        in_tests: whether a test run publishes, too.
        routes: the only routes with metrics of their own; ``None`` for the first ones of the URL
            configuration.
        threads: requests that a process can answer at once; ``None`` to ask the server.
        actions: the only actions with metrics of their own; ``None`` for the first ones that come.
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
    actions: tuple[str, ...] | None = None


def read_config() -> Config:
    """Read ``settings.DJANGO_MONITORING``; every key but the service may be left out.

    Raises:
        ImproperlyConfigured: names each wrong setting, its value and what to write instead.
    """
    refuse(config_mistakes())
    values = {**_DEFAULTS, **_given()}
    excluded = values["EXCLUDED_PATHS"]
    return Config(
        service=str(_service(values) or ""),
        interval=float(values["INTERVAL"]),
        max_keys=values["MAX_KEYS"],
        excluded_paths=tuple(sorted(_health_paths(values)) if excluded is None else excluded),
        make_sink=_sink_maker(values["SINK"]),
        enabled=values["ENABLED"],
        database=values["DATABASE"],
        in_tests=values["IN_TESTS"],
        routes=None if values["ROUTES"] is None else tuple(values["ROUTES"]),
        threads=values["THREADS"],
        actions=None if values["ACTIONS"] is None else tuple(values["ACTIONS"]),
    )


def config_mistakes() -> list[Mistake]:
    """What is wrong with the settings of the metrics, without those of the health endpoints."""
    everything = given_settings()
    if isinstance(everything, Mistake):
        return [everything]
    values = {**_DEFAULTS, **everything}
    excluded = values["EXCLUDED_PATHS"]
    return [
        *unknown_keys(SETTING, everything, (*_DEFAULTS, *_OTHER_KEYS)),
        *_flag_mistakes(values),
        *(() if values["ENABLED"] is False else _service_mistakes(_service(values))),
        *_number_mistakes("INTERVAL", values["INTERVAL"], (int, float), _INTERVALS, " of seconds"),
        *_number_mistakes("MAX_KEYS", values["MAX_KEYS"], (int,), _KEYS, ""),
        *_route_mistakes(values["ROUTES"]),
        *_action_mistakes(values["ACTIONS"]),
        *(() if excluded is None else excluded_path_mistakes(_place("EXCLUDED_PATHS"), excluded)),
        *_threads_mistakes(values["THREADS"]),
        *_sink_mistakes(values["SINK"]),
    ]


def is_enabled(key: str = "ENABLED") -> bool:
    """Whether anything is to be measured, or what another key turns on.

    The other settings are not looked at: a command such as ``collectstatic`` runs where an image
    is built, and the service has no name there. What is neither true nor false is no, and the
    middleware refuses it.
    """
    return _given().get(key, _DEFAULTS[key]) is True


def given_settings() -> Mapping[str, Any] | Mistake:
    """``settings.DJANGO_MONITORING`` as it stands, or what is wrong where it is no mapping."""
    given = getattr(settings, SETTING, {})
    if not isinstance(given, Mapping):
        return wrong_value(SETTING, given, 'write {"SERVICE": "<name>"}')
    return given


def _given() -> Mapping[str, Any]:
    given = given_settings()
    return {} if isinstance(given, Mistake) else given


def _health_paths(values: Mapping[str, Any]) -> Iterable[str]:
    health = values.get("HEALTH", {})
    return health_paths(health if isinstance(health, Mapping) else {}).all


def _service(values: Mapping[str, Any]) -> Any:
    service = values["SERVICE"]
    return os.environ.get(SERVICE_VARIABLE) if service is None else service


def _place(key: str) -> str:
    return f'{SETTING}["{key}"]'


def _mistake(key: str, value: Any, remedy: str) -> Mistake:
    return wrong_value(_place(key), value, remedy)


def _flag_mistakes(values: Mapping[str, Any]) -> Iterable[Mistake]:
    for key in _FLAGS:
        if not isinstance(values[key], bool):
            yield _mistake(key, values[key], "write True or False")


def _service_mistakes(service: Any) -> Iterable[Mistake]:
    if service is None or service == "":
        yield Mistake(
            NO_SERVICE,
            f"{_place('SERVICE')} is missing",
            "write the name under which the alarms know this service, or set the environment "
            f"variable {SERVICE_VARIABLE}",
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
) -> Iterable[Mistake]:
    least, most = bounds
    is_number = isinstance(value, types) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        whole = "" if float in types else "whole "
        yield _mistake(key, value, f"write a {whole}number{of} from {least} to {most}")


def _threads_mistakes(threads: Any) -> Iterable[Mistake]:
    if threads is not None:
        yield from _number_mistakes(
            "THREADS", threads, (int,), _THREADS, ", as many as your server's option says,"
        )


def _route_mistakes(routes: Any) -> Iterable[Mistake]:
    remedy = 'write a list of routes as the metrics name them, such as ["orders/<int:pk>/"]'
    if routes is None:
        return
    if not isinstance(routes, list | tuple) or not routes:
        yield _mistake("ROUTES", routes, remedy)
        return
    for route in routes:
        if not isinstance(route, str) or route.startswith("/"):
            what = f"{_place('ROUTES')} has {route!r}"
            yield Mistake(WRONG_VALUE, what, f"{remedy}, without the slash in front")


def _action_mistakes(actions: Any) -> Iterable[Mistake]:
    remedy = 'write a list of names as record_action() gets them, such as ["checkout"]'
    if actions is None:
        return
    if not isinstance(actions, list | tuple | set | frozenset):
        yield _mistake("ACTIONS", actions, remedy)
        return
    for action in actions:
        if not isinstance(action, str) or not action:
            yield Mistake(WRONG_VALUE, f"{_place('ACTIONS')} has {action!r}", remedy)


def _sink_mistakes(sink: Any) -> Iterable[Mistake]:
    remedy = (
        f'write the dotted path of a class with a method "send_all", which is made without '
        f'arguments, such as "{STDOUT}", or a list of such paths'
    )
    names = sink if isinstance(sink, list | tuple) and sink else [sink]
    for name in names:
        if not isinstance(name, str):
            yield _mistake("SINK", sink, remedy)
            return
        try:
            maker = import_string(name)
        except ImportError as failure:
            yield _mistake("SINK", sink, f"{failure}; {remedy}")
            return
        if not _makes_sinks(maker):
            yield _mistake("SINK", sink, remedy)
            return


def _makes_sinks(maker: Any) -> bool:
    """Whether this is a class of sinks, or a function that may return one."""
    if isclass(maker):
        methods = (getattr(maker, name, None) for name in SINK_METHODS)
        is_template = isabstract(maker) or getattr(maker, "_is_protocol", False)
        if is_template or not any(map(callable, methods)):
            return False
    try:
        signature(maker).bind()
    except TypeError:
        return False
    # Nothing is said of what it takes, as of some that are written in C.
    except ValueError:
        pass
    return True


def _sink_maker(sink: Any) -> Callable[[], AnySink]:
    if isinstance(sink, str):
        made: Callable[[], AnySink] = import_string(sink)
        return made
    return partial(SeveralSinks, [import_string(name) for name in sink])
