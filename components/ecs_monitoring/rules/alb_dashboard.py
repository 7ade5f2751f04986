"""Graphs of application load balancers."""

from collections.abc import Mapping

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

    return DashboardPart(
        overview=(
            *graph(
                "ALB Response Codes",
                {
                    metrics.TARGET_2XX.sum: "2XX",
                    metrics.TARGET_4XX.sum: "4XX",
                    metrics.TARGET_5XX.sum: "5XX",
                },
            ),
            *graph("ALB Response Time", {metrics.TARGET_RESPONSE_TIME.average: ""}),
        ),
        sections=(
            Section(
                title="Healthy hosts",
                widgets=(
                    *_host_graph(
                        "ALB Healthy Hosts", targets, metrics.HEALTHY_HOST_COUNT.minimum, rules
                    ),
                    *_host_graph(
                        "ALB Unhealthy Hosts", targets, metrics.UNHEALTHY_HOST_COUNT.maximum, rules
                    ),
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
                    *graph(
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


def _host_graph(
    title: str,
    targets: Mapping[str, AlbTarget],
    reading: Reading,
    rules: tuple[AlarmRule, ...],
) -> tuple[Graph, ...]:
    lines = [
        Line(metric=reading.of(target.dimensions(group)), label=line_label(targets, name, group))
        for name, target in targets.items()
        for group in target.target_groups
    ]
    return graphs(title, lines, rules=drawn_on(title, rules))
