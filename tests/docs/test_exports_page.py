"""docs/exports.md says what the exports say, and every system is on it."""

import re
from typing import Final

import pytest

from exports.systems import SYSTEMS
from ops.__main__ import main
from stack.config import PROJECT
from tests.exports.stacks import monitoring
from tools import exports

PAGE: Final = PROJECT / "docs" / "exports.md"
TEXT: Final = PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_table_is_the_exports_own() -> None:
    assert exports.page(TEXT) == TEXT


@pytest.mark.slow
def test_each_rule_has_a_row() -> None:
    table = TEXT.partition(exports.BEGIN)[2]
    for found in monitoring().rules:
        assert f"| `{found.rule.address}` |" in table


@pytest.mark.slow
def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(SystemExit, match="has no"):
        exports.page("# Exports")


@pytest.mark.parametrize("system", [system.name for system in SYSTEMS])
def test_every_systems_command_stands_there(system: str) -> None:
    assert f"ops export {system} prod" in TEXT


def test_the_options_on_the_page_are_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    for system in SYSTEMS:
        with pytest.raises(SystemExit):
            main(["export", system.name, "--help"])
        offered = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
        for command in re.findall(rf"ops export {system.name} [^`]*?(?:[^\\]\n|`)", TEXT):
            assert set(re.findall(r"--[a-z-]+", command)) <= offered
