"""Decides whether one value of a log event satisfies one comparison."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .syntax import ComparedNumber, ComparedText, FieldComparison, Operator, Regex

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
COMPARE: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""Each operator between two numbers."""

OPPOSITES: Mapping[Operator, Operator] = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
"""What holds of two numbers where the operator does not."""


def plain_number(text: str) -> Decimal | None:
    """Return the number that ``text`` holds, if it is one in plain decimal notation.

    The guide says that strings don't support scientific notation, so that ``"1e3"`` in
    an event is text.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
    """
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else None


def satisfies(comparison: FieldComparison, text: str, number: Decimal | None) -> bool:
    """Say whether a value satisfies ``comparison``.

    Against an unquoted number the value is compared as a number where it is one; against
    a string or a regular expression always as its text.

    Args:
        comparison: the operator and the pattern's side.
        text: the event's side as text.
        number: the event's side as a number, where it is one.
    """
    operand = comparison.operand
    if isinstance(operand, ComparedNumber) and number is not None:
        return COMPARE[comparison.operator](number, operand.value)
    match operand:
        case ComparedNumber():
            equal = text == operand.spelling
        case Regex():
            equal = operand.compiled.search(text) is not None
        case ComparedText():
            equal = _matches_text(operand, text)
    # No order is defined between a number and what is not one.
    return (comparison.operator == "=" and equal) or (comparison.operator == "!=" and not equal)


def _matches_text(operand: ComparedText, text: str) -> bool:
    if operand.any_before and operand.any_after:
        return operand.body in text
    if operand.any_before:
        return text.endswith(operand.body)
    if operand.any_after:
        return text.startswith(operand.body)
    return text == operand.body
