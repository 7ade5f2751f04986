"""A task definition's logConfiguration, for the log group that LogMonitoring watches."""

import re
from enum import StrEnum
from typing import Any, Final

import pulumi

from ecs_monitoring.args import InvalidArgsError


class LogMode(StrEnum):
    """What a container does while its log cannot be delivered."""

    NON_BLOCKING = "non-blocking"
    """It goes on; lines beyond the buffer are lost."""

    BLOCKING = "blocking"
    """It waits at the next line, and may stop answering; nothing is lost."""


# Docker's notation, as in AWS's example values.
_SIZE: Final = re.compile(r"[1-9][0-9]*[kmg]")


def task_log_configuration(
    group: pulumi.Input[str],
    region: pulumi.Input[str],
    stream_prefix: pulumi.Input[str] = "ecs",
    *,
    mode: LogMode = LogMode.NON_BLOCKING,
    max_buffer_size: str = "25m",
) -> dict[str, Any]:
    """The ``logConfiguration`` of a container definition, with the awslogs driver.

    The mode is always written out: where it is not, the account setting
    ``defaultLogDriverMode`` decides, and AWS changed its default in June 2025. Container
    definitions that hold Outputs are put together with ``pulumi.Output.json_dumps``.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html

    Args:
        group: the log group's name; it must exist.
        region: the log group's region.
        stream_prefix: what the names of the log streams begin with; the container's name and
            the task's id follow.
        mode: what the container does while its log cannot be delivered.
        max_buffer_size: of the buffer that non-blocking mode has, such as ``25m`` (AWS's own
            default is ``10m``). 25 MB hold four minutes of a container that writes 100 kB a
            second.

    Raises:
        InvalidArgsError: a mode or a buffer size that ECS would refuse.
    """
    place = "task_log_configuration"
    if mode not in list(LogMode):
        raise InvalidArgsError(f"{place}: mode is {mode!r}: write one of {', '.join(LogMode)}")
    if not _SIZE.fullmatch(max_buffer_size):
        raise InvalidArgsError(
            f"{place}: max_buffer_size is {max_buffer_size!r}: write a number and k, m or g, "
            "such as 25m"
        )
    options: dict[str, pulumi.Input[str]] = {
        "awslogs-group": group,
        "awslogs-region": region,
        "awslogs-stream-prefix": stream_prefix,
        "mode": str(mode),
    }
    if mode == LogMode.NON_BLOCKING:
        options["max-buffer-size"] = max_buffer_size
    return {"logDriver": "awslogs", "options": options}
