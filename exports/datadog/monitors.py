"""Monitors as Datadog's API has them, which its page "Import monitor" takes, too.

https://docs.datadoghq.com/api/latest/monitors/
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from ecs_monitoring.cloudwatch.rule import AlarmRule, LowSamples, MissingData, Severity
from ecs_monitoring.words import MINUTE, duration
from exports.datadog.metrics import datadog_metric
from exports.datadog.query import monitor_query
from exports.monitoring import ExportedComposite, ExportedRule, StackMonitoring, threshold_of
from exports.pairs import Judged
from exports.result import Judgement
from exports.texts import terraform_text

# What Datadog advises for metrics of AWS, which it asks for every ten minutes:
# https://docs.datadoghq.com/integrations/guide/cloud-metric-delay/
EVALUATION_DELAY: Final = 900
"""Seconds that data is old when a monitor looks at it."""

_PRIORITY: Final = {Severity.CRITICAL: 1, Severity.WARNING: 3}

_MISSING: Final = {
    MissingData.BREACHING: "show_and_notify_no_data",
    MissingData.NOT_BREACHING: "resolve",
    MissingData.MISSING: "show_no_data",
    # Of what is no count, the last state.
    MissingData.IGNORE: "default",
}
_MISSING_IN_WORDS: Final = {
    MissingData.BREACHING: "NO DATA, which notifies",
    MissingData.NOT_BREACHING: "OK",
    MissingData.MISSING: "NO DATA",
    MissingData.IGNORE: "the last state",
}

# https://docs.datadoghq.com/getting_started/tagging/#define-tags
_NO_TAG: Final = re.compile(r"[^a-z0-9_:./-]")
_TAG_LENGTH: Final = 200


def monitor(
    judged: Judged, monitoring: StackMonitoring, handles: dict[Severity, str]
) -> dict[str, Any]:
    """One monitor.

    Args:
        judged: the alarm, or a critical and a warning one on one signal.
        monitoring: whose it is.
        handles: who is notified of each severity, such as ``@slack-shop``; empty for nobody.

    Raises:
        NotCarriedError: Datadog cannot judge it.
    """
    exported = judged.first
    rule = exported.rule
    # The number stands twice, and the API refuses a query with another one.
    query = monitor_query(rule, exported.region, threshold_of(rule))
    thresholds = {"critical": threshold_of(rule)}
    warning = judged.of(Severity.WARNING)
    if warning is not None and warning is not exported:
        thresholds["warning"] = threshold_of(warning.rule)
    return {
        "name": _name(f"{monitoring.name} {rule.address}: {rule.title}"),
        "type": "query alert",
        "query": query,
        "message": _message(judged, handles),
        "tags": _tags(exported, monitoring),
        "priority": _PRIORITY[rule.severity],
        "options": {
            "thresholds": thresholds,
            "on_missing_data": _MISSING[rule.treat_missing_data],
            "evaluation_delay": EVALUATION_DELAY,
            "require_full_window": False,
            "include_tags": False,
        },
    }


def composite_monitor(
    composite: ExportedComposite,
    query: str,
    monitoring: StackMonitoring,
    handles: dict[Severity, str],
) -> dict[str, Any]:
    """A composite alarm's monitor in Terraform's words, since only Datadog gives the ids in it.

    Args:
        composite: the alarm.
        query: over other monitors, in whatever form stands for their ids.
        monitoring: whose it is.
        handles: who is notified of each severity.
    """
    severity = composite.severity
    handle = handles.get(severity, "") if severity else ""
    text = f"{_without_handles(composite.description)}\n\nCloudWatch: {composite.console}"
    return {
        "name": terraform_text(_name(f"{monitoring.name} {composite.address or composite.name}")),
        "type": "composite",
        "query": query,
        "message": terraform_text(f"{text}\n\n{handle}".rstrip()),
        "tags": _stack_tags(monitoring, *([severity] if severity else [])),
        **({"priority": _PRIORITY[severity]} if severity else {}),
    }


def judgement(rule: AlarmRule) -> Judgement:
    """How Datadog judges a rule, in words."""
    periods = rule.breaching_datapoints
    return Judgement(
        window=f"{rule.period * periods} s, every {MINUTE} s",
        held="1 of 1" if periods == 1 else f"all of {periods}",
        missing=_MISSING_IN_WORDS[rule.treat_missing_data],
        delay=duration(EVALUATION_DELAY),
    )


def differences(rule: AlarmRule) -> Iterator[str]:
    """How Datadog judges a rule otherwise than CloudWatch, a sentence each."""
    m, n = rule.breaching_datapoints, rule.evaluation_periods
    yield (
        f"It looks at data that is {duration(EVALUATION_DELAY)} old: the monitor comes later than "
        "the alarm by that. With a metric stream to Datadog, a shorter delay will do."
    )
    if m == 1 < n:
        yield f"It ends with the first sound period, the alarm with {n} of them."
    elif m < n:
        yield (
            f"Datadog knows no {m} of {n}: {m} periods in a row must breach. Breaches with a "
            "sound period between them notify nobody, which the alarm would have done."
        )
    if rule.treat_missing_data is MissingData.BREACHING:
        yield "No data is a state of its own, NO DATA, which notifies; it is no ALERT."
    if n > 1 and rule.treat_missing_data is not MissingData.BREACHING:
        yield "Periods without data do not count: the others decide."
    if rule.low_samples is LowSamples.IGNORE:
        yield "A value of few samples counts: Datadog cannot leave it aside."
    if rule.warm_up:
        yield "It has no warm-up: it is judged from the first minute on."
    differing = (datadog_metric(metric).differs for metric in rule.metrics)
    yield from dict.fromkeys(filter(None, differing))


def _name(text: str) -> str:
    """A name in which no target is anybody's handle: ``ecs.cpu-high on web``."""
    return text.replace("@", " on ")


