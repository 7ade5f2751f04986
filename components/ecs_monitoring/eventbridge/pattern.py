"""Event patterns: whether a rule of EventBridge takes an event.

The language and its examples:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
What its pages leave open is as in AWS's own matcher: https://github.com/aws/event-ruler
"""

import json
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ecs_monitoring.eventbridge.limits import PATTERN_LENGTH

EventPattern = Mapping[str, Any]
"""What a rule takes: the fields of an event, each with a list of the values that it may have."""

_OR: Final = "$or"
_MISSING: Final = object()
_NUMERIC: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class EventPatternError(ValueError):
    """EventBridge would refuse a pattern, or it says what this module does not know."""


def as_text(pattern: EventPattern) -> str:
    """A pattern as the API takes it; the shortest way to write it.

    Raises:
        EventPatternError: it is none that EventBridge takes.
    """
    check_pattern(pattern)
    text = json.dumps(pattern, separators=(",", ":"))
    if len(text) > PATTERN_LENGTH:
        raise EventPatternError(
            f"the pattern has {len(text)} characters: EventBridge takes {PATTERN_LENGTH}"
        )
    return text


def check_pattern(pattern: EventPattern) -> None:
    """Refuse what EventBridge would refuse, or what ``matches`` could not tell.

    Raises:
        EventPatternError: the message names the field.
    """
    if not pattern:
        raise EventPatternError("the pattern is empty: it would take every event")
    for fault in _faults(pattern, ""):
        raise EventPatternError(fault)


def matches(pattern: EventPattern, event: Mapping[str, Any]) -> bool:
    """Whether a rule with this pattern takes an event.

    Every field of the pattern must match; a field matches if any of its values does. Where the
    event has a list, one entry that matches is enough:
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
    Fields within a list of objects must match within the same object.
    """
    return all(_field_matches(name, wanted, event) for name, wanted in pattern.items())


def _field_matches(name: str, wanted: Any, event: Mapping[str, Any]) -> bool:
    if name == _OR:
        return any(matches(alternative, event) for alternative in wanted)
    value = event.get(name, _MISSING)
    if isinstance(wanted, Mapping):
        return any(matches(wanted, inner) for inner in _objects(value))
    return _value_matches(wanted, value)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects that a nested pattern looks into; where there is none, nothing exists."""
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, Mapping)] or [{}]


def _value_matches(wanted: Sequence[Any], value: Any) -> bool:
    # A field is there where it has a value of its own: existence is asked of leaves alone.
    is_leaf = value is not _MISSING and not isinstance(value, Mapping)
    for filter_ in wanted:
        if isinstance(filter_, Mapping) and "exists" in filter_:
            if filter_["exists"] == is_leaf:
                return True
        elif is_leaf:
            entries = value if isinstance(value, list) else [value]
            if any(_filter_matches(filter_, entry) for entry in entries):
                return True
    return False


def _filter_matches(filter_: Any, value: Any) -> bool:
    if not isinstance(filter_, Mapping):
        return _same(filter_, value)
    ((name, argument),) = filter_.items()
    return _OPERATORS[name](argument, value)


def _same(value: Any, other: Any) -> bool:
    # JSON's true is no number, Python's is 1.
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _anything_but(argument: Any, value: Any) -> bool:
    refused = argument if isinstance(argument, list) else [argument]
    return not any(_filter_matches(filter_, value) for filter_ in refused)


def _numeric(argument: Sequence[Any], value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    pairs = zip(argument[::2], argument[1::2], strict=True)
    return all(_NUMERIC[sign](value, number) for sign, number in pairs)


_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "prefix": lambda start, value: isinstance(value, str) and value.startswith(start),
    "suffix": lambda end, value: isinstance(value, str) and value.endswith(end),
    "anything-but": _anything_but,
    "numeric": _numeric,
    "equals-ignore-case": lambda text, value: (
        isinstance(value, str) and value.lower() == text.lower()
    ),
}


def _faults(pattern: Any, path: str) -> Iterator[str]:
    for name, wanted in pattern.items():
        where = f"{path}.{name}".lstrip(".")
        if name == _OR:
            yield from _or_faults(wanted, path)
        elif isinstance(wanted, Mapping):
            if not wanted:
                yield f"{where} is empty: write a field and its values"
            yield from _faults(wanted, where)
        elif not isinstance(wanted, list) or not wanted:
            yield f"{where} is {wanted!r}: write a list of values"
        else:
            for filter_ in wanted:
                yield from _filter_faults(filter_, where)


def _or_faults(wanted: Any, path: str) -> Iterator[str]:
    if not isinstance(wanted, list) or len(wanted) < 2:
        yield f"{path or 'the pattern'}: {_OR} needs two alternatives or more"
        return
    for alternative in wanted:
        if not isinstance(alternative, Mapping) or not alternative:
            yield f"{path or 'the pattern'}: an alternative of {_OR} is {alternative!r}"
            return
        yield from _faults(alternative, path)


def _filter_faults(filter_: Any, where: str) -> Iterator[str]:
    if isinstance(filter_, list):
        yield f"{where} holds a list within its list: write the values themselves"
    if not isinstance(filter_, Mapping):
        return
    if len(filter_) != 1 or next(iter(filter_)) not in (*_OPERATORS, "exists"):
        operators = ", ".join((*_OPERATORS, "exists"))
        yield f"{where} has a comparison {dict(filter_)!r}: write one of {operators}"
        return
    ((name, argument),) = filter_.items()
    if name in ("prefix", "suffix", "equals-ignore-case") and not isinstance(argument, str):
        yield f"{where}: {name} is {argument!r}: write a text"
    elif name == "exists" and not isinstance(argument, bool):
        yield f"{where}: exists is {argument!r}: write true or false"
    elif name == "numeric":
        signs, numbers = argument[::2], argument[1::2]
        if len(signs) != len(numbers) or not all(sign in _NUMERIC for sign in signs):
            yield f"{where}: numeric is {argument!r}: write signs and numbers by turns"
    elif name == "anything-but":
        for item in argument if isinstance(argument, list) else [argument]:
            yield from _filter_faults(item, where)
