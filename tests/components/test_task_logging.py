"""A task definition's logConfiguration, with plain values and with Outputs."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.task_logging import LogMode, task_log_configuration
from tests.components.registered import LOG_GROUP, only
from tests.components.small import RunComponents

TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"

# Monitoring guide, log monitoring: the driver and these three options.
GUIDE: Final = {
    "awslogs-group": "/ecs/django-app",
    "awslogs-region": "ap-northeast-1",
    "awslogs-stream-prefix": "ecs",
}


def options(**changes: Any) -> Mapping[str, Any]:
    configuration = task_log_configuration("/ecs/django-app", "ap-northeast-1", **changes)
    assert set(configuration) == {"logDriver", "options"}
    assert configuration["logDriver"] == "awslogs"
    found: Mapping[str, Any] = configuration["options"]
    return found


def test_the_guides_options_and_an_explicit_mode() -> None:
    assert options() == {**GUIDE, "mode": "non-blocking", "max-buffer-size": "25m"}


def test_the_documentation_shows_the_same() -> None:
    documented = Path("docs/django-logs.md").read_text()
    shown = re.search(r"```json\n(\"logConfiguration\": .*?)```", documented, re.DOTALL)
    assert shown is not None
    configuration = task_log_configuration("/ecs/django-app", "ap-northeast-1")
    assert json.loads(f"{{{shown[1]}}}") == {"logConfiguration": configuration}


def test_another_prefix_and_buffer() -> None:
    found = options(stream_prefix="web", max_buffer_size="4m")
    assert (found["awslogs-stream-prefix"], found["max-buffer-size"]) == ("web", "4m")


def test_blocking_mode_has_no_buffer() -> None:
    assert options(mode=LogMode.BLOCKING) == {**GUIDE, "mode": "blocking"}


def test_every_value_is_text_as_ecs_wants_it() -> None:
    assert all(type(value) is str for value in options().values())


@pytest.mark.parametrize("size", ["", "25", "25M", "25 m", "0m", "-1m", "2.5m", "25mb"])
def test_a_buffer_size_that_ecs_would_refuse(size: str) -> None:
    with pytest.raises(InvalidArgsError, match=r"max_buffer_size is '.*': write .* such as 25m"):
        options(max_buffer_size=size)


def test_a_mode_that_ecs_would_refuse() -> None:
    with pytest.raises(InvalidArgsError, match="mode is 'async': write one of non-blocking, bl"):
        options(mode="async")


def test_the_program_that_is_shown(run_components: RunComponents) -> None:
    documented = Path("docs/django-logs.md").read_text()
    shown = re.search(r"```python\n(web = .*?)```", documented, re.DOTALL)
    assert shown is not None
    text = shown[1].replace(", ...\n", "\n")

    def program() -> None:
        group = aws.cloudwatch.LogGroup("app", name="/ecs/django-app")
        exec(text, {"watch": watch, "aws": aws, "pulumi": pulumi, "group": group, "image": "shop"})

    definition = only(run_components(program).of_type(TASK_DEFINITION))
    (container,) = json.loads(definition.inputs["containerDefinitions"])
    assert container["logConfiguration"]["options"]["awslogs-group"] == "/ecs/django-app"


def test_a_task_definition_with_outputs(run_components: RunComponents) -> None:
    def program() -> None:
        group = aws.cloudwatch.LogGroup("app", name="/ecs/django-app")
        region = pulumi.Output.from_input("ap-northeast-1")
        web = {"name": "web", "logConfiguration": task_log_configuration(group.name, region)}
        aws.ecs.TaskDefinition(
            "web", family="web", container_definitions=pulumi.Output.json_dumps([web])
        )

    run = run_components(program)
    assert only(run.of_type(LOG_GROUP)).inputs["name"] == "/ecs/django-app"
    (web,) = json.loads(only(run.of_type(TASK_DEFINITION)).inputs["containerDefinitions"])
    assert web["logConfiguration"]["options"] == options()
