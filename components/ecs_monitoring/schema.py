"""What Pulumi's other languages see of the components: names, descriptions, options of SDKs.

Pulumi's analyser makes a schema of Python classes, and a generator makes an SDK of the schema. The
one calls types and fields as Python does, the other adds suffixes of its own; here what stands
between the two is given the names that a reader of the SDK expects.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from typing import Any, Final, Optional

from pulumi.provider.experimental.analyzer import (
    ComponentDefinition,
    PropertyDefinition,
    TypeDefinition,
)

from ecs_monitoring.refusals import step

_TITLE: Final = "Django ECS monitoring"

# Generators add it to the inputs of every type: they would make EcsTargetArgsArgs of EcsTargetArgs.
_SUFFIX: Final = "Args"

_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    # Else the SDK names input types of maps and lists that it does not have, and does not compile:
    # the generator makes them for what may be an Output alone.
    # https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/codegen/go/importer.go
    "go": {"generateExtraInputTypes": True},
}

_CODE: Final = re.compile(r"``(.+?)``", re.DOTALL)

_LINE_END: Final = re.compile(r"(?<!\n)\n(?!\n)")

_SNAKE_CASE: Final = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")

# ``targets.web``, ``metrics[0]``, ``overrides["ecs.cpu-high"]``.
_STEP: Final = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|\.?([^.\[]+)')

Names = Mapping[str, str]
"""Schema name to Python name."""


class SchemaNames:
    """The names that Python's fields have in the schema.

    Args:
        components: the components by name.
        types: the types of their arguments by name.
    """

    def __init__(
        self, components: Mapping[str, ComponentDefinition], types: Mapping[str, TypeDefinition]
    ) -> None:
        self._types = types
        mappings = [
            *(c.inputs_mapping for c in components.values()),
            *(c.outputs_mapping for c in components.values()),
            *(t.properties_mapping for t in types.values()),
        ]
        self._schema_name = {own: name for names in mappings for name, own in names.items()}

    def in_text(self, text: str) -> str:
        """A text with each field called as in the schema."""
        return _SNAKE_CASE.sub(lambda word: self._schema_name.get(word[0], word[0]), text)

    def description(self, docstring: str) -> str:
        """A docstring as Markdown, which the SDKs' comments are."""
        paragraphs = _LINE_END.sub(" ", inspect.cleandoc(docstring)).strip()
        return self.in_text(_CODE.sub(r"`\1`", paragraphs))

    def path(self, field: str, component: ComponentDefinition) -> str:
        """The path of a Python argument as Pulumi writes it; names of targets stay.

        Args:
            field: such as ``targets.my_web.min_running_tasks``.
            component: whose argument it is.
        """
        properties: Mapping[str, PropertyDefinition] = component.inputs
        names: Names = component.inputs_mapping
        of_each: Optional[PropertyDefinition] = None
        path = ""
        for key, is_index in _steps(field):
            if is_index:
                path += f"[{key}]"
                described = of_each
            elif of_each is not None:
                path += step(key)
                described = of_each
            else:
                name = next((schema for schema, own in names.items() if own == key), key)
                path += step(name)
                described = properties.get(name)
            of_each = described and (described.additional_properties or described.items)
            kind = (
                self._types.get(described.ref.rpartition(":")[2])
                if described and described.ref
                else None
            )
            properties = kind.properties if kind else {}
            names = kind.properties_mapping if kind else {}
        return path.removeprefix(".")


def _steps(field: str) -> Iterator[tuple[str, bool]]:
    """The keys of a path, and whether each is a place in a list."""
    for match in _STEP.finditer(field):
        quoted, index, key = match.groups()
        yield (quoted if quoted is not None else index or key), index is not None


def published(schema: Mapping[str, Any], names: SchemaNames, about: Names) -> dict[str, Any]:
    """The schema as it is handed out.

    Args:
        schema: as Pulumi makes it of the components.
        names: of their fields.
        about: what the SDK's own package says of itself.
    """
    types = {
        _without_suffix(token): {**kind, "enum": _words(kind["enum"])} if "enum" in kind else kind
        for token, kind in schema["types"].items()
    }
    # The same npm package for whoever adds the components, by whatever address.
    options = {**_OPTIONS, "nodejs": {"packageName": schema["name"]}}
    languages = {
        language: {**given, **options.get(language, {})}
        for language, given in schema["language"].items()
    }
    made: dict[str, Any] = _renamed({**schema, "types": types, "language": languages}, names)
    return {**made, "displayName": _TITLE, **about}


def about(distribution: str) -> dict[str, str]:
    """What a Python package says of itself, as a schema says it: version, description, license."""
    try:
        told = metadata.metadata(distribution).json
    except metadata.PackageNotFoundError:
        # Run out of a folder, as PulumiPlugin.yaml has it, before anything is installed.
        return {"version": "0.0.0"}
    fields = {"version": "version", "summary": "description", "license_expression": "license"}
    return {name: str(told[field]) for field, name in fields.items() if told.get(field)}


def _renamed(value: Any, names: SchemaNames) -> Any:
    """References to types and descriptions, wherever they stand."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, Mapping):
        return value
    renamed = {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(renamed.get("$ref"), str):
        renamed["$ref"] = _without_suffix(renamed["$ref"])
    if isinstance(renamed.get("description"), str):
        renamed["description"] = names.description(renamed["description"])
    return renamed


def _words(values: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """An enum's values, called ``NotBreaching``: with ``NOT_BREACHING``, Go glues type and name."""
    return [
        {**value, "name": value["name"].replace("_", " ").title().replace(" ", "")}
        for value in values
    ]


def _without_suffix(token: str) -> str:
    return token.removesuffix(_SUFFIX)
