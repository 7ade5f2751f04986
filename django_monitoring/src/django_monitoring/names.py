"""Bounds the names that an application makes up: each is a metric that costs money."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Final

from .tokens import OTHER, safe_token

MAX_NAMES: Final = 100
"""Actions, failure types, tasks, caches: each kind has at most so many names a process."""


@dataclass(frozen=True, slots=True)
class NamePlan:
    """Which names of a dimension have metrics of their own, the same ones in every process.

    Attributes:
        names: gives them, in an order that every process has alike. Asked with the first one
            that comes.
        setting: the setting that lists them, and has all of them. Left out, names beyond them
            have what room is left, the first that come.
    """

    names: Callable[[], Iterable[str]]
    setting: str = ""


class Names:
    """The names of each dimension that there were. They only grow, up to their bound.

    CloudWatch asks money for every name that was seen in a month, so a name that was let in once
    is cheaper than a new one.

    Args:
        plans: by dimension; the first names that come, where it has none.
        warn: is told, once, of a name that is not in the setting that lists them.
    """

    def __init__(
        self, plans: Mapping[str, NamePlan] | None = None, warn: Callable[[str], object] = len
    ) -> None:
        self._plans = plans or {}
        self._warn = warn
        self._is_warned = False
        self._tokens: dict[str, dict[str, str]] = {}

    def token(self, dimension: str, name: str) -> str:
        """The dimension's value for a name: ``(other)`` for all that have none of their own."""
        tokens = self._tokens.get(dimension)
        if tokens is None:
            tokens = self._tokens[dimension] = self._planned(dimension)
        token = tokens.get(name)
        if token is None:
            token = OTHER
            if self._is_listed(dimension):
                self._warn_once(dimension, name)
            elif len(tokens) < MAX_NAMES - 1:
                token = tokens[name] = safe_token(name)
        return token

    def _is_listed(self, dimension: str) -> bool:
        return dimension in self._plans and bool(self._plans[dimension].setting)

    def _planned(self, dimension: str) -> dict[str, str]:
        if dimension not in self._plans:
            return {}
        plan = self._plans[dimension]
        try:
            # What a setting lists, somebody wants to pay for.
            names = plan.names() if plan.setting else islice(plan.names(), MAX_NAMES - 1)
            return {name: safe_token(name) for name in names}
        except Exception:
            return {}

    def _warn_once(self, dimension: str, name: str) -> None:
        if self._is_warned:
            return
        self._is_warned = True
        near = get_close_matches(str(name), self._tokens[dimension], n=1)
        meant = f'; did you mean "{safe_token(near[0])}"?' if near else ""
        self._warn(
            f'{dimension} {safe_token(str(name))} is counted as "{OTHER}": '
            f"{self._plans[dimension].setting} does not have it{meant}"
        )
