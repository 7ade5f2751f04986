"""Queues: a made-up kind with one rule and one graph."""

from collections.abc import Mapping
from typing import Annotated, Final

from ecs_monitoring.catalog.metrics.queue import QUEUE_LENGTH
from pydantic import Field

from ecs_monitoring.cloudwatch.graph import DashboardPart, Section
from ecs_monitoring.cloudwatch.rule import AlarmRule, MissingData, Severity
from ecs_monitoring.rules.condition import above
from ecs_monitoring.rules.drawing import metric_graphs
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import Rule, Scope
from ecs_monitoring.rules.target import DimensionValue, Target


class QueueTarget(Target):
    """A queue."""

    queue: Annotated[DimensionValue, Field(examples=["celery"])]
    """The queue's name."""

    def where(self, part: str = "") -> str:
        """The queue."""
        return f"queue {self.queue}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """The queue's one dimension."""
        return {"QueueName": self.queue}


BACKLOG: Final = Rule[QueueTarget](
    "queue.backlog",
    Severity.WARNING,
    "Queue grows",
    on=QUEUE_LENGTH.maximum,
    when=above(1000),
    held="5 of 5 x 60 s",
    missing=MissingData.NOT_BREACHING,
    drawn_on="Queue Length",
    means="more arrives in {where} than is taken from it; look first at its workers.",
    source="made up",
)


def queue_dashboard(
    scope: Scope, targets: Mapping[str, QueueTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """The length of the queues."""
    drawn = metric_graphs("Queue Length", targets, {QUEUE_LENGTH.maximum: ""}, rules)
    return DashboardPart(sections=(Section(title="Queues", widgets=drawn),))


QUEUE: Final = Kind(
    key="queue",
    title="Queues",
    describes="Queues.",
    target=QueueTarget,
    rows=(BACKLOG,),
    dashboard=queue_dashboard,
)
