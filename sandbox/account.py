"""What a stack expects to find in its account: made by others there, made beforehand here."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.emulator import Emulator
from stack.config import StackConfig


def prepare_account(emulator: Emulator, config: StackConfig) -> None:
    """Have in the account what the stack's settings name but do not make.

    That is the log groups without a retention of their own, and the SQS queues that are notified of
    alarms. Topics are no more than addresses to the emulator, and a target group has an ARN that
    cannot be chosen.
    """
    for group in expected_log_groups(config):
        emulator.ensure_log_group(group, config.region)
    for arn in expected_queues(config):
        _, _, _, region, _, name = arn.split(":", 5)
        emulator.client("sqs", region).create_queue(QueueName=name)


def expected_log_groups(config: StackConfig) -> list[str]:
    """The log groups that somebody else makes."""
    return [
        str(target["group"])
        for target in _section(config, "logs").values()
        if isinstance(target, Mapping) and target.get("group") and not target.get("retention_days")
    ]


def expected_queues(config: StackConfig) -> list[str]:
    """ARNs of the queues that somebody else makes."""
    alerts = _section(config, "alerts")
    routes = alerts.get("routes")
    groups = [alerts, *(routes.values() if isinstance(routes, Mapping) else ())]
    named = [group.get("queues") for group in groups if isinstance(group, Mapping)]
    return list(dict.fromkeys(_texts(named)))


def _section(config: StackConfig, name: str) -> Mapping[str, Any]:
    try:
        section = json.loads(config.values.get(f"{config.project}:{name}", "{}"))
    except ValueError:
        # The settings' own validation says what is wrong with it.
        return {}
    return section if isinstance(section, Mapping) else {}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
