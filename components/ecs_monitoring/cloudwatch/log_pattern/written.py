"""Writes a JSON pattern down again, as one that is offered."""

from __future__ import annotations

import re

from ecs_monitoring.words import quoted

from .syntax import (
    AllConditions,
    AnyCondition,
    AnyIndex,
    AnyKey,
    ComparedNumber,
    ComparedText,
    Index,
    JsonCondition,
    JsonPattern,
    NamedKey,
    Operand,
    PropertyCompares,
    PropertyIs,
    PropertyNotExists,
    Regex,
    Selector,
)

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_IS_WORDS = {True: "TRUE", False: "FALSE", None: "NULL"}


def written(pattern: JsonPattern) -> str:
    """The pattern's text."""
    return f"{{ {_condition(pattern.condition)} }}"


def selector_text(selector: Selector) -> str:
    """A selector's text, such as ``$.users[0].id``."""
    text = "$"
    for step in selector.steps:
        match step:
            case NamedKey(name):
                text += f".{name}" if _PLAIN_KEY.fullmatch(name) else f".['{name}']"
            case Index(position):
                text += f"[{position}]"
            case AnyKey():
                text += ".*"
            case AnyIndex():
                text += "[*]"
    return text


def _condition(condition: JsonCondition) -> str:
    match condition:
        case AllConditions(parts):
            return " && ".join(map(_part, parts))
        case AnyCondition(parts):
            return " || ".join(map(_part, parts))
        case PropertyCompares(selector, comparison):
            value = _operand(comparison.operand)
            return f"{selector_text(selector)} {comparison.operator} {value}"
        case PropertyIs(selector, value):
            return f"{selector_text(selector)} IS {_IS_WORDS[value]}"
        case PropertyNotExists(selector):
            return f"{selector_text(selector)} NOT EXISTS"


def _part(condition: JsonCondition) -> str:
    text = _condition(condition)
    return f"({text})" if isinstance(condition, AllConditions | AnyCondition) else text


def _operand(operand: Operand) -> str:
    match operand:
        case ComparedNumber(spelling=spelling):
            return spelling
        case Regex(source):
            return f"%{source}%"
        case ComparedText(body, before, after):
            return quoted(f"{'*' * before}{body}{'*' * after}")
