"""Matches a space-delimited pattern with the message of a log event."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .comparing import plain_number, satisfies
from .syntax import Field, Fields

# "Characters between brackets and double quotation marks are considered single fields."
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
_EVENT_FIELD = re.compile(r"\[([^\]]*)\](?!\S)|\"([^\"]*)\"(?!\S)|(\S+)")


@dataclass(frozen=True, slots=True)
class _EventField:
    value: str
    start: int


def fields_match(pattern: Fields, message: str) -> bool:
    """Say whether ``message`` has the fields that ``pattern`` asks for.

    Without an ellipsis the last field takes the rest of the event: AWS's example
    ``[w1=ERROR, w2]`` is for all events whose first word is ERROR.
    """
    event = [
        _EventField(match[match.lastindex or 0], match.start())
        for match in _EVENT_FIELD.finditer(message)
    ]
    wanted = pattern.leading + pattern.trailing
    if len(event) < len(wanted):
        return False
    values = [field.value for field in event]
    if pattern.ellipsis:
        values = values[: len(pattern.leading)] + values[len(values) - len(pattern.trailing) :]
    elif len(event) > len(wanted):
        rest = message[event[len(wanted) - 1].start :].rstrip()
        values = [*values[: len(wanted) - 1], rest]
    return all(_accepts(field, value) for field, value in zip(wanted, values, strict=True))


def _accepts(field: Field, value: str) -> bool:
    if not field.alternatives:
        return True
    number = plain_number(value)
    return any(
        all(satisfies(comparison, value, number) for comparison in together)
        for together in field.alternatives
    )
