"""Whether any value satisfies some comparisons together, and whether every value satisfies one.

Both are said only where they are certain: of regular expressions beside others, mostly neither is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .comparing import plain_number, satisfies
from .regex_reach import matches_any_text, texts
from .syntax import ComparedNumber, ComparedText, FieldComparison, Operator, Regex

_OPPOSITES: dict[Operator, Operator] = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_ANY_TEXT = ComparedText("", any_before=True)


def is_impossible(together: Iterable[FieldComparison]) -> bool:
    """Whether no value satisfies all of the comparisons."""
    comparisons = tuple(together)
    numeric = [c for c in comparisons if isinstance(c.operand, ComparedNumber)]
    textual = [c for c in comparisons if isinstance(c.operand, ComparedText)]
    return (
        any(map(_is_never, comparisons))
        or any(_opposite(comparison) in comparisons for comparison in comparisons)
        or _none_satisfies(numeric, _numbers(numeric))
        or _none_satisfies(textual, _texts(textual))
        or _none_satisfies(comparisons, _whole_texts(textual))
        or (_wants_number(numeric) and any(map(_is_no_number, _wanted(textual))))
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
    return replace(comparison, operator=_OPPOSITES[comparison.operator])


def _is_never(comparison: FieldComparison) -> bool:
    """Whether one comparison alone holds for no value."""
    operand, is_equal = comparison.operand, comparison.operator == "="
    if isinstance(operand, Regex):
        return not any(True for _ in texts(operand)) if is_equal else matches_any_text(operand)
    return not is_equal and operand == _ANY_TEXT


def _wants_number(numeric: Iterable[FieldComparison]) -> bool:
    return any(comparison.operator != "!=" for comparison in numeric)


def _is_no_number(operand: ComparedText) -> bool:
    return not set(operand.body) <= set("0123456789+-.eE")


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
    for operand in _wanted(comparisons):
        if not operand.any_before and not operand.any_after:
            yield operand.body


def _texts(comparisons: Sequence[FieldComparison]) -> Iterator[str]:
    """Each text that is asked for whole, and one with every start, middle and end asked for."""
    if not comparisons:
        return
    wanted = list(_wanted(comparisons))
    yield from _whole_texts(comparisons)
    starts = [text.body for text in wanted if text.any_after and not text.any_before]
    ends = [text.body for text in wanted if text.any_before and not text.any_after]
    middles = [text.body for text in wanted if text.any_before and text.any_after]
    start, end = max(starts, key=len, default=""), max(ends, key=len, default="")
    yield _between(comparisons).join([start, *middles, end])
    yield start + end
    # What the start and the end have in common may stand there once.
    yield from (start + end[n:] for n in range(1, len(end) + 1) if start.endswith(end[:n]))


def _wanted(comparisons: Sequence[FieldComparison]) -> Iterator[ComparedText]:
    for comparison in comparisons:
        if comparison.operator == "=" and isinstance(comparison.operand, ComparedText):
            yield comparison.operand


def _between(comparisons: Sequence[FieldComparison]) -> str:
    """A character that no comparison asks for or refuses."""
    bodies = "".join(c.operand.body for c in comparisons if isinstance(c.operand, ComparedText))
    return next(chr(code) for code in range(ord("~"), 0x10000) if chr(code) not in bodies)
