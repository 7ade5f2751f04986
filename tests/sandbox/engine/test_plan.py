"""A saved plan: a deployment does what its preview has shown, or nothing."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.outcome import DeploymentError
from tests.sandbox.engine.small import small

CPU = "alarms.ecs.cpu-high.threshold"
NAME = "django-ecs-monitoring-prod-ecs-web-cpu-high"


def threshold(emulator: Any) -> float:
    """The processor alarm's threshold as the account has it."""
    found = emulator.client("cloudwatch", "ap-northeast-1").describe_alarms(AlarmNames=[NAME])
    (alarm,) = found["MetricAlarms"]
    return float(alarm["Threshold"])


def test_what_was_planned_is_deployed(deployer: Any, emulator: Any, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    stack = deployer.stack(small())
    stack.preview(plan=plan)
    first = stack.up(plan=plan)
    assert first.errors == ()
    assert threshold(emulator) == 80
    stack.configure(small(f"{CPU}=85"))
    stack.preview(plan=plan)
    stack.up(plan=plan)
    assert threshold(emulator) == 85


def test_what_was_not_planned_is_refused_before_anything_is_done(
    deployer: Any, emulator: Any, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    stack = deployer.stack(small())
    stack.up()
    stack.configure(small(f"{CPU}=85"))
    stack.preview(plan=plan)
    stack.configure(small(f"{CPU}=90"))
    with pytest.raises(DeploymentError, match="violates plan"):
        stack.up(plan=plan)
    assert threshold(emulator) == 80


def test_a_plan_shows_no_secret(deployer: Any, emulator: Any, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    stack = deployer.stack(small())
    stack.set_secret(
        "django-ecs-monitoring:alerts.webhooks.critical.pager", "https://example.com/s3cr3t-t0ken"
    )
    stack.preview(plan=plan)
    assert "s3cr3t-t0ken" not in plan.read_text(encoding="utf-8")
    stack.up(plan=plan)
