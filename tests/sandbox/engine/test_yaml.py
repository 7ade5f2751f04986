"""The example in Pulumi YAML, under the real engine."""

import os
import shutil
from pathlib import Path
from typing import Any, Final

import pulumi.automation as auto
import pytest

from sandbox.engine import PulumiEngine
from stack.config import PROJECT
from tests.sandbox.engine.test_plugin import REGION, plugin

__all__ = ["plugin"]

EXAMPLE: Final = PROJECT / "examples" / "components" / "yaml"


@pytest.fixture
def stack(
    deployer: Any,
    engine: PulumiEngine,
    plugin: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> auto.Stack:
    """The example's stack ``prod``, with the embedded AWS for an account."""
    if not shutil.which("pulumi-language-yaml"):
        pytest.skip("there is no pulumi-language-yaml on the PATH; a full Pulumi CLI has it")
    monkeypatch.setenv("PATH", f"{plugin.parent}{os.pathsep}{os.environ['PATH']}")
    shutil.copy(EXAMPLE / "Pulumi.yaml", tmp_path)
    workspace = auto.LocalWorkspace(
        work_dir=str(tmp_path),
        pulumi_home=str(tmp_path / "home"),
        env_vars=deployer.environment,
        pulumi_command=engine.command,
    )
    made = auto.Stack.create("prod", workspace)
    made.set_config("aws:region", auto.ConfigValue(REGION))
    return made


def test_the_yaml_example_is_deployed(stack: auto.Stack, emulator: Any) -> None:
    outputs = stack.up().outputs
    cloudwatch = emulator.client("cloudwatch", REGION)
    found = {a["AlarmName"]: a for a in cloudwatch.describe_alarms()["MetricAlarms"]}
    assert set(found) == {
        f"shop-prod-ecs-web-{rule}" for rule in ("cpu-high", "memory-high", "tasks-low")
    }
    cpu = found["shop-prod-ecs-web-cpu-high"]
    assert (cpu["Threshold"], cpu["EvaluationPeriods"]) == (85, 3)
    assert outputs["alarms"].value["ecs.cpu-high@web"] == cpu["AlarmArn"]
    assert outputs["dashboardUrl"].value.endswith("/Django-App-Overview-shop-prod")
    assert stack.preview(expect_no_changes=True).change_summary == {auto.OpType.SAME: 15}
    stack.destroy()
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
