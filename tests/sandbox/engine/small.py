"""Settings that leave most of a stack out: what a test does not ask about only takes time."""

from typing import Final

from stack.config import StackConfig, read_stack_config

ECS_AND_LOGS: Final = ("alb={}", "rds={}", "app={}", "events={enabled: false}", "alerts.mutes={}")
"""Something of every sort: alarms, incidents, filters, topics, queues, a key, roles, a schedule."""

ECS_ONLY: Final = (*ECS_AND_LOGS, "logs={}", "alerts.paging=alarm")


def small(*changes: str, stack: str = "prod") -> StackConfig:
    """A shipped stack's settings with ECS monitoring alone, and some more changes."""
    return read_stack_config(stack, settings=[*ECS_ONLY, *changes])
