"""One alarm rule as arguments of one CloudWatch MetricAlarm."""

from collections.abc import Mapping
from typing import Any

from pulumi_aws import cloudwatch as aws_cloudwatch

from ecs_monitoring.cloudwatch.expression import MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, LowSamples
from ecs_monitoring.rules.units import UNIT_TAG
from ecs_monitoring.words import MINUTE


def settled_properties(rule: AlarmRule) -> dict[str, Any]:
    """The alarm's properties that never depend on a target's Outputs."""
    properties: dict[str, Any] = {
        "name": rule.name,
        "comparison_operator": rule.comparison.value,
        "evaluation_periods": rule.evaluation_periods,
        "datapoints_to_alarm": rule.breaching_datapoints,
        "treat_missing_data": rule.treat_missing_data.value,
    }
    if rule.warm_up:
        warm_up: aws_cloudwatch.MetricAlarmWarmUpConfigurationArgsDict = {
            "warm_up_period_duration_in_minutes": rule.warm_up.seconds // MINUTE
        }
        # Left out where it is what AWS does by itself.
        if rule.warm_up.is_whole:
            warm_up["only_start_evaluating_after_warm_up_period_ends"] = True
        properties["warm_up_configuration"] = warm_up
    if isinstance(rule.signal, Metric):
        statistic = "extended_statistic" if rule.signal.is_extended else "statistic"
        properties |= {
            "namespace": rule.signal.namespace,
            "metric_name": rule.signal.name,
            "period": rule.period,
            statistic: rule.signal.statistic,
        }
        # CloudWatch takes this for percentiles alone; "evaluate" is its own default.
        if rule.low_samples is not LowSamples.EVALUATE:
            properties["evaluate_low_sample_count_percentiles"] = rule.low_samples.value
    return properties


def target_properties(rule: AlarmRule) -> dict[str, Any]:
    """The alarm's properties that follow from the target: what is watched, and from where on."""
    properties: dict[str, Any] = {
        "alarm_description": rule.description,
        "threshold": rule.threshold,
    }
    if isinstance(rule.signal, Metric):
        properties["dimensions"] = dict(rule.signal.dimensions)
    else:
        properties["metric_queries"] = [
            _metric_query(query, rule.signal.returned, rule.period) for query in rule.signal.queries
        ]
    return properties


def alarm_tags(rule: AlarmRule, tags: Mapping[str, Any] | None) -> dict[str, Any]:
    """The stack's tags and those by which tools recognise the alarm: key@target is its address."""
    return {
        **(tags or {}),
        **rule.address.tags,
        "Severity": rule.severity.value,
        # AWS knows no unit of an alarm that it does not also select datapoints by.
        UNIT_TAG: rule.unit.value,
    }


def _metric_query(
    query: MetricQuery, returned: str, period: int
) -> aws_cloudwatch.MetricAlarmMetricQueryArgsDict:
    # Mappings, since objects of arguments cost several calls a field, here and when they are sent.
    described: aws_cloudwatch.MetricAlarmMetricQueryArgsDict = {
        "id": query.id,
        "return_data": query.id == returned,
    }
    if query.label:
        described["label"] = query.label
    source = query.source
    if isinstance(source, str):
        described["expression"] = source
    else:
        described["metric"] = {
            "namespace": source.namespace,
            "metric_name": source.name,
            "dimensions": dict(source.dimensions),
            "period": period,
            "stat": source.statistic,
        }
    return described
