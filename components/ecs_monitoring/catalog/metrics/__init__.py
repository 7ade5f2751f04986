"""Metric sheets: each CloudWatch metric that any rule or graph reads, once.

A module a service; ``SHEETS`` has those of every module in this package.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from ecs_monitoring.catalog.metrics.sheet import Fact, MetricSheet, Published, Reading, Usual

SHEETS: Final = MappingProxyType(
    {
        (sheet.namespace, sheet.name): sheet
        for module in iter_modules(__path__)
        for value in vars(import_module(f"{__name__}.{module.name}")).values()
        for sheet in (value.values() if isinstance(value, dict) else (value,))
        if isinstance(sheet, MetricSheet) and sheet.name
    }
)
"""The sheets by namespace and name. Metrics of a stack's own log filters have none here."""

__all__ = ["SHEETS", "Fact", "MetricSheet", "Published", "Reading", "Usual"]
