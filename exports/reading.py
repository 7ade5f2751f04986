"""Reads what a run of the program registered into the values that are exported."""

from collections.abc import Mapping
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.graph import DashboardPart, from_json
from ecs_monitoring.cloudwatch.rule import Severity
from exports.monitoring import (
    ExportedComposite,
    ExportedLogFilter,
    ExportedRule,
    Item,
    ItemKind,
    StackMonitoring,
)
from stack.config import StackConfig
from stack.definitions import ALARM
from stack.incidents import COMPOSITE
from stack.program import ProgramRun, Registration
from stack.resource_types import LOG_FILTER
from stack.rules import registered_rule


def monitoring_of(run: ProgramRun, config: StackConfig) -> StackMonitoring:
    """Everything that a run registers and that can be exported."""
    order = {kind: place for place, kind in enumerate(config.sections)}

    def place(address: str) -> tuple[int, str]:
        return order.get(AlarmAddress(address).kind, len(order)), address

    rules: list[ExportedRule] = []
    unread: list[tuple[Item, str]] = []
    for registration in run.of_type(ALARM):
        region = str(registration.inputs.get("region") or config.region)
        try:
            rule = registered_rule(registration)
        except InvalidValueError as error:
            name = AlarmAddress.from_tags(registration.inputs.get("tags", {}))
            unread.append((Item(kind=ItemKind.RULE, name=name), str(error)))
        else:
            rules.append(ExportedRule(rule=rule, region=region))
    composites = (
        _composite(registration, config.region) for registration in run.of_type(COMPOSITE)
    )
    filters = (_log_filter(registration.inputs) for registration in run.of_type(LOG_FILTER))
    return StackMonitoring(
        project=config.project,
        stack=config.stack,
        region=config.region,
        rules=tuple(sorted(rules, key=lambda exported: place(exported.rule.address))),
        composites=tuple(sorted(composites, key=lambda composite: composite.name)),
        log_filters=tuple(sorted(filters, key=lambda log_filter: log_filter.name)),
        parts=_parts(run, order),
        unread=tuple(sorted(unread, key=lambda left: place(left[0].name))),
    )


def _parts(run: ProgramRun, order: Mapping[str, int]) -> tuple[DashboardPart, ...]:
    texts = (run.outputs.get(component.urn, {}).get("graphs") for component in run.registrations)
    parts = [from_json(text) for text in texts if isinstance(text, str)]
    return tuple(sorted(parts, key=lambda part: order.get(part.kind, len(order))))


def _composite(registration: Registration, region: str) -> ExportedComposite:
    inputs = registration.inputs
    tags: Mapping[str, str] = inputs.get("tags") or {}
    severity = tags.get("Severity", "")
    suppressor = inputs.get("actionsSuppressor") or {}
    return ExportedComposite(
        name=str(inputs["alarmName"]),
        address=AlarmAddress.from_tags(tags) if tags.get("AlarmKey") else AlarmAddress(),
        condition=str(inputs["alarmRule"]),
        description=str(inputs.get("alarmDescription") or ""),
        severity=Severity(severity) if severity in list(Severity) else None,
        region=str(inputs.get("region") or region),
        suppressor=str(suppressor.get("alarm", "")),
        wait_period=int(suppressor.get("waitPeriod", 0)),
        extension_period=int(suppressor.get("extensionPeriod", 0)),
    )


def _log_filter(inputs: Mapping[str, Any]) -> ExportedLogFilter:
    metric = inputs["metricTransformation"]
    default = metric.get("defaultValue")
    return ExportedLogFilter(
        name=str(inputs["name"]),
        group=str(inputs["logGroupName"]),
        pattern=str(inputs["pattern"]),
        namespace=str(metric["namespace"]),
        metric=str(metric["name"]),
        value=str(metric["value"]),
        default=None if default is None else float(default),
    )
