"""What ECS tells of services and their tasks when it happens."""

from typing import Final

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.event_row import Affected, EventRow

_SOURCE: Final = "aws.ecs"
_GUIDE: Final = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"


def _of_service(target: EcsTarget) -> Affected:
    """Events about a service carry its ARN, which names the cluster since 2018.

    A service from before that, or from an account that opted in later, keeps its short ARN:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-arn-timeline
    """
    names = (f"{target.cluster}/{target.service}", target.service)
    return Affected({"resources": tuple({"suffix": f":service/{name}"} for name in names)})


DEPLOYMENT_FAILED: Final = EventRow[EcsTarget](
    key="ecs.deployment-failed",
    severity=Severity.WARNING,
    title="ECS deployment failed",
    source=_SOURCE,
    detail_types=("ECS Deployment State Change",),
    detail={"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
    affected=_of_service,
    about="$.resources[0]",
    words="$.detail.reason",
    means="The new version did not come up or set off an alarm, and ECS gave it up; look first at "
    "why its tasks stopped, and whether the old version is back.",
    only_sent="where the service's deployment circuit breaker, or an alarm of its deployment "
    "configuration, fails the deployment; without either a deployment tries for ever",
    documented=f"{_GUIDE}/ecs_service_deployment_events.html",
)

ECS_EVENTS: Final[tuple[EventRow[EcsTarget], ...]] = (DEPLOYMENT_FAILED,)
"""In the order of the settings' table."""
