"""ECS services: when CPU, memory or the number of tasks is in trouble."""

from collections.abc import Mapping
from typing import Final

from ecs_monitoring.catalog.metrics import Reading
from ecs_monitoring.catalog.metrics import ecs as metrics
from ecs_monitoring.cloudwatch.graph import DashboardPart, Line, Section, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule, MissingData, Outage, Severity, WarmUp
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.condition import above, at_least
from ecs_monitoring.rules.drawing import line_label, metric_graphs
from ecs_monitoring.rules.ecs_events import ECS_EVENTS
from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import GUIDE, Math, Rule, Scope, Subject
from ecs_monitoring.words import MINUTE


def _no_floor(target: EcsTarget) -> bool:
    return not target.min_running_tasks


def _desired_unknown(target: EcsTarget) -> bool:
    return not target.container_insights


def _nothing_to_compare_with(target: EcsTarget) -> bool:
    return _no_floor(target) and _desired_unknown(target)


def _may_stop_all(target: EcsTarget) -> bool:
    return _no_floor(target) and target.minimum_healthy_percent == 0


def _deploys_with_all(target: EcsTarget) -> bool:
    return target.minimum_healthy_percent == 100


_NO_FLOOR: Final = "no floor (min_running_tasks: 0)"
_DESIRED_UNKNOWN: Final = "nobody publishes the desired count (container_insights: false)"


def _tasks_missing(subject: Subject[EcsTarget]) -> Math:
    """Tasks that are missing of the desired count and the floor, as far as each is known."""
    floor = subject.target.min_running_tasks
    at_least_floor = f" (at least {floor})" if floor else ""
    if not subject.target.container_insights:
        # Each task sends one CPU sample a minute, so that their number is the number of tasks:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
        return Math(
            reads={"running": metrics.CPU_UTILIZATION.sample_count},
            expression=f"{floor} - running * 60 / PERIOD(running)",
            returns="missing",
            label=f"tasks missing of {floor}",
            unit=Unit.COUNT,
            # Without a task there is no sample, and no datapoint.
            highest=floor - 1,
        )
    desired, of = "desired", "desired"
    if subject.target.may_deploy_with_fewer:
        # ECS rounds what is left running up:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
        percent = subject.target.minimum_healthy_percent
        desired, of = f"CEIL(desired * {percent} / 100)", f"{percent} % of desired"
    wanted = f"IF({desired} > {floor}, {desired}, {floor})" if floor else desired
    return Math(
        reads={
            "desired": metrics.DESIRED_TASK_COUNT.average,
            "running": metrics.RUNNING_TASK_COUNT.average,
        },
        expression=f"{wanted} - running",
        returns="missing",
        label=f"tasks missing of {of}{at_least_floor}",
        unit=Unit.COUNT,
        outage=Outage(
            floor,
            f"none of {floor} tasks runs",
            "the threshold counts missing tasks, so for fewer than N tasks write N in "
            "min_running_tasks",
        )
        if floor
        else None,
    )


CPU_HIGH: Final = Rule[EcsTarget](
    "ecs.cpu-high",
    Severity.WARNING,
    "ECS CPU high",
    on=metrics.CPU_UTILIZATION.average,
    when=at_least(80),
    held="1 of 1 x 300 s",
    missing=MissingData.MISSING,
    drawn_on="ECS CPU Utilization",
    means="the tasks of {where} are short of CPU and will answer slowly; look first "
    "at the request count and at whether scaling out has reached its maximum.",
    source=GUIDE,
)

MEMORY_HIGH: Final = Rule[EcsTarget](
    "ecs.memory-high",
    Severity.WARNING,
    "ECS memory high",
    on=metrics.MEMORY_UTILIZATION.average,
    when=at_least(85),
    held="1 of 1 x 300 s",
    missing=MissingData.MISSING,
    runs_out=True,
    drawn_on="ECS Memory Utilization",
    means="the tasks of {where} are close to being killed for memory; look first at "
    "whether usage climbs steadily (a leak) or jumped with a deployment.",
    source=GUIDE,
)

