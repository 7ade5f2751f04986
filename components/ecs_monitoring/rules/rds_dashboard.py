"""Graphs of RDS instances."""

from collections.abc import Mapping
from typing import Final

from ecs_monitoring.catalog.metrics import Reading
from ecs_monitoring.catalog.metrics import rds as metrics
from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Line, Section, graphs
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.cloudwatch.units import GIBIBYTE
from ecs_monitoring.rules.drawing import drawn_on, line_label, metric_graphs
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.rules.row import Scope
from ecs_monitoring.words import DAY


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
                    *_days_left(local_disk),
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


_FORECAST_DAYS: Final = 14
"""How far a forecast looks back for the pace at which storage fills."""


def _days_left(targets: Mapping[str, RdsTarget]) -> tuple[Graph, ...]:
    """When the storage is full, or at the ceiling of its autoscaling, at the pace of two weeks.

    Nothing is drawn while storage does not become less, so that a volume that was enlarged in
    these weeks comes back once it was two weeks ago.
    """
    lines = tuple(
        Line(
            metric=metrics.FREE_STORAGE_SPACE.minimum.of(target.dimensions()),
            formula=(
                "IF(AVG(RATE({id})) < 0, "
                f"({{id}} + {target.room_to_grow_gib * GIBIBYTE})"
                f" / (AVG(RATE({{id}})) * {-DAY}))"
            ),
            label=line_label(targets, name) or "days left",
        )
        for name, target in targets.items()
    )
    title = f"RDS days until storage is full (pace of {_FORECAST_DAYS} days)"
    if not lines:
        return ()
    return (Graph(title=title, lines=lines, unit="days", period=3600, days=_FORECAST_DAYS),)
