"""The schema of stack files: it takes what the program takes, and finds mistakes while typing."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from stack.config import EXAMPLES, STACK_FILE_KEYS
from tests.settings.strategies import stacks
from tools import schema

NAME = "django-ecs-monitoring"
VALIDATOR = Draft7Validator(schema.stack_schema())
EXAMPLE = yaml.safe_load((EXAMPLES / "Pulumi.prod.yaml").read_text(encoding="utf-8"))


def mistakes(stack: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(stack)]


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    stack: dict[str, Any] = copy.deepcopy(EXAMPLE)
    change(stack)
    return stack


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_the_example_stacks_name_the_schema_and_follow_it(stack: str) -> None:
    path = EXAMPLES / f"Pulumi.{stack}.yaml"
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    named = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
    assert json.loads(named.read_text(encoding="utf-8")) == schema.stack_schema()
    assert mistakes(yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda s: s.update(confg=s.pop("config")), "confg"),
        (lambda s: s["config"].update({f"{NAME}:rdss": {}}), "does not allow"),
        (lambda s: s["config"][f"{NAME}:ecs"]["web"].update(clutser="x"), "clutser"),
        (lambda s: s["config"][f"{NAME}:ecs"]["web"].pop("cluster"), "cluster"),
        (lambda s: s["config"][f"{NAME}:ecs"]["web"].update(min_running_tasks="2"), "integer"),
        (lambda s: s["config"][f"{NAME}:logs"]["app"].update(format="xml"), "xml"),
        (lambda s: s["config"].update({f"{NAME}:alarms": {"ecs.cpu-hihg": {}}}), "cpu-hihg"),
        (
            lambda s: s["config"].update({f"{NAME}:alarms": {"ecs.cpu-high": {"treshold": 1}}}),
            "treshold",
        ),
        (
            lambda s: s["config"].update(
                {f"{NAME}:alerts": {"webhooks": {"critical": {"pager": "https://x.example/1"}}}}
            ),
            "https://x.example/1",
        ),
    ],
)
def test_a_mistake_is_found_while_typing(
    change: Callable[[dict[str, Any]], object], word: str
) -> None:
    assert any(word in message for message in mistakes(changed(change)))


@pytest.mark.parametrize(
    "config",
    [
        {f"{NAME}:alarms": {"ecs.cpu-high": {"threshold": 90}, "ecs.cpu-high@web": {}}},
        {f"{NAME}:alarms": {"logs.paid": {"threshold": 3}, "logs.paid@app": {}}},
        {f"{NAME}:alerts": {"webhooks": {"critical": {"pager": {"secure": "v1:a:b"}}}}},
        # A whole section may be a secret.
        {f"{NAME}:alerts": {"secure": "v1:a:b"}},
        {"aws:defaultTags": {"tags": {"team": "shop"}}, "other:anything": 1},
    ],
)
def test_what_pulumi_writes_is_taken(config: dict[str, Any]) -> None:
    assert mistakes(changed(lambda s: s["config"].update(config))) == []


@pytest.mark.slow
@given(stacks("ap-northeast-1"))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_valid_settings_are_marked(given_settings: dict[str, Any]) -> None:
    # Pulumi shows webhooks as plain values once it has decrypted them.
    given_settings.get("alerts", {}).pop("webhooks", None)
    config = {f"{NAME}:{section}": value for section, value in given_settings.items()}
    assert mistakes({"config": config}) == []


@given(st.text(max_size=8).filter(lambda key: key not in STACK_FILE_KEYS))
def test_no_other_key_stands_at_the_top(key: str) -> None:
    assert mistakes({key: {}})
