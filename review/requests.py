"""Suggested alarms as requests of CloudWatch's API, ready to be sent."""

from collections.abc import Sequence
from typing import Any, Final

from ecs_monitoring.cloudwatch.definition import (
    AlarmDefinition,
    MetricStat,
    Query,
    api_dimensions,
)
from ecs_monitoring.cloudwatch.evaluation.statistics import percentile_of

WAIT: Final = 10
"""Seconds in which a suppressor may still go into ALARM before a composite alarm acts; enough for
what changes in the same minute, and hardly a delay."""


def put_metric_alarm(alarm: AlarmDefinition) -> dict[str, Any]:
    """PutMetricAlarm's parameters of an alarm, as ``AlarmDefinition.from_api`` reads them.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    request: dict[str, Any] = {
        "AlarmName": alarm.name,
        "ComparisonOperator": alarm.comparison.value,
        "Threshold": alarm.threshold,
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.breaching_datapoints,
        "TreatMissingData": alarm.treat_missing_data.value,
    }
    if not isinstance(alarm.signal, MetricStat):
        return {**request, "Metrics": [_query(query, alarm) for query in alarm.queries]}
    stat = alarm.signal
    name = "Statistic" if percentile_of(stat.statistic) is None else "ExtendedStatistic"
    return {
        **request,
        **_metric(stat),
        name: stat.statistic,
        "Period": alarm.period,
    }


def put_composite_alarm(
    name: str, members: Sequence[AlarmDefinition], suppressor: str | None, echo: int
) -> dict[str, Any]:
    """PutCompositeAlarm's parameters of the alarm that pages for several others, once.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html

    Args:
        name: of the composite alarm.
        members: any of which is enough.
        suppressor: the name of the alarm whose echo is no page; ``None`` without one.
        echo: seconds for which its echo lasts after it.
    """
    request: dict[str, Any] = {
        "AlarmName": name,
        "AlarmRule": " OR ".join(f'ALARM("{member.name}")' for member in members),
    }
    if suppressor is not None:
        request |= {
            "ActionsSuppressor": suppressor,
            "ActionsSuppressorWaitPeriod": WAIT,
            "ActionsSuppressorExtensionPeriod": echo,
        }
    return request


def _query(query: Query, alarm: AlarmDefinition) -> dict[str, Any]:
    request: dict[str, Any] = {"Id": query.id, "ReturnData": query.id == alarm.watched}
    if not isinstance(query.source, MetricStat):
        return {**request, "Expression": query.source}
    metric = _metric(query.source)
    return {
        **request,
        "MetricStat": {"Metric": metric, "Period": alarm.period, "Stat": query.source.statistic},
    }


def _metric(stat: MetricStat) -> dict[str, Any]:
    request: dict[str, Any] = {"Namespace": stat.metric.namespace, "MetricName": stat.metric.name}
    if stat.metric.dimensions:
        request["Dimensions"] = api_dimensions(stat.metric.dimensions)
    return request
