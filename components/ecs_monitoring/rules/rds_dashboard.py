"""Graphs of RDS instances."""

from collections.abc import Mapping

from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Line, Section, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.cloudwatch.units import GIBIBYTE
from ecs_monitoring.rules import rds_target as database
from ecs_monitoring.rules.drawing import line_label, metric_graphs, with_key
from ecs_monitoring.rules.plan import Scope
from ecs_monitoring.rules.rds_target import RdsTarget


def rds_dashboard(
    scope: Scope, targets: Mapping[str, RdsTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """CPU and connections for the overview; memory, storage and latency below."""
    local_disk = {name: t for name, t in targets.items() if not t.is_aurora}
    return DashboardPart(
        overview=(
            *metric_graphs(
                "RDS CPU Utilization",
                targets,
                {"CPUUtilization": ""},
                "Average",
                with_key(rules, database.CPU_HIGH),
            ),
            *metric_graphs(
                "RDS Connections",
                targets,
                {"DatabaseConnections": ""},
                "Average",
                with_key(rules, database.CONNECTIONS_HIGH),
            ),
        ),
        sections=(
            Section(
                title="Memory and storage",
                widgets=(
                    *_gibibytes(
                        "RDS Freeable Memory",
                        targets,
                        "FreeableMemory",
                        "Average",
                        with_key(rules, database.MEMORY_LOW),
                    ),
                    *_gibibytes(
                        "RDS Free Storage",
                        local_disk,
                        "FreeStorageSpace",
                        "Minimum",
                        with_key(rules, database.STORAGE_LOW),
                    ),
                ),
            ),
            Section(
                title="Database latency",
                widgets=(
                    *metric_graphs(
                        "RDS Read Latency (p90)",
                        targets,
                        {"ReadLatency": ""},
                        "p90",
                        with_key(rules, database.READ_LATENCY),
                        axis="seconds",
                    ),
                    *metric_graphs(
                        "RDS Write Latency (p90)",
                        targets,
                        {"WriteLatency": ""},
                        "p90",
                        with_key(rules, database.WRITE_LATENCY),
                        axis="seconds",
                    ),
                ),
            ),
        ),
    )


def _gibibytes(
    title: str,
    targets: Mapping[str, RdsTarget],
    metric: str,
    statistic: str,
    rules: tuple[AlarmRule, ...],
) -> tuple[Graph, ...]:
    lines = [
        Line(
            metric=target.metric(metric, statistic),
            formula=f"{{id}} / {GIBIBYTE}",
            label=line_label(targets, name) or metric,
        )
        for name, target in targets.items()
    ]
    return graphs(title, lines, rules=rules, axis="GiB", scale=GIBIBYTE)
