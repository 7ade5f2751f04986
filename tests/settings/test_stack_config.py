"""The stack's files and ``--set`` become the config that Pulumi would hand to the program."""

import json
from pathlib import Path
from typing import Any

import pytest

from stack.config import StackConfig, StackConfigError, read_stack_config, stacks
from stack.program import run_program
from tests.components.registered import by_key

PROJECT_FILE = """
name: shop-monitoring
runtime: python
config:
  ecs: {type: object, default: {}}
  runbooks: {type: string, default: docs/runbooks.md}
  tags: {type: object}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT_FILE, encoding="utf-8")
    return tmp_path


def write(directory: Path, text: str, stack: str = "dev") -> StackConfig:
    (directory / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")
    return read_stack_config(stack, directory=directory)


def section(config: StackConfig, name: str) -> Any:
    return json.loads(config.values[f"{config.project}:{name}"])


def changed(*changes: str) -> dict[str, Any]:
    """The sections of the production stack that the changes made differ."""
    usual = read_stack_config("prod").values
    new = read_stack_config("prod", settings=changes).values
    return {
        key.partition(":")[2]: json.loads(value)
        for key, value in new.items()
        if value != usual.get(key)
    }


def test_defaults_of_the_project_hold_where_the_stack_says_nothing(shop: Path) -> None:
    config = write(shop, "config: {'aws:region': eu-west-1}")
    assert config.values == {
        "shop-monitoring:ecs": "{}",
        "shop-monitoring:runbooks": "docs/runbooks.md",
        "aws:region": "eu-west-1",
    }
    assert (config.project, config.stack, config.region) == ("shop-monitoring", "dev", "eu-west-1")
    assert config.secret_keys == frozenset()


@pytest.mark.parametrize("text", ["", "config:", "encryptionsalt: v1:abc"])
def test_a_stack_file_may_say_nothing(shop: Path, text: str) -> None:
    assert section(write(shop, text), "ecs") == {}


def test_a_stack_s_value_replaces_the_default(shop: Path) -> None:
    config = write(shop, "config:\n  shop-monitoring:ecs: {web: {a: 1}}\n  runbooks: page.md\n")
    assert section(config, "ecs") == {"web": {"a": 1}}
    assert config.values["shop-monitoring:runbooks"] == "page.md"


def test_values_keep_their_types(shop: Path) -> None:
    config = write(shop, "config: {'shop-monitoring:ecs': {a: 1, b: 2.5, c: true, d: '1', e: [x]}}")
    assert section(config, "ecs") == {"a": 1, "b": 2.5, "c": True, "d": "1", "e": ["x"]}


# Pulumi's own reader is Go's: https://github.com/go-yaml/yaml#compatibility
@pytest.mark.parametrize(
    ("text", "value"), [("1e9", 1e9), ("1E+3", 1000), ("12:30", "12:30"), ("'1e9'", "1e9")]
)
def test_numbers_are_what_pulumi_takes_for_numbers(shop: Path, text: str, value: object) -> None:
    found = section(write(shop, f"config: {{'shop-monitoring:ecs': {{a: {text}}}}}"), "ecs")["a"]
    assert found == value
    assert isinstance(found, str) == isinstance(value, str)


def test_a_date_is_a_text(shop: Path) -> None:
    config = write(shop, "config: {'shop-monitoring:tags': {Since: 2026-11-24}}")
    assert section(config, "tags")["Since"].startswith("2026-11-24")


def test_a_key_without_a_value_is_an_empty_text(shop: Path) -> None:
    assert write(shop, "config:\n  runbooks:\n").values["shop-monitoring:runbooks"] == ""


def test_secrets_become_placeholders_and_their_keys_secret(shop: Path) -> None:
    config = write(
        shop,
        "config:\n"
        "  shop-monitoring:ecs: {web: {hook: {secure: v1:a}, name: w}, all: [{secure: v1:b}]}\n"
        "  shop-monitoring:runbooks: {secure: v1:page}\n"
        "  shop-monitoring:tags: {secure: a tag of that name, other: b}\n",
    )
    assert config.secret_keys == {"shop-monitoring:ecs", "shop-monitoring:runbooks"}
    hook = section(config, "ecs")["web"]["hook"]
    assert hook.startswith("https://")
    assert section(config, "ecs") == {"web": {"hook": hook, "name": "w"}, "all": [hook]}
    assert config.values["shop-monitoring:runbooks"] == hook
    assert section(config, "tags") == {"secure": "a tag of that name", "other": "b"}
    assert "v1:" not in json.dumps(dict(config.values))


def test_stacks_are_those_with_a_file(shop: Path) -> None:
    for stack in ("prod", "dev-2", "a_b"):
        write(shop, "", stack)
    assert stacks(shop) == ["a_b", "dev-2", "prod"]


def test_an_unknown_stack_is_answered_with_those_there_are(shop: Path) -> None:
    with pytest.raises(StackConfigError, match=r"no Pulumi\.prd\.yaml.*stacks none"):
        read_stack_config("prd", directory=shop)
    write(shop, "", "prod")
    with pytest.raises(StackConfigError, match=r"no Pulumi\.prd\.yaml.*stacks prod"):
        read_stack_config("prd", directory=shop)


def test_broken_yaml_is_named_with_its_file_and_place(shop: Path) -> None:
    with pytest.raises(StackConfigError, match=r"(?s)Pulumi\.dev\.yaml is no YAML.*line 2"):
        write(shop, "config:\n  a: b: c\n")


# What YAML is to Pulumi, whose reader is Go's, where PyYAML is content with less:
# https://pkg.go.dev/gopkg.in/yaml.v3 and https://yaml.org/spec/1.2.2/#3213-node-comparison
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("config:\n  ecs: {}\n  ecs: {web: {}}\n", "ecs stands in line 2 already: write it once"),
        ("config:\n  a: {b: 1, b: 2}\n", "b stands in line 2 already"),
        ("confg:\n  ecs: {}\n", 'unknown key "confg".*did you mean "config"'),
        ("ecs: {web: {}}\n", 'unknown key "ecs".*write one of: config'),
        ("config: [ecs]\n", "config is no mapping: write keys"),
        ("config: text\n", "config is no mapping: write keys"),
        ("- config\n", "is no mapping: write keys"),
        ("text", "is no mapping: write keys"),
        ("config: {ecs: !Ref web}\n", "!Ref"),
        ("config: {ecs: !!timestamp web}\n", "timestamp"),
        ("config: {ecs: !!int five}\n", "leave the tag out"),
        ("config: {ecs: !!bool five}\n", "leave the tag out"),
        ("config: {ecs: &a {web: *a}}\n", "holds itself: write it out"),
        ("config: {ecs: &a [*a]}\n", "holds itself: write it out"),
        ("config: {ecs: {1: a}}\n", "1 is no text, as a key must be: write '1'"),
        ("config: {ecs: {true: a}}\n", "true is no text, as a key must be: write 'true'"),
        ("config: {ecs: {[a]: b}}\n", "no text, as a key must be"),
        (f"config: {'[' * 1000}", "nested too deeply"),
    ],
)
def test_what_pulumi_does_not_read_is_refused_with_what_to_write(
    shop: Path, text: str, words: str
) -> None:
    with pytest.raises(StackConfigError, match=rf"(?s)Pulumi\.dev\.yaml.*{words}"):
        write(shop, text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp932"])
def test_a_stack_file_in_another_encoding_is_refused(shop: Path, encoding: str) -> None:
    text = "config: {tags: {Team: 決済}}\n"
    (shop / "Pulumi.dev.yaml").write_bytes(text.encode(encoding))
    with pytest.raises(StackConfigError, match=r"Pulumi\.dev\.yaml.*save it as UTF-8"):
        read_stack_config("dev", directory=shop)


@pytest.mark.parametrize(
    ("character", "code"), [("\0", "0000"), ("\x07", "0007"), ("\x1b", "001B")]
)
def test_a_control_character_in_a_stack_file_is_refused_with_its_place(
    shop: Path, character: str, code: str
) -> None:
    text = f"config:\n  ecs:\n    web: {{cluster: de{character}mo}}\n"
    with pytest.raises(StackConfigError, match=rf"line 3, column 22: .* U\+{code} .*: remove it"):
        write(shop, text)


def test_a_byte_order_mark_is_no_part_of_the_first_key(shop: Path) -> None:
    (shop / "Pulumi.dev.yaml").write_bytes(b"\xef\xbb\xbfconfig: {runbooks: page.md}\n")
    config = read_stack_config("dev", directory=shop)
    assert config.values["shop-monitoring:runbooks"] == "page.md"


def test_anchors_and_merges_are_written_out(shop: Path) -> None:
    config = write(
        shop, "config:\n  ecs:\n    a: &a {x: 1, y: 2}\n    b: {<<: *a, y: 3}\n    c: *a\n"
    )
    assert section(config, "ecs") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 2},
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("ecs.web.service=x", ("ecs", ["web", "service"], "x")),
        ("ecs.web.min_running_tasks=3", ("ecs", ["web", "min_running_tasks"], 3)),
        ("ecs.web.container_insights=false", ("ecs", ["web", "container_insights"], False)),
        ("ecs.web.service='3'", ("ecs", ["web", "service"], "3")),
        ("ecs.web.service=a=b", ("ecs", ["web", "service"], "a=b")),
        ("django-ecs-monitoring:ecs.web.service=x", ("ecs", ["web", "service"], "x")),
        ("alarms.ecs.cpu-high.threshold=85", ("alarms", ["ecs.cpu-high", "threshold"], 85)),
        (
            'alarms["ecs.cpu-high@web"].threshold=85',
            ("alarms", ["ecs.cpu-high@web", "threshold"], 85),
        ),
        ("alarms.ecs.cpu-high@web.threshold=85", ("alarms", ["ecs.cpu-high@web", "threshold"], 85)),
        ("alarms.ecs.cpu-high={threshold: 85}", ("alarms", ["ecs.cpu-high", "threshold"], 85)),
        ("tags={A: b}", ("tags", ["A"], "b")),
        ("alerts.emails.warning=[a@b.jp, c@d.jp]", ("alerts", ["emails", "warning", 1], "c@d.jp")),
        ("alerts.emails.critical[0]=a@b.jp", ("alerts", ["emails", "critical", 0], "a@b.jp")),
        ("alerts.queues.critical=[]", ("alerts", ["queues", "critical"], [])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_change_is_made_at_its_path(change: str, expected: tuple[str, list[Any], Any]) -> None:
    name, keys, value = expected
    found = changed(change)
    assert list(found) == [name], "one section changes, and no other"
    place = found[name]
    for key in keys:
        place = place[key]
    assert place == value
    assert isinstance(place, bool) == isinstance(value, bool)


def test_a_change_leaves_what_is_beside_it() -> None:
    web = changed("ecs.web.service=x")["ecs"]["web"]
    assert web == {
        "cluster": "django-ecs-cluster",
        "service": "x",
        "container_insights": True,
        "min_running_tasks": 2,
    }


def test_a_whole_section_is_replaced_in_flow_style() -> None:
    assert changed("logs={api: {group: /ecs/api, format: json}}") == {
        "logs": {"api": {"group": "/ecs/api", "format": "json"}}
    }


def test_changes_are_made_in_order() -> None:
    changes = ("tags={A: a}", "tags.B=b", "tags.A=c")
    assert changed(*changes) == {"tags": {"A": "c", "B": "b"}}


def test_a_change_of_a_stack_with_secrets_keeps_them_secret(shop: Path) -> None:
    write(shop, "config: {'shop-monitoring:ecs': {web: {hook: {secure: v1:x}}}}")
    config = read_stack_config("dev", settings=["ecs.web.name=w"], directory=shop)
    assert config.secret_keys == {"shop-monitoring:ecs"}
    assert section(config, "ecs")["web"]["name"] == "w"


@pytest.mark.slow
def test_a_change_reaches_the_program() -> None:
    config = read_stack_config("prod", settings=["alarms.ecs.cpu-high@web.threshold=85"])
    assert by_key(run_program(config))["ecs.cpu-high"].inputs["threshold"] == 85


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("ecs.web.service", r"write path=value, such as ecs\.web\.service=api"),
        ("=x", r"write path=value, such as ecs\.web\.service=api"),
        ("ecs={web: [", r"'\{web: \[' is no YAML value"),
        ("ecs.web.service='x", r"is no YAML value"),
    ],
)
def test_a_change_without_a_place_or_a_value_is_refused(change: str, message: str) -> None:
    with pytest.raises(StackConfigError, match=message):
        read_stack_config("prod", settings=[change])
