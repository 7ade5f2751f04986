"""Whether any value satisfies some comparisons together, and whether every value satisfies one.

Both are said only where they are certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .comparing import OPPOSITES, plain_number, satisfies
from .search_states import RegexSearch, is_impossible_together
from .syntax import (
    Atom,
    Branch,
    ComparedNumber,
    ComparedText,
    FieldComparison,
    Regex,
)

# Whatever is compared in an order, or equals a number, is written in these.
_NUMBER: Branch = ("^", Atom("[0-9+.eE-]", 1, None), "$")


def is_impossible(together: Iterable[FieldComparison]) -> bool:
    """Whether no value satisfies all of the comparisons."""
    comparisons = tuple(together)
    numeric = [c for c in comparisons if isinstance(c.operand, ComparedNumber)]
    searches = [search for comparison in comparisons for search in _searches(comparison)]
    return (
        _none_satisfies(numeric, _numbers(numeric))
        or _none_satisfies(comparisons, _whole_texts(comparisons))
        or is_impossible_together(list(dict.fromkeys(searches)))
    )


def is_certain(alternatives: Iterable[FieldComparison]) -> bool:
    """Whether every value satisfies at least one of the comparisons.

    Of numbers in an order, whether every number does: there is none in other values.
    """
    comparisons = tuple(alternatives)
    unordered = [comparison for comparison in comparisons if comparison.operator in ("=", "!=")]
    if unordered and is_impossible(map(_opposite, unordered)):
        return True
    numeric = [c for c in comparisons if isinstance(c.operand, ComparedNumber)]
    # Whatever is no number differs from one.
    is_all = numeric == list(comparisons) or any(c.operator == "!=" for c in numeric)
    return is_all and bool(numeric) and is_impossible(map(_opposite, numeric))


def _opposite(comparison: FieldComparison) -> FieldComparison:
    return replace(comparison, operator=OPPOSITES[comparison.operator])


def _searches(comparison: FieldComparison) -> Iterator[RegexSearch]:
    """What a value has to have in its text, and what it must not."""
    is_equal = comparison.operator == "="
    match comparison.operand:
        case Regex(branches=branches):
            yield RegexSearch(branches, is_equal)
        case ComparedText(body, before, after):
            start, end = () if before else ("^",), () if after else ("$",)
            characters = (Atom(re.escape(character)) for character in body)
            yield RegexSearch(((*start, *characters, *end),), is_equal)
        case ComparedNumber() if comparison.operator != "!=":
            yield RegexSearch((_NUMBER,))


def _none_satisfies(comparisons: Sequence[FieldComparison], values: Iterable[str]) -> bool:
    """Whether all of the values that would do fail; without any such value it is not known."""
    tried = list(values)
    return bool(tried) and not any(
        all(satisfies(comparison, value, plain_number(value)) for comparison in comparisons)
        for value in tried
    )


def _numbers(comparisons: Sequence[FieldComparison]) -> Iterator[str]:
    """Each number as it is written, one between each two, and one beyond either end."""
    operands = [c.operand for c in comparisons if isinstance(c.operand, ComparedNumber)]
    values = sorted({operand.value for operand in operands})
    yield from (operand.spelling for operand in operands)
    for low, high in pairwise(values):
        yield f"{(low + high) / 2:f}"
    if values:
        for value in (*values, values[0] - 1, values[-1] + 1):
            yield f"{value:f}"


def _whole_texts(comparisons: Sequence[FieldComparison]) -> Iterator[str]:
    """The texts that a value has to be as a whole: nothing else would do."""
    for comparison in comparisons:
        match comparison:
            case FieldComparison("=", ComparedText(body, any_before=False, any_after=False)):
                yield body
