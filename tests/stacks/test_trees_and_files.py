"""A run as a tree, and a stack's settings written to a file again."""

from dataclasses import replace
from pathlib import Path

import yaml

from stack.config import STAND_IN, StackConfig
from stack.file import secret_places, write_stack_file
from stack.program import Registration
from stack.resource_types import TOPIC
from stack.tree import short_type, tree_lines
from tests.registrations import registered, run_of

COMPONENT = "ecs_monitoring:index:Alerts"


def component(name: str) -> Registration:
    return registered(COMPONENT, name, {}, custom=False)


def below(parent: Registration, made: Registration) -> Registration:
    return replace(made, parent=parent.urn)


def test_types_as_pulumi_writes_them() -> None:
    assert short_type("aws:sns/topic:Topic") == "aws:sns:Topic"
    assert short_type("pulumi:providers:aws") == "pulumi:providers:aws"


def test_components_come_before_resources_then_by_type_and_name() -> None:
    alerts, inner = component("alerts"), component("inner")
    topics = [registered(TOPIC, name, {}) for name in ("warning", "critical")]
    queue = registered("aws:sqs/queue:Queue", "a", {})
    outside = replace(registered(TOPIC, "first", {}), parent="urn of the stack itself")
    run = run_of(
        below(alerts, queue),
        *(below(alerts, topic) for topic in topics),
        outside,
        below(inner, registered(TOPIC, "deep", {})),
        below(alerts, inner),
        alerts,
    )
    assert list(tree_lines(run, "shop-prod")) == [
        ("pulumi:pulumi:Stack", "shop-prod"),
        ("├─ ecs_monitoring:index:Alerts", "alerts"),
        ("│  ├─ ecs_monitoring:index:Alerts", "inner"),
        ("│  │  └─ aws:sns:Topic", "deep"),
        ("│  ├─ aws:sns:Topic", "critical"),
        ("│  ├─ aws:sns:Topic", "warning"),
        ("│  └─ aws:sqs:Queue", "a"),
        ("└─ aws:sns:Topic", "first"),
    ]


def test_what_is_under_the_last_one_hangs_on_nothing() -> None:
    alerts = component("alerts")
    run = run_of(alerts, below(alerts, registered(TOPIC, "only", {})))
    assert list(tree_lines(run, "s"))[1:] == [
        ("└─ ecs_monitoring:index:Alerts", "alerts"),
        ("   └─ aws:sns:Topic", "only"),
    ]


CONFIG = StackConfig(
    project="shop",
    stack="prod",
    values={
        "aws:region": "eu-west-1",
        "shop:ecs": '{"web": {"cluster": "main", "min_running_tasks": 2}}',
        "shop:tags": "[1, 2]",
        # A number, and what only looks like JSON, are texts.
        "shop:account": "123456789012",
        "shop:note": "{not JSON",
    },
    secret_keys=frozenset(),
    region="eu-west-1",
)
WRITTEN = {
    "aws:region": "eu-west-1",
    "shop:ecs": {"web": {"cluster": "main", "min_running_tasks": 2}},
    "shop:tags": [1, 2],
    "shop:account": "123456789012",
    "shop:note": "{not JSON",
}


def test_settings_are_written_and_what_is_the_backends_stays(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    write_stack_file(path, CONFIG)
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == {"config": WRITTEN}
    path.write_text("encryptionsalt: v1:äbc\nconfig: {old: value}\n", encoding="utf-8")
    write_stack_file(path, CONFIG)
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == {
        "encryptionsalt": "v1:äbc",
        "config": WRITTEN,
    }
    path.write_text("", encoding="utf-8")
    write_stack_file(path, CONFIG)
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == {"config": WRITTEN}


def test_the_places_of_secrets() -> None:
    hooks = f'{{"critical": {{"pager": "{STAND_IN}", "name": "x"}}, "all": ["y", "{STAND_IN}"]}}'
    config = replace(
        CONFIG,
        values={"shop:webhooks": hooks, "shop:key": STAND_IN, "shop:other": STAND_IN},
        # What is no secret is no place of one, whatever it says.
        secret_keys=frozenset({"shop:webhooks", "shop:key"}),
    )
    assert list(secret_places(config)) == [
        "shop:key",
        'shop:webhooks["critical"]["pager"]',
        'shop:webhooks["all"][1]',
    ]
