"""What a pattern that is taken may yet not do as meant, given how the lines of its group are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress

from ecs_monitoring.words import quoted

from .comparing_reach import is_impossible
from .dialect import in_dialect, is_expression
from .errors import LogPatternError
from .field_matching import fields_match
from .json_matching import json_matches
from .matching import matches
from .meant import meant_by
from .parser import parse_pattern
from .reach import tells_apart
from .regex_reach import can_span
from .syntax import (
    ComparedNumber,
    ComparedText,
    Field,
    FieldComparison,
    Fields,
    JsonCondition,
    JsonPattern,
    LogPattern,
    NamedKey,
    PropertyCompares,
    Regex,
    Selector,
    all_conditions,
    any_condition,
    parts_of,
)
from .written import written

_SEVERAL_WORDS = FieldComparison("=", ComparedText(" ", any_before=True, any_after=True))
_LEAST_NAME = 3
"""Letters from which a field's name is one, rather than a place such as ``w1``. A choice."""


def doubts(text: str, *, is_json: bool) -> Iterator[str]:
    """What is to be told about a pattern, each as a sentence whose subject is the pattern.

    Args:
        text: a pattern that ``useful_pattern`` takes.
        is_json: whether the lines of its group are JSON objects, rather than text.
    """
    pattern = parse_pattern(text)
    if is_json:
        yield from _of_json(pattern)
    elif isinstance(pattern, JsonPattern):
        yield "reads properties of JSON objects, and the lines are text"
    elif isinstance(pattern, Fields):
        yield from _of_last_field(pattern, text)
    yield from _of_values(pattern, text)
    meant = meant_by(text)
    if meant is not None:
        yield f"may not ask what it seems to: {meant}"


def _of_values(pattern: LogPattern, text: str) -> Iterator[str]:
    """``{ $.level = "ERROR|WARN" }``: a text that reads as an expression is compared as it is."""
    for operand in parts_of(pattern):
        if not isinstance(operand, ComparedText):
            continue
        value = quoted(f"{'*' * operand.any_before}{operand.body}{'*' * operand.any_after}")
        source = _expression_in(operand)
        # Two of a kind, or one in another spelling, would need more than a replacement.
        if source and text.count(value) == 1:
            offered = text.replace(value, f"%{source}%")
            with suppress(LogPatternError):
                parse_pattern(offered)
                yield f"compares with {value} as it stands: for an expression write {offered}"


def _expression_in(operand: ComparedText) -> str:
    """What a text would be as an expression; empty where it does not read as one."""
    slashes = _SLASHES.fullmatch(operand.body)
    if slashes:
        return in_dialect(slashes[1])
    if _ALTERNATIVES.fullmatch(operand.body):
        start, end = "" if operand.any_before else "^", "" if operand.any_after else "$"
        return in_dialect(f"{start}({operand.body}){end}")
    return in_dialect(operand.body) if is_expression(operand.body) else ""


_SLASHES = re.compile(r"/([^/]+)/")
_ALTERNATIVES = re.compile(r"\(?\w+(?:\|\w+)+\)?", re.ASCII)


def _of_json(pattern: LogPattern) -> Iterator[str]:
    """Patterns of text, of which an object in braces has another."""
    if isinstance(pattern, Fields):
        offered = _as_properties(pattern)
        shown = f"write {offered}" if offered else 'write properties, as { $.level = "ERROR" }'
        yield f"reads words of a line by their place, and the lines are JSON objects: {shown}"
    elif isinstance(pattern, Regex) and not can_span(pattern, _OPENING, _CLOSING):
        offered = f"{{ $.message = %{pattern.source}% }}"
        yield (
            "looks at the start or the end of a line, where a JSON object has its braces: write "
            f"{offered}"
        )


_OPENING, _CLOSING = "{ \t\r\n", "} \t\r\n"


def _as_properties(pattern: Fields) -> str:
    """The conditions on fields as conditions on properties; empty where these are not known."""
    asked = [field for field in pattern.leading + pattern.trailing if field.alternatives]
    if not asked or any(len(field.name) < _LEAST_NAME for field in asked):
        return ""
    offered = JsonPattern(all_conditions(list(map(_property, asked))))
    return written(offered) if tells_apart(offered) and all(map(_is_same, asked)) else ""


def _property(field: Field) -> JsonCondition:
    selector = Selector((NamedKey(field.name),))
    return any_condition(
        [
            all_conditions([PropertyCompares(selector, comparison) for comparison in together])
            for together in field.alternatives
        ]
    )


def _is_same(field: Field) -> bool:
    """Whether the property is found where the field is, of the values that it is compared with."""
    condition = JsonPattern(_property(field))
    alone = Fields((field,))
    return all(
        json_matches(condition, json.dumps({field.name: value})) is fields_match(alone, value)
        for value in _values(field)
    )


def _values(field: Field) -> Iterator[str]:
    """Words that a field is compared with, and one that it is not."""
    yield "~"
    for together in field.alternatives:
        for comparison in together:
            match comparison.operand:
                case ComparedText(body):
                    yield body or "~"
                case ComparedNumber(value):
                    yield from (f"{value:f}", f"{value + 1:f}", f"{value - 1:f}")


def _word(field: Field) -> str:
    """A word that a field accepts, where one is known."""
    return next((v for v in _values(field) if fields_match(Fields((field,)), v)), "~")


def _of_last_field(pattern: Fields, text: str) -> Iterator[str]:
    """``[level = ERROR]`` and ``[time, level = ERROR]``: the last field is the rest of the line.

    A number may well be last in a line of several fields, as in AWS's ``[..., bytes > 1000]``.
    """
    if pattern.ellipsis or not pattern.leading[-1].alternatives:
        return
    *before, field = pattern.leading
    is_text = all(
        isinstance(comparison.operand, ComparedText)
        for together in field.alternatives
        for comparison in together
    )
    if (before and not is_text) or not all(
        is_impossible((*together, _SEVERAL_WORDS)) for together in field.alternatives
    ):
        return
    offered = f"{text.rstrip().removesuffix(']').rstrip()}, ...]"
    words = " ".join(map(_word, (*before, field)))
    if not matches(parse_pattern(offered), f"{words} more"):
        return
    yield (
        f"ends in {field.name}, which is all the rest of the line, so that it may not go on after "
        f"that word: where it does, write {offered}"
    )
