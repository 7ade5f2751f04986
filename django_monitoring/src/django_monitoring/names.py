"""Bounds the names that an application makes up: each is a metric that costs money."""

from typing import Final

from .tokens import OTHER, safe_token

MAX_NAMES: Final = 100
"""Actions, failure types, tasks, caches: each kind has at most so many names a process."""


class Names:
    """The names of each dimension that there were. They only grow, up to their bound.

    CloudWatch asks money for every name that was seen in a month, so a name that was let in once
    is cheaper than a new one.
    """

    def __init__(self) -> None:
        self._tokens: dict[str, dict[str, str]] = {}

    def token(self, dimension: str, name: str) -> str:
        """The dimension's value for a name: ``(other)`` for all beyond the first ones."""
        tokens = self._tokens.setdefault(dimension, {})
        token = tokens.get(name)
        if token is None:
            token = OTHER
            if len(tokens) < MAX_NAMES - 1:
                token = tokens[name] = safe_token(name)
        return token
