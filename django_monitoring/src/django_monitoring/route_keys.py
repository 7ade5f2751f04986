"""Which pairs of method and route have metrics of their own: the same ones in every process.

Each pair is paid for by the month, so the bound is the fleet's and not a process's: it must not
depend on which requests a process happens to get first. What decides is the URL configuration's
own order, or a list of routes in the settings.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.translation import override

from .mistakes import UNKNOWN_ROUTE, Mistake
from .request_sums import METHODS
from .tokens import OTHER, route_token, safe_token, without_filtered_words

LANGUAGE: Final = "<language>/"
"""Stands in a route for the prefixes of ``i18n_patterns``, and for none where there is none."""

_Names = dict[str, str]


class PlannedRoutes:
    """Admits the pairs of method and route that are first in an order known to every process.

    GET of each route comes first, in the order of the routes, then POST of each, and so on. A
    class-based view takes part with the methods that it has. Requests that matched no route come
    before all others. The order is made with the first route that is asked for, when Django has
    loaded the URL configuration for sure.

    Args:
        most: pairs of method and route, with the one that stands for all others.
        routes: the only routes that take part, in this order, as metrics name them; left out,
            those of ``ROOT_URLCONF``.
        warn: is told, once, of a route that is in neither, or of why there are none; and of each
            of ``routes`` that ``ROOT_URLCONF`` does not have.
    """

    def __init__(
        self,
        most: int,
        routes: Iterable[str] | None = None,
        warn: Callable[[str], object] = len,
    ) -> None:
        unmatched = islice(METHODS, most - 1)
        self._unmatched = frozenset(unmatched)
        self._left = most - 1 - len(self._unmatched)
        self._only = None if routes is None else tuple(routes)
        self._warn = warn
        self._names: _Names | None = None
        self._pairs: frozenset[tuple[str, str]] = frozenset()
        self._is_warned = False

    def __call__(self, method: str, route: str | None) -> str | None:
        """See ``request_sums.Admit``."""
        if route is None:
            return route_token(None) if method in self._unmatched else None
        names = self._planned() if self._names is None else self._names
        name = names.get(route)
        if name is None:
            if self._only is None:
                self._warn_once(
                    f"ROOT_URLCONF has no {route_token(route)}; name the routes of other URL "
                    'configurations in DJANGO_MONITORING["ROUTES"]'
                )
            return None
        return route_token(name) if (method, name) in self._pairs else None

    def _planned(self) -> _Names:
        try:
            self._names = self._plan()
        except Exception as failure:
            self._names = {}
            self._warn_once(
                f"the URL configuration cannot be read ({safe_token(type(failure).__name__)})"
            )
        return self._names

    def _warn_once(self, text: str) -> None:
        if not self._is_warned:
            self._is_warned = True
            self._warn(f'requests are counted as Route "{OTHER}": {text}')

    def _plan(self) -> _Names:
        resolver = get_resolver(settings.ROOT_URLCONF)
        methods_of: dict[str, frozenset[str]] = {}
        for name, view in _routes(resolver, LANGUAGE):
            methods_of.setdefault(name, _methods(view))
        if self._only is not None:
            for mistake in _unknown(self._only, methods_of):
                self._warn(without_filtered_words(str(mistake)))
            methods_of = {name: methods_of.get(name, frozenset(METHODS)) for name in self._only}
        pairs = (
            (method, name)
            for method in METHODS
            for name, methods in methods_of.items()
            if method in methods
        )
        self._pairs = frozenset(islice(pairs, self._left))
        return _names(resolver) | {name: name for name in self._only or ()}


def unknown_route_mistakes(routes: Iterable[str]) -> Iterator[Mistake]:
    """A mistake for each of these routes, as metrics name them, that is not in ``ROOT_URLCONF``.

    Raises:
        Exception: the URL configuration cannot be read.
    """
    names = [name for name, _ in _routes(get_resolver(settings.ROOT_URLCONF), LANGUAGE)]
    return _unknown(routes, names)


def _unknown(routes: Iterable[str], names: Collection[str]) -> Iterator[Mistake]:
    for route in routes:
        if route not in names:
            near = get_close_matches(route, names, n=1)
            meant = f'did you mean "{near[0]}"? ' if near else ""
            yield Mistake(
                UNKNOWN_ROUTE,
                f'DJANGO_MONITORING["ROUTES"] has {route!r}, which ROOT_URLCONF does not have',
                f"{meant}write a route as the metrics name it; one of another URL configuration "
                "(request.urlconf) may stand there",
            )


def _names(resolver: URLResolver) -> _Names:
    """What each route is called in metrics, by what Django calls it in each language."""
    names = [name for name, _ in _routes(resolver, LANGUAGE)]
    names_of: _Names = {}
    if not _is_translated(resolver):
        return dict(zip((route for route, _ in _routes(resolver)), names, strict=True))
    for language, _ in settings.LANGUAGES:
        with override(language):
            for (route, _view), name in zip(_routes(resolver), names, strict=True):
                names_of.setdefault(route, name)
        # There may be many languages, and requests want the interpreter's lock.
        time.sleep(0)
    return names_of


def _is_translated(resolver: URLResolver) -> bool:
    return any(
        isinstance(child.pattern, LocalePrefixPattern)
        or isinstance(getattr(child.pattern, "_route", None), Promise)
        or isinstance(getattr(child.pattern, "_regex", None), Promise)
        or (isinstance(child, URLResolver) and _is_translated(child))
        for child in resolver.url_patterns
    )


def _routes(
    resolver: URLResolver, language: str | None = None, before: str = ""
) -> Iterator[tuple[str, Any]]:
    """The routes as ``resolver_match.route`` names them, with their views, in their order.

    Args:
        resolver: whose routes.
        language: what stands for the language's prefix; left out, the active one's.
        before: the route of the resolver itself.
    """
    for child in resolver.url_patterns:
        part = str(child.pattern)
        if language is not None and isinstance(child.pattern, LocalePrefixPattern):
            part = language
        # As URLResolver._join_route() does.
        # https://github.com/django/django/blob/main/django/urls/resolvers.py
        route = before + part.removeprefix("^") if before else part
        if isinstance(child, URLPattern):
            yield route, child.callback
        else:
            yield from _routes(child, language, route)


def _methods(view: Any) -> frozenset[str]:
    """The methods that a view answers: those of its class, or all where it has none."""
    actions = getattr(view, "actions", None)
    if isinstance(actions, dict):
        # A view set of Django REST framework; HEAD goes with GET there, too.
        names = {*actions, *(("head",) if "get" in actions else ())}
    else:
        # Django's own views say "view_class", those of Django REST framework "cls".
        kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
        if kind is None:
            return frozenset(METHODS)
        names = {name for name in getattr(kind, "http_method_names", ()) if hasattr(kind, name)}
        names |= {"head"} if "get" in names else set()
    return frozenset(name.upper() for name in names) & frozenset(METHODS)
