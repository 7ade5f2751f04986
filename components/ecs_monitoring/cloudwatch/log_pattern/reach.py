"""Whether a filter pattern tells lines apart at all, or matches every one, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from itertools import pairwise

from .comparing import plain_number, satisfies
from .errors import LogPatternError
from .matching import matches
from .meant import refuse_other_languages
from .parser import parse_pattern
from .syntax import (
    AllConditions,
    AnyCondition,
    AnyIndex,
    AnyKey,
    ComparedNumber,
    ComparedText,
    FieldComparison,
    Fields,
    JsonCondition,
    JsonPattern,
    LogPattern,
    MatchAll,
    PropertyCompares,
    PropertyIs,
    PropertyNotExists,
    Selector,
    Terms,
)

# Lines that have nothing in common: whatever matches all of them looks for nothing. Of many
# words, so that a pattern of fields finds enough of them, and of one.
_LINES = tuple(text for c in "aZ0~é" for text in (c, " ".join([c] * 40)))
# The fields that every line of the format json has.
_JSON_LINES = tuple(
    f'{{"level": "{c}", "logger": "{c}", "message": "{c}"}}' for c in ("a", "Z", "0", "~")
)


def useful_pattern(text: str) -> LogPattern:
    """Parse a pattern for an alarm: one that matches some lines and not others.

    Raises:
        LogPatternError: no filter pattern, one in another language's words, or one that matches
            every line or none.
    """
    refuse_other_languages(text)
    pattern = parse_pattern(text)
    if _matches_every(pattern):
        raise LogPatternError(1, *_every(pattern))
    if _matches_none(pattern):
        raise LogPatternError(
            1,
            "no line can match: its conditions contradict each other",
            "join alternatives with || (words: ? before each), or leave one out",
        )
    return pattern


def _every(pattern: LogPattern) -> tuple[str, str]:
    if isinstance(pattern, Fields):
        names = [field.name for field in pattern.leading + pattern.trailing if field.name]
        problem = "the brackets only name fields, so it matches every event with enough words"
        if len(names) == 1 and not pattern.ellipsis:
            return problem, f'write "{names[0]}" for the word, or "[{names[0]}]" with the brackets'
        return problem, "give a field a condition, as [level = ERROR, ...]"
    if isinstance(pattern, JsonPattern):
        return "it matches every event", 'compare with a value, as { $.level = "ERROR" }'
    return "it matches every event", "write what to look for, such as ?ERROR ?Error"


def _matches_every(pattern: LogPattern) -> bool:
    if isinstance(pattern, MatchAll):
        return True
    # "Everything but" is a question, too.
    if any(_is_negative(part) for part in _parts(pattern)):
        return False
    if isinstance(pattern, JsonPattern):
        return all(matches(pattern, line) for line in _JSON_LINES)
    lines = [line for line in _LINES if " " in line] if isinstance(pattern, Fields) else _LINES
    return all(matches(pattern, line) for line in lines)


def _parts(part: object) -> Iterator[object]:
    yield part
    if isinstance(part, tuple):
        for item in part:
            yield from _parts(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _parts(getattr(part, field.name))


def _is_negative(part: object) -> bool:
    return (
        (isinstance(part, FieldComparison) and part.operator == "!=")
        or (isinstance(part, Terms) and bool(part.excluded))
        or isinstance(part, PropertyNotExists)
    )


def _matches_none(pattern: LogPattern) -> bool:
    match pattern:
        case Terms():
            return any(out in term for out in pattern.excluded for term in pattern.required)
        case JsonPattern(condition):
            return _contradicts(condition)
        case Fields():
            return any(
                field.alternatives and all(_contradictory(c) for c in field.alternatives)
                for field in pattern.leading + pattern.trailing
            )
        case _:
            return False


def _contradicts(condition: JsonCondition) -> bool:
    if isinstance(condition, AnyCondition):
        return all(_contradicts(part) for part in condition.parts)
    if not isinstance(condition, AllConditions):
        return False
    parts = list(_flat(condition))
    if any(_contradicts(part) for part in parts):
        return True
    by_selector: dict[Selector, list[JsonCondition]] = {}
    for part in parts:
        if isinstance(part, PropertyCompares | PropertyIs | PropertyNotExists) and not any(
            isinstance(step, AnyKey | AnyIndex) for step in part.selector.steps
        ):
            by_selector.setdefault(part.selector, []).append(part)
    return any(_same_property_contradicts(together) for together in by_selector.values())


def _flat(condition: AllConditions) -> Iterator[JsonCondition]:
    for part in condition.parts:
        yield from _flat(part) if isinstance(part, AllConditions) else (part,)


def _same_property_contradicts(parts: Sequence[JsonCondition]) -> bool:
    comparisons = [part.comparison for part in parts if isinstance(part, PropertyCompares)]
    # A property that is missing, null, true or false satisfies no comparison.
    others = {part for part in parts if not isinstance(part, PropertyCompares)}
    return len(others) + bool(comparisons) > 1 or _contradictory(comparisons)


def _contradictory(together: Iterable[FieldComparison]) -> bool:
    """Whether no value satisfies all comparisons; not asked of mixed kinds or expressions."""
    comparisons = tuple(together)
    numbers = [c.operand for c in comparisons if isinstance(c.operand, ComparedNumber)]
    texts = [c.operand for c in comparisons if isinstance(c.operand, ComparedText)]
    if len(comparisons) < 2 or len(comparisons) not in (len(numbers), len(texts)):
        return False
    candidates = _numbers(numbers) if numbers else _texts(comparisons)
    return not any(
        all(satisfies(c, value, plain_number(value)) for c in comparisons) for value in candidates
    )


def _numbers(operands: Sequence[ComparedNumber]) -> Iterator[str]:
    """Each number, one between each two, and one beyond either end."""
    values = sorted({operand.value for operand in operands})
    for low, high in pairwise(values):
        yield f"{(low + high) / 2:f}"
    for value in (*values, values[0] - 1, values[-1] + 1):
        yield f"{value:f}"


def _texts(comparisons: Sequence[FieldComparison]) -> Iterator[str]:
    """Each text that is asked for whole, and one with every start, middle and end asked for."""
    wanted = [
        c.operand for c in comparisons if c.operator == "=" and isinstance(c.operand, ComparedText)
    ]
    yield from (text.body for text in wanted if not text.any_before and not text.any_after)
    starts = [t.body for t in wanted if t.any_after and not t.any_before]
    ends = [t.body for t in wanted if t.any_before and not t.any_after]
    middles = [t.body for t in wanted if t.any_before and t.any_after]
    start, end = max(starts, key=len, default=""), max(ends, key=len, default="")
    yield "~".join([start, *middles, end])
    yield start + end
