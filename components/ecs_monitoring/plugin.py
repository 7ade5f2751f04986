"""Hosts the components for programs in Pulumi's other languages.

Pulumi's own host analyses the components' annotations and makes a schema of them. Here it learns
what it leaves out: descriptions of inherited fields, values that are known later in the place of
whole arguments, and refusals as errors of the argument that they are about.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import inspect
import json
from collections.abc import Mapping
from typing import Any, Final, Optional

import grpc  # type: ignore[import-untyped]
import pulumi
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.analyzer import (
    ComponentDefinition,
    PropertyDefinition,
    TypeDefinition,
)
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import generate_schema
from pulumi.provider.server import ComponentInitError, ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from ecs_monitoring.alb import AlbMonitoring
from ecs_monitoring.alert_routing import AlertRouting
from ecs_monitoring.application import ApplicationMonitoring
from ecs_monitoring.chat_channels import ChatChannels
from ecs_monitoring.dashboard import Dashboard
from ecs_monitoring.delivery import DeliveryMonitoring
from ecs_monitoring.ecs import EcsMonitoring
from ecs_monitoring.events import EventMonitoring
from ecs_monitoring.health_check import HealthCheck
from ecs_monitoring.incident_paging import IncidentPaging
from ecs_monitoring.logs import LogMonitoring
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.new_relic import NewRelicStream
from ecs_monitoring.rds import RdsMonitoring
from ecs_monitoring.refusals import InvalidArgsError
from ecs_monitoring.review_reminder import ReviewReminder
from ecs_monitoring.schema import SchemaNames, about, published

PACKAGE: Final = TYPE_PREFIX.partition(":")[0]
"""What other languages call the package: the beginning of every type token."""

_DISTRIBUTION: Final = "ecs-monitoring"

COMPONENTS: Final[tuple[type[pulumi.ComponentResource], ...]] = (
    AlertRouting,
    ChatChannels,
    EcsMonitoring,
    AlbMonitoring,
    RdsMonitoring,
    LogMonitoring,
    ApplicationMonitoring,
    HealthCheck,
    EventMonitoring,
    DeliveryMonitoring,
    IncidentPaging,
    ReviewReminder,
    NewRelicStream,
    Dashboard,
)

# A dashboard of many services is more than gRPC's 4 MB.
_UNLIMITED: Final = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
)

_Properties = Mapping[str, PropertyDefinition]


class ComponentHost(ComponentProvider):
    """The components behind Pulumi's provider protocol.

    Attributes:
        schema: the package's schema as JSON.
    """

    def __init__(self) -> None:
        """Analyse the components."""
        said = about(_DISTRIBUTION)
        version = said["version"]
        super().__init__(list(COMPONENTS), PACKAGE, None, version)
        for component in COMPONENTS:
            self._describe(component, self._component_defs[component.__name__])
        analysed = generate_schema(
            PACKAGE, version, None, self._component_defs, self._type_defs, self._dependencies
        )
        self._names = SchemaNames(self._component_defs, self._type_defs)
        self.schema = json.dumps(published(analysed.to_json(), self._names, said))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: Optional[pulumi.ResourceOptions] = None,
    ) -> ConstructResult:
        """Make a component.

        Raises:
            InvalidArgsError: arguments that it refuses.
        """
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, InvalidArgsError):
                raise error.inner from None
            raise

    def refusal(self, resource_type: str, error: InvalidArgsError) -> pulumi.InputPropertiesError:
        """What a component refuses, argument by argument, in the schema's names."""
        component = self._component_defs[resource_type.rpartition(":")[2]]
        told = [
            (self._names.path(part.field, component), self._names.in_text(part.reason))
            for part in error.parts
        ]
        return pulumi.InputPropertiesError(
            "; ".join(reason for path, reason in told if not path),
            [{"property_path": path, "reason": reason} for path, reason in told if path],
        )

    def map_inputs(
        self, inputs: pulumi.Inputs, component_def: ComponentDefinition
    ) -> dict[str, Any]:
        """The inputs by their Python names.

        What is missing or too much is left to the components, which refuse it with the
        argument's path. Pulumi's own mapping takes a value that is known later for an empty one.
        """
        return self._renamed(inputs, component_def.inputs, component_def.inputs_mapping)

    def map_complex_output(self, instance_val: Any, type_def: TypeDefinition) -> Any:
        """The fields of an output by their schema names."""
        if dataclasses.is_dataclass(instance_val) and not isinstance(instance_val, type):
            instance_val = vars(instance_val)
        return super().map_complex_output(instance_val, type_def)

    def _describe(
        self, component: type[pulumi.ComponentResource], definition: ComponentDefinition
    ) -> None:
        """Add the descriptions of fields that a class inherits."""
        args = inspect.get_annotations(component.__init__)["args"]
        for owner, properties, names in (
            (args, definition.inputs, definition.inputs_mapping),
            (component, definition.outputs, definition.outputs_mapping),
        ):
            for name, property_ in properties.items():
                described = (
                    self.analyzer.get_docstring(base, names[name]) for base in owner.__mro__
                )
                property_.description = next(filter(None, described), None)

    def _renamed(
        self, values: Mapping[str, Any], properties: _Properties, names: Mapping[str, str]
    ) -> dict[str, Any]:
        return {
            names.get(name, name): self._value(value, properties.get(name))
            for name, value in values.items()
        }

    def _value(self, value: Any, definition: Optional[PropertyDefinition]) -> Any:
        if definition is None:
            return value
        if isinstance(value, pulumi.Output):
            return value.apply(lambda resolved: self._value(resolved, definition))
        if isinstance(value, list) and definition.items:
            return [self._value(item, definition.items) for item in value]
        if not isinstance(value, dict):
            return value
        if definition.additional_properties:
            of_each = definition.additional_properties
            return {name: self._value(item, of_each) for name, item in value.items()}
        kind = self.get_type_definition(definition) if definition.ref else None
        if kind is None:
            return value
        return self._renamed(value, kind.properties, kind.properties_mapping)


class Servicer(ProviderServicer):
    """What the engine talks to.

    Args:
        host: the components.
        engine: the engine's address.
    """

    def __init__(self, host: ComponentHost, engine: str) -> None:
        super().__init__(host, [], engine_address=engine)
        self._host = host

    async def _construct(
        self, request: provider_pb2.ConstructRequest, context: Any
    ) -> provider_pb2.ConstructResponse:
        """Make a component; what is refused once an Output is known is told as the rest is."""
        try:
            return await super()._construct(request, context)
        except InvalidArgsError as error:
            raise self._host.refusal(request.type, error) from None


async def _serve(engine: str) -> None:
    server = grpc.aio.server(options=_UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        Servicer(ComponentHost(), engine), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    # The engine reads where the components are from the first line.
    print(port, flush=True)
    await server.wait_for_termination()


def main() -> None:
    """Serve the components to the Pulumi engine, which says on the command line where it is."""
    parser = argparse.ArgumentParser(description="The components as a plugin of Pulumi's engine.")
    parser.add_argument("engine", help="the engine's address")
    # The engine's own flags, such as --logflow, are for plugins that log by themselves.
    engine = parser.parse_known_args()[0].engine
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(engine))
