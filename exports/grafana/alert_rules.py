"""Alert rules as a provisioning file, each judged as nearly as Grafana can as CloudWatch judges it.

Four steps: A asks CloudWatch for the datapoints of N periods, B says of each whether it breaches
(1 or 0), C makes one number of them, D compares it. M of N is a sum; so is missing data that
counts as a breach: of N datapoints, too few are sound.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, LowSamples, MissingData
from ecs_monitoring.words import MINUTE, duration
from exports.grafana.alert_query import alert_target
from exports.grafana.panels import is_link
from exports.monitoring import ExportedRule, StackMonitoring, threshold_of
from exports.result import Judgement, NotCarriedError
from exports.texts import plain_number, stable_id

INTERVAL: Final = MINUTE
"""Seconds between two evaluations, as CloudWatch has them."""

# Grafana's limit: https://github.com/grafana/grafana/blob/main/pkg/services/ngalert/store/alert_rule.go
_TITLE_LENGTH: Final = 190

_TEMPLATE: Final = re.compile(r"\{\{|\$")

_NO_DATA: Final = {
    MissingData.BREACHING: "Alerting",
    MissingData.NOT_BREACHING: "OK",
    # Grafana's own NoData notifies, as an alert named DatasourceNoData, where INSUFFICIENT_DATA
    # tells nobody. OK is shown as Normal (NoData).
    # https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/nodata-and-error-states/
    MissingData.MISSING: "OK",
    # From Grafana 10.4 on: https://github.com/grafana/grafana/pull/84406
    MissingData.IGNORE: "KeepLast",
}

_INVERSE: Final = {
    Comparison.AT_LEAST: Comparison.BELOW,
    Comparison.ABOVE: Comparison.AT_MOST,
    Comparison.BELOW: Comparison.AT_LEAST,
    Comparison.AT_MOST: Comparison.ABOVE,
}


@dataclass(frozen=True)
class _Count:
    """How the datapoints of N periods become one decision.

    Attributes:
        comparison: which datapoints are marked with a 1.
        reducer: what becomes of the marks: ``last``, ``sum`` or ``mean``.
        evaluator: how that is compared: ``gt`` or ``lt``.
        number: with what.
    """

    comparison: Comparison
    reducer: str
    evaluator: str
    number: float


def provisioning_file(
    monitoring: StackMonitoring,
    rules: list[dict[str, Any]],
) -> str:
    """The text of a file for Grafana's ``provisioning/alerting`` folder, a group a kind.

    Args:
        monitoring: whose rules they are.
        rules: each as ``alert_rule`` makes it.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        groups.setdefault(rule["labels"]["kind"], []).append(rule)
    document = {
        "apiVersion": 1,
        "groups": [
            {
                "orgId": 1,
                "name": kind,
                "folder": f"{monitoring.project} {monitoring.stack}",
                "interval": f"{INTERVAL}s",
                "rules": of_kind,
            }
            for kind, of_kind in groups.items()
        ],
    }
    # By way of JSON, which knows plain values only and shares none: no anchors, no tags.
    plain = json.loads(json.dumps(document))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=math.inf)


def alert_rule(
    exported: ExportedRule,
    monitoring: StackMonitoring,
    *,
    data_source: str,
    dashboard_uid: str,
    panel_id: int,
) -> dict[str, Any]:
    """One alert rule.

    Args:
        exported: the alarm.
        monitoring: whose it is.
        data_source: the uid of the CloudWatch data source.
        dashboard_uid: of the dashboard that shows it.
        panel_id: of the panel that shows it.

    Raises:
        NotCarriedError: Grafana cannot judge it.
    """
    rule = exported.rule
    if rule.period < INTERVAL:
        raise NotCarriedError(
            f"its period of {rule.period} s is below the {INTERVAL} s between two evaluations, and "
            "what lies between would not be seen"
        )
    return {
        "uid": stable_id(monitoring.project, monitoring.stack, rule.address),
        "title": _as_written(f"{rule.address}: {rule.title}")[:_TITLE_LENGTH],
        "condition": "D",
        "data": list(_steps(exported, data_source)),
        "dashboardUid": dashboard_uid,
        "panelId": panel_id,
        "noDataState": _NO_DATA[rule.treat_missing_data],
        "execErrState": "Error",
        "for": "0s",
        "annotations": _annotations(exported),
        "labels": {
            "severity": rule.severity.value,
            "kind": rule.address.kind,
            "alarm": rule.address,
            "target": rule.target,
            "project": monitoring.project,
            "stack": monitoring.stack,
        },
    }


def judgement(rule: AlarmRule) -> Judgement:
    """How Grafana judges a rule, in words."""
    n, m = rule.evaluation_periods, rule.breaching_datapoints
    return Judgement(
        window=f"{rule.period} s, every {INTERVAL} s",
        held=f"{m} of {n}",
        missing=_NO_DATA[rule.treat_missing_data],
        delay=duration(_delay(rule)),
    )


