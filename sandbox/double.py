"""The double of the AWS provider, apart from how it is reached.

Both doors, Pulumi's provider protocol and mocks in process, do the same through it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.clients import Clients
from sandbox.data_sources import DATA_SOURCES
from sandbox.difference import Difference, as_inputs, difference
from sandbox.handlers import HANDLERS
from sandbox.handlers.base import Handler, Place, Property
from sandbox.wire import UNKNOWN, Properties

_RANDOM_SUFFIX: Final = 7
"""Hex digits that Pulumi appends to a name of its own making."""


class UnsupportedError(Exception):
    """The double has no such resource type, data source or property; the message names it."""


class PartlyCreatedError(Exception):
    """A resource is there but not as it should be.

    Attributes:
        id: its id.
        live: the resource as AWS tells it.
    """

    def __init__(self, id_: str, live: "Live", reason: Exception) -> None:
        super().__init__(str(reason))
        self.id = id_
        self.live = live


@dataclass(frozen=True)
class Live:
    """A resource as AWS tells it.

    Attributes:
        inputs: the inputs that would make it so.
        outputs: all its properties.
    """

    inputs: Properties
    outputs: Properties


class Double:
    """Resources and data sources at the emulator, by their Pulumi types.

    Args:
        clients: what reaches the emulator.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def handler(self, type_: str) -> Handler:
        """What knows a resource type.

        Raises:
            UnsupportedError: nothing does.
        """
        if type_ not in HANDLERS:
            known = ", ".join(sorted(HANDLERS))
            raise UnsupportedError(
                f"the sandbox has no resource type {type_}: it would need a handler in "
                f"sandbox/handlers (it has {known})"
            )
        return HANDLERS[type_]

    def faults(self, type_: str, inputs: Properties) -> dict[str, str]:
        """What is wrong with inputs, by property."""
        known = self.handler(type_).all_inputs
        unknown = {
            name: f"the sandbox does not know the property {name} of {type_}: it would need to "
            "be in its handler in sandbox/handlers"
            for name in inputs
            if name not in known
        }
        missing = {
            name: f"missing required property {name}"
            for name, kind in known.items()
            if kind.required and inputs.get(name) is None
        }
        return {**unknown, **missing}

    def made_up_name(self, type_: str, name: str, old: Properties, seed: bytes) -> Properties:
        """The property that the provider fills in where the program gives none: a name."""
        handler = self.handler(type_)
        if not handler.named:
            return {}
        suffix = seed.hex()[:_RANDOM_SUFFIX].ljust(_RANDOM_SUFFIX, "0")
        return {handler.named: old.get(handler.named) or f"{name}-{suffix}"}

    def difference(self, type_: str, region: str, state: Properties, new: Properties) -> Difference:
        """What changes from the last known state to the inputs that the program wants."""
        return difference(self.handler(type_), region, state, new)

    def planned(self, type_: str, region: str, inputs: Properties) -> Properties:
        """A new resource's properties as far as they are known before it is there."""
        handler = self.handler(type_)
        computed = {name for name, kind in handler.inputs.items() if kind.computed}
        return {
            **dict.fromkeys(handler.outputs | computed, UNKNOWN),
            **_defaults(handler.inputs),
            **inputs,
            **self._beside(handler, region, inputs, inputs.get("tags", {})),
        }

    def planned_update(self, type_: str, inputs: Properties, state: Properties) -> Properties:
        """A changed resource's properties as far as they are known before the change."""
        handler = self.handler(type_)
        kept = {
            name: value
            for name, value in state.items()
            if name not in handler.inputs or handler.inputs[name].computed
        }
        beside = {"tagsAll": inputs.get("tags", {})} if handler.is_taggable else {}
        return {**kept, **_defaults(handler.inputs), **inputs, **beside}

    def create(self, type_: str, region: str, inputs: Properties) -> tuple[str, Properties]:
        """Create a resource and tell its id and properties.

        Raises:
            PartlyCreatedError: it is there, but a later call failed.
        """
        handler = self.handler(type_)
        place = self._place(region, inputs)
        id_ = handler.create(place, inputs)
        try:
            handler.complete(place, id_, inputs)
        except Exception as error:
            live = self.read(type_, region, id_, inputs, {}) or Live(inputs, inputs)
            raise PartlyCreatedError(id_, live, error) from error
        outputs = self._outputs(handler, place, id_, inputs)
        if outputs is None:
            raise LookupError(f"{type_} {id_} was created but AWS does not find it")
        return id_, outputs

    def read(
        self, type_: str, region: str, id_: str, inputs: Properties, state: Properties
    ) -> Live | None:
        """A resource as it is now; ``None`` where it is gone."""
        handler = self.handler(type_)
        known = {**state, **inputs}
        outputs = self._outputs(handler, self._place(region, known), id_, known)
        if outputs is None:
            return None
        return Live(inputs=as_inputs(handler, inputs, outputs), outputs=outputs)

    def update(
        self, type_: str, region: str, id_: str, inputs: Properties, difference: Difference
    ) -> Properties:
        """Bring a resource to other inputs and tell its properties."""
        handler = self.handler(type_)
        place = self._place(region, inputs)
        changed = frozenset(
            name for name in difference.properties if not handler.all_inputs[name].local
        )
        if changed:
            handler.update(place, id_, inputs, changed)
        outputs = self._outputs(handler, place, id_, inputs)
        if outputs is None:
            raise LookupError(f"{type_} {id_} is not there any more: run a refresh first")
        return outputs

    def delete(self, type_: str, region: str, id_: str, state: Properties) -> None:
        """Delete a resource."""
        self.handler(type_).delete(self._place(region, state), id_, state)

    def ask(self, token: str, region: str, args: Properties) -> Properties:
        """A data source's answer.

        Raises:
            UnsupportedError: there is no such data source.
        """
        if token not in DATA_SOURCES:
            known = ", ".join(sorted(DATA_SOURCES))
            raise UnsupportedError(
                f"the sandbox has no data source {token}: it would need to be in "
                f"sandbox/data_sources.py (it has {known})"
            )
        return DATA_SOURCES[token](self._place(region, args), args)

    def _place(self, region: str, properties: Properties) -> Place:
        return Place(self._clients, str(properties.get("region") or region))

    def _outputs(
        self, handler: Handler, place: Place, id_: str, known: Properties
    ) -> Properties | None:
        found = handler.read(place, id_, known)
        if found is None:
            return None
        local = {
            name: known.get(name, kind.default)
            for name, kind in handler.inputs.items()
            if kind.local and known.get(name, kind.default) is not None
        }
        beside = self._beside(handler, place.region, {}, found.get("tags", {}))
        return {**_defaults(handler.inputs), **found, **local, **beside}

    @staticmethod
    def _beside(handler: Handler, region: str, inputs: Properties, tags: Any) -> Properties:
        """The properties that pulumi-aws gives every type that they fit."""
        where = {"region": inputs.get("region") or region} if handler.regional else {}
        return {**where, **({"tagsAll": tags} if handler.is_taggable else {})}


def _defaults(inputs: Mapping[str, Property]) -> Properties:
    return {name: kind.default for name, kind in inputs.items() if kind.default is not None}
