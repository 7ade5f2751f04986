"""Metric sheets: each CloudWatch metric that any rule or graph reads, once."""

from types import MappingProxyType
from typing import Final

from ecs_monitoring.catalog.metrics import alb, app, ecs, health, rds
from ecs_monitoring.catalog.metrics.sheet import Fact, MetricSheet, Published, Reading, Usual

SHEETS: Final = MappingProxyType(
    {
        (sheet.namespace, sheet.name): sheet
        for module in (ecs, alb, rds, app, health)
        for value in vars(module).values()
        for sheet in (value.values() if isinstance(value, dict) else (value,))
        if isinstance(sheet, MetricSheet)
    }
)
"""The sheets by namespace and name. Metrics of a stack's own log filters have none here."""

__all__ = ["SHEETS", "Fact", "MetricSheet", "Published", "Reading", "Usual"]
