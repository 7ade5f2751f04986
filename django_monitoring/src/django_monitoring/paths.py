"""The paths of the health endpoints, and of the requests that are not measured."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .mistakes import WRONG_VALUE, Mistake, wrong_value

LIVE_PATHS: Final = "LIVE_PATHS"
READY_PATHS: Final = "READY_PATHS"

# With and without the last slash, since a redirect would fail a probe.
DEFAULT_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    LIVE_PATHS: ("/livez", "/livez/"),
    READY_PATHS: ("/health/", "/health", "/readyz", "/readyz/"),
}

_EVERYTHING_BELOW: Final = "/*"


@dataclass(frozen=True)
class HealthPaths:
    """Which paths are answered as probes; each exactly as it stands.

    Attributes:
        live: they say whether the process answers.
        ready: they say whether the checks say yes.
    """

    live: frozenset[str]
    ready: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every path that is answered as a probe."""
        return self.live | self.ready


def health_paths(health: Mapping[str, Any]) -> HealthPaths:
    """The paths that ``DJANGO_MONITORING["HEALTH"]`` gives, without those that make no sense."""
    live, ready = (
        frozenset(path for path in _listed(health, key) if _is_exact(path)) for key in DEFAULT_PATHS
    )
    return HealthPaths(live, ready)


def health_path_mistakes(place: str, health: Mapping[str, Any]) -> Iterable[Mistake]:
    """What is wrong with the paths that ``DJANGO_MONITORING["HEALTH"]`` gives."""
    for key, default in DEFAULT_PATHS.items():
        given = health.get(key, default)
        yield from _list_mistakes(f'{place}["{key}"]', given, _is_exact, "/health/")
    paths = health_paths(health)
    for path in sorted(paths.live & paths.ready):
        yield wrong_value(
            f'{place}["{READY_PATHS}"]',
            path,
            f"write a path that is not one of {LIVE_PATHS} as well",
        )


def excluded_path_mistakes(place: str, paths: object) -> Iterable[Mistake]:
    """What is wrong with a list of paths that are not measured."""
    return _list_mistakes(place, paths, _is_path, "/static/*")


def exact_and_below(paths: Collection[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The paths that are meant exactly, and the beginnings of those that ``/static/*`` means."""
    exact = frozenset(path for path in paths if not path.endswith(_EVERYTHING_BELOW))
    return exact, tuple(path[:-1] for path in paths if path.endswith(_EVERYTHING_BELOW))


def _listed(health: Mapping[str, Any], key: str) -> Iterable[Any]:
    paths = health.get(key, DEFAULT_PATHS[key])
    return paths if isinstance(paths, list | tuple | set | frozenset) else ()


def _is_exact(path: object) -> bool:
    return isinstance(path, str) and path.startswith("/") and not {*path} & {"?", "#", "*"}


def _is_path(path: object) -> bool:
    # Without exceptions is a word of its own: ENABLED.
    return isinstance(path, str) and _is_exact(path.removesuffix(_EVERYTHING_BELOW))


def _list_mistakes(
    place: str, paths: object, is_fine: Callable[[Any], bool], example: str
) -> Iterable[Mistake]:
    remedy = f'write a list of paths that begin with /, such as ["/livez", "{example}"]'
    if not isinstance(paths, list | tuple | set | frozenset):
        yield wrong_value(place, paths, remedy)
        return
    for path in paths:
        if not is_fine(path):
            yield Mistake(WRONG_VALUE, f"{place} has {path!r}", remedy)
