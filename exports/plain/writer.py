"""Writes rules and graphs as plain JSON."""

from collections.abc import Mapping
from typing import Final

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.graph import Graph, Line, LogTable, Search, SearchGraph, Threshold
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.widget import search_expression
from ecs_monitoring.words import MINUTE
from exports.monitoring import (
    ExportedComposite,
    ExportedLogFilter,
    ExportedRule,
    PlacedPanel,
    StackMonitoring,
    threshold_of,
)
from exports.plain.alarms import (
    PlainComposite,
    PlainExpression,
    PlainLogFilter,
    PlainMathSignal,
    PlainMetric,
    PlainMetricQuery,
    PlainMetricSignal,
    PlainRule,
)
from exports.plain.document import Document, document_schema
from exports.plain.graphs import (
    AnyGraph,
    PlainGraph,
    PlainLine,
    PlainLogTable,
    PlainSearch,
    PlainSearchGraph,
    PlainThreshold,
)
from exports.result import Carried, Export, unread
from exports.system import Chosen, System
from exports.texts import json_text

RULES: Final = "rules.json"
SCHEMA: Final = "rules.schema.json"


def write(monitoring: StackMonitoring, chosen: Chosen) -> Export:
    """The export."""
    document = Document(
        **{"$schema": SCHEMA},
        project=monitoring.project,
        stack=monitoring.stack,
        region=monitoring.region,
        rules=[_rule(exported) for exported in monitoring.rules],
        composites=[_composite(composite) for composite in monitoring.composites],
        log_filters=[_log_filter(log_filter) for log_filter in monitoring.log_filters],
        graphs=[_graph(panel, monitoring) for panel in monitoring.panels],
    )
    left_out = unread(monitoring)
    gone = {entry.item for entry in left_out}
    return Export(
        system="rules",
        monitoring=monitoring,
        files={
            RULES: document.model_dump_json(indent=2) + "\n",
            SCHEMA: schema_text(),
        },
        carried=tuple(
            Carried(item=item, file=RULES) for item in monitoring.items if item not in gone
        ),
        left_out=tuple(left_out),
    )


def schema_text() -> str:
    """The schema as a file."""
    return json_text(document_schema())


def _rule(exported: ExportedRule) -> PlainRule:
    rule = exported.rule
    return PlainRule(
        address=rule.address,
        name=rule.name,
        title=rule.title,
        meaning=rule.meaning,
        severity=rule.severity,
        runbook=rule.runbook,
        region=exported.region,
        console_url=exported.console,
        signal=_signal(rule.signal),
        unit=rule.unit,
        comparison=rule.comparison,
        threshold=threshold_of(rule),
        condition=rule.condition,
        period_seconds=rule.period,
        evaluation_periods=rule.evaluation_periods,
        datapoints_to_alarm=rule.breaching_datapoints,
        treat_missing_data=rule.treat_missing_data,
        low_samples=rule.low_samples,
        warm_up_minutes=rule.warm_up.seconds // MINUTE if rule.warm_up else 0,
        warm_up_ends_early=rule.warm_up is not None and not rule.warm_up.is_whole,
    )


def _signal(signal: Metric | MetricMath) -> PlainMetricSignal | PlainMathSignal:
    if isinstance(signal, Metric):
        return PlainMetricSignal(metric=_metric(signal))
    return PlainMathSignal(
        queries=[
            PlainMetricQuery(id=query.id, metric=_metric(query.source))
            if isinstance(query.source, Metric)
            else PlainExpression(id=query.id, expression=query.source, label=query.label)
            for query in signal.queries
        ],
        returned=signal.returned,
    )


def _metric(metric: Metric) -> PlainMetric:
    return PlainMetric(
        namespace=metric.namespace,
        name=metric.name,
        dimensions=dict(metric.dimensions),
        statistic=metric.statistic,
    )


def _metrics(metrics: Mapping[str, Metric]) -> dict[str, PlainMetric]:
    return {name: _metric(metric) for name, metric in metrics.items()}


def _composite(composite: ExportedComposite) -> PlainComposite:
    return PlainComposite(
        name=composite.name,
        address=composite.address,
        condition=composite.condition,
        description=composite.description,
        severity=composite.severity,
        suppressor=composite.suppressor,
        wait_period_seconds=composite.wait_period,
        extension_period_seconds=composite.extension_period,
        region=composite.region,
        console_url=composite.console,
    )


def _log_filter(log_filter: ExportedLogFilter) -> PlainLogFilter:
    return PlainLogFilter(**vars(log_filter))


def _graph(placed: PlacedPanel, monitoring: StackMonitoring) -> AnyGraph:
    panel = placed.panel
    if isinstance(panel, Graph):
        return PlainGraph(
            section=placed.section,
            title=panel.title,
            unit=panel.unit,
            region=panel.region or monitoring.region,
            lines=[_line(line, panel.period) for line in panel.lines],
            thresholds=[_threshold(threshold, monitoring) for threshold in panel.thresholds],
        )
    if isinstance(panel, SearchGraph):
        return PlainSearchGraph(
            section=placed.section,
            title=panel.title,
            searches=[_search(search) for search in panel.searches],
        )
    assert isinstance(panel, LogTable), f"{panel} shows no data"
    return PlainLogTable(
        section=placed.section, title=panel.title, query=panel.query, groups=list(panel.groups)
    )


def _line(line: Line, period: int) -> PlainLine:
    return PlainLine(
        label=line.label,
        metric=_metric(line.metric),
        formula=line.formula,
        others=_metrics(line.others),
        period_seconds=line.period or period,
    )


def _threshold(threshold: Threshold, monitoring: StackMonitoring) -> PlainThreshold:
    return PlainThreshold(
        addresses=[exported.rule.address for exported in monitoring.rules_of(threshold)],
        comparison=threshold.comparison,
        value=threshold.value,
        severity=threshold.severity,
    )


def _search(search: Search) -> PlainSearch:
    return PlainSearch(
        namespace=search.namespace,
        metric=search.metric,
        dimensions=list(search.dimensions),
        where=dict(search.where),
        statistic=search.statistic,
        expression=search_expression(search),
    )


SYSTEM: Final = System(
    name="rules",
    title="any other system",
    summary="rules and graphs as plain JSON with a schema",
    description=(
        "Write every rule and graph as plain JSON (rules.json) with its schema "
        "(rules.schema.json), for a system that has no export of its own."
    ),
    write=write,
)
