"""The message that CloudWatch sends to an SNS topic when an alarm changes its state.

The shape is the documented one:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.evaluation import CompositeChange
from sandbox.simulation import IncidentEvent, SimulatedChange

TIME: Final = "%Y-%m-%dT%H:%M:%S.000+0000"
"""How a message has the time of a change."""

_STATISTICS: Final = {
    "Average": "AVERAGE",
    "Sum": "SUM",
    "Minimum": "MINIMUM",
    "Maximum": "MAXIMUM",
    "SampleCount": "SAMPLE_COUNT",
}


def notification(change: SimulatedChange, account: str, region: str) -> tuple[str, str]:
    """Subject and message of a state change.

    Args:
        change: the alarm's change.
        account: the account's id.
        region: the alarm's region as AWS writes it for people.
    """
    definition, evaluation = change.alarm.definition, change.evaluation
    message = {
        **_of_any_alarm(definition, account, region),
        "AlarmConfigurationUpdatedTimestamp": change.alarm.updated.strftime(TIME),
        "NewStateValue": evaluation.state,
        "NewStateReason": evaluation.reason,
        "StateChangeTime": evaluation.moment.strftime(TIME),
        "OldStateValue": evaluation.previous,
        "Trigger": _trigger(definition),
    }
    return _subject(evaluation.state, definition.name, region), json.dumps(message)


def incident_notification(event: IncidentEvent, account: str, region: str) -> tuple[str, str]:
    """Subject and message of a composite alarm.

    AWS documents no shape of it. This is that of messages which were received (one of 2021-11-10
    is in the examples of IntelliFlow, https://github.com/amzn/rheoceros): in place of the metric
    and its threshold there are the rule and the alarms that set it off, by ARN, without values.

    Args:
        event: actions that are carried out.
        account: the account's id.
        region: the alarm's region as AWS writes it for people.
    """
    definition, change = event.alarm.definition, event.change
    time = event.moment.strftime(TIME)
    arns = [_sibling(definition.arn, name) for name in change.triggers]
    message = {
        **_of_any_alarm(definition, account, region),
        "NewStateValue": change.state,
        "NewStateReason": _transitions(arns, change, event.moment),
        "StateChangeTime": time,
        "OldStateValue": change.previous,
        "AlarmRule": definition.text,
        "TriggeringChildren": [
            {"Arn": arn, "State": {"Value": change.states[name], "Timestamp": time}}
            for name, arn in zip(change.triggers, arns, strict=True)
        ],
    }
    return _subject(change.state, definition.name, region), json.dumps(message)


def _of_any_alarm(
    definition: AlarmDefinition | CompositeDefinition, account: str, region: str
) -> dict[str, Any]:
    return {
        "AlarmName": definition.name,
        "AlarmDescription": definition.description,
        "AWSAccountId": account,
        "Region": region,
        "AlarmArn": definition.arn,
        "OKActions": list(definition.ok_actions),
        "AlarmActions": list(definition.alarm_actions),
        "InsufficientDataActions": list(definition.insufficient_data_actions),
    }


def _subject(state: str, name: str, region: str) -> str:
    # SNS cuts a subject at 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    return f'{state}: "{name}" in {region}'[:100]


def _transitions(arns: Sequence[str], change: CompositeChange, moment: datetime) -> str:
    """``<arn> transitioned to ALARM at Wednesday 10 November, 2021 02:45:55 UTC``."""
    at = moment.strftime("%A %d %B, %Y %H:%M:%S UTC")
    return "; ".join(
        f"{arn} transitioned to {change.states[name]} at {at}"
        for name, arn in zip(change.triggers, arns, strict=True)
    )


def _sibling(arn: str, name: str) -> str:
    """The ARN of another alarm in the same place."""
    return f"{arn.partition(':alarm:')[0]}:alarm:{name}"


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
