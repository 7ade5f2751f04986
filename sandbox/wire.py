"""Property values as Pulumi's protocol carries them, and as plain Python values.

Secrets and values that are not known yet travel inside the properties, under signatures of
their own: https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/types.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]

Properties = dict[str, Any]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# An unknown value of a known kind: bool, number, list, object.
_UNKNOWNS: Final = frozenset(
    {
        _UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class _Unknown:
    """What only the deployment itself will tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, _: Any) -> "_Unknown":
        return self


UNKNOWN: Final = _Unknown()
"""The one value that is not known yet."""


@dataclass(frozen=True)
class Secret:
    """A value that must never be shown.

    Attributes:
        value: what it is.
    """

    value: Any

    def __repr__(self) -> str:
        return "Secret([secret])"


def from_struct(struct: Struct) -> Properties:
    """Properties from the wire, secrets wrapped."""
    return from_plain(MessageToDict(struct))


def from_plain(properties: Mapping[str, Any]) -> Properties:
    """Properties from the wire, as Pulumi's own runtime hands them to mocks."""
    return {name: _from_wire(value) for name, value in properties.items()}


def to_plain(properties: Mapping[str, Any]) -> Properties:
    """Properties for the wire, as Pulumi's own runtime takes them from mocks."""
    return {name: _to_wire(value) for name, value in properties.items()}


def to_struct(properties: Mapping[str, Any]) -> Struct:
    """Properties for the wire."""
    struct = Struct()
    struct.update(to_plain(properties))
    return struct


def revealed(value: Any) -> Any:
    """A value without its secret wrappers and without entries that are ``None``."""
    if isinstance(value, Secret):
        return revealed(value.value)
    if isinstance(value, Mapping):
        return {name: revealed(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [revealed(item) for item in value]
    return value


def holds_secret(value: Any) -> bool:
    """Whether a value is, or holds, a secret."""
    return any(isinstance(item, Secret) for item in _items(value))


def holds_unknown(value: Any) -> bool:
    """Whether a value is, or holds, something that is not known yet."""
    return any(item is UNKNOWN for item in _items(value))


def secret_texts(*values: Any) -> set[str]:
    """Every text that is secret in some values: what must not turn up in a message."""
    return {
        item
        for value in values
        for secret in _items(value)
        if isinstance(secret, Secret)
        for item in _items(revealed(secret))
        if isinstance(item, str) and item
    }


def wrapped_as(properties: Mapping[str, Any], *examples: Mapping[str, Any]) -> Properties:
    """Plain properties, each one secret that holds a secret in one of the examples."""
    secret = {
        name for example in examples for name, value in example.items() if holds_secret(value)
    }
    return {name: Secret(value) if name in secret else value for name, value in properties.items()}


def _items(value: Any) -> Iterator[Any]:
    """A value and everything inside it."""
    yield value
    if isinstance(value, Secret):
        yield from _items(value.value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _items(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _items(item)


def _from_wire(value: Any) -> Any:
    if isinstance(value, dict):
        signature = value.get(_SIGNATURE)
        if signature == _SECRET:
            return Secret(_from_wire(value["value"]))
        if signature is not None:
            raise ValueError(f"properties with the signature {signature} are not understood")
        return {name: _from_wire(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_from_wire(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        # The wire knows floats alone; AWS wants whole numbers as such.
        return int(value)
    return UNKNOWN if isinstance(value, str) and value in _UNKNOWNS else value


def _to_wire(value: Any) -> Any:
    if value is UNKNOWN:
        return _UNKNOWN
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": _to_wire(value.value)}
    if isinstance(value, Mapping):
        return {name: _to_wire(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_wire(item) for item in value]
    return value
