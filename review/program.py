"""The alarms of a stack as its program would deploy them, with some overrides tried."""

from collections.abc import Sequence

from account.alarms import LiveAlarm
from account.verify.planned import planned_alarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from stack.config import StackConfig, StackConfigError, read_stack_config
from stack.definitions import ALARM
from stack.incidents import COMPOSITE
from stack.program import run_program


def program_alarms(config: StackConfig) -> list[LiveAlarm]:
    """The metric and composite alarms that the program registers for a stack.

    Raises:
        pulumi.RunError: the settings are wrong.
    """
    run = run_program(config)
    alarms = (*run.of_type(ALARM), *run.of_type(COMPOSITE))
    return [planned_alarm(made, made.inputs.get("region", "")) for made in alarms]


def candidate_alarms(stack: str, changes: Sequence[str]) -> dict[AlarmAddress, LiveAlarm]:
    """The metric alarms of a stack with some overrides tried, by address.

    Args:
        stack: the stack's name.
        changes: overrides by alarm key or address, each such as ``ecs.cpu-high.threshold=85`` or
            ``ecs.cpu-high@web.threshold=85``.

    Raises:
        StackConfigError: no such stack, or a change that names no override.
        pulumi.RunError: the settings would be wrong.
    """
    for change in changes:
        path, equals, _ = change.partition("=")
        if not equals or path.count(".") < 2:
            raise StackConfigError(
                f"--set {change}: write an alarm's key, a field and its value, such as "
                "ecs.cpu-high.threshold=85"
            )
    settings = [
        change if change.startswith("alarms.") else f"alarms.{change}" for change in changes
    ]
    alarms = program_alarms(read_stack_config(stack, settings=settings))
    return {alarm.address: alarm for alarm in alarms if not alarm.is_composite}
