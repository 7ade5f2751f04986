"""Graphs of application load balancers."""

from collections.abc import Callable, Mapping, Sequence

from ecs_monitoring.catalog.metrics import Reading
from ecs_monitoring.catalog.metrics import alb as metrics
from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Line, Section, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules.alb_target import AlbTarget
from ecs_monitoring.rules.drawing import drawn_on, line_label, metric_graphs
from ecs_monitoring.rules.row import Scope


def alb_dashboard(
    scope: Scope, targets: Mapping[str, AlbTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """Response codes and times for the overview; hosts, errors and percentiles below."""

    def graph(title: str, readings: Mapping[Reading, str]) -> tuple[Graph, ...]:
        return metric_graphs(title, targets, readings, rules)

    def service_graph(title: str, readings: Mapping[Reading, str]) -> tuple[Graph, ...]:
        lines = _lines(targets, readings, _watched_parts)
        return graphs(title, lines, rules=drawn_on(title, rules))

    def host_graph(title: str, reading: Reading) -> tuple[Graph, ...]:
        lines = _lines(targets, {reading: ""}, _with_alternates)
        return graphs(title, lines, rules=drawn_on(title, rules))

    return DashboardPart(
        overview=(
            *service_graph(
                "ALB Response Codes",
                {
                    metrics.TARGET_2XX.sum: "2XX",
                    metrics.TARGET_4XX.sum: "4XX",
                    metrics.TARGET_5XX.sum: "5XX",
                },
            ),
            *service_graph("ALB Response Time", {metrics.TARGET_RESPONSE_TIME.average: ""}),
        ),
        sections=(
            Section(
                title="Healthy hosts",
                widgets=(
                    *host_graph("ALB Healthy Hosts", metrics.HEALTHY_HOST_COUNT.minimum),
                    *host_graph("ALB Unhealthy Hosts", metrics.UNHEALTHY_HOST_COUNT.maximum),
                ),
            ),
            Section(
                title="Errors and latency percentiles",
                widgets=(
                    *graph(
                        "ALB Errors",
                        {
                            metrics.ELB_5XX.sum: "ELB 5XX",
                            metrics.REJECTED_CONNECTION_COUNT.sum: "rejected",
                        },
                    ),
                    *service_graph(
                        "ALB Response Time Percentiles",
                        {
                            metrics.TARGET_RESPONSE_TIME.percentile(percent): f"p{percent}"
                            for percent in (50, 90, 99)
                        },
                    ),
                ),
            ),
        ),
    )


def _lines(
    targets: Mapping[str, AlbTarget],
    readings: Mapping[Reading, str],
    parts: Callable[[AlbTarget], Sequence[str]],
) -> list[Line]:
    """Statistics of some parts of each target."""
    return [
        Line(
            metric=reading.of(target.dimensions(part)),
            label=line_label(targets, name, f"{part.replace('/', ' ')} {label}".strip()),
        )
        for name, target in targets.items()
        for part in parts(target)
        for reading, label in readings.items()
    ]


def _watched_parts(target: AlbTarget) -> list[str]:
    """The load balancer, or each target group where these are watched."""
    return _with_alternates(target) if target.per_target_group else [""]


def _with_alternates(target: AlbTarget) -> list[str]:
    """Every target group, each followed by the other one of its service."""
    both = ((group, target.alternate(group)) for group in target.target_groups)
    return [part for pair in both for part in pair if part]
