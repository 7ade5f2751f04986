"""The message that CloudWatch sends to an SNS topic when an alarm changes its state.

The shape is the documented one:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

import json
from typing import Any, Final

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from sandbox.simulate import AlarmChange

_TIME: Final = "%Y-%m-%dT%H:%M:%S.000+0000"

_STATISTICS: Final = {
    "Average": "AVERAGE",
    "Sum": "SUM",
    "Minimum": "MINIMUM",
    "Maximum": "MAXIMUM",
    "SampleCount": "SAMPLE_COUNT",
}


def notification(change: AlarmChange, account: str, region: str) -> tuple[str, str]:
    """Subject and message of a state change.

    Args:
        change: the alarm's change.
        account: the account's id.
        region: the alarm's region as AWS writes it for people.
    """
    definition, evaluation = change.alarm.definition, change.evaluation
    subject = f'{evaluation.state}: "{definition.name}" in {region}'
    message = {
        "AlarmName": definition.name,
        "AlarmDescription": definition.description,
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": change.alarm.updated.strftime(_TIME),
        "NewStateValue": evaluation.state,
        "NewStateReason": evaluation.reason,
        "StateChangeTime": evaluation.moment.strftime(_TIME),
        "Region": region,
        "AlarmArn": definition.arn,
        "OldStateValue": evaluation.previous,
        "OKActions": list(definition.ok_actions),
        "AlarmActions": list(definition.alarm_actions),
        "InsufficientDataActions": list(definition.insufficient_data_actions),
        "Trigger": _trigger(definition),
    }
    # SNS cuts a subject at 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    return subject[:100], json.dumps(message)


def _trigger(definition: AlarmDefinition) -> dict[str, Any]:
    trigger: dict[str, Any] = {
        "Period": definition.period,
        "EvaluationPeriods": definition.evaluation_periods,
        "DatapointsToAlarm": definition.breaching_datapoints,
        "ComparisonOperator": definition.comparison,
        "Threshold": definition.threshold,
        "TreatMissingData": definition.treat_missing_data,
        "EvaluateLowSampleCountPercentile": definition.low_samples,
    }
    signal = definition.signal
    if isinstance(signal, MetricStat):
        return {**trigger, **_metric(signal.metric), **_statistic(signal.statistic)}
    return {**trigger, "Metrics": [_query(query, definition) for query in definition.queries]}


def _query(query: Query, definition: AlarmDefinition) -> dict[str, Any]:
    common = {"Id": query.id, "ReturnData": query.id == definition.watched}
    if isinstance(query.source, str):
        return {**common, "Expression": query.source}
    stat = {
        "Metric": _metric(query.source.metric),
        "Period": definition.period,
        "Stat": query.source.statistic,
    }
    return {**common, "MetricStat": stat}


def _metric(metric: MetricKey) -> dict[str, Any]:
    dimensions = [{"name": n, "value": v} for n, v in sorted(metric.dimensions)]
    return {
        "MetricName": metric.name,
        "Namespace": metric.namespace,
        "Dimensions": dimensions,
    }


def _statistic(statistic: str) -> dict[str, Any]:
    if statistic in _STATISTICS:
        return {"StatisticType": "Statistic", "Statistic": _STATISTICS[statistic]}
    return {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": statistic}
