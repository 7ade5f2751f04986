"""The syntax tree of a CloudWatch Logs filter pattern: plain immutable data.

The forms are those of the CloudWatch Logs User Guide:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class MatchAll:
    """The empty pattern (and ``" "``): every log event matches."""


@dataclass(frozen=True, slots=True)
class Terms:
    """An unstructured pattern: words and phrases looked for in the message.

    ``any_of`` and the other two are never both in use: CloudWatch Logs ignores
    ``?`` terms beside others, so the parser refuses the mixture.
    """

    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Atom:
    """One character of a regular expression, and how often it stands there.

    Attributes:
        character: what matches that one character, in Python's ``re``.
        least: how often at least.
        most: how often at most; ``None`` without a limit.
    """

    character: str
    least: int = 1
    most: int | None = 1


Anchor: TypeAlias = Literal["^", "$"]
Branch: TypeAlias = tuple[Atom | Anchor, ...]


@dataclass(frozen=True, slots=True)
class Regex:
    """A ``%...%`` part; alone it is a whole pattern that searches the message.

    The dialect has no groups, so that an expression is alternatives of characters and anchors.
    """

    source: str
    compiled: re.Pattern[str] = field(compare=False, repr=False)
    branches: tuple[Branch, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A string to compare with; ``*`` at either end stands for any text there."""

    body: str
    any_before: bool = False
    any_after: bool = False


@dataclass(frozen=True, slots=True)
class ComparedNumber:
    """An unquoted number to compare with, and how the pattern spells it."""

    value: Decimal
    spelling: str


Operand: TypeAlias = ComparedText | ComparedNumber | Regex


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """An operator and its right-hand side, as in ``>= 500``."""

    operator: Operator
    operand: Operand


@dataclass(frozen=True, slots=True)
class NamedKey:
    """Selector step ``.name`` or ``.['na.me']``."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """Selector step ``[0]``."""

    position: int


@dataclass(frozen=True, slots=True)
class AnyKey:
    """Selector step ``.*``: every field of an object."""


@dataclass(frozen=True, slots=True)
class AnyIndex:
    """Selector step ``[*]``: every element of an array."""


Step: TypeAlias = NamedKey | Index | AnyKey | AnyIndex


@dataclass(frozen=True, slots=True)
class Selector:
    """A property selector such as ``$.users[0].id``."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PropertyCompares:
    """``$.latency >= 500``."""

    selector: Selector
    comparison: FieldComparison


@dataclass(frozen=True, slots=True)
class PropertyIs:
    """``$.flag IS TRUE``, ``IS FALSE`` or ``IS NULL`` (``None``)."""

    selector: Selector
    value: bool | None


@dataclass(frozen=True, slots=True)
class PropertyNotExists:
    """``$.flag NOT EXISTS``."""

    selector: Selector


@dataclass(frozen=True, slots=True)
class AllConditions:
    """Conditions joined by ``&&``."""

    parts: tuple[JsonCondition, ...]


@dataclass(frozen=True, slots=True)
class AnyCondition:
    """Conditions joined by ``||``."""

    parts: tuple[JsonCondition, ...]


JsonCondition: TypeAlias = (
    PropertyCompares | PropertyIs | PropertyNotExists | AllConditions | AnyCondition
)


def all_conditions(parts: Sequence[JsonCondition]) -> JsonCondition:
    """Conditions joined by ``&&``; one alone as it is."""
    return parts[0] if len(parts) == 1 else AllConditions(tuple(parts))


def any_condition(parts: Sequence[JsonCondition]) -> JsonCondition:
    """Conditions joined by ``||``; one alone as it is."""
    return parts[0] if len(parts) == 1 else AnyCondition(tuple(parts))


@dataclass(frozen=True, slots=True)
class JsonPattern:
    """A pattern in ``{ }``, for events whose message is a JSON object."""

    condition: JsonCondition


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a space-delimited pattern.

    The field's value must satisfy every comparison of at least one of the
    ``alternatives``; a field without conditions has none and accepts any value.
    The name is empty for an unnamed field.
    """

    name: str
    alternatives: tuple[tuple[FieldComparison, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """A space-delimited pattern in ``[ ]``.

    ``leading`` fields are counted from the start of the event and ``trailing`` ones,
    which stand after an ellipsis, from its end.
    """

    leading: tuple[Field, ...]
    ellipsis: bool = False
    trailing: tuple[Field, ...] = ()


LogPattern: TypeAlias = MatchAll | Terms | Regex | JsonPattern | Fields


def parts_of(part: object) -> Iterator[object]:
    """A pattern, or a part of one, and all that it is made of."""
    yield part
    if isinstance(part, tuple):
        for item in part:
            yield from parts_of(item)
    elif is_dataclass(part):
        for item in fields(part):
            yield from parts_of(getattr(part, item.name))


def has_regex(part: object) -> bool:
    """Whether a pattern, or a part of one, holds a regular expression."""
    return any(isinstance(inner, Regex) for inner in parts_of(part))