def _message(judged: Judged, handles: dict[Severity, str]) -> str:
    told = [handles.get(exported.rule.severity, "") for exported in judged.rules]
    if len(told) > 1:
        # Only a change to or from the state of its own severity tells each.
        states = list(zip(("alert", "warning"), told, strict=True))
        if judged.first.rule.treat_missing_data is MissingData.BREACHING:
            states.append(("no_data", told[0]))
        told = [
            f"{{{{#is_{state}}}}}{handle}{{{{/is_{state}}}}}" for state, handle in states if handle
        ]
    return "\n\n".join(filter(None, [*(_described(exported) for exported in judged.rules), *told]))


def _described(exported: ExportedRule) -> str:
    rule = exported.rule
    return "\n".join(
        (
            _without_handles(f"{rule.title}: {rule.meaning}"),
            _without_handles(f"{rule.condition}, {rule.schedule}."),
            f"Runbook: {_without_handles(rule.runbook)}",
            f"CloudWatch: {exported.console}",
        )
    )


def _without_handles(text: str) -> str:
    """A text that notifies nobody and fills nothing in: ``@web`` would be somebody's handle.

    https://docs.datadoghq.com/monitors/notify/#notifications
    """
    return text.replace("@", "(at) ").replace("{{", "{ {")


def _tags(exported: ExportedRule, monitoring: StackMonitoring) -> list[str]:
    rule = exported.rule
    return [
        f"alarm:{_tag(rule.key)}",
        f"target:{_tag(rule.address.watched)}",
        *_stack_tags(monitoring, rule.severity),
    ]


def _stack_tags(monitoring: StackMonitoring, *severity: Severity) -> list[str]:
    return [
        f"project:{_tag(monitoring.project)}",
        f"stack:{_tag(monitoring.stack)}",
        *(f"severity:{each.value}" for each in severity),
    ]


def _tag(text: str) -> str:
    return _NO_TAG.sub("_", text.lower())[:_TAG_LENGTH]
