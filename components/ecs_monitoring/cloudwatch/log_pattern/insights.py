"""A filter pattern as a condition of CloudWatch Logs Insights, which has another language.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
"""

from __future__ import annotations

import re
from typing import Final

from ecs_monitoring.words import quoted

from .syntax import (
    AllConditions,
    AnyCondition,
    ComparedNumber,
    ComparedText,
    FieldComparison,
    JsonCondition,
    JsonPattern,
    LogPattern,
    NamedKey,
    PropertyCompares,
    PropertyIs,
    PropertyNotExists,
    Regex,
    Selector,
    Terms,
)

_SPECIAL: Final = re.compile(r"[\\.^$*+?{}\[\]|()/]")
_PLAIN_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class _CannotSayError(Exception):
    """Insights has no condition that asks the same."""


def insights_condition(pattern: LogPattern) -> str:
    """What follows ``filter`` in a query; empty where the languages have nothing in common.

    Fields of space-delimited events, elements of arrays and wildcards among properties have no
    documented counterpart, nor have true and false.
    """
    try:
        match pattern:
            case Terms():
                return _terms(pattern)
            case Regex(source):
                return f"@message like /{_slashed(source)}/"
            case JsonPattern(condition):
                return _json(condition)
            case _:
                return ""
    except _CannotSayError:
        return ""


def _terms(terms: Terms) -> str:
    if terms.any_of:
        return f"@message like /{'|'.join(map(_literal, terms.any_of))}/"
    wanted = [f"@message like /{_literal(term)}/" for term in terms.required]
    unwanted = [f"@message not like /{_literal(term)}/" for term in terms.excluded]
    return " and ".join([*wanted, *unwanted])


def _json(condition: JsonCondition) -> str:
    match condition:
        case AllConditions(parts):
            return f"({' and '.join(map(_json, parts))})"
        case AnyCondition(parts):
            return f"({' or '.join(map(_json, parts))})"
        case PropertyNotExists(selector):
            return f"not ispresent({_field(selector)})"
        case PropertyCompares(selector, comparison):
            return _compares(_field(selector), comparison)
        case PropertyIs():
            raise _CannotSayError


def _compares(field: str, comparison: FieldComparison) -> str:
    operator, operand = comparison.operator, comparison.operand
    # A property that is missing satisfies no comparison of a filter pattern.
    present = f"ispresent({field}) and " if operator == "!=" else ""
    negated = "not " if operator == "!=" else ""
    match operand:
        case ComparedNumber():
            return f"({present}{field} {operator} {operand.value:f})"
        case Regex(source):
            return f"({present}{field} {negated}like /{_slashed(source)}/)"
        case ComparedText(body, before, after):
            if not before and not after:
                return f"({present}{field} {operator} {quoted(body)})"
            if not body and operator == "=":
                return f"ispresent({field})"
            start, end = "" if before else "^", "" if after else "$"
            return f"({present}{field} {negated}like /{start}{_literal(body)}{end}/)"


def _field(selector: Selector) -> str:
    names = []
    for step in selector.steps:
        if not isinstance(step, NamedKey):
            raise _CannotSayError
        names.append(step.name if _PLAIN_FIELD.fullmatch(step.name) else f"`{step.name}`")
    return ".".join(names)


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _slashed(source: str) -> str:
    return source.replace("/", r"\/")