def differences(rule: AlarmRule) -> Iterator[str]:
    """How Grafana judges a rule otherwise than CloudWatch, a sentence each."""
    yield (
        "Data counts once it is so old that all of it has come: the alert comes later than the "
        "alarm by up to that."
    )
    if rule.evaluation_periods > 1:
        yield _of_gaps(rule)
    if rule.treat_missing_data is MissingData.MISSING:
        yield "No data at all is Normal, where CloudWatch says INSUFFICIENT_DATA: nobody is told."
    if isinstance(rule.signal, MetricMath):
        yield (
            "Its metrics are searched for, since no alert rule can use an expression over other "
            "queries: one without data for two weeks is not found, and the expression has no value."
        )
    if rule.low_samples is LowSamples.IGNORE:
        yield "A percentile of few samples counts: Grafana cannot leave it aside."
    if rule.warm_up:
        yield "It has no warm-up: it is judged from the first minute on."


def _of_gaps(rule: AlarmRule) -> str:
    if rule.treat_missing_data is MissingData.IGNORE:
        return (
            "Where some periods have no data, the share of breaches among the others decides: "
            "CloudWatch first looks for datapoints further back, and else keeps the state."
        )
    counts = "a breach" if rule.treat_missing_data is MissingData.BREACHING else "no breach"
    return (
        f"A period without data is {counts} at once: CloudWatch first looks for datapoints further "
        "back."
    )


def _steps(exported: ExportedRule, data_source: str) -> Iterator[dict[str, Any]]:
    rule = exported.rule
    query = alert_target(rule, exported.region)
    time = _time_range(rule)
    yield {
        "refId": "A",
        "datasourceUid": _as_written(data_source),
        "relativeTimeRange": time,
        "model": {**query, "datasource": {"type": "cloudwatch", "uid": data_source}},
    }
    count = _count(rule)
    marks = f"$A {count.comparison.sign} {plain_number(threshold_of(rule))}"
    evaluator = {"type": count.evaluator, "params": [count.number]}
    models: dict[str, dict[str, Any]] = {
        "B": {"type": "math", "expression": marks},
        # Without what is no number: of no datapoints at all, the last one and the mean are no data,
        # and the sum is 0. https://github.com/grafana/grafana/blob/main/pkg/expr/mathexp/reduce.go
        "C": {
            "type": "reduce",
            "expression": "B",
            "reducer": count.reducer,
            "settings": {"mode": "dropNN"},
        },
        "D": {"type": "threshold", "expression": "C", "conditions": [{"evaluator": evaluator}]},
    }
    for ref_id, model in models.items():
        yield {
            "refId": ref_id,
            "datasourceUid": "__expr__",
            "relativeTimeRange": time,
            "model": {
                "refId": ref_id,
                "datasource": {"type": "__expr__", "uid": "__expr__"},
                **model,
            },
        }


def _count(rule: AlarmRule) -> _Count:
    n, m = rule.evaluation_periods, rule.breaching_datapoints
    if n == 1:
        return _Count(rule.comparison, "last", "gt", 0)
    if rule.treat_missing_data is MissingData.BREACHING:
        # M breaches or gaps of N are at most N - M sound datapoints.
        return _Count(_INVERSE[rule.comparison], "sum", "lt", n - m + 1)
    if rule.treat_missing_data is MissingData.IGNORE:
        # The share of breaches, which of no datapoints is no number: the state is kept.
        return _Count(rule.comparison, "mean", "gt", round((m - 0.5) / n, 6))
    return _Count(rule.comparison, "sum", "gt", m - 1)


def _delay(rule: AlarmRule) -> int:
    """Seconds that data is old when it counts: its minute is over, and it has come."""
    return rule.timing.longest_delay + MINUTE


def _time_range(rule: AlarmRule) -> dict[str, int]:
    """The time of exactly N whole periods, whatever the second of the evaluation.

    CloudWatch rounds the beginning down to the whole minute, and leaves out what begins at the end
    or later (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html).
    So N periods less 59 seconds begin up to 59 seconds earlier, and hold the N beginnings. Grafana
    moves the end on to the next whole minute, from a whole one by all of a minute
    (``cloudWatchRoundUpEndTime``, on by default): a second earlier, it is never a period more.
    https://github.com/grafana/grafana/blob/main/pkg/tsdb/cloudwatch/get_metric_data_executor.go
    """
    end = _delay(rule)
    return {"from": end + rule.period * rule.evaluation_periods - (MINUTE - 1), "to": end + 1}


def _annotations(exported: ExportedRule) -> dict[str, str]:
    rule = exported.rule
    runbook = "runbook_url" if is_link(rule.runbook) else "runbook"
    written = {
        "summary": rule.title,
        "description": f"{rule.meaning} {rule.condition}, {rule.schedule}.",
        runbook: rule.runbook,
        "cloudwatch_alarm": exported.console,
    }
    return {name: _as_template(text) for name, text in written.items()}


def _as_written(text: str) -> str:
    """A text that Grafana takes as it is, and puts no environment variable into.

    https://github.com/grafana/grafana/blob/main/pkg/services/provisioning/values/values.go
    """
    return text.replace("$", "$$")


def _as_template(text: str) -> str:
    """A text that Grafana takes as it is, though annotations are templates with variables.

    https://grafana.com/docs/grafana/latest/alerting/alerting-rules/templates/
    """
    return _TEMPLATE.sub(r'{{ "\g<0>" }}', text)
