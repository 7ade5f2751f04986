"""Graphs of application load balancers."""

from collections.abc import Mapping

from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Line, Section, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import alb_target as balancer
from ecs_monitoring.rules.alb_target import AlbTarget
from ecs_monitoring.rules.drawing import line_label, metric_graphs, with_key
from ecs_monitoring.rules.plan import Scope


def alb_dashboard(
    scope: Scope, targets: Mapping[str, AlbTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """Response codes and times for the overview; hosts, errors and percentiles below."""
    return DashboardPart(
        overview=(
            *metric_graphs(
                "ALB Response Codes",
                targets,
                {f"HTTPCode_Target_{code}_Count": f"{code}" for code in ("2XX", "4XX", "5XX")},
                "Sum",
                with_key(rules, balancer.TARGET_5XX),
            ),
            *metric_graphs(
                "ALB Response Time",
                targets,
                {"TargetResponseTime": ""},
                "Average",
                with_key(rules, balancer.LATENCY_HIGH),
            ),
        ),
        sections=(
            Section(title="Healthy hosts", widgets=_host_graphs(targets, rules)),
            Section(
                title="Errors and latency percentiles",
                widgets=(
                    *metric_graphs(
                        "ALB Errors",
                        targets,
                        {
                            "HTTPCode_ELB_5XX_Count": "ELB 5XX",
                            "RejectedConnectionCount": "rejected",
                        },
                        "Sum",
                        with_key(rules, balancer.ELB_5XX, balancer.REJECTED_CONNECTIONS),
                    ),
                    *graphs(
                        "ALB Response Time Percentiles",
                        [
                            Line(
                                metric=target.metric("TargetResponseTime", statistic),
                                label=line_label(targets, name, statistic),
                            )
                            for name, target in targets.items()
                            for statistic in ("p50", "p90", "p99")
                        ],
                        rules=with_key(rules, balancer.LATENCY_P99),
                    ),
                ),
            ),
        ),
    )


def _host_graphs(
    targets: Mapping[str, AlbTarget], rules: tuple[AlarmRule, ...]
) -> tuple[Graph, ...]:
    def drawn(title: str, metric: str, statistic: str, key: str) -> tuple[Graph, ...]:
        lines = [
            Line(
                metric=target.group_metric(group, metric, statistic),
                label=line_label(targets, name, group),
            )
            for name, target in targets.items()
            for group in target.target_groups
        ]
        return graphs(title, lines, rules=with_key(rules, key))

    return (
        *drawn("ALB Healthy Hosts", "HealthyHostCount", "Minimum", balancer.NO_HEALTHY_HOSTS),
        *drawn("ALB Unhealthy Hosts", "UnHealthyHostCount", "Maximum", balancer.UNHEALTHY_HOSTS),
    )
