"""The examples in TypeScript and Go write names that the schema has.

Compilers say it better, and ``make languages`` asks them; they need packages of npm's and Go's.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from ecs_monitoring.plugin import PACKAGE, ComponentHost
from stack.config import PROJECT

EXAMPLES: Final = PROJECT / "examples" / "components"

# Keys of the examples' own: targets, target groups; and the severities, which are keys of maps.
OWN: Final = {"main", "web", "critical", "warning"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(ComponentHost().schema or "")
    return made


def own_names(tokens: Any) -> set[str]:
    return {token.rpartition(":")[2] for token in tokens}


def fields(schema: dict[str, Any]) -> set[str]:
    """Every input of a component or a type."""
    components = (c["inputProperties"] for c in schema["resources"].values())
    types = (t.get("properties", {}) for t in schema["types"].values())
    return {name for properties in (*components, *types) for name in properties}


def program(*path: str) -> str:
    """An example without its comments."""
    text = EXAMPLES.joinpath(*path).read_text(encoding="utf-8")
    return re.sub(r"^//.*$", "", text, flags=re.MULTILINE)


def test_the_typescript_example(schema: dict[str, Any]) -> None:
    text = program("typescript", "index.ts")
    made = re.findall(r"new watch\.(\w+)\(", text)
    assert len(made) == 6
    assert set(made) <= own_names(schema["resources"])
    keys = set(re.findall(r"[{,\s](\w+):", text)) - OWN
    assert {"severities", "minRunningTasks", "evaluationPeriods"} <= keys
    assert keys <= fields(schema)


def test_the_typescript_example_imports_the_package_that_the_sdk_is(schema: dict[str, Any]) -> None:
    name = schema["language"]["nodejs"]["packageName"]
    assert f'from "{name}"' in program("typescript", "index.ts")
    manifest = json.loads((EXAMPLES / "typescript" / "package.json").read_text(encoding="utf-8"))
    assert manifest["dependencies"][name] == f"file:sdks/{PACKAGE}"


def test_the_go_example(schema: dict[str, Any]) -> None:
    text = program("go", "main.go")
    made = re.findall(r"watch\.New(\w+)\(", text)
    assert len(made) == 6
    assert set(made) <= own_names(schema["resources"])
    types = set(re.findall(r"watch\.(\w+)Args\b", text))
    assert {"EcsTarget", "AlarmOverride"} <= types
    assert types <= own_names(schema["resources"]) | own_names(schema["types"])
    words = {
        f"{name}{value['name']}"
        for name, kind in ((t.rpartition(":")[2], kind) for t, kind in schema["types"].items())
        for value in kind.get("enum", ())
    }
    assert set(re.findall(r"watch\.((?:Severity|Paging)\w+)", text)) <= words
    titled = {name[0].upper() + name[1:] for name in fields(schema)}
    keys = set(re.findall(r"[{,\s]([A-Z]\w+):", text))
    assert {"Severities", "MinRunningTasks", "EvaluationPeriods"} <= keys
    assert keys <= titled


@pytest.mark.parametrize("language", ["typescript", "go"])
def test_the_examples_take_the_components_of_this_repository(language: str) -> None:
    project = yaml.safe_load((EXAMPLES / language / "Pulumi.yaml").read_text(encoding="utf-8"))
    folder = Path(EXAMPLES, language, project["packages"][PACKAGE])
    assert (folder / "PulumiPlugin.yaml").is_file()
