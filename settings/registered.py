"""What settings see of the components that the program has registered."""

from collections.abc import Mapping
from typing import Any, Protocol

from ecs_monitoring.cloudwatch.metric import Metric


class RegisteredMonitoring(Protocol):
    """What of a monitoring component decides what else is registered."""

    graphs: Any
    incidents: Any

    @property
    def alarm_arns(self) -> Mapping[str, Any]:
        """Alarm address to its ARN, each an Output of its own."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What its alarms read."""

    @property
    def region(self) -> str | None:
        """The Region of its alarms; ``None`` for the stack's own."""
