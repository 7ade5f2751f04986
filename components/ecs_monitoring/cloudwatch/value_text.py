"""Values as JSON text that crosses languages, and that Python need not read again."""

import json
from typing import Final, Generic, TypeVar

V = TypeVar("V")


class ValueText(str, Generic[V]):
    """A value as text that has not lost what it is made of."""

    __slots__ = ("value",)
    value: V


def text_of(value: V) -> ValueText[V]:
    """A value of nested dataclasses as text, for whoever speaks another language than Python."""
    text: ValueText[V] = ValueText(_ENCODER.encode(value))
    text.value = value
    return text


def value_of(text: str, kind: type[V]) -> V | None:
    """What a text is made of, where that is of a kind; ``None`` where somebody must read it."""
    value = text.value if isinstance(text, ValueText) else None
    return value if isinstance(value, kind) else None


# All values are dataclasses, or what JSON knows.
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), default=vars)
