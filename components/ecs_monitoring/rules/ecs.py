"""ECS services: when CPU, memory or the number of tasks is in trouble."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from pydantic import Field

from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.graph import DashboardPart, Line, Section, graphs
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.drawing import line_label, metric_graphs, with_key
from ecs_monitoring.rules.plan import Kind, Omitted, Plan, Scope
from ecs_monitoring.rules.target import DimensionValue, Target

CPU_HIGH: Final = "ecs.cpu-high"
MEMORY_HIGH: Final = "ecs.memory-high"
TASKS_LOW: Final = "ecs.tasks-low"

NAMESPACE: Final = "AWS/ECS"
INSIGHTS_NAMESPACE: Final = "ECS/ContainerInsights"


# Tasks of one service: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
_MOST_TASKS: Final = 5000


class EcsTarget(Target):
    """An ECS service."""

    cluster: Annotated[DimensionValue, Field(examples=["django-ecs-cluster"])]
    """Name of the ECS cluster."""

    service: Annotated[DimensionValue, Field(examples=["django-app-service"])]
    """Name of the ECS service."""

    container_insights: Annotated[bool, Field(examples=[True])] = False
    """Whether Container Insights is on for the cluster: it alone publishes task counts."""

    min_running_tasks: Annotated[int, Field(ge=0, le=_MOST_TASKS, examples=[2])] = 1
    """Tasks below which the service is short, whatever its desired count says; 0 for none."""

    @property
    def dimensions(self) -> dict[str, str]:
        """The service's metric dimensions."""
        return {"ServiceName": self.service, "ClusterName": self.cluster}

    def metric(self, name: str, statistic: str = "Average") -> Metric:
        """A metric that ECS publishes for the service."""
        return Metric(
            namespace=NAMESPACE, name=name, dimensions=self.dimensions, statistic=statistic
        )

    def insight(self, name: str) -> Metric:
        """A metric that Container Insights publishes for the service."""
        return Metric(
            namespace=INSIGHTS_NAMESPACE,
            name=name,
            dimensions=self.dimensions,
            statistic="Average",
        )


def ecs_rules(scope: Scope, name: str, target: EcsTarget) -> Plan:
    """The default rules of an ECS service."""
    where = f"ECS service {target.service} (cluster {target.cluster})"
    return Plan(
        (
            # The monitoring guide: "80 % or more" over five minutes.
            AlarmRule(
                key=CPU_HIGH,
                target=name,
                title="ECS CPU high",
                meaning=(
                    f"the tasks of {where} are short of CPU and will answer slowly; look first "
                    "at the request count and at whether scaling out has reached its maximum."
                ),
                severity=Severity.WARNING,
                signal=target.metric("CPUUtilization"),
                comparison=Comparison.AT_LEAST,
                threshold=80,
                unit=Unit.PERCENT,
                period=300,
                evaluation_periods=1,
                treat_missing_data=MissingData.MISSING,
            ),
            # The monitoring guide: "85 % or more" over five minutes.
            AlarmRule(
                key=MEMORY_HIGH,
                target=name,
                title="ECS memory high",
                meaning=(
                    f"the tasks of {where} are close to being killed for memory; look first at "
                    "whether usage climbs steadily (a leak) or jumped with a deployment."
                ),
                severity=Severity.WARNING,
                signal=target.metric("MemoryUtilization"),
                comparison=Comparison.AT_LEAST,
                threshold=85,
                unit=Unit.PERCENT,
                period=300,
                evaluation_periods=1,
                treat_missing_data=MissingData.MISSING,
            ),
            *_tasks_low(name, target, where),
        ),
        *_tasks_conditions(name, target),
    )


def _tasks_conditions(
    name: str, target: EcsTarget
) -> tuple[tuple[Omitted, ...], tuple[Omitted, ...]]:
    """Which of the two conditions on the number of tasks are off: both, or one of them."""
    floor = "no floor (min_running_tasks: 0)"
    desired = "nobody publishes the desired count (container_insights: false)"
    off = [
        *([] if target.container_insights else [desired]),
        *([] if target.min_running_tasks else [floor]),
    ]
    if not off:
        return (), ()
    found = (Omitted(TASKS_LOW, name, " and ".join(off)),)
    return (found, ()) if len(off) == 2 else ((), found)


def _tasks_low(name: str, target: EcsTarget, where: str) -> tuple[AlarmRule, ...]:
    floor = target.min_running_tasks
    if not (floor or target.container_insights):
        return ()
    look = "look first at the service's events and at the stopped tasks' reasons."
    # No data means no tasks, or that nobody counts them: both must wake someone.
    rule = partial(
        AlarmRule,
        key=TASKS_LOW,
        target=name,
        title="ECS tasks low",
        severity=Severity.CRITICAL,
        unit=Unit.COUNT,
        period=60,
        evaluation_periods=5,
        treat_missing_data=MissingData.BREACHING,
    )
    if target.container_insights:
        below = f", or fewer than {floor} (min_running_tasks)" if floor else ""
        wanted = f"IF(desired > {floor}, desired, {floor})" if floor else "desired"
        missing = MetricQuery(
            id="missing",
            source=f"{wanted} - running",
            label=f"tasks missing of desired{f' (at least {floor})' if floor else ''}",
        )
        return (
            rule(
                meaning=f"{where} runs fewer tasks than desired{below}; {look}",
                signal=MetricMath(
                    queries=(
                        MetricQuery(id="desired", source=target.insight("DesiredTaskCount")),
                        MetricQuery(id="running", source=target.insight("RunningTaskCount")),
                        missing,
                    ),
                    returned="missing",
                ),
                comparison=Comparison.ABOVE,
                threshold=0,
            ),
        )
    # Each task sends one CPU sample a minute, so that their number is the number of tasks:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
    return (
        rule(
            meaning=f"{where} runs fewer than {floor} tasks (min_running_tasks); {look}",
            signal=target.metric("CPUUtilization", "SampleCount"),
            comparison=Comparison.BELOW,
            threshold=floor,
        ),
    )


def ecs_dashboard(
    scope: Scope, targets: Mapping[str, EcsTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """CPU and memory for the overview, running tasks below."""
    return DashboardPart(
        overview=(
            *metric_graphs(
                "ECS CPU Utilization",
                targets,
                {"CPUUtilization": ""},
                "Average",
                with_key(rules, CPU_HIGH),
            ),
            *metric_graphs(
                "ECS Memory Utilization",
                targets,
                {"MemoryUtilization": ""},
                "Average",
                with_key(rules, MEMORY_HIGH),
            ),
        ),
        sections=(
            Section(
                title="Running tasks",
                widgets=graphs(
                    "ECS Running Tasks",
                    [line for item in targets.items() for line in _task_lines(targets, *item)],
                    rules=[r for r in with_key(rules, TASKS_LOW) if isinstance(r.signal, Metric)],
                ),
            ),
        ),
    )


def _task_lines(targets: Mapping[str, EcsTarget], name: str, target: EcsTarget) -> tuple[Line, ...]:
    if not target.container_insights:
        counted = target.metric("CPUUtilization", "SampleCount")
        return (Line(metric=counted, label=line_label(targets, name, "running"), period=60),)
    return (
        Line(metric=target.insight("RunningTaskCount"), label=line_label(targets, name, "running")),
        Line(metric=target.insight("DesiredTaskCount"), label=line_label(targets, name, "desired")),
    )


ECS: Final = Kind(
    key="ecs",
    title="ECS services",
    target=EcsTarget,
    keys=(CPU_HIGH, MEMORY_HIGH, TASKS_LOW),
    rules=ecs_rules,
    dashboard=ecs_dashboard,
)
