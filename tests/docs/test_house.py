"""What README.md, docs/architecture.md and `make help` say of the project is what is there."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PACKAGE = "ecs_monitoring"

NAMES = re.findall(r"(?m)^\.PHONY: (.*)$", MAKEFILE)[0].split()


def layers(contract: int) -> set[str]:
    """The modules that a contract of the import rules puts above each other."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    above_each_other = rules["tool"]["importlinter"]["contracts"][contract]["layers"]
    return {name for layer in above_each_other for name in layer.split(" | ")}


def test_the_readme_lists_every_module() -> None:
    """Whoever adopts the project may have folders of their own besides."""
    table = README.split("## Find your way\n\n")[1].split("\n\n")[0]
    listed = [
        folder
        for row in table.splitlines()[2:]
        for folder in re.findall(r"`([\w./]+)/`", row.split("|")[1])
    ]
    packages = ROOT / "components" / PACKAGE
    modules = layers(0) - {PACKAGE} | {"components", "docs", "examples", "tests"}
    modules |= {f"{PACKAGE}/{path.parent.name}" for path in packages.glob("*/__init__.py")}
    assert modules <= set(listed)
    assert [
        folder for folder in listed if not (ROOT / folder.replace(PACKAGE, str(packages))).is_dir()
    ] == []


def test_a_class_name_stands_for_one_thing() -> None:
    """In the program and its components; the Django package stands alone."""
    stand: dict[str, list[str]] = {}
    for module in {*layers(0), "components"} - {"django_monitoring", PACKAGE}:
        for file in (ROOT / module).rglob("*.py"):
            for name in re.findall(r"(?m)^class (\w+)[(:]", file.read_text(encoding="utf-8")):
                stand.setdefault(name, []).append(str(file.relative_to(ROOT)))
    assert "AlarmRule" in stand
    assert {name: places for name, places in stand.items() if len(places) > 1} == {}


def test_the_drawing_has_every_module_that_the_import_rules_have() -> None:
    drawing = ARCHITECTURE.split("```text\n")[1].split("```")[0]
    drawn = re.findall(r"(?:^| )(?:components/)?(\w+)/ ", drawing, re.MULTILINE)
    # The Django side, of which the program imports nothing, is in the text below it.
    assert sorted(drawn) == sorted(layers(0) - {"django_monitoring"} | layers(1))
    assert "`django_monitoring/`" in ARCHITECTURE


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_help_explains_every_target() -> None:
    written = subprocess.run(
        ["make", "--silent", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    explained = re.findall(r"(?m)^  ([\w-]+) +\S", written)
    assert sorted(explained) == sorted(NAMES)
    assert sorted(explained) == sorted(re.findall(r"(?m)^([a-z][\w-]*):(?!=)", MAKEFILE))


def test_every_target_that_a_page_names_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")]
    named = {
        target
        for page in pages
        for target in re.findall(r"(?:`|\$ )make ([a-z][\w-]*)", page.read_text(encoding="utf-8"))
    }
    assert "sandbox" in named
    assert named <= set(NAMES)
