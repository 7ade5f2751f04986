"""mypy reads what the project uses of pulumi-aws, and leaves its other services out."""

import ast
import tomllib
from collections.abc import Iterator

from stack.config import PROJECT

FOLDERS = ("benchmarks", "components/ecs_monitoring", "sandbox", "tests", "tools")


def services() -> Iterator[str]:
    """The services of ``pulumi_aws`` that stand in the project's own files."""
    for folder in FOLDERS:
        for path in (PROJECT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "pulumi_aws" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ImportFrom) and node.module == "pulumi_aws":
                    yield from (name.name for name in node.names)
                elif (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "aws"
                    and node.attr.islower()
                ):
                    # A function of the package itself is in a module of its own.
                    yield node.attr.removesuffix("_output")


def test_what_is_used_of_pulumi_aws_is_checked() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (checked,) = (
        {name.removeprefix("pulumi_aws.").removesuffix(".*") for name in rule["module"]}
        for rule in project["tool"]["mypy"]["overrides"]
        if rule.get("follow_imports") == "normal"
    )
    used = set(services())
    assert {"cloudwatch", "sns", "get_region"} <= used
    missing = ", ".join(f'"pulumi_aws.{name}.*"' for name in sorted(used - checked))
    assert not missing, f"add {missing} to pyproject.toml, beside pulumi_aws.cloudwatch.*"
