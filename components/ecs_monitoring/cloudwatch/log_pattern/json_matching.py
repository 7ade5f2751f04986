"""Matches a JSON pattern with the message of a log event."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NoReturn, TypeAlias

from .comparing import plain_number, satisfies
from .syntax import (
    AllConditions,
    AnyCondition,
    AnyIndex,
    AnyKey,
    FieldComparison,
    Index,
    JsonCondition,
    JsonPattern,
    NamedKey,
    PropertyCompares,
    PropertyIs,
    PropertyNotExists,
    Selector,
    Step,
)


@dataclass(frozen=True, slots=True)
class _JsonNumber:
    # The digits as the event writes them: they are compared as text with 4* or %re%, and
    # int() would refuse very long ones.
    spelling: str

    def value(self) -> Decimal | None:
        try:
            return Decimal(self.spelling)
        except InvalidOperation:
            return None


_JsonNode: TypeAlias = "dict[str, _JsonNode] | list[_JsonNode] | str | _JsonNumber | bool | None"


def json_matches(pattern: JsonPattern, message: str) -> bool:
    """Say whether ``message`` is a JSON object that satisfies ``pattern``."""
    try:
        event: _JsonNode = json.loads(
            message, parse_int=_JsonNumber, parse_float=_JsonNumber, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        return False
    # Selectors begin with a property, so an event without any, such as the number 404,
    # is no JSON event even for NOT EXISTS.
    return isinstance(event, dict) and _holds(pattern.condition, event)


def _refuse_constant(name: str) -> NoReturn:
    # Python reads NaN and Infinity, which JSON does not have.
    raise ValueError(f"{name} is not JSON")


def _holds(condition: JsonCondition, event: _JsonNode) -> bool:
    match condition:
        case AllConditions():
            return all(_holds(part, event) for part in condition.parts)
        case AnyCondition():
            return any(_holds(part, event) for part in condition.parts)
        case PropertyNotExists():
            return not _select(condition.selector, event)
        case PropertyIs():
            return any(node is condition.value for node in _select(condition.selector, event))
        case PropertyCompares():
            return any(
                _node_satisfies(condition.comparison, node)
                for node in _select(condition.selector, event)
            )


def _node_satisfies(comparison: FieldComparison, node: _JsonNode) -> bool:
    """Compare a string or a number; no other node satisfies even ``!=``, as the guide says."""
    if isinstance(node, str):
        return satisfies(comparison, node, plain_number(node))
    if isinstance(node, _JsonNumber):
        return satisfies(comparison, node.spelling, node.value())
    return False


def _select(selector: Selector, event: _JsonNode) -> list[_JsonNode]:
    """Return the nodes that a selector points to: none, one, or with a wildcard many."""
    nodes = [event]
    for step in selector.steps:
        nodes = [child for node in nodes for child in _children(step, node)]
    return nodes


def _children(step: Step, node: _JsonNode) -> list[_JsonNode]:
    match step:
        case NamedKey(name) if isinstance(node, dict) and name in node:
            return [node[name]]
        case Index(position) if isinstance(node, list) and position < len(node):
            return [node[position]]
        case AnyKey() if isinstance(node, dict):
            return list(node.values())
        case AnyIndex() if isinstance(node, list):
            return node
    return []
