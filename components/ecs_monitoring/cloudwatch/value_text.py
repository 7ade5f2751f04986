"""Values as JSON text that crosses languages, and that Python need not read again."""

from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_json

from ecs_monitoring.cloudwatch.errors import InvalidValueError

V = TypeVar("V")

_READERS: Final[dict[object, TypeAdapter[Any]]] = {}


class ValueText(str, Generic[V]):
    """A value as text that has not lost what it is made of."""

    __slots__ = ("value",)
    value: V


def text_of(value: V) -> ValueText[V]:
    """A value of nested dataclasses as text, for whoever speaks another language than Python."""
    text: ValueText[V] = ValueText(to_json(value).decode())
    text.value = value
    return text


def value_in(text: str, kind: type[V], refusal: str) -> V:
    """The value that ``text_of`` made a text of.

    Args:
        text: of this process, or as another language handed it on.
        kind: what it is made of.
        refusal: what to say of a text that is made of something else.

    Raises:
        InvalidValueError: it is.
    """
    if isinstance(text, ValueText) and isinstance(text.value, kind):
        return text.value
    try:
        # Made at the first use: it takes longer than anything else here.
        if kind not in _READERS:
            _READERS[kind] = TypeAdapter(kind)
        value: V = _READERS[kind].validate_json(text)
    except ValueError:
        raise InvalidValueError(refusal) from None
    return value
