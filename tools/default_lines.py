"""The defaults of a rule and of an event in one line, as docs/runbooks.md has them."""

import json
from typing import Any, Final

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.rule import LowSamples, Severity, WarmUp
from ecs_monitoring.cloudwatch.units import format_quantity
from ecs_monitoring.rules.condition import Share
from ecs_monitoring.rules.event_row import EventRow
from ecs_monitoring.rules.log_concerns import CONCERNS, LogFormat
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import Math, Rule, Scope, Subject
from ecs_monitoring.words import duration

_FACTS: Final = {
    Fact.MEMORY: "the class's memory",
    Fact.VCPUS: "the number of vCPUs",
    Fact.ALLOCATED_STORAGE: "allocated storage",
    Fact.LOCAL_STORAGE: "local storage (twice the class's memory)",
    Fact.MAX_CONNECTIONS: "max_connections",
}
_PATTERNS: Final = {concern.key: concern.patterns for concern in CONCERNS}


def default_line(kind: Kind[Any], row: Rule[Any]) -> str:
    """A rule's defaults in one line, as its runbook has them."""
    scope = Scope(project="", stack="", component=kind.key)
    subject = Subject(scope, "", kind.target.example(), next(iter(row.each(kind.target.example()))))
    signal = row.on(subject) if callable(row.on) else row.on
    if isinstance(signal, Math):
        metrics = dict.fromkeys(reading.sheet.name for reading in signal.reads.values())
        needs = dict.fromkeys(reading.sheet.needs for reading in signal.reads.values())
        watched = f"{signal.label}, from {' and '.join(metrics)}"
    else:
        needs = dict.fromkeys([signal.sheet.needs])
        watched = f"`{signal.sheet.namespace}` {signal.sheet.name} {signal.statistic}"
    if row.key in _PATTERNS:
        patterns = _PATTERNS[row.key]
        watched = (
            f"events that match `{patterns[LogFormat.TEXT]}` (JSON: `{patterns[LogFormat.JSON]}`), "
            "Sum"
        )
    threshold = row.when.threshold
    if isinstance(threshold, Share):
        share = "" if threshold.percent == 100 else f"{threshold.percent:g} % of "
        quantity = f"{share}{_FACTS[threshold.of]}"
    else:
        quantity = format_quantity(threshold, signal.unit)
    held = row.held_for(kind.target.example())
    some = "" if held.m == held.n else f" ({held.m} of {held.n})"
    parts = [
        row.severity.value
        if isinstance(row.severity, Severity)
        else "of the severity whose topic does not fail",
        *([] if row.enabled else ["off by default"]),
        f"{watched} {row.when.comparison.sign} {quantity}"
        + (", low sample counts ignored" if row.low_samples is LowSamples.IGNORE else "")
        + (f", for each {kind.part}" if subject.part else ""),
        f"{held.period} s x {held.n}{some}",
        row.missing.value,
        *([_when_new(row.warm_up)] if row.warm_up else []),
        *(f"needs {need}" for need in needs if need),
        *([f"the alarm lives in {kind.region}"] if kind.region else []),
    ]
    return "; ".join(parts)


def _when_new(warm_up: WarmUp) -> str:
    """How an alarm waits that has just been made."""
    waits = duration(warm_up.seconds)
    return f"when new, waits {waits}" if warm_up.is_whole else f"when new, waits for data {waits}"


def event_line(row: EventRow[Any]) -> str:
    """An event's defaults in one line, as its runbook has them."""
    return "; ".join(
        (
            row.severity.value,
            f"`{row.source}` {' or '.join(f'`{type_}`' for type_ in row.detail_types)}"
            + (f" with `{json.dumps(dict(row.detail))}`" if row.detail else ""),
            *([f"only sent {row.only_sent}"] if row.only_sent else []),
        )
    )
