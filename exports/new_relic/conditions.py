"""NRQL alert conditions, in the shape of Terraform's ``newrelic_nrql_alert_condition``.

Fields and their bounds:
https://registry.terraform.io/providers/newrelic/newrelic/latest/docs/resources/nrql_alert_condition
"""

from collections.abc import Iterator
from typing import Any, Final

from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LowSamples,
    MissingData,
    Severity,
)
from ecs_monitoring.words import MINUTE, duration
from exports.monitoring import ExportedRule, StackMonitoring, threshold_of
from exports.new_relic.nrql import query
from exports.pairs import Judged
from exports.result import Judgement, NotCarriedError
from exports.texts import terraform_text

# Seconds.
_WINDOWS: Final = range(30, 21_600 + 1)
_DURATIONS: Final = range(60, 86_400 + 1)
_EXPIRATIONS: Final = range(30, 172_800 + 1)
_LONGEST_DELAY: Final = 1200
# An incident that lasts is not over because it has lasted.
_TIME_LIMIT: Final = 2_592_000

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-setup.html
_STREAMED_AFTER: Final = 180

_OPERATORS: Final = {
    Comparison.AT_LEAST: "above_or_equals",
    Comparison.ABOVE: "above",
    Comparison.BELOW: "below",
    Comparison.AT_MOST: "below_or_equals",
}

_MISSING: Final = {
    MissingData.BREACHING: "an incident",
    MissingData.NOT_BREACHING: "the incident closes",
    MissingData.MISSING: "the incident closes",
    MissingData.IGNORE: "the incident stays",
}


def condition(judged: Judged, monitoring: StackMonitoring) -> dict[str, Any]:
    """One condition.

    Raises:
        NotCarriedError: New Relic cannot judge it.
    """
    exported = judged.first
    rule = exported.rule
    _refuse(rule)
    nrql = query(rule.signal, exported.region)
    terms = {
        severity.value: _term(of_severity.rule)
        for severity in Severity
        if (of_severity := judged.of(severity)) is not None
    }
    return {
        "policy_id": "${var.policy_id}",
        "name": terraform_text(f"{monitoring.name} {rule.address}: {rule.title}"),
        "description": terraform_text(
            "\n\n".join(_described(of_severity) for of_severity in judged.rules)
        ),
        **({"runbook_url": terraform_text(rule.runbook)} if "://" in rule.runbook else {}),
        "type": "static",
        "enabled": True,
        "violation_time_limit_seconds": _TIME_LIMIT,
        "nrql": {"query": terraform_text(nrql)},
        **terms,
        **_aggregation(rule),
        **_loss_of_signal(rule),
    }


def judgement(rule: AlarmRule) -> Judgement:
    """How New Relic judges a rule, in words."""
    every = MINUTE if _slides(rule) else rule.period
    periods = rule.breaching_datapoints
    held = "1 of 1" if periods == 1 else f"all of {periods}"
    return Judgement(
        window=f"{rule.period} s, every {every} s",
        held=held,
        missing=_MISSING[rule.treat_missing_data],
        delay=duration(_delay(rule)),
    )


def differences(rule: AlarmRule) -> Iterator[str]:
    """How New Relic judges a rule otherwise than CloudWatch, a sentence each."""
    m, n = rule.breaching_datapoints, rule.evaluation_periods
    if m == 1 < n:
        yield f"It ends with the first sound period, the alarm with {n} of them."
    elif m < n:
        yield (
            f"New Relic knows no {m} of {n}: {m} periods in a row must breach. Breaches with a "
            "sound period between them open nothing, which the alarm would have told."
        )
    if rule.period > MINUTE and not _slides(rule):
        yield (
            "Its windows follow each other by the clock, CloudWatch's slide by the minute: a short "
            "peak across two of them is seen in halves."
        )
    if rule.treat_missing_data is MissingData.BREACHING:
        yield (
            "No data opens an incident by loss of signal, which New Relic sees only of a signal "
            "that it has had: a metric that never came opens none."
        )
    elif rule.treat_missing_data is not MissingData.IGNORE:
        yield "No data closes the incident after a while; there is no INSUFFICIENT_DATA."
    if rule.low_samples is LowSamples.IGNORE:
        yield "A value of few samples counts: New Relic cannot leave it aside."
    if rule.warm_up:
        yield "It has no warm-up: it is judged from the first minute on."


def _refuse(rule: AlarmRule) -> None:
    if rule.period not in _WINDOWS:
        raise NotCarriedError(
            f"its period is {rule.period:,} s and New Relic's longest window {_WINDOWS[-1]:,} s"
        )
    if rule.period * rule.breaching_datapoints not in _DURATIONS:
        raise NotCarriedError(
            f"it looks at {rule.period * rule.breaching_datapoints:,} s and New Relic at "
            f"{_DURATIONS[0]} to {_DURATIONS[-1]:,} s"
        )


def _term(rule: AlarmRule) -> dict[str, Any]:
    periods = rule.breaching_datapoints
    return {
        "operator": _OPERATORS[rule.comparison],
        "threshold": threshold_of(rule),
        "threshold_duration": rule.period * periods,
        "threshold_occurrences": "at_least_once" if periods == 1 else "all",
    }


def _aggregation(rule: AlarmRule) -> dict[str, Any]:
    """Over which window, and when New Relic takes it for complete.

    By event flow, a window is complete when later data comes. Of a count that is there only when
    there was something to count, nothing may come for hours, so a timer decides: "If your data
    arrives inconsistently and unpredictably, use event timer"
    (https://docs.newrelic.com/docs/alerts/create-alert/fine-tune/streaming-alerts-key-terms-concepts/).
    """
    window = {"aggregation_window": rule.period, "fill_option": "none"}
    if _is_sparse(rule):
        return {**window, "aggregation_method": "event_timer", "aggregation_timer": _delay(rule)}
    slides = {"slide_by": MINUTE} if _slides(rule) else {}
    return {
        **window,
        "aggregation_method": "event_flow",
        "aggregation_delay": _delay(rule),
        **slides,
    }


def _is_sparse(rule: AlarmRule) -> bool:
    return rule.treat_missing_data is MissingData.NOT_BREACHING


def _slides(rule: AlarmRule) -> bool:
    """Whether windows overlap: not where several in a row must breach, which then share data."""
    return rule.period > MINUTE and rule.evaluation_periods == 1 and not _is_sparse(rule)


def _loss_of_signal(rule: AlarmRule) -> dict[str, Any]:
    if rule.treat_missing_data is MissingData.IGNORE:
        return {}
    opens = rule.treat_missing_data is MissingData.BREACHING
    return {
        "expiration_duration": _expiration(rule),
        "open_violation_on_expiration": opens,
        "close_violations_on_expiration": not opens,
    }


def _expiration(rule: AlarmRule) -> int:
    seconds = rule.period * rule.evaluation_periods + _delay(rule)
    return min(max(seconds, _EXPIRATIONS[0]), _EXPIRATIONS[-1])


def _delay(rule: AlarmRule) -> int:
    """Seconds that data is old when it has come: to CloudWatch, and through the stream."""
    return min(rule.timing.longest_delay + _STREAMED_AFTER, _LONGEST_DELAY)


def _described(exported: ExportedRule) -> str:
    rule = exported.rule
    return (
        f"{rule.meaning} {rule.condition}, {rule.schedule}. Runbook: {rule.runbook} "
        f"CloudWatch: {exported.console}"
    )
