"""Settings that leave all of a stack's monitoring out but that of its ECS service."""

from typing import Final

from stack.config import StackConfig, read_stack_config

ECS_ONLY: Final = (
    *("alb={}", "rds={}", "logs={}", "app={}"),
    *("events={enabled: false}", "alerts.mutes={}", "alerts.paging=alarm"),
)


def small(*changes: str, stack: str = "prod") -> StackConfig:
    """A shipped stack's settings with ECS monitoring alone, and some more changes."""
    return read_stack_config(stack, settings=[*ECS_ONLY, *changes])
