"""Patterns that ask for a field or a level of JSON lines in another spelling than they have."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeGuard

from ecs_monitoring.cloudwatch.log_pattern import parse_pattern
from ecs_monitoring.cloudwatch.log_pattern.syntax import (
    AllConditions,
    AnyCondition,
    ComparedText,
    JsonCondition,
    JsonPattern,
    NamedKey,
    Operand,
    PropertyCompares,
    PropertyIs,
    Selector,
)
from ecs_monitoring.cloudwatch.log_pattern.written import written

_FIELDS: Final = ("level", "logger", "message", "exception")
_LEVELS: Final[Mapping[str, str]] = {
    **{level: level for level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")},
    "WARN": "WARNING",
    "ERR": "ERROR",
    "FATAL": "CRITICAL",
}
"""Each level as Python's logging names it: https://docs.python.org/3/library/logging.html#logging-levels"""


def misspelt(text: str) -> Iterator[str]:
    """Why a pattern finds none of the lines that it seems to ask for, and what to write instead.

    Args:
        text: a pattern of a group whose format is ``json``.
    """
    pattern = parse_pattern(text)
    if not isinstance(pattern, JsonPattern):
        return
    repaired = JsonPattern(_repaired(pattern.condition))
    if repaired == pattern:
        return
    offered = written(repaired)
    if parse_pattern(offered) == repaired:
        yield (
            f"spells a field or a level as no line of the format does ({', '.join(_FIELDS)}; "
            f"DEBUG, INFO, WARNING, ERROR, CRITICAL): write {offered}"
        )


def _repaired(condition: JsonCondition) -> JsonCondition:
    match condition:
        case AllConditions(parts) | AnyCondition(parts):
            return replace(condition, parts=tuple(map(_repaired, parts)))
        case PropertyCompares(selector, comparison):
            selector = _with_field(selector)
            operand = comparison.operand
            if selector.steps == (NamedKey("level"),) and _is_whole(operand):
                level = _LEVELS.get(operand.body.upper(), operand.body)
                comparison = replace(comparison, operand=replace(operand, body=level))
            return PropertyCompares(selector, comparison)
        case PropertyIs():
            return replace(condition, selector=_with_field(condition.selector))
        case _:
            return condition


def _is_whole(operand: Operand) -> TypeGuard[ComparedText]:
    return isinstance(operand, ComparedText) and not (operand.any_before or operand.any_after)


def _with_field(selector: Selector) -> Selector:
    first, *rest = selector.steps
    if isinstance(first, NamedKey) and first.name.lower() in _FIELDS:
        return Selector((NamedKey(first.name.lower()), *rest))
    return selector