TASKS_LOW: Final = Rule[EcsTarget](
    "ecs.tasks-low",
    Severity.CRITICAL,
    "ECS tasks low",
    on=_tasks_missing,
    when=above(0),
    held="5 of 5 x 60 s",
    # No data means no tasks, or that nobody counts them: both must wake someone.
    missing=MissingData.BREACHING,
    # A service that is deployed with its alarm starts its tasks first.
    warm_up=WarmUp(15 * MINUTE, is_whole=True),
    runs_out=True,
    off=0,
    judges_deployments=True,
    unless={
        _nothing_to_compare_with: f"{_DESIRED_UNKNOWN} and {_NO_FLOOR}",
        _may_stop_all: "a deployment may stop every task (minimum_healthy_percent: 0), and "
        f"{_NO_FLOOR}",
    },
    partly={_desired_unknown: _DESIRED_UNKNOWN, _no_floor: _NO_FLOOR},
    means="{where} runs {target.least_tasks}; look first at the service's events and at the "
    "stopped tasks' reasons.",
    source=f"{GUIDE}, metrics to watch",
)


TASKS_BELOW_DESIRED: Final = Rule[EcsTarget](
    "ecs.tasks-below-desired",
    Severity.WARNING,
    "ECS tasks below desired",
    on=Math(
        reads={
            "desired": metrics.DESIRED_TASK_COUNT.average,
            "running": metrics.RUNNING_TASK_COUNT.average,
        },
        expression="desired - running",
        returns="missing",
        label="tasks missing of desired",
        unit=Unit.COUNT,
    ),
    when=above(0),
    # Longer than a deployment that replaces the tasks one after the other.
    held="30 of 30 x 60 s",
    missing=MissingData.NOT_BREACHING,
    runs_out=True,
    unless={
        _desired_unknown: _DESIRED_UNKNOWN,
        _deploys_with_all: "ecs.tasks-low watches every desired task "
        "(minimum_healthy_percent: 100)",
    },
    means="{where} has run fewer tasks than desired for longer than a deployment takes; look "
    "first at the service's events and at the stopped tasks' reasons.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
    "service_definition_parameters.html",
)


def ecs_dashboard(
    scope: Scope, targets: Mapping[str, EcsTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """CPU and memory for the overview, running tasks below."""
    return DashboardPart(
        overview=(
            *metric_graphs(
                "ECS CPU Utilization", targets, {metrics.CPU_UTILIZATION.average: ""}, rules
            ),
            *metric_graphs(
                "ECS Memory Utilization", targets, {metrics.MEMORY_UTILIZATION.average: ""}, rules
            ),
        ),
        sections=(
            Section(
                title="Running tasks",
                widgets=graphs(
                    "ECS Running Tasks",
                    [line for item in targets.items() for line in _task_lines(targets, *item)],
                ),
            ),
        ),
    )


def _task_lines(targets: Mapping[str, EcsTarget], name: str, target: EcsTarget) -> tuple[Line, ...]:
    def line(reading: Reading, label: str, period: int | None = None) -> Line:
        metric = reading.of(target.dimensions())
        return Line(metric=metric, label=line_label(targets, name, label), period=period)

    if not target.container_insights:
        return (line(metrics.CPU_UTILIZATION.sample_count, "running", period=60),)
    return (
        line(metrics.RUNNING_TASK_COUNT.average, "running"),
        line(metrics.DESIRED_TASK_COUNT.average, "desired"),
    )


ECS: Final = Kind[EcsTarget](
    key="ecs",
    layer=Layer.TASKS,
    title="ECS services",
    describes="ECS services.",
    target=EcsTarget,
    rows=(CPU_HIGH, MEMORY_HIGH, TASKS_LOW, TASKS_BELOW_DESIRED),
    events=ECS_EVENTS,
    # Fargate, whose tasks it runs, has issues of its own.
    aws_services=("ECS", "FARGATE"),
    dashboard=ecs_dashboard,
)
