"""Whether a filter pattern tells lines apart at all, or matches every one, or none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from .comparing_reach import is_certain, is_impossible
from .errors import LogPatternError
from .json_reach import contradicts, unquestioned
from .matching import matches
from .meant import refuse_other_languages
from .parser import MAX_PATTERN_LENGTH, parse_pattern
from .regex_reach import texts
from .search_states import fits_all, fits_every_line
from .syntax import (
    AllConditions,
    AnyCondition,
    ComparedText,
    Field,
    FieldComparison,
    Fields,
    JsonPattern,
    LogPattern,
    MatchAll,
    PropertyCompares,
    PropertyNotExists,
    Regex,
    Selector,
    Terms,
    parts_of,
)
from .written import selector_text, written

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
    fault = _fault(pattern)
    if fault is not None:
        raise LogPatternError(1, *fault)
    return pattern


def _fault(pattern: LogPattern) -> tuple[str, str] | None:
    """Why a pattern tells no lines apart, and what to write instead."""
    if _matches_every(pattern):
        return _every(pattern)
    if isinstance(pattern, JsonPattern) and (selector := unquestioned(pattern.condition)):
        return _unquestioned(pattern, selector)
    return _none(pattern) if _matches_none(pattern) else None


def tells_apart(pattern: LogPattern) -> bool:
    """Whether a pattern may match some lines and not others."""
    asks_nothing = isinstance(pattern, JsonPattern) and unquestioned(pattern.condition) is not None
    return not (_matches_every(pattern) or asks_nothing or _matches_none(pattern))


def _every(pattern: LogPattern) -> tuple[str, str]:
    if isinstance(pattern, Fields):
        names = [field.name for field in pattern.leading + pattern.trailing if field.name]
        problem = "the brackets only name fields, so it matches every event with enough words"
        if any(field.alternatives for field in pattern.leading + pattern.trailing):
            problem = (
                "its conditions hold for whatever the fields are, so it matches every event with "
                "enough words"
            )
        elif len(names) == 1 and not pattern.ellipsis:
            problem += f' ("[{names[0]}]" in quotes looks for the brackets, too)'
            return problem, f"write {names[0]}"
        return problem, "give a field a condition, as [level = ERROR, ...]"
    if isinstance(pattern, JsonPattern):
        return "it matches every event", 'compare with a value, as { $.level = "ERROR" }'
    return "it matches every event", "write what to look for, such as ?ERROR ?Error"


def _unquestioned(pattern: JsonPattern, selector: Selector) -> tuple[str, str]:
    """A condition such as ``$.a != 1 || $.a != 2``, of which one always holds."""
    has_some = PropertyCompares(selector, FieldComparison("=", ComparedText("", any_before=True)))
    name = selector_text(selector)
    problem = (
        f"whatever {name} is, one of the conditions holds, so it matches every event that has it"
    )
    offers = list(_useful(JsonPattern(has_some)))
    if isinstance(pattern.condition, AnyCondition):
        both = list(_useful(JsonPattern(AllConditions(pattern.condition.parts))))
        if both and offers:
            problem += f" ({offers[0]} asks for these)"
        offers = both or offers
    return problem, f"write {offers[0]}" if offers else f'compare {name} with = "a value"'


def _none(pattern: LogPattern) -> tuple[str, str]:
    if isinstance(pattern, Regex):
        return (
            "no line can match: no text fits the expression",
            "write ^ before all characters, $ after all of them, and classes that leave some",
        )
    problem = "no line can match: its conditions contradict each other"
    if isinstance(pattern, JsonPattern) and isinstance(pattern.condition, AllConditions):
        either = JsonPattern(AnyCondition(pattern.condition.parts))
        for offer in _useful(either):
            return f"{problem}, so leave one of them out or let either do", f"write {offer}"
    if _is_single(pattern):
        return "no line can match: no value satisfies its condition", "compare with = and a value"
    return problem, "leave one of them out"


def _useful(pattern: JsonPattern) -> Iterator[str]:
    """The pattern's text, if it could stand for an alarm."""
    text = written(pattern)
    if len(text) <= MAX_PATTERN_LENGTH and tells_apart(parse_pattern(text)):
        yield text


def _is_single(pattern: LogPattern) -> bool:
    comparisons = [part for part in parts_of(pattern) if isinstance(part, FieldComparison)]
    return len(comparisons) == 1


def _matches_every(pattern: LogPattern) -> bool:
    if isinstance(pattern, MatchAll):
        return True
    if isinstance(pattern, Regex):
        return fits_every_line(pattern.branches) or fits_all(pattern.branches, _LINES)
    if isinstance(pattern, Fields) and all(
        map(_is_certain_field, pattern.leading + pattern.trailing)
    ):
        return True
    # "Everything but" is a question, too.
    if any(_is_negative(part) for part in parts_of(pattern)):
        return False
    if isinstance(pattern, JsonPattern):
        return all(matches(pattern, line) for line in _JSON_LINES)
    lines = [line for line in _LINES if " " in line] if isinstance(pattern, Fields) else _LINES
    return all(matches(pattern, line) for line in lines)


def _is_certain_field(field: Field) -> bool:
    """Whether every value does: one of each choice of comparisons, an alternative each."""
    if len(field.alternatives) > _MOST_ALTERNATIVES:
        return False
    return all(map(is_certain, product(*field.alternatives))) if field.alternatives else True


_MOST_ALTERNATIVES = 8
"""Alternatives of a field above which it is not asked whether they leave any value out."""


def _is_negative(part: object) -> bool:
    return (
        (isinstance(part, FieldComparison) and part.operator == "!=")
        or (isinstance(part, Terms) and bool(part.excluded))
        or isinstance(part, PropertyNotExists)
    )


def _matches_none(pattern: LogPattern) -> bool:
    match pattern:
        case Regex():
            return not any(texts(pattern))
        case Terms():
            return any(out in term for out in pattern.excluded for term in pattern.required)
        case JsonPattern(condition):
            return contradicts(condition)
        case Fields():
            return any(map(_is_impossible_field, pattern.leading + pattern.trailing))
        case _:
            return False


def _is_impossible_field(field: Field) -> bool:
    return bool(field.alternatives) and all(map(is_impossible, field.alternatives))
