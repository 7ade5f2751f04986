"""What becomes of a schema as Pulumi's analyser makes it, on a small one."""

from importlib import metadata
from typing import Any, Final

import pytest
from pulumi.provider.experimental.analyzer import (
    ComponentDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
)

from ecs_monitoring.schema import SchemaNames, about, published

TARGET: Final = "shop:index:TargetArgs"
REF: Final = f"#/types/{TARGET}"


def names() -> SchemaNames:
    """A component with a mapping and a list of targets."""
    target = TypeDefinition(
        name="TargetArgs",
        type=PropertyType.OBJECT,
        module="shop",
        properties={"minTasks": PropertyDefinition(type=PropertyType.INTEGER)},
        properties_mapping={"minTasks": "min_tasks"},
        python_type=dict,
    )
    return SchemaNames({"Shop": component()}, {"TargetArgs": target})


def component() -> ComponentDefinition:
    one = PropertyDefinition(ref=REF)
    return ComponentDefinition(
        name="Shop",
        module="shop",
        inputs={
            "byName": PropertyDefinition(additional_properties=one),
            "listedOnes": PropertyDefinition(items=one),
            "onlyOne": one,
        },
        inputs_mapping={"byName": "by_name", "listedOnes": "listed_ones", "onlyOne": "only_one"},
        outputs={},
        outputs_mapping={"dashboardName": "dashboard_name"},
    )


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("by_name.min_tasks.min_tasks", "byName.min_tasks.minTasks"),
        ('by_name["a.b"].min_tasks', 'byName["a.b"].minTasks'),
        ("listed_ones[0].min_tasks", "listedOnes[0].minTasks"),
        ("listed_ones[12]", "listedOnes[12]"),
        ("only_one.min_tasks", "onlyOne.minTasks"),
        # What is no field stays as it is, and so does what stands under it.
        ("no_field.min_tasks", "no_field.min_tasks"),
        ("only_one.no_field.min_tasks", "onlyOne.no_field.min_tasks"),
        ("only_one.min_tasks.by_name", "onlyOne.minTasks.by_name"),
        ("no_field[0]", "no_field[0]"),
        ("", ""),
    ],
)
def test_a_path_has_the_schemas_names_and_the_targets_own(field: str, path: str) -> None:
    assert names().path(field, component()) == path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("write min_tasks, or by_name", "write minTasks, or byName"),
        # Of outputs, too.
        ("see dashboard_name", "see dashboardName"),
        ("my_min_tasks and min_tasks2 are others", "my_min_tasks and min_tasks2 are others"),
        ("min tasks", "min tasks"),
    ],
)
def test_a_text_calls_fields_as_the_schema_does(text: str, said: str) -> None:
    assert names().in_text(text) == said


@pytest.mark.parametrize(
    ("docstring", "said"),
    [
        ("One\n    line.", "One line."),
        ("One.\n\n    Two\n    lines.\n    ", "One.\n\nTwo lines."),
        ("``min_tasks`` and ``a\n    b``.", "`minTasks` and `a b`."),
    ],
)
def test_a_docstring_is_markdown(docstring: str, said: str) -> None:
    assert names().description(docstring) == said


ANALYSED: Final[dict[str, Any]] = {
    "name": "shop",
    "types": {
        TARGET: {
            "type": "object",
            "description": "A target with\n    min_tasks.",
            "properties": {
                "minTasks": {"type": "integer", "description": "``min_tasks``"},
                # A field that is called so, and no reference.
                "description": {"$ref": REF},
            },
        },
        "shop:index:Level": {
            "type": "string",
            "enum": [
                {"name": "HIGH", "value": "high", "description": "Above\n    min_tasks."},
                {"name": "NOT_SO_HIGH", "value": "notSoHigh"},
            ],
        },
    },
    "resources": {
        "shop:index:Shop": {
            "inputProperties": {
                "byName": {"additionalProperties": {"$ref": REF}},
                "anyOf": {"oneOf": [{"$ref": REF}, {"$ref": "pulumi.json#/Any"}]},
            },
            "requiredInputs": ["byName"],
        }
    },
    "language": {"go": {"importBasePath": "x"}, "nodejs": {"a": 1}, "python": {"b": True}},
}


def test_a_schema_is_handed_out() -> None:
    made = published(ANALYSED, names(), {"version": "1.2.3", "license": "MIT"})
    target = "#/types/shop:index:Target"
    assert made == {
        "name": "shop",
        "displayName": "Django ECS monitoring",
        "version": "1.2.3",
        "license": "MIT",
        "types": {
            "shop:index:Target": {
                "type": "object",
                "description": "A target with minTasks.",
                "properties": {
                    "minTasks": {"type": "integer", "description": "`minTasks`"},
                    "description": {"$ref": target},
                },
            },
            "shop:index:Level": {
                "type": "string",
                "enum": [
                    {"name": "High", "value": "high", "description": "Above minTasks."},
                    {"name": "NotSoHigh", "value": "notSoHigh"},
                ],
            },
        },
        "resources": {
            "shop:index:Shop": {
                "inputProperties": {
                    "byName": {"additionalProperties": {"$ref": target}},
                    "anyOf": {"oneOf": [{"$ref": target}, {"$ref": "pulumi.json#/Any"}]},
                },
                "requiredInputs": ["byName"],
            }
        },
        "language": {
            "go": {"importBasePath": "x", "generateExtraInputTypes": True},
            "nodejs": {"a": 1, "packageName": "shop"},
            "python": {"b": True},
        },
    }


def test_a_package_says_of_itself_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    class Told:
        json: Final = {
            "name": "ecs-monitoring",
            "version": "4.5.6",
            "summary": "Monitoring",
            "license_expression": "MIT",
        }

    monkeypatch.setattr(metadata, "metadata", lambda _: Told)
    assert about("ecs-monitoring") == {
        "version": "4.5.6",
        "description": "Monitoring",
        "license": "MIT",
    }
    Told.json.pop("summary")
    assert about("ecs-monitoring") == {"version": "4.5.6", "license": "MIT"}


def test_what_is_not_installed_has_no_version() -> None:
    assert about("no-such-distribution-of-ours") == {"version": "0.0.0"}
