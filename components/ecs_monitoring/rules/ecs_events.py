"""What ECS tells of services and their tasks when it happens."""

from functools import partial
from typing import Final

from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.event_row import Affected, EventRow

_SOURCE: Final = "aws.ecs"
_GUIDE: Final = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"

# What a container exits with by itself: 1 to 127, and signals of its own doing (illegal
# instruction, abort, floating point, segmentation). 137 and 143 are SIGKILL and SIGTERM: how
# it is stopped, or killed for memory, which has a row of its own.
_OWN_EXIT_CODES: Final = [{"numeric": [">=", 1, "<=", 127]}, 132, 134, 136, 139]


def _of_service(target: EcsTarget) -> Affected:
    """Events about a service carry its ARN, which names the cluster since 2018.

    A service from before that, or from an account that opted in later, keeps its short ARN:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-arn-timeline
    """
    names = (f"{target.cluster}/{target.service}", target.service)
    return {"resources": tuple({"suffix": f":service/{name}"} for name in names)}


def _of_its_tasks(target: EcsTarget) -> Affected:
    """Events about a task carry its cluster's ARN, and its service as the group that it is of."""
    return {
        "detail.clusterArn": ({"suffix": f":cluster/{target.cluster}"},),
        "detail.group": (f"service:{target.service}",),
    }


_ServiceAction = partial(
    EventRow[EcsTarget],
    source=_SOURCE,
    detail_types=("ECS Service Action",),
    affected=_of_service,
    about="$.resources[0]",
    documented=f"{_GUIDE}/ecs_service_events.html",
)

_TaskStopped = partial(
    EventRow[EcsTarget],
    source=_SOURCE,
    detail_types=("ECS Task State Change",),
    affected=_of_its_tasks,
    about="$.detail.group",
    words="$.detail.stoppedReason",
    documented="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html",
)

ECS_EVENTS: Final[tuple[EventRow[EcsTarget], ...]] = (
    EventRow(
        key="ecs.deployment-failed",
        title="ECS deployment failed",
        source=_SOURCE,
        detail_types=("ECS Deployment State Change",),
        detail={"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
        affected=_of_service,
        about="$.resources[0]",
        words="$.detail.reason",
        means="The new version did not come up or set off an alarm, and ECS gave it up; look "
        "first at why its tasks stopped, and whether the old version is back.",
        only_sent="where the service's deployment circuit breaker, or an alarm of its deployment "
        "configuration, fails the deployment; without either a deployment tries for ever",
        documented=f"{_GUIDE}/ecs_service_deployment_events.html",
    ),
    _ServiceAction(
        key="ecs.start-impaired",
        title="ECS tasks keep failing to start",
        detail={"eventName": ["SERVICE_TASK_START_IMPAIRED"]},
        means="One task after the other fails to start, and ECS waits longer between attempts; "
        "look first at the stopped tasks' reasons.",
    ),
    _ServiceAction(
        key="ecs.placement-failed",
        title="ECS cannot place a task",
        detail={
            "eventName": ["SERVICE_TASK_PLACEMENT_FAILURE", "SERVICE_TASK_CONFIGURATION_FAILURE"]
        },
        words="$.detail.reason",
        means="No place has the CPU, memory or capacity that the task asks for, or its "
        "configuration is wrong; look first at the reason above and at the cluster's capacity.",
    ),
    _ServiceAction(
        key="ecs.scheduler-throttled",
        title="ECS scheduler throttled",
        detail={"eventName": ["ECS_OPERATION_THROTTLED"]},
        means="The account's limit of ECS calls holds the service's scheduler back, so that tasks "
        "are replaced late; look first at what else calls ECS so often.",
    ),
    _TaskStopped(
        key="ecs.task-start-failed",
        title="ECS task failed to start",
        detail={"lastStatus": ["STOPPED"], "stopCode": ["TaskFailedToStart"]},
        means="The task never ran: its image, a secret, its log group or the network was out of "
        "reach; look first at the reason above.",
    ),
    _TaskStopped(
        key="ecs.container-exited",
        title="ECS container exited with an error",
        detail={
            "lastStatus": ["STOPPED"],
            "stopCode": ["EssentialContainerExited"],
            "containers": {"exitCode": _OWN_EXIT_CODES},
        },
        means="An essential container ended by itself, at its start or later, and took the task "
        "with it; look first at the last lines of its log.",
    ),
    _TaskStopped(
        key="ecs.out-of-memory",
        title="ECS task killed for memory",
        # What follows the prefix is written "Container killed" and "container killed".
        detail={
            "lastStatus": ["STOPPED"],
            "containers": {"reason": [{"prefix": "OutOfMemoryError"}]},
        },
        means="A container used more memory than it has, and the kernel killed it; look first at "
        "whether memory climbs steadily (a leak) or one request takes it.",
        only_sent="where the container's first process is killed; of a killed worker, the "
        "gunicorn alarm on the log tells",
        documented=f"{_GUIDE}/stopped-task-error-codes.html",
    ),
)
"""In the order of the settings' table."""
