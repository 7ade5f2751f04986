"""What changes between a resource as it is and as the program wants it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sandbox.handlers.base import Handler
from sandbox.wire import Properties, holds_unknown


class ChangeKind(StrEnum):
    """What became of a property."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True, kw_only=True)
class ResourceDifference:
    """What changes between a resource as it is and as the program wants it.

    Attributes:
        changes: property path to what became of it.
        properties: the top-level properties among them.
        replaces: those that need another resource in place of this one.
        delete_first: whether the old resource must go before the new one can come.
    """

    changes: Mapping[str, ChangeKind]
    properties: frozenset[str]
    replaces: frozenset[str]
    delete_first: bool


def difference(
    handler: Handler, region: str, state: Properties, new: Properties
) -> ResourceDifference:
    """What changes from the last known state to the inputs that the program wants.

    The old inputs do not count: a resource that could not be completed, or that somebody changed
    by hand, is not as they say.

    Args:
        handler: what knows the type.
        region: the provider's region.
        state: the properties as they were last seen.
        new: the inputs that the program wants; they may hold unknown values.
    """
    changes: dict[str, ChangeKind] = {}
    properties = set()
    for name, kind in handler.checked_inputs.items():
        if kind.computed and name not in new:
            continue
        before, after = state.get(name), new.get(name)
        if kind.same(before, after) and not holds_unknown(after):
            continue
        properties.add(name)
        # Only what is a mapping on the wire has paths below it; a JSON text has none.
        is_nested = isinstance(before, dict) and isinstance(after, dict)
        changes |= _changes(name, before, after) if is_nested else {name: _kind(before, after)}
    if handler.regional and state.get("region", region) != new.get("region", region):
        changes["region"] = ChangeKind.UPDATE
        properties.add("region")
    replaces = {name for name in properties if handler.all_inputs[name].replaces}
    return ResourceDifference(
        changes=changes,
        properties=frozenset(properties),
        replaces=frozenset(replaces),
        # Two of the same name and place cannot be there at once.
        delete_first=bool(replaces)
        and bool(handler.named)
        and not replaces & {handler.named, "region"},
    )


def as_inputs(handler: Handler, old: Properties, live: Properties) -> Properties:
    """The inputs that would make a resource as it is, in the old ones' wording where it fits."""
    inputs = {}
    for name, kind in handler.all_inputs.items():
        given, value = old.get(name), live.get(name)
        if kind.local:
            value = given
        elif given is None and (kind.computed or kind.same(None, value)):
            value = None
        elif given is not None and kind.same(given, value):
            value = given
        if value is not None:
            inputs[name] = value
    return inputs


def _changes(path: str, old: Any, new: Any) -> dict[str, ChangeKind]:
    """What changed at and below a path."""
    if old == new:
        return {}
    if isinstance(old, dict) and isinstance(new, dict):
        return {
            inner: kind
            for key in sorted({*old, *new})
            for inner, kind in _changes(_step(path, key), old.get(key), new.get(key)).items()
        }
    return {path: _kind(old, new)}


def _kind(old: Any, new: Any) -> ChangeKind:
    if old is None:
        return ChangeKind.ADD
    return ChangeKind.DELETE if new is None else ChangeKind.UPDATE


def _step(path: str, key: str) -> str:
    plain = key.replace("_", "").replace("-", "").isalnum()
    return f"{path}.{key}" if plain else f'{path}["{key}"]'
