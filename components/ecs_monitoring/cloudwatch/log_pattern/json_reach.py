"""Whether any JSON event satisfies a condition, and whether every event with the property does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from .clauses import chained, combined
from .comparing_reach import is_certain, is_impossible
from .syntax import (
    AllConditions,
    AnyCondition,
    AnyIndex,
    AnyKey,
    FieldComparison,
    Index,
    JsonCondition,
    PropertyCompares,
    PropertyIs,
    PropertyNotExists,
    Selector,
    Step,
)

_Leaf: TypeAlias = PropertyCompares | PropertyIs | PropertyNotExists

_MOST_CLAUSES = 256
"""Combinations of conditions above which nothing is said: they multiply with each parenthesis."""


def contradicts(condition: JsonCondition) -> bool:
    """Whether no event can satisfy the condition."""
    clauses = _clauses(condition, AnyCondition)
    return clauses is not None and all(map(_is_contradiction, clauses))


def unquestioned(condition: JsonCondition) -> Selector | None:
    """The property whose every value satisfies the condition; ``None`` where there is none.

    One comparison alone is a question, such as ``= *`` for a property that is there.
    """
    clauses = _clauses(condition, AllConditions)
    if clauses is None:
        return None
    selectors = [_unquestioned(clause) for clause in clauses]
    return selectors[0] if None not in selectors else None


def _clauses(
    condition: JsonCondition, outer: type[AllConditions | AnyCondition]
) -> list[tuple[_Leaf, ...]] | None:
    """The condition as parts of ``outer`` that hold no further one; ``None`` for too many."""
    if isinstance(condition, PropertyCompares | PropertyIs | PropertyNotExists):
        return [(condition,)]
    parts = [_clauses(part, outer) for part in condition.parts]
    return (chained if isinstance(condition, outer) else combined)(parts, _MOST_CLAUSES)


def _is_contradiction(leaves: Sequence[_Leaf]) -> bool:
    one_value = [leaf for leaf in leaves if not _has_wildcard(leaf.selector)]
    # Of several elements each condition may hold for another one.
    alone = [[leaf.comparison] for leaf in leaves if isinstance(leaf, PropertyCompares)]
    groups = [*alone, *_by_selector(one_value).values()]
    return any(map(is_impossible, groups)) or _differ_in_kind(leaves)


def _differ_in_kind(leaves: Sequence[_Leaf]) -> bool:
    """Whether a property would have to be two things, such as missing, a value and an object."""
    kinds: dict[tuple[Step, ...], str] = {}
    return any(
        kinds.setdefault(steps, kind) != kind for leaf in leaves for steps, kind in _kinds(leaf)
    )


def _kinds(leaf: _Leaf) -> Iterator[tuple[tuple[Step, ...], str]]:
    """What a property has to be, and what those that it is in have to be."""
    steps = leaf.selector.steps
    has_wildcard = _has_wildcard(leaf.selector)
    if isinstance(leaf, PropertyNotExists):
        if not has_wildcard:
            yield steps, "missing"
        return
    if not has_wildcard:
        # A property that is missing, null, true or false satisfies no comparison.
        yield steps, "a value" if isinstance(leaf, PropertyCompares) else str(leaf.value)
    for place, step in enumerate(steps):
        if place:
            yield steps[:place], "an array" if isinstance(step, Index | AnyIndex) else "an object"
        if isinstance(step, AnyKey | AnyIndex):
            return


def _unquestioned(leaves: Sequence[_Leaf]) -> Selector | None:
    missing = {leaf.selector for leaf in leaves if isinstance(leaf, PropertyNotExists)}
    for selector, comparisons in _by_selector(leaves).items():
        if len(comparisons) + (selector in missing) > 1 and is_certain(comparisons):
            return selector
    return None


def _by_selector(leaves: Iterable[_Leaf]) -> dict[Selector, list[FieldComparison]]:
    groups: dict[Selector, list[FieldComparison]] = {}
    for leaf in leaves:
        if isinstance(leaf, PropertyCompares):
            groups.setdefault(leaf.selector, []).append(leaf.comparison)
    return groups


def _has_wildcard(selector: Selector) -> bool:
    return any(isinstance(step, AnyKey | AnyIndex) for step in selector.steps)
