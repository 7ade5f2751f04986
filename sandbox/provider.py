"""The double as a plugin of the Pulumi engine: Pulumi's provider protocol, served on loopback."""

import contextlib
import importlib.metadata
import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc  # type: ignore[import-untyped]
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.answers import abort_partly, diff_response, told
from sandbox.difference import ResourceDifference
from sandbox.double import Double, PartlyCreatedError
from sandbox.provider_settings import ProviderSettings, setting_faults
from sandbox.wire import Properties, from_struct, revealed, to_struct, wrapped_as

_PACKAGE: Final = "pulumi-aws"


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine's calls.

    Each provider instance of a program, such as one for another region, has a connection of its
    own, by which its calls are recognised.

    Attributes:
        checked: the inputs of every resource as the program registered it last, by URN; secrets
            are wrapped.

    Args:
        double: what does the work.
    """

    def __init__(self, double: Double) -> None:
        self._double = double
        self._settings: dict[str, ProviderSettings] = {}
        self._lock = threading.Lock()
        self.checked: dict[str, Properties] = {}

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Say what this provider can do."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take the engine's address, which is of no use here."""
        return Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell the version."""
        return plugin_pb2.PluginInfo(version=_version())

    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell a schema that says no more than the name."""
        schema = json.dumps({"name": "aws", "version": _version()})
        return provider_pb2.GetSchemaResponse(schema=schema)

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Accept the settings of a provider that the sandbox can honour."""
        failures = [
            provider_pb2.CheckFailure(property=name, reason=reason)
            for name, reason in setting_faults(from_struct(request.news)).items()
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Say that no change of a provider's settings replaces its resources.

        Another region does, but by the resources' own differences, and other default tags change
        them where they are.
        """
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        diffs = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
        changes = provider_pb2.DiffResponse.DiffChanges
        return provider_pb2.DiffResponse(
            diffs=diffs, changes=changes.DIFF_SOME if diffs else changes.DIFF_NONE
        )

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Learn the settings of the provider instance behind a connection."""
        with self._lock:
            self._settings[context.peer()] = ProviderSettings.of(from_struct(request.args))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False
        )

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Ask a data source."""
        args = from_struct(request.args)
        with told(context, args):
            answer = self._double.ask(self._place(context, args), request.tok, revealed(args))
            return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Validate a resource's inputs and fill in a name where there is none."""
        type_, name = _type_and_name(request.urn)
        inputs = from_struct(request.news)
        with told(context, inputs):
            inputs = self._double.checked(
                self._settings_of(context),
                type_,
                name,
                inputs,
                old=revealed(from_struct(request.olds)),
                seed=request.randomSeed,
            )
            failures = self._double.faults(type_, revealed(inputs))
            self.checked[request.urn] = inputs
            return provider_pb2.CheckResponse(
                inputs=to_struct(inputs),
                failures=[
                    provider_pb2.CheckFailure(property=property_, reason=reason)
                    for property_, reason in failures.items()
                ],
            )

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Say what changes, and whether it replaces the resource."""
        state, new = from_struct(request.olds), from_struct(request.news)
        with told(context, state, new):
            return diff_response(self._difference(request.urn, context, state, new))

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Create a resource; in a preview, tell what is known of it."""
        type_, _ = _type_and_name(request.urn)
        wrapped = from_struct(request.properties)
        inputs = revealed(wrapped)
        with told(context, wrapped):
            place = self._place(context, inputs)
            if request.preview:
                planned = self._double.planned(place, type_, inputs)
                return provider_pb2.CreateResponse(
                    properties=to_struct(wrapped_as(planned, wrapped))
                )
            try:
                id_, outputs = self._double.create(place, type_, inputs)
            except PartlyCreatedError as error:
                abort_partly(context, error, wrapped)
            return provider_pb2.CreateResponse(
                id=id_, properties=to_struct(wrapped_as(outputs, wrapped))
            )

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Tell what has become of a resource; nothing where it is gone."""
        type_, _ = _type_and_name(request.urn)
        inputs, state = from_struct(request.inputs), from_struct(request.properties)
        with told(context, inputs, state):
            live = self._double.read(
                self._place(context, {**state, **inputs}),
                type_,
                request.id,
                revealed(inputs),
                revealed(state),
            )
            if live is None:
                return provider_pb2.ReadResponse(id="")
            return provider_pb2.ReadResponse(
                id=request.id,
                inputs=to_struct(wrapped_as(live.inputs, inputs, state)),
                properties=to_struct(wrapped_as(live.outputs, inputs, state)),
            )

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Change a resource; in a preview, tell what is known of it afterwards."""
        type_, _ = _type_and_name(request.urn)
        state, new = from_struct(request.olds), from_struct(request.news)
        with told(context, state, new):
            inputs = revealed(new)
            if request.preview:
                outputs = self._double.planned_update(type_, inputs, revealed(state))
            else:
                difference = self._difference(request.urn, context, state, new)
                place = self._place(context, {**state, **new})
                outputs = self._double.update(place, type_, request.id, inputs, difference)
            return provider_pb2.UpdateResponse(properties=to_struct(wrapped_as(outputs, new)))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Delete a resource."""
        type_, _ = _type_and_name(request.urn)
        state = from_struct(request.properties)
        with told(context, state):
            self._double.delete(self._place(context, state), type_, request.id, revealed(state))
            return Empty()

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing here takes long enough to be cancelled."""
        return Empty()

    def _settings_of(self, context: Any) -> ProviderSettings:
        return self._settings.get(context.peer(), ProviderSettings(region=""))

    def _place(self, context: Any, properties: Mapping[str, Any]) -> ProviderSettings:
        """The settings by which something with these properties is reached."""
        settings = self._settings_of(context)
        if not (settings.region or revealed(properties).get("region")):
            raise ValueError("no AWS region: set aws:region in the stack's settings")
        return settings

    def _difference(
        self, urn: str, context: Any, state: Properties, new: Properties
    ) -> ResourceDifference:
        type_, _ = _type_and_name(urn)
        settings = self._settings_of(context)
        return self._double.difference(settings, type_, revealed(state), revealed(new))


def _version() -> str:
    """The version of pulumi-aws that programs here are written with, and ask for."""
    try:
        return importlib.metadata.version(_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return "7.0.0"


@contextlib.contextmanager
def serving(provider: Provider) -> Iterator[int]:
    """Serve a provider on a port of the system's choice, and tell which."""
    server = grpc.server(
        ThreadPoolExecutor(max_workers=32, thread_name_prefix="aws-double"),
        options=[
            ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1),
            ("grpc.so_reuseport", 0),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait(5)


def _type_and_name(urn: str) -> tuple[str, str]:
    _, _, types, name = urn.split("::", 3)
    return types.rpartition("$")[2], name
