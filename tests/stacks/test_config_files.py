"""A stack's files and ``--set``: whole configs and whole messages."""

import re
from pathlib import Path
from typing import Any

import pytest

from stack.config import (
    PROJECT,
    STACKS_VARIABLE,
    STAND_IN,
    StackConfig,
    StackConfigError,
    read_stack_config,
    stacks,
    stacks_folder,
)
from stack.config_path import steps_of, with_value

PROJECT_FILE = """
name: shop
config:
  ecs: {type: object}
  tags: {type: object, default: {Team: shop}}
  runbooks: {default: docs/runbooks.md}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT_FILE, encoding="utf-8")
    return tmp_path


def config(folder: Path, text: str, *settings: str) -> StackConfig:
    (folder / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    return read_stack_config("dev", settings=settings, directory=folder)


def test_a_whole_config(folder: Path) -> None:
    text = "config: {ecs: {web: {n: 2, x: null}}, 'other:key': [1], runbooks: , 'shop:on': true}"
    assert config(folder, text) == StackConfig(
        project="shop",
        stack="dev",
        values={
            "shop:ecs": '{"web": {"n": 2, "x": null}}',
            "shop:tags": '{"Team": "shop"}',
            "shop:runbooks": "",
            "other:key": "[1]",
            "shop:on": "true",
        },
        secret_keys=frozenset(),
        # Pulumi's own default of the AWS provider.
        region="us-east-1",
        sections=("ecs", "tags", "runbooks"),
        warnings=(),
    )


def test_secrets_have_stand_ins(folder: Path) -> None:
    text = (
        "config:\n"
        "  a: {secure: v1:x}\n"
        "  b: {list: [{secure: v1:x}, 2], c: 3}\n"
        "  plain: {secure: tag, other: b}\n"
    )
    found = config(folder, text)
    assert found.secret_keys == {"shop:a", "shop:b"}
    assert {key: value for key, value in found.values.items() if key[-1] in "abn"} == {
        "shop:a": STAND_IN,
        "shop:b": f'{{"list": ["{STAND_IN}", 2], "c": 3}}',
        "shop:plain": '{"secure": "tag", "other": "b"}',
    }


@pytest.mark.parametrize(
    ("change", "is_secret"),
    [
        ("alerts.webhooks.critical.pager=https://x.example.com/1", True),
        ("alerts.secret_emails={critical: {a: b@x.jp}}", True),
        ("alerts={webhooks: {}}", True),
        ("alerts.emails.critical=[a@b.jp]", False),
        # Called so as a value.
        ("alerts.emails.critical=webhooks", True),
        ("alerts.emails.critical=my-webhooks", False),
    ],
)
def test_a_secret_that_is_only_tried_is_secret_and_said(
    folder: Path, change: str, is_secret: bool
) -> None:
    found = config(folder, "", change)
    assert found.secret_keys == ({"shop:alerts"} if is_secret else set())
    place = f"shop:{change.partition('=')[0]}"
    words = (
        f"{place} is tried in plain text: to keep it, write it with pulumi config set --secret "
        f"--path '{place}'"
    )
    assert found.warnings == ((words,) if is_secret else ())


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("ecs.web.service", ["ecs", "web", "service"]),
        ('ecs["web.a"].b[2][0]', ["ecs", "web.a", "b", 2, 0]),
        ("alarms.ecs.cpu-high.threshold", ["alarms", "ecs.cpu-high", "threshold"]),
        ("alarms.ecs.cpu-high", ["alarms", "ecs.cpu-high"]),
        # A key in quotes is whole already, and a section alone has no rule.
        ('alarms["ecs.cpu-high"].threshold', ["alarms", "ecs.cpu-high", "threshold"]),
        ("alarms.ecs", ["alarms", "ecs"]),
        ("alarms", ["alarms"]),
        ("tags.ecs.cpu", ["tags", "ecs", "cpu"]),
        ("", []),
    ],
)
def test_the_steps_of_a_path(path: str, steps: list[str | int]) -> None:
    assert steps_of(path) == steps


@pytest.mark.parametrize(
    ("root", "steps", "expected"),
    [
        ({"a": 1}, [], "v"),
        ({"a": 1}, ["b"], {"a": 1, "b": "v"}),
        ({"a": {"b": 1, "c": 2}}, ["a", "b"], {"a": {"b": "v", "c": 2}}),
        (None, ["a", "b"], {"a": {"b": "v"}}),
        ("text", ["a"], {"a": "v"}),
        (None, [0], ["v"]),
        ("text", [0], ["v"]),
        ([1, 2, 3], [1], [1, "v", 3]),
        ([1], [1], [1, "v"]),
        ([[1, 2]], [0, 1], [[1, "v"]]),
        ([{"a": 1}], [0, "b"], [{"a": 1, "b": "v"}]),
    ],
)
def test_one_place_of_a_value_is_changed(root: Any, steps: list[Any], expected: Any) -> None:
    before = repr(root)
    assert with_value(root, steps, "v") == expected
    assert repr(root) == before


@pytest.mark.parametrize(("root", "length"), [([1], 1), (None, 0), ("text", 0)])
def test_an_index_behind_the_end_is_refused(root: Any, length: int) -> None:
    words = rf"^\[2\] is behind the end of a list of {length}$"
    with pytest.raises(IndexError, match=words):
        with_value(root, [2], "v")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ecs", "--set ecs: write path=value, such as ecs.web.service=api"),
        ("=x", "--set =x: write path=value, such as ecs.web.service=api"),
        ("a=[", "--set a=[: '[' is no YAML value"),
        ("tags.x[3]=a", "--set tags.x[3]=a: [3] is behind the end of a list of 0"),
    ],
)
def test_a_change_that_cannot_be_tried(folder: Path, change: str, words: str) -> None:
    with pytest.raises(StackConfigError, match=f"^{re.escape(words)}$"):
        config(folder, "", change)


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        ("aws:region=eu-west-1", "aws:region", "eu-west-1"),
        ("shop:tags.Team=a", "shop:tags", '{"Team": "a"}'),
        ("tags.Team=a=b", "shop:tags", '{"Team": "a=b"}'),
        ("new=5", "shop:new", "5"),
        ("runbooks=", "shop:runbooks", ""),
    ],
)
def test_the_key_that_a_change_is_in(folder: Path, change: str, key: str, value: str) -> None:
    found = config(folder, "", change)
    assert found.values[key] == value
    assert found.region == ("eu-west-1" if key == "aws:region" else "us-east-1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "config: [1]",
            "Pulumi.dev.yaml: config is no mapping: write keys with values under it, such as "
            "aws:region: ap-northeast-1",
        ),
        ("5", "Pulumi.dev.yaml is no mapping: write keys with values, config: first"),
        (
            "confg: {}",
            'Pulumi.dev.yaml has the unknown key "confg", which Pulumi leaves aside; did you mean '
            '"config"? write one of: config, environment, secretsprovider, encryptedkey, '
            "encryptionsalt",
        ),
    ],
)
def test_a_stack_file_that_is_none(folder: Path, text: str, words: str) -> None:
    with pytest.raises(StackConfigError, match=f"^{re.escape(words)}$"):
        config(folder, text)


def test_a_stack_that_is_not_there(folder: Path) -> None:
    for name in ("prod", "dev"):
        (folder / f"Pulumi.{name}.yaml").write_text("")
    words = f"there is no Pulumi.x.yaml in {folder}: write one of the stacks dev, prod"
    with pytest.raises(StackConfigError, match=f"^{re.escape(words)}$"):
        read_stack_config("x", directory=folder)
    assert stacks(folder) == ["dev", "prod"]


def test_a_stack_that_is_not_there_in_the_projects_own_folder() -> None:
    with pytest.raises(StackConfigError, match=r"^there is no Pulumi\.x-y\.yaml: write one of"):
        read_stack_config("x-y", directory=PROJECT)


@pytest.mark.parametrize("name", ["5", ""])
def test_a_project_without_a_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"name: {name}\n")
    words = "Pulumi.yaml has no name: write name: <the project's name>"
    with pytest.raises(StackConfigError, match=f"^{words}$"):
        config(tmp_path, "")


def test_a_project_file_that_cannot_be_read(tmp_path: Path) -> None:
    words = r"^Pulumi\.yaml cannot be read: No such file or directory$"
    with pytest.raises(StackConfigError, match=words):
        config(tmp_path, "")


@pytest.mark.parametrize(
    ("own", "sections"),
    [
        # What stands beside the stacks comes before what the program declares.
        ("main: program\nconfig: {a: {}}", ("a",)),
        ("main: program\nconfig:", ()),
        ("main: program", ("b", "c")),
        ("config:", ()),
        ("runtime: python", ()),
    ],
)
def test_the_sections_that_a_project_declares(
    tmp_path: Path, own: str, sections: tuple[str, ...]
) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"name: shop\n{own}\n")
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "Pulumi.yaml").write_text("name: x\nconfig: {b: {}, c: {}}\n")
    assert config(tmp_path, "").sections == sections


def test_the_folder_of_the_stacks(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv(STACKS_VARIABLE, str(folder))
    assert stacks_folder() == folder
    (folder / "Pulumi.dev.yaml").write_text("")
    assert stacks() == ["dev"]
    assert read_stack_config("dev").project == "shop"
    for nothing in ("", None):
        if nothing is None:
            monkeypatch.delenv(STACKS_VARIABLE)
        else:
            monkeypatch.setenv(STACKS_VARIABLE, nothing)
        assert stacks_folder() == PROJECT
