"""Pulumi's mocks, with resources that are really there."""

import threading
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

from sandbox.difference import ResourceDifference
from sandbox.double import Double, PartlyCreatedError
from sandbox.outcome import Progress, ResourceAction, ResourceChange
from sandbox.provider_settings import ProviderSettings
from sandbox.wire import UNKNOWN, Properties, from_plain, revealed, to_plain

_PROVIDER: Final = "pulumi:providers:aws"

ResourceKey = tuple[str, str]
"""A resource's type and Pulumi name."""


@dataclass(frozen=True)
class Remembered:
    """A resource as it was deployed; a component, which is nowhere, has inputs alone.

    Attributes:
        provider: the settings of its provider instance.
        id: its id.
        inputs: what the program wanted.
        outputs: what AWS told.
    """

    provider: ProviderSettings
    id: str
    inputs: Properties
    outputs: Properties


class DeployingMocks(Mocks):
    """Mocks whose new resources are really there: at the emulator.

    They can be given to ``stack.program.run_program`` as they are.

    Attributes:
        changes: what became of each resource in this run, in order.

    Args:
        double: what knows AWS.
        provider: the settings of the stack's own provider.
        deployed: what is there already, by type and name; kept up to date.
        preview: whether nothing is to be done.
        progress: told of each resource when it is done.
    """

    def __init__(
        self,
        double: Double,
        provider: ProviderSettings,
        *,
        deployed: dict[ResourceKey, Remembered] | None = None,
        preview: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self._double = double
        self._default = provider
        self._deployed = {} if deployed is None else deployed
        self._preview = preview
        self._progress = progress
        self._lock = threading.Lock()
        self._providers: dict[str, ProviderSettings] = {}
        self._outdated: list[tuple[ResourceKey, Remembered]] = []
        self.changes: list[ResourceChange] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Bring a resource to what the program wants; components and providers need nothing."""
        inputs = revealed(from_plain(args.inputs))
        if args.typ == _PROVIDER:
            self._providers[args.name] = ProviderSettings.of(inputs, region=self._default.region)
            return f"{args.name}-id", inputs
        key = (args.typ, args.name)
        if not is_managed(key):
            self._tell(ResourceAction.SAME if key in self._deployed else ResourceAction.CREATE, key)
            self._deployed.setdefault(key, Remembered(self._default, "", inputs, {}))
            return None, inputs
        provider = self._settings_of(args.provider)
        if self._preview:
            return self._planned(key, provider, inputs)
        try:
            deployed = self._brought_about(key, provider, inputs)
        except Exception as error:
            self._tell(ResourceAction.FAIL, key)
            kind = args.typ.rpartition(":")[2]
            raise pulumi.RunError(f"{kind} {args.name}: {error}") from error
        return deployed.id, to_plain(deployed.outputs)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Ask a data source."""
        provider = self._settings_of(args.provider)
        answer = self._double.ask(provider, args.token, revealed(from_plain(args.args)))
        return to_plain(answer), []

    def sweep(self, wanted: set[ResourceKey]) -> None:
        """Delete what was replaced, and what the program does not want any more."""
        for key, deployed in self._outdated:
            self._double.delete(deployed.provider, key[0], deployed.id, deployed.outputs)
        self._outdated.clear()
        for key in reversed([key for key in self._deployed if key not in wanted]):
            deployed = self._deployed[key]
            if is_managed(key):
                self._double.delete(deployed.provider, key[0], deployed.id, deployed.outputs)
            del self._deployed[key]
            self._tell(ResourceAction.DELETE, key)

    def checked(self, key: ResourceKey, provider: str | None, inputs: Properties) -> Properties:
        """A resource's inputs with what its provider fills in; others' as they are.

        Args:
            key: its type and name.
            provider: the reference to its provider instance, where it has one of its own.
            inputs: what the program wants.
        """
        if not is_managed(key):
            return inputs
        return self._checked(key, self._settings_of(provider), inputs)

    def _checked(
        self, key: ResourceKey, provider: ProviderSettings, inputs: Properties
    ) -> Properties:
        type_, name = key
        return self._double.checked(provider, type_, name, inputs, old={}, seed=name.encode())

    def _settings_of(self, provider: str | None) -> ProviderSettings:
        # A provider's reference is its URN and its id.
        name = (provider or "").rpartition("::")[0].rpartition("::")[2]
        return self._providers.get(name, self._default)

    def _planned(
        self, key: ResourceKey, provider: ProviderSettings, inputs: Properties
    ) -> tuple[str | None, dict[str, Any]]:
        there = self._deployed.get(key)
        if there:
            return there.id, to_plain({**there.outputs, **inputs})
        # What is not known yet does not reach mocks; what is required cannot be anything else.
        kinds = self._double.handler(key[0]).all_inputs
        missing = {n: UNKNOWN for n, kind in kinds.items() if kind.required and n not in inputs}
        wanted = self._checked(key, provider, {**missing, **inputs})
        planned = self._double.planned(provider, key[0], wanted)
        return None, to_plain(planned)

    def _brought_about(
        self, key: ResourceKey, provider: ProviderSettings, inputs: Properties
    ) -> Remembered:
        type_, _ = key
        inputs = self._checked(key, provider, inputs)
        faults = self._double.faults(type_, inputs)
        if faults:
            raise ValueError("; ".join(faults.values()))
        there = self._deployed.get(key)
        if there is None:
            return self._created(key, provider, inputs, ResourceAction.CREATE)
        difference = self._double.difference(provider, type_, there.outputs, inputs)
        if not difference.changes:
            self._tell(ResourceAction.SAME, key)
            return there
        if difference.replaces:
            if difference.delete_first:
                self._double.delete(there.provider, type_, there.id, there.outputs)
            else:
                self._outdated.append((key, there))
            return self._created(key, provider, inputs, ResourceAction.REPLACE, difference)
        outputs = self._double.update(provider, type_, there.id, inputs, difference)
        return self._keep(
            key, Remembered(provider, there.id, inputs, outputs), ResourceAction.UPDATE, difference
        )

    def _created(
        self,
        key: ResourceKey,
        provider: ProviderSettings,
        inputs: Properties,
        action: ResourceAction,
        difference: ResourceDifference | None = None,
    ) -> Remembered:
        try:
            id_, outputs = self._double.create(provider, key[0], inputs)
        except PartlyCreatedError as error:
            live = error.live
            self._deployed[key] = Remembered(provider, error.id, live.inputs, live.outputs)
            raise
        return self._keep(key, Remembered(provider, id_, inputs, outputs), action, difference)

    def _keep(
        self,
        key: ResourceKey,
        deployed: Remembered,
        action: ResourceAction,
        difference: ResourceDifference | None,
    ) -> Remembered:
        self._deployed[key] = deployed
        self._tell(action, key, difference)
        return deployed

    def _tell(
        self, action: ResourceAction, key: ResourceKey, difference: ResourceDifference | None = None
    ) -> None:
        change = change_of(key, action, difference)
        with self._lock:
            self.changes.append(change)
            if self._progress:
                self._progress(change)


def is_managed(key: ResourceKey) -> bool:
    """Whether a provider manages a resource; components are not."""
    return key[0].startswith("aws:")


def change_of(
    key: ResourceKey, action: ResourceAction, difference: ResourceDifference | None = None
) -> ResourceChange:
    """What became of a resource."""
    return ResourceChange(
        action=action,
        type=key[0],
        name=key[1],
        urn="",
        properties=tuple(sorted(difference.changes)) if difference else (),
        custom=is_managed(key),
    )
