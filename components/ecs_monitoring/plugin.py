"""Hosts the components for programs in Pulumi's other languages.

Pulumi's own host analyses the components' annotations and makes a schema of them. Here it learns
what it leaves out: descriptions of inherited fields, values that are known later in the place of
whole arguments, and refusals as errors of the argument that they are about.
"""

import dataclasses
import inspect
import json
import sys
from collections.abc import Mapping
from importlib import metadata
from typing import Any, Final, Optional

import pulumi
from pulumi.provider import ConstructResult
from pulumi.provider import main as serve
from pulumi.provider.experimental.analyzer import (
    ComponentDefinition,
    PropertyDefinition,
    TypeDefinition,
)
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import generate_schema
from pulumi.provider.server import ComponentInitError

from ecs_monitoring.alb import AlbMonitoring
from ecs_monitoring.alert_routing import AlertRouting
from ecs_monitoring.application import ApplicationMonitoring
from ecs_monitoring.args import InvalidArgsError
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
from ecs_monitoring.review_reminder import ReviewReminder

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

_Properties = Mapping[str, PropertyDefinition]


class ComponentHost(ComponentProvider):
    """The components behind Pulumi's provider protocol.

    Attributes:
        schema: the package's schema as JSON.
    """

    def __init__(self) -> None:
        """Analyse the components."""
        version = _version()
        super().__init__(list(COMPONENTS), PACKAGE, None, version)
        for component in COMPONENTS:
            self._describe(component, self._component_defs[component.__name__])
        schema = generate_schema(
            PACKAGE, version, None, self._component_defs, self._type_defs, self._dependencies
        )
        self.schema = json.dumps(schema.to_json())

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: Optional[pulumi.ResourceOptions] = None,
    ) -> ConstructResult:
        """Make a component.

        Raises:
            pulumi.InputPropertyError: arguments that it refuses.
        """
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, InvalidArgsError):
                kind = resource_type.rpartition(":")[2]
                definition = self._component_defs[kind]
                path = self._schema_path(error.inner.field, definition)
                raise pulumi.InputPropertyError(path, str(error.inner)) from None
            raise

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

    def _schema_path(self, field: str, component: ComponentDefinition) -> str:
        """The path of a Python argument as the schema names it; names of targets stay."""
        properties: _Properties = component.inputs
        names: Mapping[str, str] = component.inputs_mapping
        definition: Optional[PropertyDefinition] = None
        path = []
        for part in field.split(".") if field else ():
            name, bracket, index = part.partition("[")
            if definition is None or definition.ref:
                name = next((schema for schema, own in names.items() if own == name), name)
                definition = properties.get(name)
            else:
                definition = definition.additional_properties
            path.append(f"{name}{bracket}{index}")
            if bracket and definition:
                definition = definition.items
            kind = self.get_type_definition(definition) if definition and definition.ref else None
            properties = kind.properties if kind else {}
            names = kind.properties_mapping if kind else {}
            if definition is None:
                definition = PropertyDefinition()
        return ".".join(path)


def _version() -> str:
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        # Run out of a folder, as PulumiPlugin.yaml has it, before anything is installed.
        return "0.0.0"


def main() -> None:
    """Serve the components to the Pulumi engine, which says on the command line where it is."""
    serve(ComponentHost(), sys.argv[1:])
