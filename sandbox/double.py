"""The double of the AWS provider, apart from how it is reached.

Both deployment modes, Pulumi's provider protocol and mocks in process, do the same through it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.clients import Clients
from sandbox.data_sources import DATA_SOURCES
from sandbox.difference import ResourceDifference, as_inputs, difference
from sandbox.handlers import HANDLERS
from sandbox.handlers.base import Handler, Place, Property
from sandbox.provider_settings import ProviderSettings
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

    Inputs are those that ``checked`` returns. Each call says by which provider instance it comes.

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
            raise UnsupportedError(
                f"the sandbox has no resource type {type_}: it would need a handler in "
                f"sandbox/handlers (it has {', '.join(sorted(HANDLERS))})"
            )
        return HANDLERS[type_]

    def faults(self, type_: str, inputs: Properties) -> dict[str, str]:
        """What is wrong with inputs, by property."""
        kinds = self.handler(type_).all_inputs
        unknown = {
            name: f"the sandbox does not know the property {name} of {type_}: it would need to "
            "be in its handler in sandbox/handlers"
            for name in inputs
            if name not in kinds
        }
        missing = {
            name: f"missing required property {name}"
            for name, kind in kinds.items()
            if kind.required and inputs.get(name) is None
        }
        return {**unknown, **missing}

    def checked(
        self,
        provider: ProviderSettings,
        type_: str,
        name: str,
        inputs: Properties,
        *,
        old: Properties,
        seed: bytes,
    ) -> Properties:
        """Inputs with what the provider fills in: a name where there is none, and all tags.

        Args:
            provider: the settings of the provider instance.
            type_: the resource's type.
            name: its Pulumi name.
            inputs: what the program wants.
            old: the inputs of the last deployment, whose name stays.
            seed: random bytes for a new name.
        """
        handler = self.handler(type_)
        filled_in: Properties = {}
        if handler.named:
            suffix = seed.hex()[:_RANDOM_SUFFIX].ljust(_RANDOM_SUFFIX, "0")
            filled_in[handler.named] = old.get(handler.named) or f"{name}-{suffix}"
        tags = {"tagsAll": provider.all_tags(inputs.get("tags"))} if handler.tagging else {}
        return {**filled_in, **inputs, **tags}

    def difference(
        self, provider: ProviderSettings, type_: str, state: Properties, new: Properties
    ) -> ResourceDifference:
        """What changes from the last known state to the inputs that the program wants."""
        return difference(self.handler(type_), provider.region, state, new)

    def planned(self, provider: ProviderSettings, type_: str, inputs: Properties) -> Properties:
        """A new resource's properties as far as they are known before it is there."""
        handler = self.handler(type_)
        computed = {name for name, kind in handler.inputs.items() if kind.computed}
        return {
            **dict.fromkeys(handler.outputs | computed, UNKNOWN),
            **_defaults(handler.inputs),
            **inputs,
            **_where(handler, provider, inputs),
        }

    def planned_update(self, type_: str, inputs: Properties, state: Properties) -> Properties:
        """A changed resource's properties as far as they are known before the change."""
        handler = self.handler(type_)
        kept = {
            name: value
            for name, value in state.items()
            if name not in handler.inputs or handler.inputs[name].computed
        }
        return {**kept, **_defaults(handler.inputs), **inputs}

    def create(
        self, provider: ProviderSettings, type_: str, inputs: Properties
    ) -> tuple[str, Properties]:
        """Create a resource and tell its id and properties.

        Raises:
            PartlyCreatedError: it is there, but a later call failed.
        """
        handler = self.handler(type_)
        place = self._place(provider, inputs)
        wanted = _with_all_tags(inputs)
        id_ = handler.create(place, wanted)
        try:
            handler.complete(place, id_, wanted)
        except Exception as error:
            live = self.read(provider, type_, id_, inputs, {}) or Live(inputs, inputs)
            raise PartlyCreatedError(id_, live, error) from error
        outputs = self._outputs(handler, provider, id_, inputs)
        if outputs is None:
            raise LookupError(f"{type_} {id_} was created but AWS does not find it")
        return id_, outputs

    def read(
        self,
        provider: ProviderSettings,
        type_: str,
        id_: str,
        inputs: Properties,
        state: Properties,
    ) -> Live | None:
        """A resource as it is now; ``None`` where it is gone."""
        handler = self.handler(type_)
        outputs = self._outputs(handler, provider, id_, {**state, **inputs})
        if outputs is None:
            return None
        return Live(inputs=as_inputs(handler, inputs, outputs), outputs=outputs)

    def update(
        self,
        provider: ProviderSettings,
        type_: str,
        id_: str,
        inputs: Properties,
        difference: ResourceDifference,
    ) -> Properties:
        """Bring a resource to other inputs and tell its properties."""
        handler, place = self.handler(type_), self._place(provider, inputs)
        # AWS knows one set of tags; a tag that becomes the resource's own is no change to it.
        changed = frozenset(
            name
            for name in difference.properties - {"tags", "tagsAll"}
            if not handler.all_inputs[name].local
        )
        if changed:
            handler.update(place, id_, inputs, changed)
        if handler.tagging and "tagsAll" in difference.properties:
            live = handler.read(place, id_, inputs)
            if live is not None:
                client = place.client(handler.tagging.service)
                named = handler.tagging.named(id_, live)
                handler.tagging.bring(client, named, inputs.get("tagsAll") or {})
        outputs = self._outputs(handler, provider, id_, inputs)
        if outputs is None:
            raise LookupError(f"{type_} {id_} is not there any more: run a refresh first")
        return outputs

    def delete(self, provider: ProviderSettings, type_: str, id_: str, state: Properties) -> None:
        """Delete a resource."""
        self.handler(type_).delete(self._place(provider, state), id_, state)

    def ask(self, provider: ProviderSettings, token: str, args: Properties) -> Properties:
        """A data source's answer.

        Raises:
            UnsupportedError: there is no such data source.
        """
        if token not in DATA_SOURCES:
            raise UnsupportedError(
                f"the sandbox has no data source {token}: it would need to be in "
                f"sandbox/data_sources.py (it has {', '.join(sorted(DATA_SOURCES))})"
            )
        return DATA_SOURCES[token](self._place(provider, args), args)

    def _place(self, provider: ProviderSettings, properties: Properties) -> Place:
        return Place(self._clients, str(properties.get("region") or provider.region))

    def _outputs(
        self, handler: Handler, provider: ProviderSettings, id_: str, last: Properties
    ) -> Properties | None:
        """A resource's properties as AWS tells them, with those that only its last ones know."""
        place = self._place(provider, last)
        live = handler.read(place, id_, last)
        if live is None:
            return None
        local = {
            name: last.get(name, kind.default)
            for name, kind in handler.inputs.items()
            if kind.local and last.get(name, kind.default) is not None
        }
        where = _where(handler, provider, last)
        outputs = {**_defaults(handler.inputs), **live, **local, **where}
        if handler.tagging:
            client = place.client(handler.tagging.service)
            outputs["tagsAll"] = handler.tagging.of(client, handler.tagging.named(id_, live))
            outputs["tags"] = provider.own_tags(outputs["tagsAll"], last.get("tags"))
        return outputs


def _where(handler: Handler, provider: ProviderSettings, properties: Properties) -> Properties:
    """The region argument that pulumi-aws gives every type that is in one."""
    return {"region": properties.get("region") or provider.region} if handler.regional else {}


def _with_all_tags(inputs: Properties) -> Properties:
    """Inputs as AWS is to have them."""
    return {**inputs, "tags": inputs["tagsAll"]} if "tagsAll" in inputs else inputs


def _defaults(inputs: Mapping[str, Property]) -> Properties:
    return {name: kind.default for name, kind in inputs.items() if kind.default is not None}
