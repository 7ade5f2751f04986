"""Decides whether a filter pattern matches the message of a log event."""

from __future__ import annotations

from .field_matching import fields_match
from .json_matching import json_matches
from .syntax import Fields, JsonPattern, LogPattern, MatchAll, Regex, Terms


def matches(pattern: LogPattern, message: str) -> bool:
    """Say whether ``pattern`` matches ``message`` as CloudWatch Logs applies it.

    A message with several lines is one event. Matching is case-sensitive. A term matches
    anywhere in the message, inside a word too: in the guide, ``ERROR`` matches
    "Exiting with ERRORCODE: -1" and ``Exception`` matches "Caught
    IllegalArgumentException".
    https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/5ae5c9a/doc_source/FilterAndPatternSyntax.md
    """
    match pattern:
        case MatchAll():
            return True
        case Terms():
            return _terms_match(pattern, message)
        case Regex():
            return pattern.compiled.search(message) is not None
        case JsonPattern():
            return json_matches(pattern, message)
        case Fields():
            return fields_match(pattern, message)


def _terms_match(terms: Terms, message: str) -> bool:
    if terms.any_of:
        return any(term in message for term in terms.any_of)
    return all(term in message for term in terms.required) and not any(
        term in message for term in terms.excluded
    )
