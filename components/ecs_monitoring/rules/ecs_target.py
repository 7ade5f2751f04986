"""ECS services: the target."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from ecs_monitoring.catalog.metrics.ecs import MOST_TASKS
from ecs_monitoring.rules.identifiers import EcsCluster, EcsService
from ecs_monitoring.rules.off_hours import OffHours, OffHoursField
from ecs_monitoring.rules.target import Target


class EcsTarget(Target):
    """An ECS service."""

    cluster: Annotated[EcsCluster, Field(examples=["django-ecs-cluster"])]
    """Name of the ECS cluster, or its ARN."""

    service: Annotated[EcsService, Field(examples=["django-app-service"])]
    """Name of the ECS service, or its ARN."""

    container_insights: Annotated[bool, Field(examples=[True])] = False
    """Whether Container Insights is on for the cluster: it alone publishes task counts.

    Without it, tasks are counted by their CPU samples.
    """

    min_running_tasks: Annotated[int, Field(ge=0, le=MOST_TASKS, examples=[2])] = 1
    """Tasks below which the service is short, whatever its desired count says; 0 for none.

    Write 0 for an environment that is scaled to nothing at hours that nobody knows beforehand;
    where they are known, ``off_hours``.
    """

    minimum_healthy_percent: Annotated[int, Field(ge=0, le=100, examples=[100, 50])] = 100
    """How many percent of the desired tasks a deployment leaves running (the deployment
    configuration's ``minimumHealthyPercent``): fewer tasks are no outage while they are replaced.

    ``min_running_tasks`` must be no more than that leaves.
    """

    off_hours: OffHoursField = None
    """When the service is scaled to nothing each week, such as over night: no task is missing
    then. Load balancers, databases and outside checks have the same field.
    """

    def rests(self) -> OffHours | None:
        """Its off hours."""
        return self.off_hours

    def where(self, part: str = "") -> str:
        """The service and its cluster."""
        return f"ECS service {self.service} (cluster {self.cluster})"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """The service's dimensions, the same in both namespaces."""
        return {"ServiceName": self.service, "ClusterName": self.cluster}

    @property
    def may_deploy_with_fewer(self) -> bool:
        """Whether a deployment may stop tasks before it starts others, and it can be seen."""
        return self.container_insights and self.minimum_healthy_percent < 100

    @property
    def least_tasks(self) -> str:
        """What the number of tasks must not fall below, in words."""
        floor = self.min_running_tasks
        if not self.container_insights:
            return f"fewer than {floor} tasks (min_running_tasks)"
        if self.may_deploy_with_fewer:
            share = f"fewer than {self.minimum_healthy_percent} % of the desired tasks"
            return share + (f", or fewer than {floor} (min_running_tasks)" if floor else "")
        below = f", or fewer than {floor} (min_running_tasks)" if floor else ""
        return f"fewer tasks than desired{below}"
