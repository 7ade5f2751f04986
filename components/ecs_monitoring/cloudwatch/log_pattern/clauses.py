"""Conditions as alternatives of chains, as long as they are few: parentheses multiply them.

Alternatives are a list, each a chain of what must hold together; ``None`` stands for too many.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, product
from math import prod
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Alternatives: TypeAlias = "list[tuple[T, ...]] | None"


def chained(parts: Sequence[Alternatives[T]], most: int) -> Alternatives[T]:
    """The alternatives of all parts: one of them has to hold."""
    few = [part for part in parts if part is not None]
    if len(few) < len(parts) or sum(map(len, few)) > most:
        return None
    return list(chain.from_iterable(few))


def combined(parts: Sequence[Alternatives[T]], most: int) -> Alternatives[T]:
    """One alternative of each part, in every combination: all parts have to hold."""
    few = [part for part in parts if part is not None]
    if len(few) < len(parts) or prod(map(len, few)) > most:
        return None
    return [tuple(chain.from_iterable(choice)) for choice in product(*few)]
