"""Graphs of RDS instances."""

from collections.abc import Mapping

from ecs_monitoring.catalog.metrics import Reading
from ecs_monitoring.catalog.metrics import rds as metrics
from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Line, Section, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.cloudwatch.units import GIBIBYTE
from ecs_monitoring.rules.drawing import drawn_on, line_label, metric_graphs
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.rules.row import Scope


def rds_dashboard(
    scope: Scope, targets: Mapping[str, RdsTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """CPU and connections for the overview; memory, storage and latency below."""
    local_disk = {name: t for name, t in targets.items() if not t.is_aurora}

    def graph(title: str, reading: Reading, *, axis: str = "") -> tuple[Graph, ...]:
        return metric_graphs(title, targets, {reading: ""}, rules, axis=axis)

    return DashboardPart(
        overview=(
            *graph("RDS CPU Utilization", metrics.CPU_UTILIZATION.average),
            *graph("RDS Connections", metrics.DATABASE_CONNECTIONS.average),
        ),
        sections=(
            Section(
                title="Memory and storage",
                widgets=(
                    *_gibibytes(
                        "RDS Freeable Memory", targets, metrics.FREEABLE_MEMORY.average, rules
                    ),
                    *_gibibytes(
                        "RDS Free Storage", local_disk, metrics.FREE_STORAGE_SPACE.minimum, rules
                    ),
                ),
            ),
            Section(
                title="Database latency",
                widgets=(
                    *graph(
                        "RDS Read Latency (p90)",
                        metrics.READ_LATENCY.percentile(90),
                        axis="seconds",
                    ),
                    *graph(
                        "RDS Write Latency (p90)",
                        metrics.WRITE_LATENCY.percentile(90),
                        axis="seconds",
                    ),
                ),
            ),
        ),
    )


def _gibibytes(
    title: str,
    targets: Mapping[str, RdsTarget],
    reading: Reading,
    rules: tuple[AlarmRule, ...],
) -> tuple[Graph, ...]:
    lines = [
        Line(
            metric=reading.of(target.dimensions()),
            formula=f"{{id}} / {GIBIBYTE}",
            label=line_label(targets, name) or reading.sheet.name,
        )
        for name, target in targets.items()
    ]
    return graphs(title, lines, rules=drawn_on(title, rules), axis="GiB", scale=GIBIBYTE)
