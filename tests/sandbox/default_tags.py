"""The settings page's example of the provider's default tags, as a stack of its own."""

import re
from pathlib import Path
from typing import Any

import yaml

from sandbox.outcome import Deployment
from sandbox.readback import differences
from sandbox.readback.account_reader import AccountReader
from stack.config import PROJECT, StackConfig, read_stack_config
from tests.stack_files import copied_stack_files

REGION = "ap-northeast-1"
ALARM = "django-ecs-monitoring-prod-ecs-web-cpu-high"


def documented_settings() -> dict[str, Any]:
    """What docs/settings.md shows."""
    page = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(config:\n  aws:region[^`]*aws:defaultTags:[^`]*)```", page)
    return dict(yaml.safe_load(block)["config"])


def documented_stack(folder: Path, *changes: str) -> StackConfig:
    """The example's prod with what the page shows, and with some more changes."""
    copied_stack_files(folder)
    stack_file = folder / "Pulumi.prod.yaml"
    written = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    written["config"] |= documented_settings()
    stack_file.write_text(yaml.safe_dump(written), encoding="utf-8")
    return read_stack_config("prod", settings=changes, directory=folder)


def alarm_tags(emulator: Any) -> dict[str, str]:
    """The tags of one alarm at AWS."""
    cloudwatch = emulator.client("cloudwatch", REGION)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"]
    tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def not_as_registered(emulator: Any, outcome: Deployment) -> list[str]:
    """What the API returns otherwise than it was registered."""
    return differences(AccountReader(emulator.clients, REGION), outcome.registrations)
