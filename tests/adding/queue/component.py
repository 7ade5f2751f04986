"""Queues, as a component."""

from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import as_args
from ecs_monitoring.monitoring import Monitoring
from ecs_monitoring.routing import MonitoringArgs
from ecs_monitoring.rules import QUEUE


@dataclass(frozen=True, kw_only=True)
class QueueTargetArgs:
    """A queue.

    Attributes:
        queue: its name.
    """

    queue: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class QueueMonitoringArgs(MonitoringArgs):
    """What a QueueMonitoring watches and whom it tells.

    Attributes:
        targets: name to queue.
    """

    targets: dict[str, QueueTargetArgs]


class QueueMonitoring(Monitoring, kind=QUEUE):
    """Queues that grow."""

    def __init__(
        self,
        name: str,
        args: QueueMonitoringArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register one alarm for each rule of each queue."""
        checked = as_args(QueueMonitoringArgs, args, f"QueueMonitoring {name!r}")
        super().__init__(name, checked, opts)
        self.finish()
