"""Alarms in the words of CloudWatch's API, from the words that Pulumi has for them."""

from collections.abc import Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.definition import api_dimensions

PLAIN: Final = {
    "name": "AlarmName",
    "alarmDescription": "AlarmDescription",
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "statistic": "Statistic",
    "extendedStatistic": "ExtendedStatistic",
    "period": "Period",
    "unit": "Unit",
    "evaluationPeriods": "EvaluationPeriods",
    "datapointsToAlarm": "DatapointsToAlarm",
    "threshold": "Threshold",
    "thresholdMetricId": "ThresholdMetricId",
    "comparisonOperator": "ComparisonOperator",
    "treatMissingData": "TreatMissingData",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
}
"""Inputs of a MetricAlarm whose values the API takes as they are, and its names for them."""

QUERY: Final = {
    "id": "Id",
    "expression": "Expression",
    "label": "Label",
    "period": "Period",
    "accountId": "AccountId",
    "returnData": "ReturnData",
}
"""The same of a metric query."""

METRIC_STAT: Final = {"period": "Period", "stat": "Stat", "unit": "Unit"}
"""The same of the statistic in a metric query."""

WARM_UP: Final = {
    "warmUpPeriodDurationInMinutes": "WarmUpPeriodDurationInMinutes",
    "onlyStartEvaluatingAfterWarmUpPeriodEnds": "OnlyStartEvaluatingAfterWarmUpPeriodEnds",
}
"""The same of a warm-up configuration."""

COMPOSITE: Final = {
    "alarmName": "AlarmName",
    "alarmDescription": "AlarmDescription",
    "actionsEnabled": "ActionsEnabled",
    "alarmRule": "AlarmRule",
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
    "insufficientDataActions": "InsufficientDataActions",
}
"""Inputs of a CompositeAlarm whose values the API takes as they are, and its names for them."""

SUPPRESSOR: Final = {
    "alarm": "ActionsSuppressor",
    "waitPeriod": "ActionsSuppressorWaitPeriod",
    "extensionPeriod": "ActionsSuppressorExtensionPeriod",
}
"""The same of its suppressor."""

_WHOLE: Final = (
    *("Period", "EvaluationPeriods", "DatapointsToAlarm"),
    "WarmUpPeriodDurationInMinutes",
    *("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"),
)


def put_metric_alarm_request(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """PutMetricAlarm's parameters, without tags, from the inputs of a MetricAlarm resource.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    request = _renamed(inputs, PLAIN)
    if inputs.get("dimensions"):
        request["Dimensions"] = api_dimensions(inputs["dimensions"].items())
    if inputs.get("metricQueries"):
        request["Metrics"] = [_query(query) for query in inputs["metricQueries"]]
    if inputs.get("warmUpConfiguration"):
        request["WarmUpConfiguration"] = _renamed(inputs["warmUpConfiguration"], WARM_UP)
    return request


def put_composite_alarm_request(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """PutCompositeAlarm's parameters, without tags, from the inputs of a CompositeAlarm resource.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    """
    suppressor = inputs.get("actionsSuppressor") or {}
    return {**_renamed(inputs, COMPOSITE), **_renamed(suppressor, SUPPRESSOR)}


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    request = {"ReturnData": False, **_renamed(query, QUERY)}
    metric = query.get("metric")
    if metric:
        request["MetricStat"] = {
            "Metric": {
                **_renamed(metric, {"metricName": "MetricName", "namespace": "Namespace"}),
                "Dimensions": api_dimensions((metric.get("dimensions") or {}).items()),
            },
            **_renamed(metric, METRIC_STAT),
        }
    return request


def _renamed(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    request = {api: values[name] for name, api in names.items() if name in values}
    # Every number on Pulumi's wire is a float.
    return {api: int(value) if api in _WHOLE else value for api, value in request.items()}
